"""Work that is shared out among as many processes as there are cores."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TypeVar

from partnermap.errors import ProcessEnded

T = TypeVar("T")


def cores() -> int:
    """How many processes pay; one where a fork is not safe."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def on_every_core(works: Sequence[Callable[[], Iterable[T]]], doing: str) -> Iterator[T]:
    """What some works yield, each in a fork of its own, which has what is in memory without copying it; in no order.

    Parameters
    ----------
    doing : what they do, for a message

    Raises
    ------
    ProcessEnded
        If one was ended from outside; what a work itself raises is raised here.
    """
    context = multiprocessing.get_context("fork")
    workers: dict[Connection, BaseProcess] = {}
    try:
        for work in works:
            reader, own = context.Pipe(duplex=False)
            workers[reader] = context.Process(target=_answer, args=(work, own), daemon=True)
            workers[reader].start()
            own.close()  # so that a worker's end closes the pipe
        speaking = set(workers)
        while speaking:
            for answers in (reader for reader in wait(list(speaking)) if isinstance(reader, Connection)):
                try:
                    answer = answers.recv()
                except EOFError:
                    speaking.discard(answers)
                    workers[answers].join()
                    if workers[answers].exitcode:
                        raise ProcessEnded(
                            f"A process that {doing} was ended (code {workers[answers].exitcode}), most likely for lack of memory. "
                            "The findings of the scan before are unchanged. Close other programs and scan again."
                        ) from None
                    continue
                if isinstance(answer, BaseException):
                    raise answer
                yield answer
    finally:
        for worker in workers.values():
            worker.terminate()
            worker.join()


def _answer(work: Callable[[], Iterable[T]], answers: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's: it ends its children
    try:
        for answer in work():
            answers.send(answer)
    except Exception as error:  # noqa: BLE001 - told to the parent, which raises it
        answers.send(error)
