"""Documents made at random: nested, in all styles, with anchors, merges, tags, comments, odd indentation."""

from __future__ import annotations

from hypothesis import strategies as st

from . import case_files

PLAIN = [scalar for scalar in case_files.plain_scalars() if scalar[0] not in "!&*'\"@`%#"] + ["", "two words"]
QUOTED = ["", "a", "on", "0644", "two words", "é", "😀", "x: y", "- x", "# x", "{{ x }}", "*a", "<<", "="]
ESCAPES = ["\\n", "\\0", "\\x41", "\\u00e9", "\\U0001F600", "\\\\", '\\"', "\\ ", "\\q", "\\\n  "]
STANDARD = [
    "str",
    "int",
    "float",
    "bool",
    "null",
    "binary",
    "set",
    "omap",
    "pairs",
    "seq",
    "map",
    "timestamp",
    "x",
]
TAGS = [*(f"!!{name}" for name in STANDARD), "!", "!x"]
COMMENTS = ["", "", "", " # comment", "  # é: [", "\t# x"]
NUMBERED = [f"k{number}" for number in range(1, 9)]
KEYS = [
    "a",
    "b",
    "name",
    "on",
    "off",
    "yes",
    "~",
    "0",
    "1",
    "007",
    "1.30",
    "é",
    "=",
    '"a"',
    "'on'",
    "k 9",
    "? k",
    *NUMBERED,
]

DEEPEST = 4
MOST_CHILDREN = 4


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Write a document. Most can be read; some cannot, and then both readers must refuse."""
    writer = Writer(draw)
    head = writer.one_of(["", "", "", "---\n", "%YAML 1.1\n---\n", "# comment\n\n", "\ufeff"])
    tail = writer.one_of(["", "", "", "...\n", "# end", "\n\n"])
    document = head + writer.document() + tail
    if writer.chance(10):
        document = document.replace("\n", writer.one_of(["\r\n", "\r", "\x85", "\u2028"]))
    return document


class Writer:
    """Writes nodes; remembers anchors so that an alias mostly has one, and never one that is still open."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.scalars: list[str] = []
        self.mappings: list[str] = []
        self.used = 0

    def one_of(self, choices: list[str]) -> str:
        """Draw one of some texts."""
        return self.draw(st.sampled_from(choices))

    def chance(self, one_in: int) -> bool:
        """Draw true once in so many times."""
        return self.draw(st.integers(1, one_in)) == one_in

    def document(self) -> str:
        """Write mostly a mapping of mappings that share something, as in a pillar; sometimes anything."""
        if self.chance(8):
            return self.block(0, 0)
        sections = self.draw(st.integers(2, 5))
        return "".join(f"s{number}:{self.value(0, 0)}" for number in range(sections))

    def block(self, depth: int, indent: int) -> str:
        """Write a node in block style, from the beginning of a line to a line break."""
        kind = self.draw(st.integers(0, 7 if depth < DEEPEST else 2))
        pad = " " * indent
        if kind == 0:
            return f"{pad}{self.flow(depth)}{self.one_of(COMMENTS)}\n"
        if kind == 1:
            return f"{pad}{self.text(indent)}"
        if kind <= 5:
            return self.mapping(depth, indent)
        return self.list(depth, indent)

    def mapping(self, depth: int, indent: int) -> str:
        """Write a block mapping."""
        pad = " " * indent
        lines = []
        for key in self.keys():
            colon = "\n" + pad + ":" if key.startswith("? ") else ":"
            value = f" {self.merged()}\n" if key == "<<" else self.value(depth, indent)
            lines.append(f"{pad}{key}{colon}{value}")
        return "".join(lines)

    def keys(self) -> list[str]:
        """Draw the keys of one mapping, seldom twice the same."""
        unique = not self.chance(20)
        keys = self.draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=MOST_CHILDREN, unique=unique))
        if self.mappings and self.chance(2):
            keys.insert(self.draw(st.integers(0, len(keys))), "<<")
        return keys

    def merged(self) -> str:
        """Write what stands behind `<<:`."""
        known = [f"*{name}" for name in self.mappings]
        if len(known) > 1 and self.chance(3):
            return f"[{', '.join(self.draw(st.lists(st.sampled_from(known), max_size=3)))}]"
        return self.one_of([*known, "{k1: 1, k9: 2}"])

    def list(self, depth: int, indent: int) -> str:
        """Write a block list."""
        pad = " " * indent
        count = self.draw(st.integers(1, MOST_CHILDREN))
        return "".join(f"{pad}-{self.value(depth, indent)}" for _ in range(count))

    def value(self, depth: int, indent: int) -> str:
        """Write what stands behind `-` or `key:` up to the end of the line and below."""
        kind = self.draw(st.integers(0, 9))
        if kind == 0:
            return f"{self.one_of(COMMENTS)}\n"
        if kind == 1:
            return f" {self.text(indent)}"
        if kind <= 5 and depth < DEEPEST:
            anchor = self.new_anchor(3)
            deeper = indent + self.draw(st.sampled_from([2, 2, 2, 1, 3, 4, 7]))
            body = self.mapping(depth + 1, deeper) if anchor else self.block(depth + 1, deeper)
            if anchor:
                self.mappings.append(anchor)
                return f" &{anchor}{self.one_of(COMMENTS)}\n{body}"
            return f"{self.one_of(COMMENTS)}\n{body}"
        return f" {self.flow(depth + 1)}{self.one_of(COMMENTS)}\n"

    def text(self, indent: int) -> str:
        """Write block text, with its lines deeper than the indentation."""
        header = self.one_of(["|", ">", "|-", ">-", "|+", ">+", "|2", ">1-", "| # x"])
        pad = " " * (indent + self.draw(st.sampled_from([1, 2, 2, 4])))
        lines = st.sampled_from(
            ["text", "two words", "  deeper", "- x: [", "# x", "", "é", "\ttab", "trailing  "]
        )
        body = "".join(f"{pad}{line}\n" if line else "\n" for line in self.draw(st.lists(lines, max_size=4)))
        return f"{header}\n{body}"

    def flow(self, depth: int) -> str:
        """Write a node on one line, or on few in quotes and brackets."""
        if self.chance(8) and (known := self.scalars + self.mappings):
            return f"*{self.one_of(known)} "
        anchor = self.new_anchor(8)
        tag = f"{self.one_of(TAGS)} " if self.chance(25) else ""
        kind = self.draw(st.integers(0, 9 if depth < DEEPEST else 6))
        body = tag + self.flow_body(kind, depth)
        if anchor:
            (self.mappings if kind > 7 else self.scalars).append(anchor)
            return f"&{anchor} {body}"
        return body

    def flow_body(self, kind: int, depth: int) -> str:
        """Write a node without its anchor and tag."""
        if kind <= 4:
            return self.one_of(PLAIN)
        if kind == 5:
            return "'" + self.one_of(QUOTED).replace("'", "''") + "'"
        if kind == 6:
            return '"' + self.one_of(QUOTED) + self.one_of(["", "", "", "", *ESCAPES]) + '"'
        comma = self.one_of([", ", ", ", ",", " , ", ",\n            "])
        if kind == 7:
            items = [self.flow(depth + 1) for _ in range(self.draw(st.integers(0, MOST_CHILDREN)))]
            return "[" + comma.join(items) + self.one_of(["]", "]", ", ]"] if items else ["]"])
        entries = [f"{key}: {self.merged() if key == '<<' else self.flow(depth + 1)}" for key in self.keys()]
        return "{" + comma.join(entries) + self.one_of(["}", "}", ",}", " }"])

    def new_anchor(self, one_in: int) -> str:
        """Draw the name of an anchor, or none."""
        if not self.chance(one_in):
            return ""
        self.used += 1
        return f"a{self.used}"


INDICATORS = [
    "<<",
    ":",
    "=",
    "-",
    "?",
    ",",
    "[",
    "]",
    "{",
    "}",
    "&",
    "*",
    "!",
    "|",
    ">",
    "'",
    '"',
    "%",
    "@",
    "`",
    "#",
]
WORDS = [
    "a",
    "b",
    "1",
    "01",
    "on",
    "~",
    "é",
    "1:30",
    "0644",
    "---",
    "...",
    "&x",
    "*x",
    "!!str",
    "!!int",
    "!!set",
    "\\",
]
BREAKS = ["\n", "\n", "\n", "\n", "\n ", "\n  ", "\n    ", " ", " ", "\t", "\r\n", "\x85", "\ufeff", "\x07"]
PHRASES = [
    ": ",
    "- ",
    "? ",
    ", ",
    " #",
    "a: ",
    "b: ",
    "<<: *x",
    "{<<: *x}",
    "&x {a: 1}",
    "[a, b]",
    "|\n",
    ">-\n",
]
PIECES = [*INDICATORS, *WORDS, *BREAKS, *PHRASES, '"a\n b"', "%TAG ! tag:yaml.org,2002:\n"]


def soups() -> st.SearchStrategy[str]:
    """Put pieces of YAML in any order. Few can be read; both readers must agree about which."""
    return st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
