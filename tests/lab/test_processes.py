"""A signal reaches the process that is meant, or nobody."""

from __future__ import annotations

import signal
import subprocess
import threading

from lab import processes


def test_a_number_that_is_a_thread_by_now_is_nobody() -> None:
    numbers: list[int] = []
    ready, done = threading.Event(), threading.Event()

    def stand() -> None:
        numbers.append(threading.get_native_id())
        ready.set()
        done.wait(30)

    thread = threading.Thread(target=stand)
    thread.start()
    try:
        assert ready.wait(30)
        assert not processes.send(numbers[0], signal.SIGKILL, lambda _pid: True)
    finally:
        done.set()
        thread.join()


def test_a_process_that_has_ended_is_nobody() -> None:
    with subprocess.Popen(["true"]) as process:
        process.wait()
    assert not processes.send(process.pid, signal.SIGKILL, lambda _pid: True)


def test_who_is_another_one_meanwhile_is_left_alone() -> None:
    with subprocess.Popen(["sleep", "30"]) as process:
        assert not processes.send(process.pid, signal.SIGKILL, lambda _pid: False)
        assert process.poll() is None
        assert processes.send(process.pid, signal.SIGKILL, lambda _pid: True)
    assert process.returncode == -signal.SIGKILL
