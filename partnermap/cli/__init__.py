"""The command line: one file a group of commands, no logic."""

from __future__ import annotations

import errno
import os
import sys
from dataclasses import replace
from pathlib import Path

import click

from partnermap import __version__
from partnermap.cli import data, find, registers, show, who
from partnermap.cli.output import Settings
from partnermap.errors import PartnermapError
from partnermap.start import INTERRUPTED, STOPPED

QUIET_HELP = "No progress and no messages."
WORKSPACE_HELP = "The workspace's folder.  [default: PARTNERMAP_WORKSPACE, else this folder]"
FOLDERS = ("init", "demo")  # make the workspace that they name
NOT_PERMITTED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC}


class Commands(click.Group):
    """Prints what partnermap can explain as one message and exits with 1."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except PartnermapError as error:
            _clear(context)
            click.echo(f"partnermap: {error}", err=True)
            context.exit(1)
        except OSError as error:
            if error.errno not in NOT_PERMITTED or not error.filename:
                raise
            _clear(context)
            click.echo(f"partnermap: {error.filename} cannot be written: {error.strerror}. Choose another place, or ask for the right to write there.", err=True)
            context.exit(1)
        except KeyboardInterrupt:
            _clear(context)
            click.echo(STOPPED, err=True)
            context.exit(INTERRUPTED)


def _clear(context: click.Context) -> None:
    if isinstance(context.obj, Settings):
        context.obj.clear()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="partnermap")
@click.option("-w", "--workspace", type=click.Path(path_type=Path), default=".", envvar="PARTNERMAP_WORKSPACE", help=WORKSPACE_HELP)
@click.option("-q", "--quiet", is_flag=True, help=QUIET_HELP)
@click.option("-v", "--verbose", is_flag=True, help="Every refused row, not the first of each kind.")
@click.pass_context
def main(context: click.Context, workspace: Path, quiet: bool, verbose: bool) -> None:
    """Who else does what we do, where, and how do you know.

    \b
    Example:
      partnermap demo try-it
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console that lacks a letter still gets the list
    environment = {k: os.environ[k] for k in ("NEO4J_USERNAME", "NEO4J_PASSWORD") if k in os.environ}
    context.obj = Settings(workspace, environment, quiet, verbose)


def _quiet(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        context.obj = replace(context.obj, quiet=True)


def _workspace(context: click.Context, parameter: click.Parameter, value: Path | None) -> None:
    if value:
        context.obj = replace(context.obj, folder=value)


for command in (*data.COMMANDS, *find.COMMANDS, *show.COMMANDS, *registers.COMMANDS, *who.COMMANDS):
    if command.name not in FOLDERS:
        command.params.append(click.Option(["-w", "--workspace"], type=click.Path(path_type=Path), expose_value=False, callback=_workspace, help=WORKSPACE_HELP))
    command.params.append(click.Option(["-q", "--quiet"], is_flag=True, expose_value=False, callback=_quiet, help=QUIET_HELP))
    main.add_command(command)
