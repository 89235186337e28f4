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
@click.option("--organization", default="", metavar="NAME", help="Whose activities a return tells, by name or reference.  [default: who told them last, else ours]")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write.  [default: the workbook's name]")
@click.pass_obj
def workbook(settings: Settings, name: str, adviser: str, organization: str, output: Path | None) -> None:
    """Write one of our workbooks, filled with what was last imported from it.

    \b
    Example:
      partnermap workbook adviser-return --adviser "Regional Adviser Environment" -o return.xlsx
    """
    if name == "adviser-return" and not adviser:
        raise click.UsageError('Say whose return it is: --adviser "Regional Adviser Environment".')
    if name != "adviser-return" and organization:
        raise click.UsageError("--organization is for adviser-return: the registers are our own.")
    path = output or Path(f"{name}.xlsx")
    with settings.open() as workspace:
        rows = workspace.write_workbook(name, path, adviser=adviser, organization=organization)
    held = ", ".join(f"{n:,} in {sheet}" for sheet, n in rows.items()) or "no rows yet"
    settings.say(f"Wrote {path}: {held}. Fill it in, then: partnermap import {quote(str(path))}")


@click.command()
@click.argument("person")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def erase(settings: Settings, person: str, yes: bool) -> None:
    """Erase a person: every row about them, and their name in texts of records, findings and reports.

    A salted hash remains, by which later imports skip rows about them. A text that names them comes
    back with its file: files are not touched, and those of the folder that still name them are
    listed. The identifier of an activity stays, since others refer to it, and is told too.

    \b
    Example:
      partnermap erase "Jane Sample" --yes
    """
    with settings.open() as workspace:
        plan = workspace.plan_erasure(person)
        held = ", ".join(f"{n:,} {what}" for what, n in plan.counts.items() if n)
        if not yes:
            click.confirm(f"This cannot be undone: {held}. Erase", abort=True, err=True)
        files = workspace.erase(plan)
    again = " The findings were scanned again." if plan.found else ""
    settings.say(f"Erased: {held or 'what the last scan wrote'}.{again} Later imports skip rows about this person; a text that names them comes back with its file.")
    if plan.identifiers:
        settings.say(plan.stays)
    named = f"Files here that still name them: {', '.join(files)}. Take them out there, and" if files else "No file here names them any more. Take them out"
    settings.say(f"{named} of your own files and copies elsewhere{' too' if files else ''}.")


COMMANDS = (workbook, erase)
