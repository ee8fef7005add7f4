"""The process behind `lab.holders`: `python -m lab.holder_worker CONFIGURATION`, in the client's namespace.

CONFIGURATION is JSON: `vip`, `port`, `path`, `ca`, `rate` a second, `deadline` seconds, `output` (a file), and
`hosts`: for each name the `address` and the `namespace` (a path). Each sample appends a line of JSON for who holds
the address, and one for each holder whether it serves. It ends when its input ends.
"""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import sys
import time
from pathlib import Path
from typing import Any

from lab.http_client import reason, request, trust
from lab.namespace_addresses import NamespaceAddresses
from lab.traffic_worker import until_input_ends, wait

_OK = 200


async def watch(configuration: dict[str, Any]) -> None:
    """Sample until the input ends."""
    context = trust(configuration["ca"], configuration.get("certificate"), configuration.get("key"))
    stop = until_input_ends()
    readers = {
        name: NamespaceAddresses(Path(host["namespace"])) for name, host in configuration["hosts"].items()
    }
    output = os.open(configuration["output"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    probes: set[asyncio.Task[None]] = set()
    began = time.monotonic()
    number = 0
    while not await wait(stop, began + number / configuration["rate"] - time.monotonic()):
        holders = [name for name, reader in readers.items() if configuration["vip"] in reader.read()]
        _append(output, {"number": number, "time": time.monotonic(), "holders": holders})
        for name in holders:
            probe = asyncio.create_task(_probe(configuration, context, name, number, output))
            probes.add(probe)
            probe.add_done_callback(probes.discard)
        number += 1
    await asyncio.gather(*probes)


async def _probe(
    configuration: dict[str, Any], context: ssl.SSLContext, name: str, number: int, output: int
) -> None:
    url = f"https://{configuration['hosts'][name]['address']}:{configuration['port']}{configuration['path']}"
    line: dict[str, Any] = {"number": number}
    try:
        # A balancer may pass this on to any API server: the one name that all their certificates have is the VIP.
        call = request(url, context, server_name=configuration["vip"])
        code = (await asyncio.wait_for(call, configuration["deadline"]))[0]
        line |= {"serves": name} if code == _OK else {"silent": name, "error": f"HTTP {code}"}
    except (OSError, ValueError, EOFError, asyncio.TimeoutError, asyncio.LimitOverrunError) as error:
        line |= {"silent": name, "error": reason(error)}
    _append(output, line)


def _append(output: int, line: dict[str, Any]) -> None:
    os.write(output, json.dumps(line).encode() + b"\n")


if __name__ == "__main__":
    asyncio.run(watch(json.loads(sys.argv[1])))
