"""Which activities to compare: blocks of one country or scope, and candidates inside each.

A block's candidates depend on the block alone: rows are in id order, weights are multiples of
2^-12, so that ties and sums come out equal whatever the order of the files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sparse_dot_topn import sp_matmul_topn

from partnermap.pairing.corpus import Corpus, Side
from partnermap.pairing.terms import Rarity

WIDE = 15  # countries above which an activity is compared with regional and global ones instead
TITLE_WEIGHT = 2.0
_QUANTUM = 2.0**12


def blocks_of(side: Side) -> list[str]:
    """Names of the blocks that an activity is compared in."""
    found: list[str] = []
    if len(side.countries) <= WIDE:
        found += [f"country:{code}" for code in side.countries]
    if len(side.countries) > 1 or side.scope in ("regional", "multi-country"):
        found += [f"region:{code}" for code in side.regions] or ["scope:regional"]
    if len(side.countries) > WIDE or side.scope == "global" or not found:
        found.append("scope:global")
    return found


def blocks(corpus: Corpus) -> dict[str, list[Side]]:
    """Block name to its activities in id order; names sorted."""
    found: dict[str, list[Side]] = defaultdict(list)
    for side in corpus.sides.values():
        if side.withdrawn:
            continue  # what no dataset says any more starts no finding
        for block in blocks_of(side):
            found[block].append(side)
    return {name: sorted(sides, key=lambda s: s.id) for name, sides in sorted(found.items())}


def candidates(sides: Sequence[Side], rarity: Rarity, *, floor: float, most: int) -> Iterator[tuple[int, int]]:
    """Positions of pairs worth a look, smaller first, sorted.

    The ``most`` nearest by text (cosine of at least ``floor``) carried out by others, and those of
    one actor that share a title, an acronym or a project number.
    """
    found: set[tuple[int, int]] = set()
    found.update(_near(sides, rarity, floor, most))
    for keys in _keys(sides).values():
        # a key that many share is a template, and names nothing
        if 1 < len(keys) <= 40:
            found.update((i, j) for n, i in enumerate(keys) for j in keys[n + 1 :])
    yield from sorted(found)


def _near(sides: Sequence[Side], rarity: Rarity, floor: float, most: int) -> Iterator[tuple[int, int]]:
    columns: dict[str, int] = {}
    data: list[float] = []
    indices: list[int] = []
    indptr = [0]
    for side in sides:
        weights = {t: rarity.bits(t) * (1 + np.log2(n)) for t, n in side.all_terms.items()}
        for term in side.title_terms:
            weights[term] += rarity.bits(term) * (TITLE_WEIGHT - 1)
        norm = float(np.sqrt(sum(w * w for w in weights.values()))) or 1.0
        for term in sorted(weights):
            indices.append(columns.setdefault(term, len(columns)))
            data.append(round(weights[term] / norm * 0.99 * _QUANTUM) / _QUANTUM)
        indptr.append(len(indices))
    if len(sides) < 2 or not columns:
        return
    matrix = csr_matrix((np.array(data, dtype=np.float32), indices, indptr), shape=(len(sides), len(columns)))
    near = sp_matmul_topn(matrix, matrix.T.tocsr(), top_n=most + 1, threshold=floor, sort=True).tocoo()
    for i, j in zip(near.row.tolist(), near.col.tolist(), strict=True):
        if i != j and not (sides[i].actors & sides[j].actors and sides[i].principals & sides[j].principals):
            yield (i, j) if i < j else (j, i)


def _keys(sides: Sequence[Side]) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for position, side in enumerate(sides):
        keys = {("title", " ".join(side.title_words.run))}
        keys.update(("acronym", a) for a in side.title_words.acronyms)
        keys.update(("number", n) for n in numbers_of(side))
        for key in keys:
            if key[1]:
                found[key].append(position)
    return found


def numbers_of(side: Side) -> frozenset[str]:
    """Project numbers of an activity without the part that counts its pieces."""
    tail = side.id.rsplit("-", 1)
    root = {tail[0]} if len(tail) == 2 and len(tail[1]) == 3 and tail[1].isdigit() and tail[0][-1:].isdigit() else set()
    return frozenset(root)


def linked(corpus: Corpus) -> Iterator[tuple[str, str]]:
    """Pairs of activities that a record links, smaller id first, sorted."""
    found = set()
    for side in corpus.sides.values():
        for link in side.links:
            if link.other in corpus.sides and link.other != side.id:
                found.add((min(side.id, link.other), max(side.id, link.other)))
    yield from sorted(found)
