"""Every command has help that ends with an example, and every example runs."""

from __future__ import annotations

import ast
import shlex
from pathlib import Path

import click
import pytest

import partnermap
from partnermap.cli import main
from tests.cli.conftest import Run
from tests.neo4j_server import Server
from tests.small_iati import UNDP, activity, write
from tests.sources.registers_files import workbook

COMMANDS: dict[str, click.Command] = {"": main, **main.commands}
NEO4J = "neo4j://localhost:7687"


def examples(command: click.Command) -> list[str]:
    """The commands that end a help text."""
    told = (command.help or "").split("Example:")
    return [line.strip() for line in told[-1].splitlines() if line.strip()] if len(told) == 2 else []


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_it_does_and_ends_with_an_example(run: Run, name: str) -> None:
    found = examples(COMMANDS[name])
    assert found and all(line.startswith(f"partnermap {name}".strip()) for line in found), found
    printed = run(*filter(None, [name]), "--help").output
    for line in found:
        assert line in printed
    for parameter in COMMANDS[name].params:
        if isinstance(parameter, click.Option) and parameter.name not in ("help", "version", "status", "form", "replace"):
            assert parameter.help, f"{name} --{parameter.name} has no help"


@pytest.fixture
def prepared(run: Run, demo: Path, name: str) -> Path:
    """The workspace that the examples assume: the demo's, an empty one for an import, one with a person to erase."""
    if name == "import":
        for file in demo.iterdir():
            if file.name.startswith("graph.sqlite"):
                file.unlink()
        write(demo, "gef", activity("G-1", "Wells", reporter=UNDP))
        write(demo, "adb", activity("A-1", "Roads", reporter=UNDP))
    if name == "erase":
        office = {"No.": "O-1", "Office": "UNDP office", "Organization": "UNDP", "Countries": "Kyrgyzstan", "Contacts": "Jane Sample <jane@example.org>"}
        assert run("import", workbook(demo, {"Offices": [office]})).exit_code == 0
    return demo


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "copy"])
def test_examples_run(run: Run, prepared: Path, name: str) -> None:
    for line in examples(COMMANDS[name]):
        result = run(*shlex.split(line)[1:])
        assert result.exit_code == 0, result.output
        assert result.output


@pytest.mark.neo4j
def test_the_example_of_copy_runs(run: Run, demo: Path, neo4j_server: Server) -> None:
    neo4j_server.empty()
    login = {"NEO4J_USERNAME": neo4j_server.user, "NEO4J_PASSWORD": neo4j_server.password}
    (line,) = examples(COMMANDS["copy"])
    assert NEO4J in line
    words = shlex.split(line.replace(NEO4J, neo4j_server.url))[1:]
    assert run(*words, **login).exit_code == 0
    refused = run(*words, **login)
    assert refused.exit_code == 1
    assert refused.stderr == f"partnermap: {neo4j_server.url} already holds records. Copy to an empty database, or empty this one first.\n"


def test_only_the_command_line_reads_the_environment() -> None:
    package = Path(partnermap.__file__).parent
    reading = set()
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb") and isinstance(node.value, ast.Name) and node.value.id == "os":
                reading.add(path.relative_to(package).parts[0])
            if isinstance(node, ast.ImportFrom) and node.module == "os" and {a.name for a in node.names} & {"environ", "getenv"}:
                reading.add(path.relative_to(package).parts[0])
    assert reading == {"cli"}
