"""The wheel: built, installed into a clean environment, and the demo run from it elsewhere."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from tests.workspaces import REPOSITORY

PACKAGE = REPOSITORY / "partnermap"
DATA = ("*.csv", "*.toml", "*.md", "*.gz", "*.xml", "*.html", "*.css", "*.js", "*.tsv", "*.json")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    how = ["--no-isolation"] if importlib.util.find_spec("hatchling") else []
    command = [sys.executable, "-m", "build", "--wheel", *how, "--outdir", str(folder), str(REPOSITORY)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def clean(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds the wheel, and sees the packages of this one for dependencies only."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True)
    (site,) = [p for p in folder.rglob("site-packages") if (p / "partnermap").is_dir()]
    # a path from a .pth file is searched last, and .pth files there (this checkout's) are not read
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n" + sysconfig.get_paths()["platlib"] + "\n", encoding="utf-8")
    return python


def outside(python: Path, folder: Path, *words: str) -> str:
    """What a command prints in a folder outside the checkout, with nothing of it on the path."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PARTNERMAP"))}
    done = subprocess.run([str(python), *words], cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_holds_what_runs_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {n for n in archive.namelist() if ".dist-info/" not in n}
    expected = {f"partnermap/{p.relative_to(PACKAGE).as_posix()}" for pattern in ("*.py", *DATA) for p in PACKAGE.rglob(pattern)}
    cypher = {f"partnermap/cypher/{p.relative_to(REPOSITORY / 'cypher').as_posix()}" for p in (REPOSITORY / "cypher").rglob("*.cypher")}
    assert cypher and {n for n in names if n.startswith("partnermap/cypher/")} == cypher
    assert expected <= names
    assert {"partnermap/codes/data/countries.csv", "partnermap/sample/gef.xml.gz", "partnermap/pairing/weights.toml", "partnermap/views/templates/map.html"} <= names
    assert not {n for n in names if not n.startswith("partnermap/") or n.endswith(".pyc") or "/tests/" in n}
    assert wheel.stat().st_size < 3_000_000


def test_it_is_imported_from_the_clean_environment(clean: Path, tmp_path: Path) -> None:
    code = "import partnermap, partnermap.queries; print(partnermap.__file__); print(len(partnermap.queries.all_queries()))"
    file, queries = outside(clean, tmp_path, "-c", code).split()
    assert Path(file).is_relative_to(clean.parents[1])
    assert int(queries) == len(list((REPOSITORY / "cypher" / "read").glob("*.cypher")))


def test_the_demo_runs_from_it(clean: Path, tmp_path: Path) -> None:
    script = clean.with_name("partnermap.exe" if os.name == "nt" else "partnermap")
    assert script.exists()
    printed = outside(clean, tmp_path, "-c", "from partnermap.cli import main; main()", "demo", "try-it")
    assert printed.startswith("Looked at 560 activities")
    assert (tmp_path / "try-it" / "out" / "map.html").stat().st_size > 100_000
    rows = outside(clean, tmp_path, "-c", "from partnermap.cli import main; main()", "-w", "try-it", "query", "country_organizations", "--param", "country=KGZ", "--format", "csv")
    assert len(rows.splitlines()) > 3


def test_every_package_that_is_imported_is_declared() -> None:
    declared = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*declared["dependencies"], *(d for extra in declared["optional-dependencies"].values() for d in extra)]
    names = {re.split(r"[\s<>=!~;\[]", entry)[0].lower().replace("_", "-") for entry in wanted}
    imported = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported.update(a.name.split(".")[0] for a in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.split(".")[0])
    others = imported - set(sys.stdlib_module_names) - {"partnermap"}
    packages = importlib.metadata.packages_distributions()
    missing = {m for m in others if not {d.lower().replace("_", "-") for d in packages.get(m, [m])} & names}
    assert missing - {"IPython"} == set()
