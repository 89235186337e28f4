"""How long a scan takes and how much memory, beside two other tools, on a made corpus.

    python bench/scale.py SHARED                              # 10,000, 100,000 and 400,000 activities
    python bench/scale.py SHARED --sizes 100000 --peers       # beside scikit-learn and Splink
    python bench/scale.py SHARED --sizes 100000 --profile     # and the 25 costliest functions
    python bench/scale.py SHARED --cache FOLDER               # keep the corpora for the next run

The peers and their settings are in ``peers.py`` and need ``pip install --group bench``.

Each tool runs in a process of its own on the same Parquet files (``generated.py``), the tools in turn.
Seconds count from opening the files to the pairs, partnermap's with class and points, without imports
and without what is compiled once on a machine; what partnermap says of them in words it says with the
findings, which stand beside. Cpu seconds likewise, with those of worker processes that have ended; the
two ratios are to partnermap's. Peak memory is that of the whole
process, imports with it; of partnermap, which has workers, the largest sum of all their pages (shared
ones once), looked at every tenth of a second in a run of its own: looking takes their time.
Recall is over the planted pairs, a floor against getting worse and no claim about real data; precision
cannot be told, since records that were not planted share real sentences too. Read seconds as good
within a factor of two or three on a busy machine, and trust the ratios of one run.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# In the process that starts the others nothing large is imported or made: the peak that the system
# tells of a process begins with that of the one that started it.
import psutil
from stages import Pairs, Stages

SIZES = "10000,100000,400000"
OURS, PEERS = "partnermap", ("scikit-learn", "scikit-learn tuned", "splink")
NEEDED = ("sklearn", "splink", "duckdb")
GOAL_SIZE, GOAL_SECONDS, GOAL_GB = 100_000, 10.0, 1.5
GOAL_RATIOS = {"scikit-learn": 2.5, "splink": 8.0}
Result = dict[str, Any]


# --- inside the process that is measured -------------------------------------------------------


def scan(folder: Any, stages: Stages) -> tuple[Pairs, Stages]:
    """The pairs of partnermap, and its stages after them: what the peers do not do."""
    import numpy as np

    from partnermap.findings.scan import scan_result
    from partnermap.pairing.corpus import read_corpus
    from partnermap.pairing.local import find_related
    from partnermap.pairing.row_kernels import common, nearest
    from partnermap.pairing.weights import load_weights

    if not nearest.is_kept:
        find_related(read_corpus(folder.columns), load_weights())
    common(np.zeros(2, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))  # loads Numba
    with stages("read_corpus"):
        corpus = read_corpus(folder.columns)
    with stages("find_related"):
        found = find_related(corpus, load_weights())
    after = Stages()
    with after("scan_result"):  # groups, numbers, words and rows
        scan_result(found, corpus, before={}, numbers=[], scan={"id": "scan-1"})
    ids = corpus.table.ids
    return {(ids[left], ids[right]) for left, right in zip(found.left.tolist(), found.right.tolist(), strict=True)}, after


def measure(name: str, path: Path) -> Result:
    """Run one tool in this process."""
    import resource

    from generated import Folder

    if name != OURS:
        import peers  # and what it imports, before the clock runs

    folder, stages, after = Folder(path), Stages(), Stages()
    if name == OURS:
        pairs, after = scan(folder, stages)
    elif name == "splink":
        pairs = peers.splink_pairs(folder, stages)
    else:
        pairs = peers.sklearn_pairs(folder, stages, peers.TUNED if name.endswith("tuned") else peers.PLAIN)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    planted = folder.planted()
    kinds = dict.fromkeys(sorted(planted.values()), 0)
    return {
        "seconds": sum(stages.seconds.values()),
        "cpu": stages.cpu,
        "peak": peak,
        "stages": stages.seconds,
        "after": after.seconds,
        "pairs": len(pairs),
        "planted": {kind: sum(1 for k in planted.values() if k == kind) for kind in kinds},
        "found": {kind: sum(1 for pair, k in planted.items() if k == kind and pair in pairs) for kind in kinds},
    }


def profile(path: Path) -> None:
    """Print the functions that take most time of their own in a scan; workers are not seen."""
    import cProfile
    import pstats

    from generated import Folder

    with cProfile.Profile() as profiler:
        scan(Folder(path), Stages())
    pstats.Stats(profiler).strip_dirs().sort_stats("tottime").print_stats(25)


def make(shared: Path, size: int, seed: int, cache: Path) -> Result:
    """Make the corpus, or find it made."""
    from generated import write

    start = time.perf_counter()
    path = write(shared, size, seed, cache).path
    return {"path": str(path), "seconds": time.perf_counter() - start, "bytes": sum(f.stat().st_size for f in path.iterdir())}


# --- the process that starts the others ----------------------------------------------------------


def apart(*arguments: str, watched: bool = False) -> Result:
    """What this file answers in a fresh process.

    Parameters
    ----------
    watched : with ``peak`` over it and its workers
    """
    command = [sys.executable, str(Path(__file__).resolve()), *arguments]
    together = 0
    with tempfile.TemporaryFile("w+") as out:
        running = psutil.Popen(command, stdout=out)
        while watched and running.poll() is None:
            together = max(together, _with_workers(running))
            time.sleep(0.1)
        code = running.wait()
        if code:
            raise SystemExit(f"{' '.join(arguments)} ended with {code}; what it said stands above.")
        out.seek(0)
        answer: Result = json.loads(out.read().splitlines()[-1])
    answer["peak"] = max(answer.get("peak", 0), together)
    return answer


def _with_workers(process: psutil.Process) -> int:
    """Bytes of a process and its workers, shared pages once; 0 where it has no worker."""
    total = 0
    try:
        family = process.children(recursive=True)
        for one in [process, *family] if family else []:
            said = one.memory_full_info()
            total += getattr(said, "pss", said.rss)
    except psutil.Error:  # one ended meanwhile: the next look counts
        return 0
    return total


def fastest(names: list[str], path: str, runs: int) -> dict[str, Result]:
    """The fastest of some runs of each tool; tools take turns."""
    found: dict[str, Result] = {}
    for _ in range(runs):
        for name in names:
            print(f"  {name} ...", end="", file=sys.stderr, flush=True)
            result = apart("--measure", name, path)
            print(f" {result['seconds']:.1f} s", file=sys.stderr)
            if name not in found or result["seconds"] < found[name]["seconds"]:
                found[name] = result
    if OURS in found:
        found[OURS]["peak"] = apart("--measure", OURS, path, watched=True)["peak"]
    return found


def recall(result: Result) -> float:
    """Share of the planted pairs that were found, over all kinds."""
    return sum(result["found"].values()) / max(1, sum(result["planted"].values()))


def table(found: dict[str, Result]) -> str:
    """A line a tool."""
    ours = found[OURS]
    kinds = list(ours["planted"])
    lines = [f"{'':20}{'s':>8}{'ratio':>7}{'cpu s':>8}{'ratio':>7}{'peak GB':>9}{'pairs':>11}{'recall':>8} " + "".join(f"{kind:>13}" for kind in kinds)]
    for name, result in found.items():
        each = "".join(f"{result['found'][k] / max(1, result['planted'][k]):>13.3f}" for k in kinds)
        lines.append(f"{name:20}{result['seconds']:>8.1f}{result['seconds'] / ours['seconds']:>7.2f}{result['cpu']:>8.1f}{result['cpu'] / ours['cpu']:>7.2f}{result['peak'] / 1e9:>9.2f}{result['pairs']:>11,}{recall(result):>8.3f} {each}")
    return "\n".join(lines)


def where_time_goes(found: dict[str, Result]) -> str:
    """The stages of each tool, and what partnermap does besides."""
    lines = []
    for name, result in found.items():
        told = ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in result["stages"].items())
        lines.append(f"{name:20}{told}")
        if result["after"]:
            told = ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in result["after"].items())
            lines.append(f"{'  then':20}{told} (not in the seconds above)")
    return "\n".join(lines)


def goals(found: dict[str, Result]) -> str:
    """What was asked for at 100,000, and whether it is so."""
    ours = found[OURS]
    whole = ours["seconds"] + ours["after"]["scan_result"]
    asked = [
        (f"at most {GOAL_SECONDS:.0f} s to the pairs", f"{ours['seconds']:.1f} s", ours["seconds"] <= GOAL_SECONDS),
        (f"at most {GOAL_SECONDS:.0f} s with the findings", f"{whole:.1f} s", whole <= GOAL_SECONDS),
        (f"at most {GOAL_GB} GB", f"{ours['peak'] / 1e9:.2f} GB", ours["peak"] / 1e9 <= GOAL_GB),
    ]
    for name, least in GOAL_RATIOS.items():
        if name in found:
            ratio = found[name]["seconds"] / ours["seconds"]
            asked.append((f"{least} times faster than {name}", f"{ratio:.2f}", ratio >= least))
            asked.append((f"recall no lower than {name}", f"{recall(ours):.3f} to {recall(found[name]):.3f}", recall(ours) >= recall(found[name])))
    return "\n".join(f"  {'yes' if met else 'NO':5}{what}: {said}" for what, said, met in asked)


def growth(before: tuple[int, dict[str, Result]], now: tuple[int, dict[str, Result]]) -> str:
    """Between two sizes, by what power of the size each tool's cpu seconds grow."""
    (small, old), (large, new) = before, now
    powers = (f"{name} {math.log(new[name]['cpu'] / old[name]['cpu']) / math.log(large / small):.2f}" for name in new)
    return f"cpu seconds grow from {small:,} to {large:,} with the power: {', '.join(powers)}"


def main(shared: Path, sizes: list[int], seed: int, cache: Path, options: argparse.Namespace) -> None:
    if options.peers and (missing := [name for name in NEEDED if find_spec(name) is None]):
        raise SystemExit(f"--peers needs {', '.join(missing)}: pip install --group bench")
    names = [OURS, *(PEERS if options.peers else ())]
    before: tuple[int, dict[str, Result]] | None = None
    for size in sizes:
        made = apart("--make", str(shared), str(size), str(seed), str(cache))
        found = fastest(names, made["path"], options.runs)
        planted = sum(found[OURS]["planted"].values())
        print(f"\n{size:,} activities, {planted:,} planted pairs, {made['bytes'] / 1e6:.0f} MB of files (made in {made['seconds']:.1f} s), {os.cpu_count()} cores, best of {options.runs}\n")
        print(f"{table(found)}\n\n{where_time_goes(found)}\n")
        if size == GOAL_SIZE:
            print(f"{goals(found)}\n")
        if before:
            print(f"{growth(before, (size, found))}\n")
        before = size, found
        if options.profile:
            subprocess.run([sys.executable, __file__, "--profiled", made["path"]], check=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("shared", type=Path, help="the folder that holds data/")
    parser.add_argument("--sizes", default=SIZES, help=f"numbers of activities (default {SIZES})")
    parser.add_argument("--peers", action="store_true", help="measure the other tools too")
    parser.add_argument("--profile", action="store_true", help="also the 25 functions with most time of their own")
    parser.add_argument("--cache", type=Path, help="keep the made corpora here (default: nowhere)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=1, help="measure each tool so often and keep its fastest run")
    return parser.parse_args()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--measure", name, path]:
            print(json.dumps(measure(name, Path(path))))
        case ["--make", shared, size, seed, cache]:
            print(json.dumps(make(Path(shared), int(size), int(seed), Path(cache))))
        case ["--profiled", path]:
            profile(Path(path))
        case _:
            given = _arguments()
            with tempfile.TemporaryDirectory(prefix="partnermap-scale-") as temporary:
                main(given.shared, [int(n) for n in given.sizes.split(",")], given.seed, given.cache or Path(temporary), given)
