"""Work that is shared out among as many processes as there are cores."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
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
        with _started_whole():
            for work in works:
                reader, own = context.Pipe(duplex=False)
                workers[reader] = context.Process(target=_answer, args=(work, own, [*workers, reader]), daemon=True)
                workers[reader].start()
                own.close()  # so that a worker's end closes the pipe
        speaking = set(workers)
        while speaking:
            for answers in (reader for reader in wait(list(speaking)) if isinstance(reader, Connection)):
                try:
                    answer = answers.recv()
                except (EOFError, OSError):  # it ended, or was ended in the middle of an answer
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
            if worker.pid is not None:
                worker.terminate()
                worker.join()


@contextmanager
def _started_whole() -> Iterator[None]:
    """Let Ctrl-C take effect when all processes are started: none is left behind half made."""
    if threading.current_thread() is not threading.main_thread():  # there Ctrl-C raises nothing
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        signal.raise_signal(signal.SIGINT)


def _answer(work: Callable[[], Iterable[T]], answers: Connection, readers: Sequence[Connection]) -> None:
    """What a worker does.

    Parameters
    ----------
    readers : ends of pipes that are the parent's: a worker that has them would wait for itself where the parent ends
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's: it ends its children
    for reader in readers:
        reader.close()
    try:
        for answer in work():
            answers.send(answer)
    except BrokenPipeError:  # the parent has ended
        return
    except Exception as error:  # noqa: BLE001 - told to the parent, which raises it
        answers.send(_sent(error))


def _sent(error: Exception) -> Exception:
    """An error as it can be sent: some hold what no other process can have."""
    try:
        pickle.loads(pickle.dumps(error))  # our own bytes
    except Exception:  # noqa: BLE001 - any class may fail in its own way
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
