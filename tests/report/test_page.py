"""The page in a real browser: it shows what the report says, and asks nobody for anything."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from report.browser import Page
from report.made import Made, choose

Look = Callable[..., Page]


def listed(page: Page, title: str) -> list[str]:
    """What stands in the panel under a title."""
    found = page.run(
        f"""[...document.querySelectorAll("#effects h4")].filter((one) => one.textContent === {title!r})
        .flatMap((one) => [...one.nextElementSibling.querySelectorAll("b")].map((b) => b.textContent))"""
    )
    assert isinstance(found, list)
    return [name for joined in found for name in joined.split(", ")]


@pytest.mark.parametrize("name", ["small", "large", "hostile"])
def test_it_renders_without_a_word_on_the_console_and_asks_nobody(
    name: str, look: Look, request: pytest.FixtureRequest
) -> None:
    made: Made = request.getfixturevalue(name)
    page = look(made)
    assert page.problems() == []
    assert page.requests() == [page.address]
    assert page.text("h1") == made.report["cluster"].replace("  ", " ")


def test_its_policy_lets_no_script_in(look: Look, small: Made) -> None:
    page = look(small)
    page.run(
        """(() => {
          const image = document.createElement("img");
          image.setAttribute("onerror", "window.ran = 1");
          image.src = "http://127.0.0.1:9/x.png";
          const script = document.createElement("script");
          script.textContent = "window.ran = 2";
          document.body.append(image, script);
        })()"""
    )
    assert page.run("window.ran") is None
    said = " ".join(page.problems())
    assert "img-src" in said and "script-src" in said, said


@pytest.mark.parametrize(
    "names",
    [
        ("pve1",),
        ("cp2",),
        ("w1",),
        ("w2",),
        ("feed-a",),
        ("pve1", "cp2"),
        ("feed-a", "feed-b"),
        ("sw1", "feed-b"),
    ],
)
def test_choosing_a_failure_shows_what_the_report_says(
    names: tuple[str, ...], look: Look, small: Made
) -> None:
    page = look(small)
    choose(page, small, *names)
    answer = small.answer(*names)
    assert answer is not None
    effects = answer["effects"]
    stopped = [effect["service"] for effect in effects if "serve" in effect["lost"]]
    others_lost = [effect for effect in effects if effect["lost"] and "serve" not in effect["lost"]]
    writes = [effect["service"] for effect in others_lost if "data" in effect["lost"]]
    endangered = [effect["service"] for effect in others_lost if "data" not in effect["lost"]]
    degraded = [effect["service"] for effect in effects if effect["without"]]
    following = {following["service"] for following in answer["next"]}
    everyone = set(range(len(small.report["services"])))
    others = everyone - {effect["service"] for effect in effects} - following
    assert set(listed(page, "Stop serving")) == small.services(stopped)
    assert set(listed(page, "Go on, but may lose writes")) == small.services(writes)
    assert set(listed(page, "Go on, with less behind them")) == small.services(endangered)
    assert set(listed(page, "Serve less")) == small.services(degraded)
    assert set(listed(page, "Go on, and the next loss would take")) == small.services(list(following))
    assert set(listed(page, "Go on as before")) == small.services(list(others))
    assert page.problems() == []


def test_every_pair_is_found_also_two_of_a_class(look: Look, hundred: Made) -> None:
    page = look(hundred)
    elements, losses = hundred.report["elements"], hundred.report["losses"]
    members: dict[int, list[int]] = {}
    for element, of in enumerate(losses["classes"]):
        members.setdefault(of, []).append(element)
    pairs = [asked for asked in losses["asked"] if len(asked["down"]) == 2]
    assert any(first == second for first, second in (asked["down"] for asked in pairs))
    wrong = []
    for asked in pairs[::7]:
        first, second = asked["down"]
        # The last member of each class: the answer is that of the class, and not of its first member.
        down = [members[first][-1], members[second][-2 if first == second else -1]]
        named = ",".join(f"{elements[one]['kind'].replace('_', ' ')}:{elements[one]['name']}" for one in down)
        page.run(f"location.hash = encodeURI('down={named}')")
        page.run("new Promise((resolve) => setTimeout(resolve))")
        effects = losses["answers"][asked["answer"]]["effects"]
        expected = {effect["service"] for effect in effects if "serve" in effect["lost"]}
        if set(listed(page, "Stop serving")) != hundred.services(list(expected)):
            wrong.append(down)
    assert wrong == []


def test_what_goes_down_with_it_is_marked_by_more_than_colour(look: Look, small: Made) -> None:
    page = look(small)
    choose(page, small, "pve1")
    marked = {
        int(element): text
        for element, text in page.run(
            """[...document.querySelectorAll(".drawing .taken[data-element]")]
            .map((one) => [one.dataset.element, one.textContent])"""
        )
    }
    (takes,) = (
        one["lost"] for one in small.report["losses"]["takes"] if one["down"] == [small.element("pve1")]
    )
    assert set(marked) == set(takes)
    assert all("goes down with it" in text for text in marked.values()), marked
    sign = "getComputedStyle(document.querySelector('.drawing .{}'), '::before').content"
    assert "✕" in page.run(sign.format("down"))
    assert "↓" in page.run(sign.format("taken"))


def test_two_feeds_take_together_what_neither_takes_alone(look: Look, small: Made) -> None:
    page = look(small)
    taken = "document.querySelectorAll('.drawing .taken').length"
    choose(page, small, "feed-a")
    alone = page.run(taken)
    choose(page, small, "feed-b")
    assert alone == 1, "the switch behind the feed"
    assert page.run(taken) > 10


def test_what_the_engine_was_not_asked_is_said_with_the_command(look: Look, small: Made) -> None:
    page = look(small)
    names = ("pve1", "cp2", "w3")
    assert small.answer(*names) is None
    choose(page, small, *names)
    assert "was not asked about this combination" in page.text(".unasked")
    assert page.text(".unasked code") == "k8s-ha faults --down pve1,cp2,w3"
    assert listed(page, "Stop serving") == []


def test_a_change_is_said_where_screen_readers_listen(look: Look, small: Made) -> None:
    page = look(small)
    assert page.run("document.getElementById('status').getAttribute('aria-live')") == "polite"
    choose(page, small, "pve1")
    answer = small.answer("pve1")
    assert answer is not None
    lost = sum("serve" in effect["lost"] for effect in answer["effects"])
    assert page.text("#status").startswith(f"With pve1 down: {lost} services stop, ")


def test_the_address_brings_the_view_back(look: Look, small: Made) -> None:
    page = look(small)
    choose(page, small, "pve1", "cp2")
    address = page.run("location.href")
    assert address.endswith("#down=hypervisor:pve1,node:cp2")
    again = look(small)
    again.run(f"location.assign({address!r})")
    assert again.run("document.querySelectorAll('#down button').length") == 2
    assert again.text("#status") == page.text("#status")


def test_a_large_report_is_small_and_quick(look: Look, large: Made) -> None:
    """500 nodes: figures with much room, in processor time, so that only a change of the order fails."""
    size = large.output("html").stat().st_size
    assert size < 600_000, size
    page = look(large)
    start = page.work()
    page.reload()
    loaded = page.work()
    assert loaded - start < 3, f"{loaded - start} s to load"
    page.run("document.querySelector('.drawing [data-element]').click(); document.body.offsetHeight")
    chosen = page.work()
    assert chosen - loaded < 0.5, f"{chosen - loaded} s to choose"
    print(
        f"500 nodes: {size / 1000:.0f} kB, loaded in {loaded - start:.3f} s, chosen in {chosen - loaded:.3f} s"
    )


def test_a_large_drawing_is_folded_and_found_by_name(look: Look, large: Made) -> None:
    page = look(large)
    seen = page.run(
        "[...document.querySelectorAll('.drawing [data-element]')].filter((one) => one.checkVisibility()).length"
    )
    assert seen < 100, "racks are folded"
    page.run("document.getElementById('name').focus()")
    page.type("w17")
    assert page.text("#found-count") == "11 elements found"
    page.key("Enter")
    assert page.texts("#down button") == ["node w17"]
    assert page.texts(".hits:not(:empty)")[0] == "1 down here"
