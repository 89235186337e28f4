"""Which activity a text means: by identifier, by its number in our own registers, or by title."""

from __future__ import annotations

from collections.abc import Sequence

from partnermap.codes.misspelt import closest
from partnermap.errors import NotFound
from partnermap.pairing.corpus import Corpus

_MANY = 8  # activities that a message lists


def find_activity(text: str, corpus: Corpus, own: str) -> str:
    """Id of the activity with this identifier, number of ours, or end of its identifier; "" for none.

    Parameters
    ----------
    own : our own reference, with which the identifiers of our registers begin

    Raises
    ------
    NotFound
        If several identifiers are this one but for case, or end in the text.
    """
    sides, text = corpus.sides, text.strip()
    ours = f"{own}:{text}"
    for exact in (text, ours):
        if exact in sides:
            return exact
    if not text or len(text.split()) > 1:
        return ""
    wanted = text.casefold()
    for fits in (lambda key: key.casefold() in (wanted, ours.casefold()), lambda key: key.casefold().endswith((f":{wanted}", f"-{wanted}"))):
        hits = [key for key in sides if fits(key) and not sides[key].withdrawn]
        if len(hits) > 1:
            raise NotFound(f"{text!r} may be any of: {', '.join(hits[:_MANY])}{_more(hits)}. Give the whole identifier.")
        if hits:
            return hits[0]
    return ""


def asked_activity(name: str, corpus: Corpus, own: str) -> str:
    """Id of the activity that a person asks for, as ``find_activity`` or by title in any case.

    Raises
    ------
    NotFound
        If none or several are meant.
    """
    if found := find_activity(name, corpus, own):
        return found
    wanted = " ".join(name.split()).casefold()
    hits = sorted((s for s in corpus.sides.values() if s.title.casefold() == wanted and not s.withdrawn), key=lambda s: s.id)
    if len(hits) == 1:
        return hits[0].id
    if hits:
        told = [f"{s.id} ({', '.join(sorted(map(corpus.called, s.answerable))) or 'nobody named'})" for s in hits[:_MANY]]
        raise NotFound(f"{name!r} is the title of {len(hits)} activities: {', '.join(told)}{_more(hits)}. Give an identifier.")
    meant = closest(name, [s.title for s in corpus.sides.values() if not s.withdrawn])
    raise NotFound(f"No activity with the identifier or title {name!r} is loaded.{' ' if meant else ''}{meant}")


def _more(hits: Sequence[object]) -> str:
    return f" and {len(hits) - _MANY} more" if len(hits) > _MANY else ""
