"""Commands about who is who: organizations, organization, compare."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click

from partnermap.cli.data import parse_day
from partnermap.cli.find import (
    AS_OF_HELP,
    CLASS_NAMES,
    COUNTRY_HELP,
    GROUP_HELP,
    findings_sheet,
    here,
    money,
)
from partnermap.cli.output import (
    FORMATS,
    Settings,
    as_json,
    deliver,
    form_of,
    output_options,
    paragraph,
    table,
)
from partnermap.model import counted
from partnermap.spreadsheet import Sheet, as_csv
from partnermap.workspace import (
    Comparison,
    Listing,
    Profile,
    Workspace,
    findings_json,
    namings_frame,
)

_FORMATS = FORMATS[:3]
_ANSWERS = {"s": "same", "d": "different", "u": "unsure"}
_format_option = click.option("--format", "form", type=click.Choice(_FORMATS), default="table", show_default=True)


@click.command()
@click.option("--find", default="", metavar="TEXT", help="Only those with this in a name; with --review, in a name of either.")
@click.option("--review", is_flag=True, help="What may be one organization, with reasons, best first.")
@click.option("--interactive", is_flag=True, help="Go through these one by one and decide.")
@click.option("--decisions", is_flag=True, help="What was decided, newest last.")
@click.option("--same", nargs=2, metavar="A B", help="Decide that two are one organization.")
@click.option("--different", nargs=2, metavar="A B", help="Decide that two are different.")
@click.option("--unsure", nargs=2, metavar="A B", help="Note that nobody can tell: it is not asked again.")
@click.option("--undo", is_flag=False, flag_value="last", default="", metavar="[DECISION]", help="Take back a decision by its id, or the last one.")
@click.option("--note", default="", help="Why, in your words; kept with the decision.")
@click.option("--by", default="", envvar="PARTNERMAP_BY", show_envvar=True, help="Who decides.")
@click.option("--top", type=click.IntRange(min=0), default=0, help="The first N only.")
@_format_option
@click.pass_obj
def organizations(settings: Settings, find: str, review: bool, interactive: bool, decisions: bool, same: tuple[str, str] | None, different: tuple[str, str] | None, unsure: tuple[str, str] | None, undo: str, note: str, by: str, top: int, form: str) -> None:
    """Who is who: all organizations, what may be one, and deciding it.

    A and B are ids, names, aliases or acronyms. Nothing merges by likeness alone: a decision does,
    and it can be taken back. Where A and B are two names of one organization, --different makes B
    an organization of its own.

    \b
    Example:
      partnermap organizations --review --top 10
    """
    asked = {verdict: pair for verdict, pair in (("same", same), ("different", different), ("unsure", unsure)) if pair}
    if len(asked) + bool(undo) + bool(review or interactive) + decisions > 1:
        raise click.UsageError("--review, --decisions, --same, --different, --unsure and --undo exclude each other.")
    with settings.open() as workspace:
        for verdict, pair in asked.items():
            _told(settings, *workspace.decide_identity(verdict, pair, note=note, by=by))
            return
        if undo:
            _told(settings, *workspace.undo_identity("" if undo == "last" else undo, by=by))
        elif interactive:
            _walk(settings, workspace, find, top, by)
        elif decisions:
            _print(form, workspace.identity_decisions()[-top:], str(workspace.coverage()))
        elif review:
            _review(workspace, find, top, form)
        else:
            _print(form, _cut(workspace.organizations(find), top), str(workspace.coverage()))


def _told(settings: Settings, decision: dict[str, Any], derived: int) -> None:
    names = " and ".join(f"{name} ({org})" for org, name in zip(decision["subjects"], decision["names"], strict=True))
    click.echo(f"{decision['id']}: {names}: {decision['verdict']}. Derived {counted(derived, 'activity', 'activities')} again.")
    if derived:
        settings.say("Findings stand as they were until the next: partnermap scan")


def _cut(rows: Sequence[dict[str, Any]], top: int) -> Sequence[dict[str, Any]]:
    return rows[:top] if top else rows


def _print(form: str, rows: Sequence[dict[str, Any]], coverage: str, wrap: str = "") -> None:
    if form == "json":
        click.echo(as_json(list(rows)))
        return
    headers = list(rows[0]) if rows else []
    cells = [[", ".join(v) if isinstance(v, (list, tuple)) else v for v in row.values()] for row in rows]
    if form == "csv":
        click.echo(as_csv(headers, cells).rstrip("\n"))
        return
    click.echo(paragraph(coverage) + "\n")
    click.echo(table(headers, cells, wrap) if rows else "Nothing to list.")


def _review(workspace: Workspace, find: str, top: int, form: str) -> None:
    found = workspace.identity_suggestions(find)
    shown = _cut(found, top)
    if form == "json":
        click.echo(as_json(list(shown)))
    elif form == "csv":
        _print(form, [{"points": s["points"], "A": s["left"]["name"], "id of A": s["left"]["id"], "B": s["right"]["name"], "id of B": s["right"]["id"], "for": s["for"], "against": s["against"]} for s in shown], "")
    else:
        click.echo(paragraph(str(workspace.coverage())))
        for entry in shown:
            click.echo("\n" + "\n".join(_suggestion_lines(entry)))
        if not found:
            click.echo(f"\nNothing{f' with {find!r} in a name' if find else ''} looks like one organization under two names.")
        if len(found) > len(shown):
            click.echo(f"\n{len(found) - len(shown)} more: without --top")


def _suggestion_lines(entry: dict[str, Any]) -> list[str]:
    lines = []
    for side in (entry["left"], entry["right"]):
        met = counted(side["activities"], "activity", "activities") if side["loaded"] else "on our list only"
        also = f"; also {', '.join(side['names'][1:4])}" if side["names"][1:] else ""
        lines.append(paragraph(f"{side['name']} ({side['id']}), {met}{also}", "  "))
    against = f" Against: {'; '.join(entry['against'])}." if entry["against"] else ""
    return [*lines, paragraph(f"{entry['points']:g} points. For: {'; '.join(entry['for'])}.{against}", "  ")]


def _walk(settings: Settings, workspace: Workspace, find: str, top: int, by: str) -> None:
    click.echo(paragraph(str(workspace.coverage())) + "\n")
    found = workspace.identity_suggestions(find)
    for number, entry in enumerate(_cut(found, top), 1):
        if not workspace.is_open_question(entry["left"]["id"], entry["right"]["id"]):
            continue
        click.echo("\n".join([f"{number} of {len(found)}", *_suggestion_lines(entry)]))
        answer = click.prompt("  [s]ame, [d]ifferent, [u]nsure, [n]ext, [q]uit", type=click.Choice([*_ANSWERS, "n", "q"]), show_choices=False)
        if answer == "q":
            break
        if answer in _ANSWERS:
            _told(settings, *workspace.decide_identity(_ANSWERS[answer], (entry["left"]["id"], entry["right"]["id"]), by=by))
    click.echo("No more questions." if not found else "Decisions: partnermap organizations --decisions")


@click.command()
@click.argument("name")
@click.option("--top", type=click.IntRange(min=0), default=10, show_default=True, help="Lines of each table; 0 for all.")
@click.option("--as-of", callback=parse_day, metavar="DATE", help=AS_OF_HELP)
@output_options()
@click.pass_obj
def organization(settings: Settings, name: str, top: int, as_of: date | None, form: str, output: Path | None) -> None:
    """Everything that names an organization, by anyone, in any role; its money and findings.

    NAME is an id, a name, an alias, an acronym or a part of its name. CSV and xlsx give one line for each place
    that names it: an activity's money stands on each of its lines. xlsx has the money in and out and the
    findings too.

    \b
    Example:
      partnermap organization UNDP
    """
    form = form_of(output, form, "organization")
    with settings.open() as workspace:
        found = workspace.organization(name)
        listing = workspace.listing(organization=found.id, past=True, status="all", as_of=as_of)
        named, coverage = namings_frame(found.namings), str(listing.coverage)
        deliver(
            settings,
            form,
            output,
            [
                Sheet("named in", coverage, list(named.columns), list(named.itertuples(index=False, name=None))),
                Sheet("money in and out", coverage, ["in or out", "measure", "with", "USD known", "amounts known", "amounts"], [[line.direction, line.measure, workspace.called(line.other) if line.other else "not told", line.money.usd if line.money.known else None, line.money.known, line.money.of] for line in found.funds]),
                findings_sheet(listing.findings, coverage),
            ],
            value=lambda: asdict(found) | {"names": [asdict(line) for line in found.names], "findings": findings_json(listing.findings), "coverage": coverage},
            text=lambda: _in_full(found, listing, workspace.called, top),
        )


def _in_full(found: Profile, listing: Listing, called: Callable[[str], str], top: int) -> str:
    """Everything about an organization, for a terminal."""
    acronym = f" ({found.acronym})" if found.acronym and found.acronym != found.name else ""
    parts = [f"{found.name}{acronym}, {found.kind or 'kind unknown'}, {found.id}."]
    parts += [f"Part of {', '.join(map(called, found.parents))}."] if found.parents else []
    parts += [f"Has {', '.join(map(called, found.children))}."] if found.children else []
    names = [[n.name or "no name", n.ref, n.by, n.roles, n.times, _some(n.rows, 2)] for n in found.names]
    lines = [[line.role, len(line.activities), line.countries[:6], str(line.money)] for line in found.roles]
    flows = [[line.direction, line.measure, called(line.other) if line.other else "not told", str(line.money)] for line in found.funds]
    findings = [[f.number, CLASS_NAMES.get(f.cls, f.cls), f.strength, money(f), f.headline] for f in listing.findings]
    there = [[row["to_id"], row.get("sector"), row.get("start_date"), row.get("end_date")] for row in found.presence]
    return "\n".join(
        [
            paragraph(str(listing.coverage)) + "\n",
            paragraph(" ".join(parts)),
            *_section("Named as", ["name", "reference", "told by", "roles", "times", "where"], names, top),
            *_section("Activities", ["role", "activities", "countries", "their money"], lines, 0),
            *_section("Money in and out (measures are not added up)", ["in or out", "measure", "with", "amount"], flows, top),
            *_section("Findings about it", ["number", "what", "sure", "USD", "finding"], findings, top, wrap="finding"),
            *(_section("Present (by 3W lists, which name no activities)", ["where", "sector", "from", "to"], there, top) if there else []),
        ]
    )


def _some(values: Sequence[str], most: int) -> str:
    more = f" and {len(values) - most} more" if len(values) > most else ""
    return "; ".join(values[:most]) + more


def _section(title: str, headers: list[str], rows: list[list[Any]], top: int, wrap: str = "") -> list[str]:
    shown = rows[:top] if top else rows
    more = [f"{len(rows) - len(shown):,} more: --top 0"] if len(rows) > len(shown) else []
    return [f"\n{title}", table(headers, shown, wrap) if shown else "nothing loaded", *more]


@click.command()
@click.argument("names", nargs=-1, metavar="ORG ORG...")
@click.option("--country", multiple=True, metavar="NAME", help=COUNTRY_HELP)
@click.option("--group", multiple=True, metavar="NAME", help=GROUP_HELP)
@click.option("--areas", is_flag=True, help="Also a line for each UNECE area of a country.")
@click.option("--as-of", callback=parse_day, metavar="DATE", help=AS_OF_HELP)
@output_options()
@click.pass_obj
def compare(settings: Settings, names: tuple[str, ...], country: tuple[str, ...], group: tuple[str, ...], areas: bool, as_of: date | None, form: str, output: Path | None) -> None:
    """Two or more organizations side by side, by country and area, with the findings between them.

    Counted are activities that an organization carries out, funds or tells. An amount counts with
    the country's share of the activity and in each of its areas: only whole countries add up.
    Of one of whom nothing is loaded there is no number: 0 means that others of its activities are.
    Findings are those that ``findings --past --status all`` lists for the country, in which an
    activity of one is paired with an activity of another; xlsx has them on a sheet of their own.

    \b
    Example:
      partnermap compare ADB GEF --group central_asia
    """
    if len(names) < 2:
        raise click.UsageError("Name two or more organizations.")
    form = form_of(output, form, "compare")
    with settings.open() as workspace:
        found = workspace.compare(*names, country=country, group=group, as_of=as_of)
    called = [org["called"] for org in found.organizations]
    headers = ["country", *(["country name"] if form == "xlsx" else []), "area", *(f"{name} {what}" for name in called for what in ("activities", "carried out", "USD known", "amounts known")), "findings"]
    rows: list[list[Any]] = []
    for line in found.lines:
        shares = [v for s in line["shares"] for v in (s["activities"], s["carried_out"], s["usd"], s["known"])]
        rows.append([line["country"], *([line["country_name"]] if form == "xlsx" else []), line["area"], *shares, line["findings"]])
    coverage = str(found.coverage)
    deliver(
        settings,
        form,
        output,
        [Sheet("side by side", coverage, headers, rows), findings_sheet(found.findings, coverage)],
        value=lambda: {"organizations": found.organizations, "lines": found.lines, "findings": findings_json(found.findings), "coverage": coverage},
        text=lambda: _side_by_side(found, called, areas),
    )


def _cells(share: dict[str, Any]) -> tuple[object, str]:
    """Activities and money of one organization in one country: 0 is known, "nothing loaded" is not."""
    if share["activities"] is None:
        return "nothing loaded", ""
    return share["activities"], f"{share['usd']:,.0f} ({share['known']} of {share['activities']})" if share["known"] else "unknown" if share["activities"] else ""


def _side_by_side(found: Comparison, called: list[str], areas: bool) -> str:
    """Organizations by country, for a terminal."""
    headers = ["country", *(["area"] if areas else []), *(text for name in called for text in (name, f"USD of {name}")), "findings"]
    rows = []
    for line in found.lines:
        if areas or not line["area"]:
            shares = [v for s in line["shares"] for v in _cells(s)]
            rows.append([line["country_name"], *([line["area"] or "all"] if areas else []), *shares, line["findings"]])
    lines = [paragraph(str(found.coverage)) + "\n", table(headers, rows) if rows else f"No country with activities of {' or '.join(called)} among those looked at."]
    if areas and rows and not any(line["area"] for line in found.lines):
        lines.append(paragraph("No line for an area: no activity among these tells a sector or an area of work from which a UNECE area follows."))
    if found.findings:
        lines.append("\nFindings between them, also those that are over")
        lines.append(table(["number", "what", "USD", "finding"], [[f.number, CLASS_NAMES.get(f.cls, f.cls), money(f), f.headline + here(f)] for f in found.findings[:15]], wrap="finding"))
        if len(found.findings) > 15:
            lines.append(f"{len(found.findings) - 15} more: -o FILE.xlsx")
    return "\n".join(lines)


COMMANDS = (organizations, organization, compare)
