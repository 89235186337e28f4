"""Related pairs as columns: what comparing a block gives, before anything of it is said in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from partnermap.codes.names import fold
from partnermap.pairing.block import Block
from partnermap.pairing.classes import CLASSES, UNRELATED, classify
from partnermap.pairing.levels import LEVELS, RAREST, Levels
from partnermap.pairing.points import points_of, says
from partnermap.pairing.ragged import Bools, Floats, Ints
from partnermap.pairing.table import Table
from partnermap.pairing.texts import IN_TITLE, LONG, Texts
from partnermap.pairing.weights import Weights

CLASS_NAMES = tuple(sorted((*CLASSES, UNRELATED)))
FEATURES = tuple(LEVELS)
_LEADING = 8  # terms of the titles that are kept at hand: names in capitals among them are left out later
SCHEMA = pa.schema(
    [
        ("left", pa.int64()),
        ("right", pa.int64()),
        ("class", pa.int8()),
        ("how", pa.int8()),
        ("score", pa.float64()),
        ("counted_once_usd", pa.float64()),
        ("is_right_shorter", pa.bool_()),
        ("written_out", pa.string()),
        ("levels", pa.list_(pa.int8(), len(FEATURES))),
        ("points", pa.list_(pa.float64(), len(FEATURES))),
        *((name, pa.list_(pa.string())) for name in ("title_terms", "title_words", "other_terms", "other_words")),
    ]
)


@dataclass(frozen=True)
class Found:
    """Related pairs of rows, the smaller id left; the columns of ``SCHEMA``:

    - left, right: rows of a table
    - class: number in ``CLASS_NAMES``
    - how: titles are alike, number in ``HOWS``
    - score: points of all features
    - counted_once_usd: USD that both tell; null where unknown
    - is_right_shorter: the right title has fewer words
    - written_out: the acronym of one title that the other writes out; null for none
    - levels, points: of each of ``FEATURES``; level 0 where it says nothing of the class
    - title_terms, title_words: the rarest terms that the titles share, rarest first, and the words that
      stand for them on the left; the same of the texts besides
    """

    columns: pa.Table

    def __len__(self) -> int:
        return int(self.columns.num_rows)

    @classmethod
    def together(cls, some: Sequence[Found]) -> Found:
        """Those of several, one after the other."""
        return cls(pa.concat_tables([SCHEMA.empty_table(), *(found.columns for found in some)]).combine_chunks())

    def taken(self, kept: Ints | Bools) -> Found:
        """Some of the pairs, in the order given."""
        return Found(self.columns.take(pa.array(np.flatnonzero(kept) if kept.dtype == np.bool_ else kept)))

    def with_column(self, name: str, values: npt.NDArray[np.generic], known: Bools | None = None) -> Found:
        """With other values in a column.

        Parameters
        ----------
        known : where they are; everywhere, unless told
        """
        position = SCHEMA.get_field_index(name)
        made = pa.array(values, SCHEMA.field(position).type, mask=None if known is None else ~known)
        return Found(self.columns.set_column(position, SCHEMA.field(position), made))

    def on(self, rows: Ints) -> Found:
        """The same pairs where what is told as position ``i`` is ``rows[i]``."""
        return self.with_column("left", rows[self.left]).with_column("right", rows[self.right])

    def at(self, rows: Ints) -> Found:
        """The same pairs as positions among some rows, ascending."""
        return self.with_column("left", np.searchsorted(rows, self.left)).with_column("right", np.searchsorted(rows, self.right))

    @cached_property
    def left(self) -> Ints:
        """Left rows."""
        found: Ints = self._numbers("left")
        return found

    @cached_property
    def right(self) -> Ints:
        """Right rows."""
        found: Ints = self._numbers("right")
        return found

    @cached_property
    def classes(self) -> Ints:
        """Numbers in ``CLASS_NAMES``."""
        found: Ints = self._numbers("class").astype(np.int64)
        return found

    @cached_property
    def scores(self) -> Floats:
        """Points of all features."""
        found: Floats = self._numbers("score")
        return found

    @cached_property
    def counted_once(self) -> Floats:
        """USD that both tell; NaN where unknown."""
        found: Floats = self._numbers("counted_once_usd")
        return found

    def _numbers(self, name: str) -> Any:
        return self.columns[name].to_numpy()

    @cached_property
    def levels(self) -> npt.NDArray[np.int8]:
        """A line a pair, a column a feature."""
        found: npt.NDArray[np.int8] = self._wide("levels")
        return found

    @cached_property
    def points(self) -> Floats:
        """A line a pair, a column a feature."""
        found: Floats = self._wide("points")
        return found

    def _wide(self, name: str) -> Any:
        return self.columns[name].combine_chunks().flatten().to_numpy().reshape(-1, len(FEATURES))

    def is_(self, feature: str, *levels: str) -> Bools:
        """Where a feature has one of these levels; of any where none is given."""
        code = self.levels[:, FEATURES.index(feature)]
        found: Bools = np.isin(code, [LEVELS[feature].index(level) for level in levels]) if levels else code > 0
        return found


def related_pairs(block: Block, levels: Levels, weights: Weights, *, unrelated: bool = False) -> Found:
    """The related ones of measured pairs, as rows of the block's table; with ``unrelated`` the others alone."""
    table = block.table
    classes = classify(table, block.texts, levels)
    some = (classes == UNRELATED) if unrelated else (classes != UNRELATED)
    levels, classes = levels.taken(some), classes[some]
    points, spoken = points_of(levels, classes, weights), says(levels, classes)
    score = np.round(sum(points.values()), 3)
    enough = unrelated | (score >= weights.thresholds["least_score"]) | levels.is_("link")
    levels, classes, score = levels.taken(enough), classes[enough], score[enough]
    once = _counted_once(table, levels.left, levels.right, classes)
    sizes = block.texts.run.sizes
    columns = {
        "left": levels.left,
        "right": levels.right,
        "class": np.searchsorted(CLASS_NAMES, classes),
        "how": levels.how,
        "score": score,
        "counted_once_usd": pa.array(once, mask=np.isnan(once)),
        "is_right_shorter": sizes[levels.right] < sizes[levels.left],
        "written_out": _written_out(table, block.texts, levels),
        "levels": _side_by_side([np.where(spoken[f][enough], levels.codes[f], 0) for f in FEATURES], pa.int8()),
        "points": _side_by_side([points[f][enough] for f in FEATURES], pa.float64()),
        **_leading(block, levels.left, levels.right),
    }
    return Found(pa.table([pa.array(column).cast(SCHEMA.field(name).type) for name, column in columns.items()], schema=SCHEMA))


def _side_by_side(columns: Sequence[npt.NDArray[np.generic]], kind: pa.DataType) -> pa.Array:
    values = np.column_stack(columns).ravel()
    return pa.FixedSizeListArray.from_arrays(pa.array(values).cast(kind), len(columns))


def _leading(block: Block, left: Ints, right: Ints) -> dict[str, pa.Array]:
    """The rarest terms of the titles of pairs of rows, and of their texts besides, rarest first, ties
    by name; with the words that the left side first spells them as."""
    texts = block.texts
    left_at = np.searchsorted(block.rows, left)
    shared = block.shared(left_at, np.searchsorted(block.rows, right))
    in_title = shared.left & shared.right & IN_TITLE > 0
    group = shared.pairs * 2 + ~in_title
    order = np.lexsort((shared.ids, -block.bits[shared.ids], group))
    group = group[order]
    first = np.arange(len(group)) - np.searchsorted(group, group) < np.where(group % 2, RAREST, _LEADING)
    group, terms = group[first], block.found[shared.ids[order][first]]
    words = block.first_words(left_at[group // 2], shared.at[order][first])
    found = {}
    for n, name in enumerate(("title", "other")):
        here = group % 2 == n
        ends = pa.array(np.searchsorted(group[here] // 2, np.arange(len(left) + 1)).astype(np.int32))
        for what, ids, labels in (("terms", terms, texts.term_labels), ("words", words, texts.word_labels)):
            found[f"{name}_{what}"] = pa.ListArray.from_arrays(ends, labels.take(pa.array(ids[here])))
    return found


def _written_out(table: Table, texts: Texts, levels: Levels) -> pa.Array:
    """The acronym of one title whose letters the words of the other begin with, where that is the level."""
    found: list[str | None] = [None] * len(levels.left)
    for pair in np.flatnonzero(levels.is_("acronym", "written-out")).tolist():
        rows = int(levels.left[pair]), int(levels.right[pair])
        organizations = {table.acronyms.get(o, "") for row in rows for column in (table.participants, table.principals) for o in column.at(row)}
        found[pair] = next(
            acronym
            for one, other in (rows, rows[::-1])
            for acronym in sorted(texts.title_acronyms.at(one))
            if len(acronym) >= LONG and acronym not in organizations and fold(acronym) in texts.initials(other)
        )
    return pa.array(found, pa.string())


def _counted_once(table: Table, left: Ints, right: Ints, classes: npt.NDArray[np.str_]) -> Floats:
    """USD that both rows tell: the amount of the link, else the smaller side; NaN where unknown."""
    found = np.full(len(left), np.nan)
    for pair in np.flatnonzero(np.isin(classes, ("same-money", "same-activity"))).tolist():
        rows = int(left[pair]), int(right[pair])
        stated = [x.usd for x in table.links.get(table.ids[rows[0]], ()) if x.other == table.ids[rows[1]] and x.usd is not None]
        sides = [float(table.usd[row]) for row in rows if not np.isnan(table.usd[row]) and not table.flagged[row]]
        if stated:
            found[pair] = min([max(stated), *sides])
        elif len(sides) == 2:
            found[pair] = min(sides)
    return found
