"""Commands that draw pages: map, demo."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from shlex import quote

import click

from partnermap.cli.find import finding_lines, scope_options
from partnermap.cli.output import Settings, paragraph
from partnermap.demo import make_demo
from partnermap.model import counted


@click.command("map")
@scope_options
@click.option("--finding", default="", metavar="NUMBER", help="One finding and what is around it.")
@click.option("--past", is_flag=True, help="Also findings that are over.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write.  [default: out/map.html]")
@click.option("--open/--no-open", "opened", default=False, help="Show it in the browser.")
@click.pass_obj
def map_(settings: Settings, country: tuple[str, ...], group: tuple[str, ...], organization: str, finding: str, past: bool, output: Path | None, opened: bool) -> None:
    """Draw an interactive page that works offline.

    \b
    Example:
      partnermap map --country Kyrgyzstan -o kyrgyzstan.html
    """
    with settings.open() as workspace:
        page = workspace.map(country=country, group=group, organization=organization, finding=finding, past=past)
        path = page.write(output or workspace.folder / "out" / "map.html")
    settings.say(f"Wrote {path}: {counted(page.nodes, 'item')}, {counted(page.edges, 'link')}, {counted(len(page.findings), 'finding')}.")
    if not page.nodes:
        settings.say(page.coverage)
    if page.past:
        settings.say(f"{counted(page.past, 'past finding')}: --past")
    if opened:
        webbrowser.open(path.resolve().as_uri())


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default="demo")
@click.pass_obj
def demo(settings: Settings, folder: Path) -> None:
    """The whole job on the bundled real sample: import, scan, ten findings, a map and tables.

    \b
    Example:
      partnermap demo try-it
    """
    settings.say_if_first()
    result = make_demo(folder, settings.progress())
    settings.clear()
    click.echo(paragraph(str(result.listing.coverage)))
    for note in result.notes:
        click.echo(paragraph(note))
    for finding in result.listing.findings:
        click.echo("\n" + "\n".join(finding_lines(finding)))
    click.echo("")
    for path in result.files:
        click.echo(f"Wrote {path}")
    click.echo(f"Go on: partnermap -w {quote(str(folder))} findings --country Kyrgyzstan")


COMMANDS = (map_, demo)
