"""The errors that partnermap can explain to the person at the keyboard."""

from __future__ import annotations


class PartnermapError(Exception):
    """Anything partnermap can explain: what is wrong, where, and what to do."""


class UnreadableFile(PartnermapError, OSError):
    """A file that cannot be read as what it claims to be."""


class DatasetConflict(PartnermapError, ValueError):
    """An import that would mix or close datasets; ``--dataset`` or ``--replace`` settles it."""


class StoreError(PartnermapError, RuntimeError):
    """A store that cannot be opened, read or written."""


class NotFound(PartnermapError, LookupError):
    """A name, code, finding or query that does not exist."""


class WrongArgument(PartnermapError, ValueError):
    """What a caller gives is of no use: no date, no name, a negative number."""


class TooLarge(PartnermapError, ValueError):
    """More than a page can show; the message says how to ask for less."""


class ProcessEnded(PartnermapError, RuntimeError):
    """A process of a scan that was ended from outside, most likely for lack of memory."""


class MissingExtra(PartnermapError, ImportError):
    """An optional package that is not installed; the message names the extra."""
