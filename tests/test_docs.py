"""The documentation names every command, node kind and relationship kind, and nothing that is not."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path
from types import ModuleType

import click
import pytest

from partnermap.cli import main
from partnermap.model import NODES, RELATIONSHIPS
from partnermap.queries import FOLDER, all_queries
from tests.workspaces import REPOSITORY

DOCS = REPOSITORY / "docs"
README = REPOSITORY / "README.md"
TYPES = {"STRING", "INT", "FLOAT", "BOOL", "DATE", "LIST"}


def script(name: str) -> ModuleType:
    """A script of docs/ as a module."""
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["model", "commands", "registers"])
def test_a_page_that_is_made_is_up_to_date(name: str) -> None:
    made = script(f"make_{name}").page()
    stored = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    assert stored == made, f"docs/{name}.md is not what the code says: run python docs/make_{name}.py"


def test_every_kind_and_property_is_explained() -> None:
    sections = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", (DOCS / "model.md").read_text(encoding="utf-8"), re.M | re.S))
    assert sections.keys() == {k.label for k in NODES} | {k.type for k in RELATIONSHIPS}
    for kind in (*NODES, *RELATIONSHIPS):
        told = sections[kind.label if hasattr(kind, "label") else kind.type]
        for item in kind.properties:
            assert f"`{item.name}`" in told and item.meaning, f"{kind}: {item.name}"


def test_every_command_and_option_is_explained() -> None:
    told = (DOCS / "commands.md").read_text(encoding="utf-8")
    for name, command in main.commands.items():
        assert f"## partnermap {name}\n" in told
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.opts[0] in told


def shown(text: str) -> list[str]:
    """Every partnermap command that a page shows in code."""
    code = re.findall(r"```[a-z]*\n(.*?)```", text, re.S) + re.findall(r"`(partnermap [^`]*)`", text)
    return [line.split("#")[0].strip() for block in code for line in block.splitlines() if line.strip().startswith("partnermap ")]


@pytest.mark.parametrize("page", [README, *sorted(DOCS.glob("*.md")), *sorted(REPOSITORY.glob("[A-Z]*.md"))], ids=lambda p: p.name)
def test_commands_that_a_page_shows_exist(page: Path) -> None:
    for line in shown(page.read_text(encoding="utf-8")):
        words = shlex.split(line)[1:]
        context = click.Context(main)
        while words and words[0].startswith("-"):
            flag = next(p for p in main.params if words[0] in p.opts)
            words = words[1:] if getattr(flag, "is_flag", False) else words[2:]
        assert words and words[0] in main.commands, line
        command = main.commands[words[0]]
        options = {o for p in command.get_params(context) for o in (*p.opts, *p.secondary_opts)}
        for word in words[1:]:
            if word.startswith("-") and not word.lstrip("-").isdigit():
                assert word.split("=")[0] in options, f"{line}: {word}"


def test_the_readme_opens_with_commands() -> None:
    assert {"findings", "import", "init", "scan"} <= {shlex.split(line)[1] for line in shown(README.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("page", [README, *sorted(DOCS.glob("*.md"))], ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("path", sorted((FOLDER / "read").glob("*.cypher")), ids=lambda p: p.stem)
def test_every_query_has_a_header_and_an_order(path: Path) -> None:
    query, text = all_queries()[path.stem], path.read_text(encoding="utf-8")
    assert query.purpose and query.columns
    assert set(query.columns.values()) <= TYPES
    body = "\n".join(line for line in text.splitlines() if not line.startswith("//"))
    assert set(re.findall(r"\$(\w+)", body)) == set(query.params)
    assert all(query.params.values()), "a parameter without a meaning"
    returned = body.rsplit("RETURN", 1)[1]
    assert re.findall(r"\bAS (\w+)", returned.split("ORDER BY")[0]) == list(query.columns)
    assert "ORDER BY" in returned


def test_the_demo_reads_the_finished_mapping() -> None:
    """The package carries a copy, since a wheel has no examples."""
    names = ("examples/mappings/gef_agencies.toml", "partnermap/sample/gef_agencies.toml")
    example, sample = ((REPOSITORY / name).read_text(encoding="utf-8") for name in names)
    assert sample == example
