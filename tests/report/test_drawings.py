"""The SVG and the flowchart."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from report.browser import Page
from report.made import Made

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", ["small", "large", "hostile"])
def test_the_svg_is_xml_in_which_nothing_stands_outside(name: str, request: pytest.FixtureRequest) -> None:
    made: Made = request.getfixturevalue(name)
    root = ElementTree.fromstring(made.output("svg").read_text(encoding="utf-8"))
    width, height = (float(root.attrib[side]) for side in ("width", "height"))
    for rectangle in root.iter(f"{SVG}rect"):
        x, y = (float(rectangle.get(side, "0")) for side in ("x", "y"))
        assert x + float(rectangle.attrib["width"]) <= width
        assert y + float(rectangle.attrib["height"]) <= height
    assert {element.tag for element in root.iter()} == {
        f"{SVG}{tag}" for tag in ("svg", "title", "style", "rect", "text")
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_svg_follows_the_theme_and_its_texts_stay_in_their_boxes(
    scheme: str, look: Callable[..., Page], small: Made
) -> None:
    page = look(small, "svg", scheme=scheme)
    assert page.problems() == []
    assert page.requests() == [page.address]
    fill = page.run("getComputedStyle(document.querySelector('.page')).fill")
    assert fill == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 22, 26)"}[scheme]
    over = page.run(
        "[...document.querySelectorAll('text')].filter((one) => one.getBBox().x + one.getBBox().width > 1000).length"
    )
    assert over == 0


@pytest.mark.parametrize("name", ["small", "large", "hostile"])
def test_the_flowchart_has_each_id_once_and_closes_what_it_opens(
    name: str, request: pytest.FixtureRequest
) -> None:
    made: Made = request.getfixturevalue(name)
    lines = [line.strip() for line in made.output("mermaid").read_text(encoding="utf-8").splitlines()]
    assert lines[0] == "flowchart TB"
    made_ids = [found.group(1) for line in lines if (found := re.match(r"(?:subgraph )?(e\d+)[\[(]", line))]
    assert len(made_ids) == len(set(made_ids))
    assert sum(line.startswith("subgraph ") for line in lines) == lines.count("end")
    label = r'"[^"<>]*(?:<br/>[^"<>]*)*"'
    shapes = rf"(?:subgraph )?e\d+(?:\[{label}\]|\(\[{label}\]\))"
    for line in lines[1:]:
        assert re.fullmatch(rf"{shapes}|e\d+ -\.-> e\d+|end|%% .*", line), line
        for end in re.findall(r"e\d+", line) if "-.->" in line else []:
            assert end in made_ids
