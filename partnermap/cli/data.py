"""Commands that bring data in and move it: init, import, status, query, copy."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from shlex import quote
from typing import Any

import click

from partnermap.cli.output import (
    Settings,
    as_json,
    deliver,
    form_of,
    output_options,
    table,
)
from partnermap.model import counted
from partnermap.spreadsheet import Sheet
from partnermap.workspace import (
    Workspace,
    WorkspaceSettings,
    as_lines,
    asked_day,
    explain_failures,
    suggest_mapping,
    write_proposal,
)

KINDS_SHOWN = 12
_VALUE = re.compile(r"“[^”]*”|[^\s“”]*\d[^\s“”;,]*")  # what a file holds, and anything with a digit


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", default="", help="What to call it.  [default: the folder's name]")
@click.option("--own", default="XM-DAC-41314", show_default=True, help="IATI reference of your organization.")
@click.option("--expected", multiple=True, metavar="NAME", help="A partner whose data you hope for; can be repeated.")
@click.option("--store", default="embedded", show_default=True, help='"embedded", or neo4j://host:7687.')
@click.pass_obj
def init(settings: Settings, folder: Path, name: str, own: str, expected: tuple[str, ...], store: str) -> None:
    """Make a workspace: settings, a store, and folders for what comes in and goes out.

    \b
    Example:
      partnermap init region --expected UNDP --expected OSCE
    """
    made = Workspace.create(folder, WorkspaceSettings(name=name or folder.resolve().name, own=own, expected=expected, store=store))
    settings.say(f"Workspace {made} is ready. Next: partnermap -w {quote(str(made))} import FILE")


@click.command("import")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="TOML mapping of a foreign table.")
@click.option("--suggest", is_flag=True, help="Propose a mapping for a table and write it; nothing is imported.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Where --suggest writes.  [default: beside the table, as TOML]")
@click.option("--dataset", help="Id of the dataset, where the file's name is no good one.")
@click.option("--replace", is_flag=True, help="Go on although the new version lacks over half of the records.")
@click.option("--strict", is_flag=True, help="Import nothing if any row or value is refused.")
@click.option("-v", "--verbose", is_flag=True, help="Every refused row and doubtful value, not the first of each kind.")
@click.option("--resume", is_flag=True, help="Finish an import that was cut off.")
@click.option("--undo", is_flag=True, help="Undo an import that was cut off.")
@click.pass_obj
def import_(settings: Settings, files: tuple[Path, ...], mapping: Path | None, suggest: bool, output: Path | None, dataset: str | None, replace: bool, strict: bool, verbose: bool, resume: bool, undo: bool) -> None:
    """Load IATI files, HXL tables, and other tables through a mapping: plain, gzip, zip or a folder.

    What was refused or is in doubt is printed by kind, and written line by line to
    `rejected/DATASET.csv` of the workspace; the next import of the dataset replaces that file.

    \b
    Example:
      partnermap import gef.xml adb.xml
    """
    if resume and undo:
        raise click.UsageError("--resume and --undo exclude each other.")
    if not files and not (resume or undo):
        raise click.UsageError("Name a file or a folder to import.")
    if output and not suggest:
        raise click.UsageError("-o goes with --suggest.")
    if suggest:
        if len(files) != 1 or mapping:
            raise click.UsageError("--suggest takes one table, and no --mapping.")
        _suggest(settings, files[0], output or files[0].with_suffix(".toml"))
        return
    with settings.open() as workspace:
        if resume or undo:
            settings.say(workspace.settle(resume=resume))
            if not files:
                return
        result = workspace.import_files(*files, mapping=mapping, dataset=dataset, replace=replace, strict=strict, progress=settings.progress())
    for item in result.imported:
        facts, change = item.dataset, item.change
        held = f"{counted(facts.activities, 'activity', 'activities')} of {facts.publisher or 'an unnamed publisher'}, {counted(facts.transactions, 'transaction')}, {counted(facts.links, 'link')}"
        if facts.source == "registers":
            held = counted(change.added + change.unchanged, "row") + (f", {item.people:,} about people" if item.people else "")
        if facts.source == "hxl":
            held = f"{counted(change.added + change.unchanged, 'presence')} and no activities"
        click.echo(f"{facts.dataset} version {change.version}: {held}; {_changed(change, item.people_changed)}")
        for note in item.notes:
            settings.say(f"  {note}")
        for reporter in item.secondary:
            settings.say(f"  {reporter} reports what others do (it takes part in none of its activities, or is flagged so), and is no partner itself. Not right? See [secondary] in partnermap.toml.")
        _refusals(settings, item.refused, item.report, verbose or settings.verbose)
    for twin in result.twins:
        settings.say(str(twin))
    explain_failures(result)


def _changed(change: Any, people: bool) -> str:
    if not (change.added or change.closed):
        return "people have changed" if people else "nothing has changed"
    parts = [f"{change.added:,} new or changed"]
    if change.closed:
        parts.append(f"{change.closed:,} closed")
    if change.unchanged:
        parts.append(f"{change.unchanged:,} as before")
    return ", ".join(parts)


def _suggest(settings: Settings, file: Path, output: Path) -> None:
    proposal = suggest_mapping(file)
    click.echo(table(["confidence", "line", "why"], [[confidence, line.strip(), why] for line, confidence, why in proposal.confidence]))
    for number, row in enumerate(proposal.rows, start=1):
        click.echo(f"\nActivity {number} as it would be read:")
        for line in as_lines(row):
            click.echo(f"  {line}")
    click.echo(f"\nColumns not used: {', '.join(proposal.unused) or 'none'}")
    asked = sum(confidence == "asked" for _, confidence, _ in proposal.confidence)
    written = write_proposal(proposal, output)
    settings.say(f"Written to {written}, with {asked} line{'' if asked == 1 else 's'} for you to answer. Check it; then: partnermap import {quote(str(file))} --mapping {quote(str(written))}")


def _refusals(settings: Settings, refused: tuple[Any, ...], report: Path | None, verbose: bool) -> None:
    if verbose:
        for entry in refused:
            settings.say(f"  {_sort(entry)}: {entry}")
    else:
        kinds: dict[tuple[bool, str, str], list[Any]] = {}
        for entry in refused:
            kinds.setdefault((entry.kept, entry.field, _kind(entry.reason)), []).append(entry)
        in_order = sorted(kinds.values(), key=lambda some: some[0].kept)  # whole rows first
        for first, *more in in_order[:KINDS_SHOWN]:
            others = list(dict.fromkeys(str(entry.row) for entry in more if entry.row and entry.row != first.row))
            where = f": row{'s' if others[1:] else ''} {', '.join(others[:3])}{' …' if others[3:] else ''}" if others else ""
            settings.say(f"  {_sort(first)}: {first}" + (f" (and {len(more):,} more like this{where})" if more else ""))
        if len(in_order) > KINDS_SHOWN:
            settings.say(f"  {counted(len(in_order) - KINDS_SHOWN, 'more kind')}; all of them with --verbose")
    if report:
        settings.say(f"  {counted(len(refused), 'report')} with file, row and field: {report}")


def _sort(entry: Any) -> str:
    return "note" if entry.kept else "refused"


def _kind(reason: str) -> str:
    """A reason without the values of its row, which differ between lines of one kind."""
    return _VALUE.sub("…", reason)


@click.command()
@click.argument("dataset")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def withdraw(settings: Settings, dataset: str, yes: bool) -> None:
    """Take back a dataset that was imported by mistake, such as one file under two names.

    DATASET is its name in `partnermap status`. Its records are closed, not deleted, and what other
    datasets say stays. Rows about people go. Importing the file again brings it back.

    \b
    Example:
      partnermap withdraw adb --yes
    """
    with settings.open() as workspace:
        plan = workspace.plan_withdrawal(dataset)
        if not yes:
            click.confirm(f"Withdraw {dataset}: {plan}. Importing that file again brings it back. Withdraw", abort=True, err=True)
        change = workspace.withdraw(plan)
    settings.say(f"Withdrew {dataset} (version {change.version}): {plan}. Importing that file again brings it back. Findings stand as they were until the next: partnermap scan")


@click.command()
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_obj
def status(settings: Settings, form: str) -> None:
    """What is loaded: datasets, counts, store, last scan, unresolved references.

    \b
    Example:
      partnermap status --format json
    """
    with settings.open() as workspace:
        found = workspace.status()
    if form == "json":
        click.echo(as_json(found))
        return
    click.echo(f"{found['workspace']}: {found['store']} store, data version {found['data_version']}")
    rows = [[d["id"], d["version"], d["publisher"], d["activities"], d["transactions"], d["links"], d["rejected"], f"withdrawn ({d['file']})" if d["withdrawn"] else d["file"]] for d in found["datasets"]]
    click.echo(table(["dataset", "version", "publisher", "activities", "transactions", "links", "rejected", "file"], rows))
    counts = ", ".join(f"{n:,} {label}" for label, n in found["nodes"].items() if n)
    click.echo(f"\nNodes: {counts}")
    if found["withdrawn"]:
        click.echo(f"Activities that no dataset tells any more, in no list: {found['withdrawn']:,}")
    counts = ", ".join(f"{n:,} {kind}" for kind, n in found["relationships"].items() if n)
    click.echo(f"Relationships: {counts}")
    click.echo(f"References to activities that are not loaded: {found['unresolved']:,}")
    if found["lists"]:
        click.echo(f"Own lists in the place of shipped ones: {', '.join(found['lists'])}")
    if found["scans"]:
        last = found["scans"][-1]
        stale = "" if last["data_version"] + 1 == found["data_version"] else " (data have changed since: scan again)"
        click.echo(f"Last scan: {last['id']}, {counted(last['pairs'], 'pair')}, {counted(last['findings'], 'finding')}{stale}")
    else:
        click.echo("No scan yet: partnermap scan" if found["nodes"]["Record"] else "Nothing is loaded yet. First: partnermap import FILE; then: partnermap scan")


@click.command()
@click.argument("name", default="")
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter of the query; can be repeated.")
@click.option("--cypher", default="", help="Read-only Cypher text instead of a name.")
@output_options()
@click.pass_obj
def query(settings: Settings, name: str, params: tuple[str, ...], cypher: str, form: str, output: Path | None) -> None:
    """Rows of a named query, or of read-only Cypher; without either, the names.

    \b
    Example:
      partnermap query country_activities --param country=KGZ
    """
    if not name and not cypher:
        for known in Workspace.queries().values():
            click.echo(f"{known.name}: {known.purpose}" + "".join(f"\n    --param {p}=… {meaning}" for p, meaning in known.params.items()))
        return
    form = form_of(output, form, name or "rows")
    values = {}
    for text in params:
        key, equals, value = text.partition("=")
        if not equals:
            raise click.UsageError(f"--param {text!r} is not NAME=VALUE.")
        values[key] = value
    with settings.open() as workspace:
        frame = workspace.query(name, cypher=cypher, **values)
    rows = [[_plain(v) for v in row] for row in frame.itertuples(index=False, name=None)]
    headers = list(frame.columns)
    asked = " ".join(filter(None, [name or cypher, *params])) if form == "xlsx" else ""
    deliver(settings, form, output, [Sheet("rows", asked, headers, rows)], value=lambda: [dict(zip(headers, row, strict=True)) for row in rows], text=lambda: table(headers, rows))


def _plain(value: Any) -> Any:
    """A value of a DataFrame as Python has it: lists as lists, nothing where it is missing."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    return None if not isinstance(value, list) and (value is None or value != value) else value


@click.command()
@click.option("--to", "url", required=True, metavar="URL", help="Address of an empty store, such as neo4j://localhost:7687.")
@click.pass_obj
def copy(settings: Settings, url: str) -> None:
    """Move records and finding numbers to another store, and derive there.

    User and password of a Neo4j come from NEO4J_USERNAME and NEO4J_PASSWORD. Afterwards set
    `store` in partnermap.toml to the new address and scan: findings keep their numbers.

    \b
    Example:
      partnermap copy --to neo4j://localhost:7687
    """
    with settings.open() as workspace:
        counts = workspace.copy_to(url)
    settings.say("Copied " + ", ".join(f"{n:,} {kind}" for kind, n in counts.items()) + f'. To work there, set store = "{url}" in partnermap.toml.')


def parse_day(context: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    """A date option."""
    return asked_day(value, parameter.opts[0])


COMMANDS = (init, import_, withdraw, status, query, copy)
