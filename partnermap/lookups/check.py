"""A draft's neighbours: an activity or a pasted text against everything known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from partnermap.codes.countries import asked_country, countries, find_country
from partnermap.errors import NotFound
from partnermap.model import Pair
from partnermap.pairing.candidates import blocks, blocks_of, candidates, compared, linked
from partnermap.pairing.corpus import Corpus, Side
from partnermap.pairing.local import compare
from partnermap.pairing.matrix import TermMatrix
from partnermap.pairing.terms import Rarity
from partnermap.pairing.weights import Weights

DRAFT = "draft"
_NAME = re.compile(r"[A-Z][\w'’-]+(?:[ ,]+(?:and |of |the )*[A-Z][\w'’-]+){0,4}")


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


def neighbours(one: Side, corpus: Corpus, weights: Weights, top: int = 10) -> list[Match]:
    """What is known that a draft or an activity is close to, best first.

    Compared in the blocks of its countries and scope; a text that names no country is compared
    with everything. Pairs carry class, points and reasons as in a scan; nothing is stored.
    """
    sides = [s for s in compared(corpus) if s.id != one.id] + [one]
    here = len(sides) - 1
    matrix = TermMatrix(sides)
    everywhere = not one.countries and not one.regions
    wanted = {"": np.arange(len(sides))} if everywhere else {n: r for n, r in blocks(sides).items() if n in blocks_of(one)}
    known = Corpus({**corpus.sides, one.id: one}, corpus.names, corpus.acronyms)
    best: dict[str, Pair] = {}

    timeless = replace(one, start=None, end=None, first_year=None)

    def keep(other: Side, rarity: Rarity) -> None:
        # what is over, or of another kind, is no overlap: but it went before, and that is asked too
        pair = compare(one, other, known, rarity, weights) or compare(
            replace(timeless, kind=other.kind), other, known, rarity, weights
        )
        if pair and (other.id not in best or pair.score > best[other.id].score):
            best[other.id] = pair

    for rows in wanted.values():
        block = matrix.block(rows)
        for i, j in candidates(sides, block, floor=weights.thresholds["cosine_floor"], most=len(rows)):
            if here in (i, j):
                keep(sides[i if j == here else j], block.rarity)
    for left, right in linked(known):
        if one.id in (left, right):
            keep(known.sides[right if left == one.id else left], Rarity())
    ranked = sorted(best.items(), key=lambda item: (-item[1].score, item[0]))
    return [Match(known.sides[key], pair) for key, pair in ranked[:top]]
