"""How commands print: tables and JSON to stdout, progress and messages to stderr."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from partnermap.errors import PartnermapError
from partnermap.pairing.row_kernels import nearest
from partnermap.spreadsheet import CSV_ENCODING, Sheet, as_csv, write_xlsx
from partnermap.workspace import Workspace

WIDEST = 48  # characters of a column before its text goes over several lines
FORMATS = ("table", "csv", "json", "xlsx")


@dataclass(frozen=True)
class Settings:
    """What goes with every command."""

    folder: Path
    environment: Mapping[str, str]
    quiet: bool
    verbose: bool
    _shown: list[str] = field(default_factory=list)  # the line of progress that stands on the terminal

    @contextmanager
    def open(self) -> Iterator[Workspace]:
        """The workspace; the line of progress goes when it is closed."""
        try:
            with Workspace(self.folder, self.environment) as workspace:
                yield workspace
        finally:
            self.clear()

    def clear(self) -> None:
        """Take the line of progress away, so that what follows stands alone."""
        if self._shown:
            click.echo("\r\x1b[K", err=True, nl=False)
            self._shown.clear()

    def say(self, text: str) -> None:
        """A message, unless quiet."""
        if not self.quiet:
            click.echo(text, err=True)

    def say_if_first(self) -> None:
        """That comparing takes longer the first time."""
        if not nearest.is_kept:
            self.say("The first comparison on a machine compiles its loops, which takes some ten seconds more.")

    def progress(self) -> Callable[[str, int, int], None] | None:
        """Progress with the time left, on a terminal, for what takes over a second."""
        if self.quiet or not sys.stderr.isatty():
            return None
        started = time.monotonic()

        def show(step: str, done: int, total: int) -> None:
            passed = time.monotonic() - started
            if passed < 1:
                return
            left = f", {passed / done * (total - done):.0f} s left" if total and done else ""
            count = f"{done:,} of {total:,}" if total else f"{done:,}"
            self._shown[:] = [step]
            click.echo(f"\r{step}: {count}{left}\x1b[K", err=True, nl=False)

        return show


def table(headers: Sequence[str], rows: Sequence[Sequence[object]], wrap: str = "") -> str:
    """A plain table; the column ``wrap`` takes what width is left, over several lines."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [min(WIDEST, max([len(h), *(len(r[i]) for r in cells)])) for i, h in enumerate(headers)]
    if wrap:
        column = headers.index(wrap)
        others = sum(w + 2 for i, w in enumerate(widths) if i != column)
        longest = max([len(wrap), *(len(r[column]) for r in cells)])
        widths[column] = max(30, min(longest, shutil.get_terminal_size((110, 20)).columns - others))
    lines = ["  ".join(h.ljust(w) for h, w in zip(headers, widths, strict=True)).rstrip()]
    lines.append("  ".join("-" * w for w in widths))
    for row in cells:
        parts = [textwrap.wrap(c, w) or [""] for c, w in zip(row, widths, strict=True)]
        for n in range(max(len(p) for p in parts)):
            line = [(p[n] if n < len(p) else "").ljust(w) for p, w in zip(parts, widths, strict=True)]
            lines.append("  ".join(line).rstrip())
    return "\n".join(lines)


def output_options(formats: Sequence[str] = FORMATS) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """--format and -o of a command; ``form_of`` and ``deliver`` make what they ask for."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        command = click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file; needed for xlsx.")(command)
        return click.option("--format", "form", type=click.Choice(formats), default="table", show_default=True)(command)

    return add


def form_of(output: Path | None, form: str, name: str) -> str:
    """The format that a file's ending names, unless another than a table is asked for."""
    ending = output.suffix.lower().lstrip(".") if output else ""
    if form == "table" and ending not in ("", "txt"):
        if ending not in FORMATS:
            raise click.UsageError(f"-o {output}: {ending!r} is no format. Use .xlsx, .csv, .json or .txt.")
        form = ending
    if form == "xlsx" and output is None:
        raise click.UsageError(f"--format xlsx needs a file: -o {name}.xlsx")
    return form


def deliver(settings: Settings, form: str, output: Path | None, sheets: Sequence[Sheet], *, value: Callable[[], Any], text: Callable[[], str]) -> None:
    """Print a table in a format, or write it to a file.

    Parameters
    ----------
    sheets : what xlsx holds; csv holds the first one
    value : makes what json holds
    text : makes what a person reads on a terminal
    """
    first = sheets[0]
    try:
        if form == "xlsx":
            assert output is not None
            write_xlsx(output, sheets)
        else:
            made = as_json(value()) if form == "json" else as_csv(first.headers, first.rows).rstrip("\n") if form == "csv" else text()
            if output is None:
                click.echo(made)
            else:
                output.write_text(made + "\n", encoding=CSV_ENCODING if form == "csv" else "utf-8", newline="\n")
    except OSError as error:
        if output is None:
            raise
        raise PartnermapError(f"{output} cannot be written: {error.strerror}. Close it where it is open, or choose another file with -o.") from error
    if output:
        settings.say(f"Wrote {output}.")
    if form in ("csv", "json") and first.first_line:
        settings.say(first.first_line)


def _cell(value: object) -> str:
    if value is None or value != value:  # NaN
        return ""
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return str(value)


def as_json(value: Any) -> str:
    """JSON for other programs: letters as they are, dates as text."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def paragraph(text: str, indent: str = "") -> str:
    """Text wrapped to the terminal."""
    width = min(110, shutil.get_terminal_size((100, 20)).columns)
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent + "  ")
