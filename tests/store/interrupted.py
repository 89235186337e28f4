"""A process that is killed in the middle of a job: ``python -m tests.store.interrupted``.

It opens the store that its arguments name, does part of an import or scan, prints ``here`` and
waits for the signal.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from partnermap.model import SourceRecord
from partnermap.store import open_store
from tests.store.samples import derive, rederive, said, second, version


def here() -> None:
    print("here", flush=True)
    time.sleep(120)


def in_records() -> Iterator[SourceRecord]:
    yield from second()[:2]
    here()


def main(url: str, folder: str, where: str) -> None:
    # a run in the background of a script hands down an ignored Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)
    store = open_store(url, Path(folder), dict(os.environ))
    with store.job("import", rederive=rederive) as job:
        if where == "records":
            job.put_records(version("d", "2"), in_records())
        job.put_records(version("d", "2"), second())
        if where == "stored":
            here()
        for ids in job.touched():
            for id_ in ids[:2]:
                job.put_graph([id_], derive(job.current([id_]), job.existing))
        if where == "deriving":
            here()
        if where == "busy":
            print("here", flush=True)
            for number in range(100_000):
                job.put_graph(["A"], derive(job.current(["A"]), job.existing))
                job.put_records(version("e", str(number)), [said(f"E{number}")], replace=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
