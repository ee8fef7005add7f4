"""How Salt reads a document, in the words in which `rust/yaml/examples/as_read.rs` says how we read it."""

from __future__ import annotations

import struct
from collections import OrderedDict
from typing import Any

import yaml
from salt.utils.yamlloader import SaltYamlSafeLoader

LARGEST = 1_000_000
"""Salt's loader recurses in C and takes its process down on deep nesting, for which it needs a large text."""

Node = dict[str, Any]


class RefusedError(Exception):
    """Salt does not read the document. The message is its reason."""

    def __init__(self, error: Exception) -> None:
        super().__init__(f"{type(error).__name__}: {error}")
        self.place: list[int] | None = None
        """Line and column where the text is not YAML. Of several bad values each reader may name another."""
        if isinstance(
            error, yaml.scanner.ScannerError | yaml.parser.ParserError | yaml.composer.ComposerError
        ):
            self.place = [error.problem_mark.line + 1, error.problem_mark.column + 1]


class RecordingLoader(SaltYamlSafeLoader):  # type: ignore[misc]  # Salt has no types
    """Salt's loader, which remembers what it made of each node."""

    def __init__(self, stream: str) -> None:
        # Salt's YAML renderer asks for ordered dictionaries, which decides what `!!omap` means.
        super().__init__(stream, dictclass=OrderedDict)
        self.made: dict[yaml.Node, Any] = {}

    def construct_object(self, node: yaml.Node, deep: bool = False) -> object:
        """Make the value of a node, and remember it."""
        value = super().construct_object(node, deep=deep)
        self.made[node] = value
        return value


def read(document: bytes) -> list[Node]:
    """Return the nodes of a document, numbered in the order in which a walk from the root meets them.

    Raises RefusedError where Salt does.
    """
    root, made = load(document)
    if root is None:
        return [{"type": "null", "value": None, "start": [1, 1], "end": [1, 1]}]
    walk = Walk(made)
    walk.visit(root)
    return walk.nodes


def is_read(document: bytes) -> bool:
    """Tell whether Salt reads the document."""
    try:
        load(document)
    except RefusedError:
        return False
    return True


def load(document: bytes) -> tuple[yaml.Node | None, dict[yaml.Node, Any]]:
    """Return the composed document after Salt read it, and what Salt made of each node."""
    if len(document) > LARGEST:
        raise AssertionError("too large to be given to Salt's loader within this process")
    try:
        # Templates are opened as UTF-8 before they reach the loader.
        loader = RecordingLoader(document.decode("utf-8"))
        root = loader.get_single_node()
        if root is not None:
            loader.construct_document(root)
    except Exception as error:  # Salt reports some documents by a TypeError or a KeyError
        raise RefusedError(error) from error
    return root, loader.made


class Walk:
    """Numbers the nodes of a composed document."""

    def __init__(self, made: dict[yaml.Node, Any]) -> None:
        self.made = made
        self.numbers: dict[object, int] = {}
        self.nodes: list[Node] = []

    def visit(self, node: yaml.Node) -> int:
        """Return the number of a node, and add it and what is in it where it is new."""
        if node in self.numbers:
            return self.numbers[node]
        answer = self.add(node, node)
        value = self.made[node]
        if isinstance(value, dict):
            entries = [[self.visit(key), self.visit(item)] for key, item in node.value]
            answer |= {"type": "dict", "value": entries}
        elif isinstance(value, set):
            # A pillar travels as msgpack, which makes a list of a set.
            answer |= {"type": "list", "value": [self.visit(key) for key, _ in node.value]}
        elif isinstance(value, list) and node.tag == "tag:yaml.org,2002:pairs":
            answer |= {"type": "list", "value": [self.pair(node, index) for index in range(len(value))]}
        elif isinstance(value, list):
            answer |= {"type": "list", "value": [self.visit(item) for item in node.value]}
        else:
            answer |= scalar(value)
        return self.numbers[node]

    def pair(self, pairs: yaml.Node, index: int) -> int:
        """Add a tuple of `!!pairs`, which msgpack makes a list. It stands where its mapping is written."""
        mapping = pairs.value[index]
        answer = self.add((pairs, index), mapping)
        (key, item) = mapping.value[0]
        answer |= {"type": "list", "value": [self.visit(key), self.visit(item)]}
        return self.numbers[(pairs, index)]

    def add(self, identity: object, node: yaml.Node) -> Node:
        """Add an answer with the place of a node."""
        start = [node.start_mark.line + 1, node.start_mark.column + 1]
        answer: Node = {"start": start}
        if not (isinstance(node, yaml.CollectionNode) and node.flow_style is False):
            # Ours ends a block collection with its last child, libyaml where the next token begins.
            answer["end"] = [node.end_mark.line + 1, node.end_mark.column + 1]
        self.numbers[identity] = len(self.nodes)
        self.nodes.append(answer)
        return answer


def scalar(value: object) -> Node:
    """Return type and value of a scalar. Python's `bool` is an `int`, so it is asked for first."""
    if value is None:
        return {"type": "null", "value": None}
    if isinstance(value, bool):
        return {"type": "bool", "value": value}
    if isinstance(value, int):
        return {"type": "int", "value": str(value)}
    if isinstance(value, float):
        return {"type": "float", "value": "nan" if value != value else struct.pack(">d", value).hex()}
    if isinstance(value, bytes):
        return {"type": "bytes", "value": value.hex()}
    if isinstance(value, str):
        return {"type": "str", "value": value}
    raise AssertionError(f"Salt made a {type(value).__name__}")
