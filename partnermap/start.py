"""Where the command begins: Ctrl-C has its sentence while the commands are still being loaded, too."""

from __future__ import annotations

import sys

STOPPED = "partnermap: stopped. What was stored before is unchanged."
INTERRUPTED = 130  # exit code of what Ctrl-C ends


def main() -> None:
    """Load the commands, which takes about a second, and run the one that was asked for."""
    try:
        from partnermap.cli import main as commands

        commands()
    except KeyboardInterrupt:
        print(STOPPED, file=sys.stderr)
        sys.exit(INTERRUPTED)
