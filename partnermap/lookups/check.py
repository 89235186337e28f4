"""A draft's neighbours: an activity or a pasted text against everything known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from partnermap.codes.countries import asked_country, countries, find_country
from partnermap.errors import NotFound
from partnermap.model import Pair
from partnermap.pairing.block import Block
from partnermap.pairing.candidates import Keys, blocks, blocks_of_side, candidates
from partnermap.pairing.classes import UNRELATED
from partnermap.pairing.corpus import Corpus
from partnermap.pairing.found import related_pairs
from partnermap.pairing.local import linked_pairs
from partnermap.pairing.measure import measure
from partnermap.pairing.reasons import Told
from partnermap.pairing.side import Side
from partnermap.pairing.weights import Weights

DRAFT = "draft"
NEAR, ALIKE = 5, 6.0  # activities near in words alone that are shown, and points of their words
_CAPITAL = "[A-Z\u00c0-\u00de\u0400-\u042f]"  # Latin and Cyrillic
_NAME = re.compile(rf"{_CAPITAL}[\w'’-]+(?:[ ,]+(?:and |of |the )*{_CAPITAL}[\w'’-]+){{0,4}}")


@dataclass(frozen=True)
class Match:
    """An activity that a draft is close to, and the pair with class and reasons."""

    side: Side
    pair: Pair


def draft(
    text: str,
    *,
    own: str,
    country_names: Sequence[str] = (),
    start: date | None = None,
    end: date | None = None,
    usd: float | None = None,
    kind: str = "project",
) -> Side:
    """A pasted text as an activity of ours.

    The first line (or sentence, where it is long) is the title. Without ``country_names`` the
    countries are those that the text names exactly.

    Raises
    ------
    NotFound
        If the text is empty or a country is unknown.
    """
    title, _, description = text.strip().partition("\n")
    if title and len(text.split()) == 1:
        raise NotFound(
            f"{title!r} is no activity that is loaded, no .txt or .md file here, and one word is no draft. "
            "Give an identifier, a file, or a title and a description."
        )
    if not title:
        raise NotFound("There is no text to check. Give an activity's identifier, or a title and a description.")
    if len(title) > 200:
        title, _, description = text.strip().partition(". ")
    named = set(map(asked_country, country_names))
    codes = sorted(named or countries_in(text))
    scope = {0: "", 1: "national"}.get(len(codes), "multi-country")
    return Side(
        id=DRAFT,
        title=" ".join(title.split()),
        description=" ".join(description.split()),
        language="en",
        kind=kind,
        scope=scope,
        status="1",
        start=start,
        end=end,
        usd=usd,
        flagged=False,
        ours=True,
        withdrawn=False,
        countries={code: 1 / len(codes) for code in codes},
        actors=frozenset([own]),
        participants=frozenset([own]),
        principals=frozenset([own]),
    )


def countries_in(text: str) -> set[str]:
    """Codes of the countries that a text names exactly, in words that begin with a capital."""
    found = set()
    for match in _NAME.finditer(text):
        words = match[0].replace(",", " ").split()
        for first in range(len(words)):
            for last in range(first + 1, min(len(words), first + 4) + 1):
                name = " ".join(words[first:last])
                code = find_country(name) if len(name) > 3 else None
                if code in countries():
                    found.add(code)
    return {code for code in found if code}


def not_compared(text: str, country_names: Sequence[str], is_timed: bool) -> list[str]:
    """What a pasted text is not compared by, and how to say it, in sentences."""
    notes = []
    if not (country_names or countries_in(text)):
        notes.append("No country is named in the text, so it was compared with everything: give --country.")
    if not is_timed:
        notes.append("No time was compared, and dates inside a text are not read: give --start and --end, and what runs at that time counts for more.")
    return notes


def neighbours(one: Side, corpus: Corpus, weights: Weights, top: int | None = 10, day: date | None = None) -> list[Match]:
    """What is known that a draft or an activity is close to, best first.

    Compared in the blocks of its countries and scope; a text that names no country is compared
    with everything. Pairs carry class, points and reasons as in a scan; nothing is stored.

    Parameters
    ----------
    top : how many; None for all
    day : on which a draft that tells no start is taken to begin; what its time would add is left out
    """
    everywhere = not one.countries and not one.regions
    wanted = set(blocks_of_side(one))
    known = [s for s in corpus.sides.values() if s.id != one.id and (everywhere or wanted & set(blocks_of_side(s)) or _is_linked(one, s))]
    best: dict[str, Pair] = {}
    for some, timed in _variants(one, known, day):
        found: dict[str, Pair] = {}
        for pair in _pairs_with(one.id, _among(some, corpus), weights, everywhere):
            pair = pair if timed else _without_time(pair)
            other = pair.right if pair.left == one.id else pair.left
            if other not in found or _rank(pair) < _rank(found[other]):
                found[other] = pair
        for key, pair in found.items():
            if key not in best or (best[key].cls == UNRELATED and pair.cls != UNRELATED):
                best[key] = pair
    ranked = sorted(best.items(), key=lambda item: (_rank(item[1]), item[0]))
    related = sum(pair.cls != UNRELATED for pair in best.values())  # which come first
    return [Match(corpus.sides[key], pair) for key, pair in ranked[: related + NEAR][:top]]


def _rank(pair: Pair) -> tuple[bool, float]:
    """What is related first, then by points."""
    return pair.cls == UNRELATED, -pair.score


def _says_alike(pair: Pair, corpus: Corpus) -> bool:
    """Whether words are near although no rule makes the two related: shown as near, and no more. Of an
    activity that is loaded only an equal title is."""
    equal = corpus.sides[pair.left].title_key == corpus.sides[pair.right].title_key
    return equal or (DRAFT in (pair.left, pair.right) and _points_of_words(pair) >= ALIKE)


def _points_of_words(pair: Pair) -> float:
    return sum(reason.points for reason in pair.reasons if reason.feature in ("title", "terms", "acronym", "copy"))


def _variants(one: Side, known: Sequence[Side], day: date | None) -> Iterator[tuple[list[Side], bool]]:
    """What is compared in turn, each with what came before it leaving nothing over, and whether its times are real."""
    yield [*known, one], True
    # what is over, or of another kind, is no overlap: but it went before, and that is asked too
    plain = [replace(s, kind="") for s in known]
    timeless = replace(one, start=None, end=None, first_year=None, kind="")
    yield [*plain, timeless], True
    if one.id != DRAFT:
        return
    now = replace(one, kind="", start=one.start or day)
    yield [*plain, now], one.start is not None
    # a draft is not yet ours: what we do already is to be found as anybody's
    stranger = replace(now, actors=frozenset(), participants=frozenset(), principals=frozenset())
    yield [*(s for s in plain if s.ours), stranger], one.start is not None


def _without_time(pair: Pair) -> Pair:
    reasons = tuple(r for r in pair.reasons if r.feature != "dates")
    return replace(pair, reasons=reasons, score=round(sum(r.points for r in reasons), 3))


def _among(some: Sequence[Side], corpus: Corpus) -> Corpus:
    """Some activities by themselves; what their tellers repeat elsewhere stays form."""
    made = Corpus.of(some, corpus.names, corpus.acronyms, corpus.table.place_names)
    row_of = corpus.table.row_of
    sentences = [corpus.sentences[row_of[key]] if key in row_of else own for key, own in zip(made.table.ids, made.sentences, strict=True)]
    return Corpus(made.table, sentences)


def _is_linked(one: Side, other: Side) -> bool:
    return any(link.other == other.id for link in one.links) or any(link.other == one.id for link in other.links)


def _pairs_with(key: str, corpus: Corpus, weights: Weights, everywhere: bool) -> Iterator[Pair]:
    """Related pairs of one activity with those of its blocks, and with what it is linked to."""
    table, texts = corpus.table, corpus.texts
    here, keys = table.row_of[key], Keys(table, texts)
    for rows in [np.flatnonzero(~table.withdrawn)] if everywhere else blocks(table).values():
        if here not in rows:
            continue
        block = Block(table, texts, rows)
        some = candidates(block, keys, floor=weights.thresholds["cosine_floor"], most=len(rows))
        own = (rows[some.left] == here) | (rows[some.right] == here)
        found = measure(block, some.left[own], some.right[own], ~some.keyed[own])
        yield from Told(related_pairs(block, found, weights), corpus).pairs()
        yield from (pair for pair in Told(related_pairs(block, found, weights, unrelated=True), corpus).pairs() if _says_alike(pair, corpus))
    for linked in linked_pairs(corpus, weights):
        yield from Told(linked.taken((linked.left == here) | (linked.right == here)), corpus).pairs()
