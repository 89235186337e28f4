"""Commands for our own workbooks and the people in them: workbook, erase."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

import click

from partnermap.cli.output import Settings
from partnermap.workspace import WORKBOOKS


@click.command()
@click.argument("name", type=click.Choice(list(WORKBOOKS)))
@click.option("--adviser", default="", metavar="POST", help="Whose return it is, as on its sheet About.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write.  [default: the workbook's name]")
@click.pass_obj
def workbook(settings: Settings, name: str, adviser: str, output: Path | None) -> None:
    """Write one of our workbooks, filled with what was last imported from it.

    \b
    Example:
      partnermap workbook adviser-return --adviser "Regional Adviser Environment" -o return.xlsx
    """
    if name == "adviser-return" and not adviser:
        raise click.UsageError('Say whose return it is: --adviser "Regional Adviser Environment".')
    path = output or Path(f"{name}.xlsx")
    with settings.open() as workspace:
        rows = workspace.write_workbook(name, path, adviser=adviser)
    held = ", ".join(f"{n:,} in {sheet}" for sheet, n in rows.items()) or "no rows yet"
    settings.say(f"Wrote {path}: {held}. Fill it in, then: partnermap import {quote(str(path))}")


@click.command()
@click.argument("person")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def erase(settings: Settings, person: str, yes: bool) -> None:
    """Erase a person: every row about them, and their name wherever a record holds it.

    What remains is a salted hash, by which later imports skip them. Files that were imported are
    not touched: take the person out of those too.

    \b
    Example:
      partnermap erase "Jane Sample" --yes
    """
    with settings.open() as workspace:
        plan = workspace.plan_erasure(person)
        held = ", ".join(f"{n:,} {what}" for what, n in plan.counts.items() if n)
        if not yes:
            click.confirm(f"This cannot be undone: {held}. Erase", abort=True, err=True)
        workspace.erase(plan)
    settings.say(f"Erased: {held}. Later imports skip this person. Take them out of your own files and copies too.")


COMMANDS = (workbook, erase)
