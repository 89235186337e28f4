"""Commands that find and explain: scan, findings, explain, check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click

from partnermap.cli.data import parse_day
from partnermap.cli.output import (
    Settings,
    as_json,
    deliver,
    form_of,
    output_options,
    paragraph,
    table,
)
from partnermap.model import counted
from partnermap.spreadsheet import Sheet
from partnermap.workspace import (
    CLASSES,
    CONCERNS,
    ENGINES,
    STATUS,
    Finding,
    Listing,
    Match,
    findings_frame,
    findings_json,
    marked,
    shortened,
)

CLASS_NAMES = {"duplication": "possible duplication", "same-money": "same money", "same-activity": "same activity", "part-of": "part of", "unrelated": "near in words alone"}

COUNTRY_HELP = "A country by name or code; can be repeated: in any of them."
AS_OF_HELP = "The day to stand on.  [default: the workspace's, else today]"
GROUP_HELP = "A group of countries, such as central_asia or SPECA; can be repeated. With --country: in either."


def scope_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--country, --group and --organization."""
    for option in (
        click.option("--organization", default="", metavar="NAME", help="That carries out, funds or tells one of the activities."),
        click.option("--group", multiple=True, metavar="NAME", help=GROUP_HELP),
        click.option("--country", multiple=True, metavar="NAME", help=COUNTRY_HELP),
    ):
        command = option(command)
    return command


@click.command()
@click.option("--engine", type=click.Choice(ENGINES), default="local", show_default=True, help="Where it runs.")
@click.pass_obj
def scan(settings: Settings, engine: str) -> None:
    """Find overlaps over everything that is loaded; findings keep their numbers.

    \b
    Example:
      partnermap scan
    """
    with settings.open() as workspace:
        settings.say_if_first()
        found = workspace.scan(engine, settings.progress())
        is_empty = not found["pairs"] and not workspace.coverage().activities
    between = found["findings"] - found["inside"]
    inside = f", {found['inside']:,} inside one" if found["inside"] else ""
    click.echo(f"{found['id']}: {counted(found['pairs'], 'pair')}, {counted(found['findings'], 'finding')}: {between:,} between organizations{inside}. {'No activity is loaded yet: partnermap import FILE' if is_empty else 'List them: partnermap findings'}")


@click.command()
@scope_options
@click.option("--kind", default="", help="Kind of finding; overlap is the only one so far.")
@click.option("--class", "cls", default="", help=f"One of {', '.join(CLASSES)}.")
@click.option("--area", default="", metavar="NAME", help="A UNECE subprogramme, such as TRA or Transport.")
@click.option("--concerns", type=click.Choice(CONCERNS), help="Whose activities: ours, partners', or one actor's alone.")
@click.option("--past", is_flag=True, help="Also what is over.")
@click.option("--status", type=click.Choice(STATUS), default="open", show_default=True)
@click.option("--since", default="", metavar="SCAN", help="Numbered in this scan or later, such as scan-3.")
@click.option("--as-of", callback=parse_day, metavar="DATE", help=AS_OF_HELP)
@click.option("--top", type=click.IntRange(min=0), default=0, help="The first N only.")
@output_options()
@click.pass_obj
def findings(settings: Settings, /, form: str, output: Path | None, concerns: str | None, **filters: Any) -> None:
    """List findings: ours first, then what can still change, by class and money.

    \b
    Example:
      partnermap findings --country Kyrgyzstan --top 10
    """
    form = form_of(output, form, "findings")
    with settings.open() as workspace:
        listing = workspace.listing(concerns=concerns or "", **filters)
    coverage = str(listing.coverage)
    deliver(
        settings,
        form,
        output,
        [findings_sheet(listing.findings, coverage)],
        value=lambda: findings_json(listing.findings),
        text=lambda: "\n".join([paragraph(coverage), "", *listing_lines(listing, filters["past"])]),
    )


def findings_sheet(findings: Sequence[Finding], coverage: str) -> Sheet:
    """Findings as a page of a workbook."""
    frame = findings_frame(findings)
    return Sheet("findings", coverage, list(frame.columns), list(frame.itertuples(index=False, name=None)), {"start_date": "Earliest start", "end_date": "Latest end known"})


def listing_lines(listing: Listing, past: bool) -> list[str]:
    """A list for a terminal, with what it leaves out; ``past``: also what is over was asked for."""
    rows = [[f.number, CLASS_NAMES.get(f.cls, f.cls), f.strength, money(f), f.headline + here(f)] for f in listing.findings]
    lines = [table(["number", "what", "sure", "USD", "finding"], rows, wrap="finding")] if rows else []
    if not rows:
        lines.append(_nothing(listing))
    notes = []
    if len(rows) < listing.asked:
        notes.append(f"Listed {len(rows):,} of {counted(listing.asked, 'finding')}.")
    if len(rows) < listing.total:
        notes.append(f"{listing.total - len(rows):,} more: without --top")
    if listing.past:
        notes.append(f"{counted(listing.past, 'past finding')}: --past")
    if listing.inside:
        notes.append(f"{listing.inside:,} inside one organization: --concerns \"one actor\"" + (" --past" if past else ""))
    if listing.inside_past:
        notes.append(f"{listing.inside_past:,} past inside one organization: --concerns \"one actor\" --past")
    return [*lines, "", *notes] if notes else lines


def here(finding: Finding) -> str:
    """How many of its activities name a country asked for, where not all do."""
    here, whole = finding.members_here, len(finding.members)
    return "" if here in (None, whole) else f" ({here} of {whole} records here)"


def _nothing(listing: Listing) -> str:
    """What an empty list means: nothing there, or nothing that can still change."""
    if listing.past:
        over = f"all {listing.past} findings asked for are" if listing.past > 1 else "the one finding asked for is"
        return (
            f"Nothing that still runs or is planned on {listing.coverage.as_of}: {over} "
            "over. See them: --past. Stand on an earlier day: --as-of DATE"
        )
    return f"No such finding among {listing.coverage.looked_at}."


def money(finding: Finding) -> str:
    """The amount of a list's row."""
    if finding.money_usd is None:
        return "unknown"
    total = " in all" if finding.cls in ("sequence", "joint", "part-of") else ""
    if finding.money_usd >= 1_000_000:
        return f"{finding.money_usd / 1_000_000:,.1f} m{total}"
    return f"{finding.money_usd:,.0f}{total}"


def finding_lines(finding: Finding) -> list[str]:
    """The whole text of a finding, in the template's order."""
    lines = [paragraph(f"{finding.number}  {finding.headline}"), paragraph(finding.opinion + ".", "  ")]
    for label, texts in (("For", finding.speaks_for), ("Against", finding.speaks_against)):
        lines.append(paragraph(f"{label}: " + ("; ".join(texts) if texts else "nothing that holds for all records" if len(finding.members) > 3 else "nothing known") + ".", "  "))
    lines.append(paragraph(f"Money: {finding.money}.", "  "))
    lines.append(paragraph("Not known: " + ("; ".join(finding.not_known) or "nothing that was looked for") + ".", "  "))
    lines.append(paragraph(f"Next: {finding.next_step}", "  "))
    return lines


@click.command()
@click.argument("number")
@click.option("--as-of", callback=parse_day, metavar="DATE", help=AS_OF_HELP)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_obj
def explain(settings: Settings, number: str, as_of: date | None, form: str) -> None:
    """A finding with its points, both texts with the matched terms, and the source rows.

    \b
    Example:
      partnermap explain CAS-1
    """
    with settings.open() as workspace:
        finding = workspace.finding(number, as_of)
        pairs = workspace.pairs_of(finding)
        coverage = workspace.listing(as_of=as_of, top=1).coverage
        shown = {m.id: (m, workspace.side(m.id)) for m in finding.members}
    if form == "json":
        click.echo(as_json({**findings_json([finding])[0], "pairs": [asdict(p) for p in pairs]}))
        return
    click.echo(paragraph(str(coverage)) + "\n")
    click.echo("\n".join(finding_lines(finding)))
    click.echo("\nRecords")
    for member, _ in shown.values():
        dates = f"{member.start_date or 'start unknown'} to {member.end_date or 'end unknown'}"
        dates += f", {member.time}" if member.time != "end unknown" else ""
        amount = (member.money_told or "money unknown") if member.money_usd is None else f"USD {member.money_usd:,.0f}"
        click.echo(paragraph(f"{member.title}", "  "))
        told = f", told by {' and '.join(member.tellers)}" if member.tellers else ""
        click.echo(paragraph(f"{', '.join(member.actors)}{told}; {dates}; {amount}; {member.rows}", "    "))
    for pair in pairs[:5]:
        left, right = shown[pair.left][1], shown[pair.right][1]
        click.echo(f"\nPair: {CLASS_NAMES.get(pair.cls, pair.cls)}, score {pair.score:g}")
        terms = sorted({t for r in pair.reasons if r.feature in ("title", "terms") for t in r.terms})
        for side in (left, right):
            click.echo(paragraph(marked(side.title, terms, side.language), "  "))
            if side.description:
                click.echo(paragraph(marked(shortened(side.description, 1200), terms, side.language), "    "))
        rows = [[f"{r.points:+g}", r.feature, r.text, ", ".join(r.fields)] for r in pair.reasons]
        click.echo(table(["points", "reason", "in words", "fields"], rows, wrap="in words"))
        click.echo(f"{pair.score:+g}  adds up to the score")
    if len(pairs) > 5:
        click.echo(f"\n{counted(len(pairs) - 5, 'more pair')}: --format json")


@click.command()
@click.argument("draft")
@click.option("--country", multiple=True, metavar="NAME", help="A country of the draft; can be repeated.  [default: those the text names]")
@click.option("--start", callback=parse_day, metavar="DATE", help="When it is to start.")
@click.option("--end", callback=parse_day, metavar="DATE", help="When it is to end.")
@click.option("--usd", type=click.FloatRange(min=0), help="Its money.")
@click.option("--kind", type=click.Choice(["project", "programme", "mission", "workshop", "training", "study-tour"]), default="project", show_default=True, help="What it is: like is compared with like.")
@click.option("--top", type=click.IntRange(min=1), default=10, show_default=True, help="The nearest N.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_obj
def check(settings: Settings, /, draft: str, form: str, **about: Any) -> None:
    """What a draft is close to: an activity's identifier, a pasted text, or a text file.

    An activity may be given by its number in our registers, such as TC-1, and by the end of its
    identifier where no other ends so. The first line is the title. Nothing is stored.

    \b
    Example:
      partnermap check "Management of mountain pastures in Kyrgyzstan" --start 2009-09-01
    """
    path = Path(draft)
    if len(draft) < 250 and path.suffix in (".txt", ".md") and path.is_file():
        draft = path.read_text(encoding="utf-8")
    with settings.open() as workspace:
        coverage = workspace.listing(top=1).coverage
        settings.say_if_first()
        matches = workspace.check(draft, **about)
        rows = [(m, [workspace.called(o) for o in sorted(m.side.actors)]) for m in matches]
        not_compared = workspace.read_as(draft, **about)
    if form == "json":
        click.echo(as_json({"matches": [_match_json(m, actors) for m, actors in rows]}))
        settings.say(str(coverage))
        return
    click.echo(paragraph(str(coverage)) + "\n")
    if not rows:
        click.echo(f"Nothing close found among {coverage.looked_at}.")
    for match, actors in rows:
        side, pair = match.side, match.pair
        dates = f"{side.start or 'start unknown'} to {side.end or 'end unknown'}"
        click.echo(paragraph(f"{CLASS_NAMES.get(pair.cls, pair.cls)}, score {pair.score:g}: {side.title}"))
        click.echo(paragraph(f"{', '.join(actors)}; {dates}; {side.id}", "  "))
        click.echo(paragraph("; ".join(f"{r.text} ({r.points:+g})" for r in pair.reasons), "  "))
    for note in not_compared:
        click.echo("\n" + paragraph(note))


def _match_json(match: Match, actors: list[str]) -> dict[str, Any]:
    reasons = [{"feature": r.feature, "points": r.points, "text": r.text} for r in match.pair.reasons]
    return {"id": match.side.id, "title": match.side.title, "actors": actors, "class": match.pair.cls, "score": match.pair.score, "reasons": reasons}


COMMANDS = (scan, findings, explain, check)
