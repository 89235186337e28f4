"""Work in several processes: what goes wrong is told, and nobody is left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial

import psutil
import pytest

from partnermap.errors import ProcessEnded
from partnermap.processes import on_every_core

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="work is shared out among processes on Linux alone")


def numbers(first: int) -> Iterator[int]:
    yield from range(first, first + 3)


def test_everything_that_works_yield_comes_back() -> None:
    assert sorted(on_every_core([partial(numbers, 0), partial(numbers, 10)], "counted")) == [0, 1, 2, 10, 11, 12]


class Odd(Exception):
    """Cannot be made again from its message alone."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} {other}")


def test_an_error_that_cannot_be_sent_is_told_by_its_name() -> None:
    def work() -> Iterator[int]:
        yield 1
        raise Odd("no", "room")

    with pytest.raises(RuntimeError, match="Odd: no room"):
        list(on_every_core([work], "counted"))


def test_one_that_is_killed_in_the_middle_of_an_answer() -> None:
    def work() -> Iterator[bytes]:
        signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        yield b"x" * 50_000_000  # more than a pipe holds while nobody reads

    some = on_every_core([work, partial(slowly, 1)], "counted")
    with pytest.raises(ProcessEnded, match="counted was ended"):
        for _ in some:
            time.sleep(1)
    assert not multiprocessing.active_children()


def slowly(seconds: float) -> Iterator[int]:
    yield 0
    time.sleep(seconds)


ENDLESS = """
import itertools, sys
from partnermap.processes import on_every_core
work = lambda: (b"x" * 100_000 for _ in itertools.count())
for number, answer in enumerate(on_every_core([work, work, work], "counted")):
    if number == 9:
        print("works", flush=True)
        sys.stdin.read()  # the workers fill their pipes
"""


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_the_process_that_started_them(by: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", ENDLESS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "works\n"
        workers = psutil.Process(parent.pid).children()
        assert len(workers) == 3
        parent.send_signal(by)
        parent.wait(20)
    _, alive = psutil.wait_procs(workers, timeout=20)
    assert not alive


STARTING = """
import multiprocessing.popen_fork as forks, os, signal, time
import psutil
from partnermap.processes import on_every_core
launch = forks.Popen._launch
def launched(self, process):
    launch(self, process)
    os.kill(os.getpid(), signal.SIGINT)  # the process is there, and nobody knows of it yet
forks.Popen._launch = launched
try:
    list(on_every_core([lambda: iter(lambda: time.sleep(1), 0)] * 3, "counted"))
except KeyboardInterrupt:
    left = psutil.Process().children()
    print("interrupted", len(left))
    for worker in left:
        worker.kill()
"""


def test_ctrl_c_while_processes_are_started() -> None:
    done = subprocess.run([sys.executable, "-c", STARTING], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "interrupted 0\n", "")
