"""Writes docs/commands.md from the commands' help: python docs/make_commands.py"""

from __future__ import annotations

import inspect
from pathlib import Path

import click

from partnermap.cli import main

FILE = Path(__file__).with_name("commands.md")
HEAD = """\
# Commands

Made from the commands' own help by `python docs/make_commands.py`; do not edit by hand.

Tables and JSON go to stdout, progress and messages to stderr. Exit codes: 0 done, 1 one message
says what is wrong and what to do, 2 wrong usage, 130 stopped with Ctrl-C.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD, "## With every command", "", _table(main), ""]
    for name, command in sorted(main.commands.items()):
        told, _, example = inspect.cleandoc(command.help or "").replace("\b\n", "").partition("Example:")
        parts += [f"## partnermap {name}", "", told.strip(), "", _table(command), ""]
        parts += ["```", inspect.cleandoc(example).strip(), "```", ""]
    return "\n".join(parts).rstrip() + "\n"


def _table(command: click.Command) -> str:
    rows = ["| option | meaning |", "| --- | --- |"]
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            names = ", ".join(parameter.opts + parameter.secondary_opts)
            rows.append(f"| `{names}`{_values(parameter)} | {_cell(parameter.help)} |")
        else:
            rows.append(f"| `{parameter.human_readable_name.upper()}`{'…' if parameter.nargs == -1 else ''} | |")
    return "\n".join(rows)


def _cell(text: str | None) -> str:
    return (text or "").replace("|", "\\|")


def _values(option: click.Option) -> str:
    if isinstance(option.type, click.Choice):
        return " " + " / ".join(str(choice) for choice in option.type.choices)
    return "" if option.is_flag else f" {option.make_metavar(click.Context(main))}"


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8", newline="\n")
