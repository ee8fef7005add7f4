"""One request by HTTPS or HTTP over a connection of its own. Standard library only: it runs as any Python there is."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from urllib.parse import urlsplit

_LONGEST_ANSWER_BYTES = 64 * 1024 * 1024


def trust(ca: str, certificate: str | None = None, key: str | None = None) -> ssl.SSLContext:
    """What the requests trust and show: files with the CA, and with the client's certificate and key."""
    context = ssl.create_default_context(cafile=ca)
    if certificate:
        context.load_cert_chain(certificate, key)
    return context


async def request(
    url: str,
    context: ssl.SSLContext | None,
    method: str = "GET",
    body: bytes = b"",
    server_name: str | None = None,
) -> tuple[int, bytes]:
    """Status code and body of the answer. The caller sets the time limit: nothing in here waits for less.

    `context` is None for a URL that begins with `http:`. `server_name` is whose certificate is expected; the host
    of `url` when None. Raises OSError (of which
    ssl.SSLError is one) when there is no connection, ValueError when the answer is no HTTP.
    """
    where = urlsplit(url)
    host, port = where.hostname or "", where.port or (443 if context else 80)
    expected = (server_name or host) if context else None
    reader, writer = await asyncio.open_connection(
        host, port, ssl=context, server_hostname=expected, limit=_LONGEST_ANSWER_BYTES
    )
    try:
        target = where.path + (f"?{where.query}" if where.query else "")
        head = f"{method} {target or '/'} HTTP/1.1\r\nHost: {where.netloc}\r\nConnection: close\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode("ascii") + body)
        return await _answer(reader)
    finally:
        # A close in order would wait for the other side.
        with contextlib.suppress(RuntimeError):
            writer.transport.abort()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    words = head[0].split(" ", 2)
    if len(words) < 2 or not words[0].startswith("HTTP/") or not words[1].isdigit():
        raise ValueError(f"the answer begins with {head[0][:40]!r} and is no HTTP")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return int(words[1]), await _chunks(reader)
    if "content-length" in headers:
        return int(words[1]), await reader.readexactly(
            min(int(headers["content-length"]), _LONGEST_ANSWER_BYTES)
        )
    return int(words[1]), await reader.read(_LONGEST_ANSWER_BYTES)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while length := int((await reader.readline()).split(b";")[0], 16):
        if len(body) + length > _LONGEST_ANSWER_BYTES:
            raise ValueError(f"the answer is longer than {_LONGEST_ANSWER_BYTES} bytes")
        body += await reader.readexactly(length)
        await reader.readline()
    return body


def reason(error: BaseException) -> str:
    """A few words for why a request failed."""
    if isinstance(error, asyncio.TimeoutError):
        return "no answer in time"
    return f"{type(error).__name__}: {error}"[:160]
