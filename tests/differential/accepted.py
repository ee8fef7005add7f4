"""What we refuse although Salt reads it, and why. There is nothing that we read and Salt refuses.

Two of Salt's types have no counterpart in the tree, and are compared as what they become on a pillar's way to
the minion: a `!!set` a list (of no defined order; ours is the one written), a tuple of `!!pairs` a list of
two.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """A document that shows the difference, and the kind of our refusal."""

    name: str
    document: str
    kind: str
    reason: str


def chain_of_merges(length: int) -> str:
    """Write mappings of which each merges the one before, and the last is read first."""
    links = "".join(f", &a{number} {{<<: *a{number - 1}}}" for number in range(1, length))
    return f"[[[&a0 {{x: 1}}{links}]], {{<<: *a{length - 1}}}]"


def laughs(levels: int) -> str:
    """Write lists of which each holds the one before ten times."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for level in range(1, levels):
        items = ", ".join([f"*a{level - 1}"] * 10)
        lines.append(f"a{level}: &a{level} [{items}]")
    return "\n".join(lines)


ENDLESS = "Nobody can walk through it, Salt's msgpack included."
NESTING = "Salt's loader crashes its process somewhere beyond, and who walks through the tree may recurse."
GROWTH = "Salt writes it out in full when it sends the pillar to a minion, and exhausts the master's memory."
DIGITS = "Python cannot write such a number in decimal: its limit is 4,300 digits."
SCRIPTS = "Only an explicit tag comes to that, and it is hardly meant."
NODES = "Salt hands out the YAML loader's own node objects there."
EFFORT = "Time grows with the square of their number; nobody writes that many by hand."

DIFFERENCES = [
    Difference("a list in itself", "&a [*a]", "RecursiveAlias", ENDLESS),
    Difference("a mapping in itself", "&a {x: {y: *a}}", "RecursiveAlias", ENDLESS),
    Difference("pairs in themselves", "&a !!pairs [x: *a]", "RecursiveAlias", ENDLESS),
    Difference("the mapping around it, merged", "&a {x: 1, b: {<<: *a, x: 2}}", "RecursiveAlias", ENDLESS),
    Difference("129 lists", "[" * 129 + "]" * 129, "TooDeep", NESTING),
    Difference("129 mappings", "{a: " * 129 + "}" * 129, "TooDeep", NESTING),
    Difference("129 lists in a block", "- " * 129 + "x", "TooDeep", NESTING),
    Difference(
        "129 lists by aliases",
        "\n".join(["- &a0 [x]", *(f"- &a{n} [*a{n - 1}]" for n in range(1, 129))]),
        "TooDeep",
        NESTING,
    ),
    Difference("129 merges in a chain", chain_of_merges(129), "TooDeep", NESTING),
    Difference("billion laughs", laughs(10), "TooManyNodes", GROWTH),
    Difference("101 merge keys", "{" + "<<: {}, " * 101 + "}", "Merge", EFFORT),
    Difference(
        "65 %TAG lines",
        "".join(f"%TAG !a{n}! tag:{n}\n" for n in range(65)) + "---\nx",
        "TooManyDirectives",
        EFFORT,
    ),
    Difference("3,573 hexadecimal digits", "0x" + "f" * 3573, "Value", DIGITS),
    Difference("2,422 sexagesimal digits", "1" + ":59" * 2421, "Value", DIGITS),
    Difference("an integer in Arabic digits", '!!int "\u0661\u0662"', "Value", SCRIPTS),
    Difference("a float in Arabic digits", '!!float "\u0661.\u0665"', "Value", SCRIPTS),
    Difference(
        "!!python/unicode of a list",
        "!!python/unicode [a]",
        "Value",
        NODES,
    ),
    Difference("!!python/unicode of a mapping", "!!python/unicode {=: a}", "Value", NODES),
]
