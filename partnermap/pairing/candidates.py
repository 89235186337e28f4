"""Which activities to compare: blocks of one country or scope, and candidates inside each.

A block's candidates depend on the block alone: rows are in id order, weights are multiples of
2^-12, so that ties and sums come out equal whatever the order of the files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from sparse_dot_topn import sp_matmul_topn

from partnermap.pairing.corpus import Corpus, Side
from partnermap.pairing.matrix import Block, Ints
from partnermap.pairing.text import acronyms_of, plain_words

WIDE = 15  # countries above which an activity is compared with regional and global ones instead
COPIES = 8  # tellings of one text from which only the first is searched for
TEMPLATE = 40  # activities of a block from which a title or name is a template and names nothing
# What two texts must share at least before they are compared word by word: titles alike as in
# evidence.py, or nearly all of the poorer one, or bits of words besides; or a title word where one
# side names another's money.
LEAST_TITLE, LEAST_LIKENESS, LEAST_COVER, LEAST_WORDS = 9.0, 0.25, 0.4, 22.0
NEARLY_ALL = 0.9


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


def compared(corpus: Corpus) -> list[Side]:
    """The activities that are compared, in id order: what no dataset says any more is not."""
    return [side for _, side in sorted(corpus.sides.items()) if not side.withdrawn]


def blocks(sides: Sequence[Side]) -> dict[str, Ints]:
    """Block name to positions of its activities in order; names sorted."""
    found: dict[str, list[int]] = defaultdict(list)
    for position, side in enumerate(sides):
        for block in blocks_of(side):
            found[block].append(position)
    return {name: np.array(rows, dtype=np.int64) for name, rows in sorted(found.items())}


def collapse(sides: Sequence[Side], rows: Ints) -> tuple[Ints, list[tuple[int, int]]]:
    """The rows without the copies of texts that many tell, and pairs of each copy with its first.

    Sixty tellings of one text would make its words common, fill each other's nearest, and be lost
    or found in pieces; as pairs with the first of them they stay one group.
    """
    tellings: dict[str, list[int]] = defaultdict(list)
    for position in rows.tolist():
        tellings[sides[position].text_key].append(position)
    many = [copies for copies in tellings.values() if len(copies) > COPIES]
    dropped = {position for copies in many for position in copies[1:]}
    kept = rows if not dropped else np.array([r for r in rows.tolist() if r not in dropped], dtype=np.int64)
    return kept, [(copies[0], copy) for copies in many for copy in copies[1:]]


def candidates(sides: Sequence[Side], block: Block, *, floor: float, most: int) -> list[tuple[int, int]]:
    """Positions in ``sides`` of pairs worth a look, smaller first, sorted.

    The ``most`` nearest by text (cosine of at least ``floor``) that share enough, and those that
    share a title, an acronym or a project number. Of one actor told by one teller only the latter.
    """
    found: set[tuple[int, int]] = set()
    if len(block.rows) > 1 and len(block.found):
        found.update(_near(sides, block, floor, most))
    for rows in _keys(sides, block.rows).values():
        if 1 < len(rows) <= TEMPLATE:
            found.update((i, j) for n, i in enumerate(rows) for j in rows[n + 1 :])
    return sorted(found)


def _near(sides: Sequence[Side], block: Block, floor: float, most: int) -> list[tuple[int, int]]:
    matrix = block.weighted
    near = sp_matmul_topn(matrix, matrix.T.tocsr(), top_n=most + 1, threshold=floor, sort=True).tocoo()
    apart = near.row != near.col
    left = np.minimum(near.row, near.col)[apart].astype(np.int64)
    right = np.maximum(near.row, near.col)[apart].astype(np.int64)
    size = len(block.rows)
    pairs = np.unique(left * size + right)
    left, right = pairs // size, pairs % size
    title, words, cover, likeness = block.shared_bits(left, right)
    tells = np.array([sides[i].names_money for i in block.rows])
    alike = (title >= LEAST_TITLE) & ((likeness >= LEAST_LIKENESS) | (cover >= LEAST_COVER))
    told = (title > 0) & (tells[left] | tells[right])
    worth = alike | (cover >= NEARLY_ALL) | (words - title >= LEAST_WORDS) | told
    kept = zip(block.rows[left[worth]].tolist(), block.rows[right[worth]].tolist(), strict=True)
    return [(i, j) for i, j in kept if not is_one_actor(sides[i], sides[j])]


def is_one_actor(one: Side, other: Side) -> bool:
    """Whether one teller tells both of one actor."""
    return not one.actors.isdisjoint(other.actors) and not one.principals.isdisjoint(other.principals)


def _keys(sides: Sequence[Side], rows: Ints) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for position in rows.tolist():
        side = sides[position]
        found["title", plain_words(side.title)].append(position)
        for acronym in acronyms_of(side.title):
            found["acronym", acronym].append(position)
        for number in sorted(numbers_of(side) | known_by(side)):
            found["number", number].append(position)
    return found


def numbers_of(side: Side) -> frozenset[str]:
    """Project numbers of an activity without the part that counts its pieces ("-013")."""
    root, dash, piece = side.id.rpartition("-")
    counts_pieces = dash and len(piece) == 3 and piece.isdigit() and root[-1:].isdigit()
    return frozenset([root] if counts_pieces else [])


def known_by(side: Side) -> frozenset[str]:
    """Numbers that an activity has elsewhere, and the end of its own identifier."""
    tail = side.id.replace(":", "-").rpartition("-")[2]
    return frozenset(n for n in {*side.other_ids, tail} if len(n) >= 5 and any(c.isdigit() for c in n))


def linked(corpus: Corpus) -> list[tuple[str, str]]:
    """Pairs of activities that a record links, smaller id first, sorted."""
    found = set()
    for side in corpus.sides.values():
        for link in side.links:
            if link.other in corpus.sides and link.other != side.id:
                found.add((min(side.id, link.other), max(side.id, link.other)))
    return sorted(found)
