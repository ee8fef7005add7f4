"""The one error of this folder: a program that cannot be had here, and what would change that."""

from __future__ import annotations


class Unavailable(Exception):
    """A program cannot be built, found or installed.

    `reason` is one sentence without a full stop; `command` is the shell command that would make the program
    available.
    """

    def __init__(self, name: str, reason: str, command: str) -> None:
        super().__init__(name, reason, command)
        self.name = name
        self.reason = reason
        self.command = command

    def __str__(self) -> str:
        return f"{self.name} is not available: {self.reason}; to make it run: {self.command}"
