"""Memory stays flat: a file six times as large needs no more."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
MEASURE = """
import resource, sys
from pathlib import Path
from partnermap.sources import open_imports
(found,) = open_imports(Path(sys.argv[1]))
count = sum(1 for _ in found.records)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
if sys.platform == "linux":  # there ru_maxrss begins with that of the process that started this one
    status = Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0])
print(count, peak)
"""


def _seed(path: Path) -> None:
    """Activities of a real one's size, with something to report in each."""
    places = "".join(f'<location><name>Place {n}</name><coordinates latitude="{n}.5" longitude="72.8"/></location>' for n in range(10))
    money = '<transaction><transaction-type code="C"/><transaction-date iso-date="2020-01-01"/><value currency="USD">5</value></transaction>' * 5
    one = (
        "<iati-activity><iati-identifier>A-{n}</iati-identifier><reporting-org ref='X'>X</reporting-org><title>Title {n}</title>"
        f"<description>{'Some words on water. ' * 40}</description><recipient-country code=''/>{places}{money}</iati-activity>"
    )
    path.write_text(f"<iati-activities>{''.join(one.replace('{n}', str(n)) for n in range(100))}</iati-activities>")


@pytest.mark.skipif(sys.platform == "win32", reason="peak memory is read through the POSIX module resource")
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    _seed(tmp_path / "seed.xml")
    peaks = {}
    for megabytes in (5, 30):
        large = tmp_path / f"{megabytes}.xml"
        subprocess.run([sys.executable, REPOSITORY / "bench" / "make_large_iati.py", large, str(megabytes), tmp_path / "seed.xml"], check=True, capture_output=True)
        done = subprocess.run([sys.executable, "-c", MEASURE, large], check=True, capture_output=True, text=True, cwd=REPOSITORY)
        count, peaks[megabytes] = map(int, done.stdout.split())
        assert count * 1000 > megabytes * 100_000  # it did read the file
    assert peaks[30] / peaks[5] < 1.3
