"""The IPv4 addresses in a network namespace, read without starting a program: it can be done often."""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
from pathlib import Path

_CLONE_NEWNET = 0x40000000
_SIOCGIFCONF = 0x8912
_ENTRY_BYTES = 40  # of struct ifreq on 64-bit machines
_ADDRESS_AT = 20
_BUFFER_BYTES = 128 * _ENTRY_BYTES


class NamespaceAddresses:
    """The addresses in the namespace that the file `path` stands for, which may go and come again meanwhile.

    Only for a process with one thread: this one is in the other namespace for a moment.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._socket: socket.socket | None = None
        self._opened: tuple[int, int] | None = None

    def read(self) -> frozenset[str]:
        """The addresses of all its interfaces; none when there is no such namespace. Raises OSError."""
        self._follow()
        if self._socket is None:
            return frozenset()
        buffer = ctypes.create_string_buffer(_BUFFER_BYTES)
        query = struct.pack("iL", _BUFFER_BYTES, ctypes.addressof(buffer))
        length = struct.unpack("iL", fcntl.ioctl(self._socket, _SIOCGIFCONF, query))[0]
        entries = (buffer.raw[at : at + _ENTRY_BYTES] for at in range(0, length, _ENTRY_BYTES))
        return frozenset(socket.inet_ntoa(entry[_ADDRESS_AT : _ADDRESS_AT + 4]) for entry in entries)

    def _follow(self) -> None:
        """Open a socket in the namespace, and none in one that is gone: it would keep that alive."""
        try:
            found = self._path.stat()
            now = (found.st_dev, found.st_ino)
        except FileNotFoundError:
            now = None
        if now == self._opened:
            return
        if self._socket:
            self._socket.close()
        self._socket, self._opened = None, None
        if now is not None:
            self._socket = _socket_in(self._path)
            self._opened = now if self._socket else None


def _socket_in(path: Path) -> socket.socket | None:
    """A socket of the namespace; None while its file is only a file, as it is before the namespace is made."""
    library = ctypes.CDLL(None, use_errno=True)
    home = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        target = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            if library.setns(target, _CLONE_NEWNET) != 0:
                return None
            try:
                return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            finally:
                if library.setns(home, _CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), "the way back into the own network namespace is closed")
        finally:
            os.close(target)
    except FileNotFoundError:
        return None
    finally:
        os.close(home)
