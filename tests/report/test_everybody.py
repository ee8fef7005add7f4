"""The page for everybody: by keyboard and screen reader, on a phone, light and dark, printed, without its script."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from report.browser import Page
from report.made import Made, choose

Look = Callable[..., Page]

PHONE = {"width": 360, "height": 780}

CONTRAST = """
(() => {
  const channel = (value) => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const over = (top, below) => {
    const alpha = top[3] ?? 1;
    return [0, 1, 2].map((place) => top[place] * alpha + below[place] * (1 - alpha));
  };
  const background = (element) => {
    if (!element) return [255, 255, 255];
    const colour = parse(getComputedStyle(element).backgroundColor);
    return (colour[3] ?? 1) === 1 ? colour : over(colour, background(element.parentElement));
  };
  const bad = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility() || element.closest("script, .hidden")) continue;
    const style = getComputedStyle(element);
    const behind = background(element);
    const colour = over([...parse(style.color).slice(0, 3), Number(style.opacity)], behind);
    const [darker, lighter] = [light(colour), light(behind)].sort((left, right) => left - right);
    const ratio = (lighter + 0.05) / (darker + 0.05);
    if (ratio < 4.5) bad.push(`${ratio.toFixed(2)} ${element.className || element.tagName}: ${node.data.trim()}`);
  }
  return bad;
})()
"""


def test_everything_can_be_done_by_keyboard(look: Look, small: Made) -> None:
    page = look(small)
    page.key("Tab")
    assert page.run("document.activeElement.className") == "skip"
    page.key("Enter")
    assert page.run("document.activeElement.id") == "content"
    page.run("document.getElementById('name').focus()")
    page.type("pve2")
    assert page.texts("#found button") == ["hypervisor pve2"]
    page.key("Enter")
    assert "pve2 down" in page.text("#status")
    page.key("Tab")
    page.key("Space")
    assert "Nothing is down" in page.text("#status"), "the button of what was found works again"
    page.key("Tab", shift=True)
    page.key("Escape")
    assert page.texts("#found button") == []
    page.key("Tab")
    page.key("Space")
    assert "s3.example down" in page.text("#status"), "the first element of the drawing"
    outline = page.run("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid", "the focus is seen"
    page.run("document.querySelector('#down button').focus()")
    page.key("Enter")
    assert page.run("document.activeElement.id") == "name", "the focus is not lost with the button"


def test_every_control_has_a_name_and_every_table_its_headers(look: Look, small: Made) -> None:
    page = look(small)
    nameless = page.run(
        """[...document.querySelectorAll("button, a, input")].filter((one) => one.checkVisibility())
        .filter((one) => !one.textContent.trim() && !(one.labels && one.labels.length)).length"""
    )
    assert nameless == 0
    assert page.run("document.querySelectorAll('th:not([scope])').length") == 0
    assert page.run("document.querySelectorAll('table:not(:has(thead th))').length") == 0
    assert page.run("['header', 'nav', 'main', 'footer'].every((one) => document.querySelector(one))")
    doubled = page.run(
        """(() => { const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
        return ids.filter((id, place) => ids.indexOf(id) !== place); })()"""
    )
    assert doubled == []
    dead = page.run(
        """[...document.querySelectorAll("a[href^='#'], [aria-labelledby]")]
        .map((one) => one.getAttribute("aria-labelledby") ?? one.getAttribute("href").slice(1))
        .filter((id) => !document.getElementById(id))"""
    )
    assert dead == []


@pytest.mark.parametrize("name", ["small", "large", "hostile"])
@pytest.mark.parametrize("width", [320, 360, 768])
def test_nothing_hangs_over_the_side_of_a_phone(
    name: str, width: int, look: Look, request: pytest.FixtureRequest
) -> None:
    made: Made = request.getfixturevalue(name)
    page = look(made, width=width, height=780)
    page.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.click(".drawing [data-element='0']")
    assert page.run("document.documentElement.scrollWidth") == width


def test_on_a_phone_a_line_says_what_the_panel_below_says(look: Look, small: Made) -> None:
    page = look(small, **PHONE)
    assert page.run("document.getElementById('bar').hidden") is True
    choose(page, small, "pve1")
    assert re.fullmatch(r"1 down: 2 stop, .*", page.text("#bar"))


@pytest.mark.parametrize("name", ["small", "large"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read_in_light_and_dark(
    scheme: str, name: str, look: Look, request: pytest.FixtureRequest
) -> None:
    made: Made = request.getfixturevalue(name)
    page = look(made, scheme=scheme)
    page.click(".drawing [data-element='0']")
    assert page.run(CONTRAST) == []
    ground = page.run("getComputedStyle(document.body).backgroundColor")
    brightness = sum(int(value) for value in re.findall(r"\d+", ground)) / 3
    assert brightness > 200 if scheme == "light" else brightness < 60


def test_it_is_all_there_without_its_script(look: Look, small: Made) -> None:
    page = look(small)
    page.ask("Emulation.setScriptExecutionDisabled", value=True)
    page.reload()
    # The protocol still evaluates.
    assert page.run("document.querySelectorAll('button').length") == 1, "the hidden one"
    text = page.text("main")
    assert "Choosing what is down needs JavaScript" in text
    for service in small.report["services"]:
        assert service["name"] in text
    for element in small.report["elements"]:
        assert element["name"].partition(" on ")[0] in text
    assert page.run("document.getElementById('panel').checkVisibility()") is False


def test_printed_everything_is_there_and_nothing_that_is_pressed(look: Look, large: Made) -> None:
    page = look(large)
    page.media(medium="print")
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert page.run("document.querySelectorAll('details:not([open])').length") == 0
    page.run("dispatchEvent(new Event('afterprint'))")
    assert page.run("document.querySelectorAll('details:not([open])').length") > 0
    for gone in ("nav", "#search", "#panel"):
        assert page.run(f"document.querySelector({gone!r}).checkVisibility()") is False, gone
    assert page.pdf().startswith(b"%PDF")
