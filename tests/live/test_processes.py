"""Salt forks a process for each job: nothing of a call may be left in the process that forks."""

from __future__ import annotations

import os
import select
import threading
from pathlib import Path

from saltext.k8s_ha._core import Api, Etcd

_CHILD_LIMIT_SECONDS = 15


def in_a_fork(api: Api) -> str:
    """What a child of this process, forked now, reads."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, api.kube_system_uid().encode())
        finally:
            os._exit(0)
    os.close(writing)
    try:
        ready, _, _ = select.select([reading], [], [], _CHILD_LIMIT_SECONDS)
        return os.read(reading, 100).decode() if ready else "nothing in time"
    finally:
        os.close(reading)
        if not ready:
            os.kill(child, 9)
        os.waitpid(child, 0)


def test_a_child_goes_on_where_its_parent_had_called(api: Api) -> None:
    uid = api.kube_system_uid()
    assert [in_a_fork(api), in_a_fork(api)] == [uid, uid]
    assert api.kube_system_uid() == uid


def test_no_thread_and_no_connection_is_left(api: Api, etcd: Etcd) -> None:
    def left() -> tuple[int, int]:
        return len(list(Path("/proc/self/task").iterdir())), len(list(Path("/proc/self/fd").iterdir()))

    def use() -> None:
        api.ready()
        etcd.status()

    use()
    before = left()
    for _ in range(5):
        use()
    assert left() == before


def test_threads_may_call_at_the_same_time(api: Api) -> None:
    uid = api.kube_system_uid()
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(api.kube_system_uid())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_CHILD_LIMIT_SECONDS)
    assert found == [uid] * 4
