"""The process that makes the requests of `lab.traffic`: `python -m lab.traffic_worker CONFIGURATION`.

CONFIGURATION is JSON: `mode` (`read`, `write`, `list`), `url`, `ca`, `certificate`, `key` (paths; null for plain
HTTP), `deadline` seconds; for `read` and `write` also `rate` a second and `output`, the file to which a line of JSON
is appended for each request; for `write` and `list` the name `load`. It ends when its input ends, so it cannot
outlive its driver.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import ssl
import sys
import time
from typing import Any
from urllib.parse import quote

from lab.http_client import reason, request, trust

LABEL = "lab-load"
_CONFIG_MAPS = "/api/v1/namespaces/default/configmaps"
_PAGE = 500
_OK = 200


def object_name(load: str, number: int) -> str:
    """The name of the ConfigMap of this number."""
    return f"{load}-{number:06d}"


async def load(configuration: dict[str, Any]) -> None:
    """Make requests at the configured rate, each at its time, whatever becomes of those before it."""
    context = _trust(configuration)
    stop = until_input_ends()
    interval = 1 / configuration["rate"]
    output = os.open(configuration["output"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    running: set[asyncio.Task[None]] = set()
    began = time.monotonic()
    number = 0
    while not await wait(stop, began + number * interval - time.monotonic()):
        task = asyncio.create_task(_one(configuration, context, number, output))
        running.add(task)
        task.add_done_callback(running.discard)
        number += 1
    await asyncio.gather(*running)


async def _one(
    configuration: dict[str, Any], context: ssl.SSLContext | None, number: int, output: int
) -> None:
    start = time.monotonic()
    code, failure = 0, ""
    try:
        call = (
            _write(configuration, context, number)
            if configuration["mode"] == "write"
            else _read(configuration, context)
        )
        code = await asyncio.wait_for(call, configuration["deadline"])
    except (OSError, ValueError, EOFError, asyncio.TimeoutError, asyncio.LimitOverrunError) as error:
        failure = reason(error)
    line = {"number": number, "start": start, "end": time.monotonic(), "code": code, "error": failure}
    # One write for a line: whatever kills this process, what is there is whole.
    os.write(output, json.dumps(line).encode() + b"\n")


async def _read(configuration: dict[str, Any], context: ssl.SSLContext | None) -> int:
    return (await request(configuration["url"], context))[0]


async def _write(configuration: dict[str, Any], context: ssl.SSLContext | None, number: int) -> int:
    name = configuration["load"]
    body = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": object_name(name, number), "labels": {LABEL: name}},
        "data": {"number": str(number)},
    }
    return (await request(configuration["url"] + _CONFIG_MAPS, context, "POST", json.dumps(body).encode()))[0]


async def list_objects(configuration: dict[str, Any]) -> dict[str, str]:
    """Number by name of every ConfigMap of this load that the server has. Raises ValueError when it refuses."""
    context = _trust(configuration)
    found: dict[str, str] = {}
    more = ""
    while True:
        query = f"?labelSelector={LABEL}%3D{configuration['load']}&limit={_PAGE}&continue={quote(more)}"
        call = request(configuration["url"] + _CONFIG_MAPS + query, context)
        code, body = await asyncio.wait_for(call, configuration["deadline"])
        if code != _OK:
            raise ValueError(f"it answers with {code}")
        answer = json.loads(body)
        found |= {item["metadata"]["name"]: item["data"]["number"] for item in answer["items"]}
        more = answer["metadata"].get("continue", "")
        if not more:
            return found


def _trust(configuration: dict[str, Any]) -> ssl.SSLContext | None:
    """None where the requests are plain HTTP."""
    if configuration["ca"] is None:
        return None
    return trust(configuration["ca"], configuration.get("certificate"), configuration.get("key"))


def until_input_ends() -> asyncio.Event:
    """An event that is set when the process's input ends or SIGTERM comes."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_reader(0, stop.set)
    return stop


async def wait(stop: asyncio.Event, seconds: float) -> bool:
    """Whether to stop, after at most `seconds`."""
    try:
        await asyncio.wait_for(stop.wait(), max(seconds, 0.0001))
    except asyncio.TimeoutError:
        return False
    return True


def main() -> int:
    """Run as configured; the exit code is 1, with a sentence on stderr, when a list cannot be had."""
    configuration = json.loads(sys.argv[1])
    if configuration["mode"] != "list":
        asyncio.run(load(configuration))
        return 0
    try:
        print(json.dumps(asyncio.run(list_objects(configuration))))
    except (OSError, ValueError, EOFError, asyncio.TimeoutError, asyncio.LimitOverrunError) as error:
        print(reason(error), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
