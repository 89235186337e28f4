"""What must not be found: the hidden agency, decoys, and one grant told to be two projects.

The table of GEF agencies is left out, GEF is matched to the World Bank, and then looked up: a grant
said to count once with a World Bank project whose lead agency is another is an error. Decoys are
the same GEF grants moved to another country, moved by 15 years, or swapped with a sibling of the
same template: whatever still counts once with a World Bank project is an error. A grant moved in time
is a decoy only of projects that tell a time: beside a row without any date nothing of it has changed,
and what it said of its own project before, it still says. The rules of the classes were written
with these decoys at hand; those of other steps (``FRESH``) were made after them, and no rule after
those.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
from corpora import MAPPINGS
from measure import Rate
from truth import GEF, ONCE, WORLD_BANK, given_pairs, lead_agencies

from partnermap.model import Pair
from partnermap.pairing.corpus import Corpus, read_corpus
from partnermap.pairing.local import find_pairs
from partnermap.pairing.reading import Columns
from partnermap.pairing.weights import Weights
from partnermap.settings import Settings
from partnermap.workspace import Workspace

YEARS = 15
FRESH: dict[str, tuple[int, ...]] = {"country": (23, 51, 83, 107, 131, 151), "years": (10, -10, 12, -12, 14, -14), "sibling": (5, 8, 9)}
KEYS = {"Activity": "id", "LOCATED_IN": "from_id", "Flow": "activity"}
TEMPLATE = re.compile(r"^(LDC[/ ]SIDS|SIP|SPWA-BD|SFM|SGP|GGW|MENARID|CACILM|CBPF|CPP|PAS|MENA|BS)\b|(?:--)(BS|CBPF|CBSP)\b|(Small Grants Program)", re.I)
Change = Callable[[dict[str, Any]], dict[str, Any] | None]  # a row, or nothing where it goes


def altered(columns: Columns, changes: Mapping[str, Change]) -> Columns:
    """A store's columns with rows changed, kind by kind."""

    def read(kind: str, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        if kind not in changes:
            yield from columns(kind, names)
            return
        for batch in columns(kind, list(dict.fromkeys([*names, KEYS[kind], *(["to_kind"] if kind == "LOCATED_IN" else [])]))):
            rows = [row for row in map(changes[kind], batch.to_pylist()) if row is not None]
            yield pa.RecordBatch.from_pylist(rows, schema=batch.schema).select(list(names))

    return read


def moved(columns: Columns, where: Mapping[str, Sequence[str]]) -> Columns:
    """The activities in other countries, whole, without the places inside the old ones."""

    def read(kind: str, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        pending = {key: list(codes) for key, codes in where.items()}  # of this reading

        def change(row: dict[str, Any]) -> dict[str, Any] | None:
            codes = pending.get(row["from_id"])
            if codes is None:
                return row
            if row["to_kind"] != "Country" or not codes:
                return None
            return {**row, "to_id": codes.pop(0), **({"share": 1 / len(where[row["from_id"]])} if "share" in row else {})}

        return altered(columns, {"LOCATED_IN": change})(kind, names)

    return read


def later(columns: Columns, some: set[str], years: int) -> Columns:
    """The activities moved in time, with their money."""

    def day(value: date | None) -> date | None:
        return value and value.replace(year=value.year + years, day=min(value.day, 28))

    def activity(row: dict[str, Any]) -> dict[str, Any]:
        return {k: day(v) if k in ("start_date", "end_date") and row["id"] in some else v for k, v in row.items()}

    def flow(row: dict[str, Any]) -> dict[str, Any]:
        return {k: v + years if k == "year" and v and row["activity"] in some else v for k, v in row.items()}

    return altered(columns, {"Activity": activity, "Flow": flow})


def once_between(pairs: Sequence[Pair], grants: set[str]) -> list[tuple[str, str, Pair]]:
    """(grant, World Bank project, pair) that are said to count once, of these grants."""
    found = []
    for pair in pairs:
        for one, other in ((pair.left, pair.right), (pair.right, pair.left)):
            if one in grants and other.startswith(WORLD_BANK) and pair.cls in ONCE:
                found.append((one, other, pair))
    return found


def siblings(corpus: Corpus, grants: set[str]) -> list[list[str]]:
    """Grants of one template in one country each, no two in the same country side by side."""
    by_template: dict[str, list[str]] = defaultdict(list)
    for key in sorted(grants):
        side = corpus.sides[key]
        if len(side.countries) == 1 and (match := TEMPLATE.search(side.title)):
            by_template[next(g for g in match.groups() if g).upper().replace(" ", "/")].append(key)
    return [keys for _, keys in sorted(by_template.items()) if len({c for k in keys for c in corpus.sides[k].countries}) > 1]


def swapped(corpus: Corpus, groups: Sequence[Sequence[str]], first: int = 1) -> dict[str, list[str]]:
    """Each grant in the country of the next sibling that has another one, from the ``first`` on."""
    where = {}
    for keys in groups:
        for n, key in enumerate(keys):
            own = set(corpus.sides[key].countries)
            others = [keys[(n + step) % len(keys)] for step in range(first, first + len(keys))]
            taken = next((c for k in others for c in corpus.sides[k].countries if c not in own), None)
            if taken:
                where[key] = [taken]
    return where


def decoys(shared: Path, weights: Weights, verbose: bool) -> list[Rate]:
    """Agreement of the hidden agency, errors on each kind of decoy, and grants told twice."""
    data = shared / "data"
    with tempfile.TemporaryDirectory() as name:
        Workspace.create(Path(name) / "workspace", Settings(name="hidden"))
        with Workspace(Path(name) / "workspace") as workspace:
            workspace.import_files(data / "iati" / "gef.xml")
            workspace.import_files(data / "tabular" / "world_bank.csv", mapping=MAPPINGS / "world_bank.toml")
            columns: Columns = workspace.store.columns
            corpus = read_corpus(columns)
            grants = {key for key in corpus.sides if key.startswith(GEF)}
            every = find_pairs(corpus, weights)
            once = once_between(every, grants)
            rates = hidden(shared, corpus, every, once, verbose)
            made = _Decoys(columns, corpus, grants)
            kinds = {
                "in another country": made.elsewhere(made.half),
                f"{YEARS} years later": made.at_another_time(YEARS),
                f"{YEARS} years earlier": made.at_another_time(-YEARS),
                "in a template sibling's country": made.of_a_sibling(1),
            }
            for kind, decoy in kinds.items():
                wrong = decoy.wrong(weights, verbose)
                before = {g for g, bank, _ in once if g in decoy.grants and bank not in decoy.passed_over}
                print(f"decoys, {kind}: {len(decoy.grants)} grants, {len(wrong)} of them count once, of {len(before)} before")
                rates += [
                    Rate(f"decoys, {kind}: counts once with no project", len(decoy.grants - wrong), len(decoy.grants), 1.0),
                    Rate(f"decoys, {kind}: of those that counted once before, now with none", len(before - wrong), len(before)),
                ]
            for kind, move in (("country", made.elsewhere), ("years", made.at_another_time), ("sibling", made.of_a_sibling)):
                some = [move(step) for step in FRESH[kind]]
                right = sum(len(decoy.grants - decoy.wrong(weights, verbose)) for decoy in some)
                rates.append(Rate(f"decoys, {len(some)} other moves ({kind}): counts once with no project", right, sum(len(d.grants) for d in some), 1.0))
    return rates


@dataclass(frozen=True)
class _Decoy:
    """Grants that were moved, in columns that say so, and projects that cannot tell."""

    grants: set[str]
    columns: Columns
    passed_over: frozenset[str] = frozenset()

    def wrong(self, weights: Weights, verbose: bool) -> set[str]:
        """Grants that still count once with a project."""
        corpus = read_corpus(self.columns)
        wrong = [o for o in once_between(find_pairs(corpus, weights), self.grants) if o[1] not in self.passed_over]
        show(wrong, corpus) if verbose else None
        return {grant for grant, _, _ in wrong}


@dataclass(frozen=True)
class _Decoys:
    """Every grant moved in one way."""

    columns: Columns
    corpus: Corpus
    grants: set[str]

    @cached_property
    def countries(self) -> list[str]:
        """Those of all activities, in order of their codes."""
        return sorted({c for s in self.corpus.sides.values() for c in s.countries})

    @property
    def half(self) -> int:
        """Of the countries."""
        return len(self.countries) // 2

    def elsewhere(self, steps: int) -> _Decoy:
        """Each in the countries that stand so many further."""
        other = {c: self.countries[(n + steps) % len(self.countries)] for n, c in enumerate(self.countries)}
        there = {key: [other[c] for c in sorted(self.corpus.sides[key].countries)] for key in self.grants if self.corpus.sides[key].countries}
        return _Decoy(set(there), moved(self.columns, there))

    def at_another_time(self, years: int) -> _Decoy:
        """Each that has a date so many years later; projects without one cannot tell."""
        undated = frozenset(key for key, side in self.corpus.sides.items() if side.start is None and side.first_year is None)
        dated = self.grants - undated
        return _Decoy(dated, later(self.columns, dated, years), undated)

    def of_a_sibling(self, first: int) -> _Decoy:
        """Each in the country of a sibling of its template, so many further."""
        swap = swapped(self.corpus, siblings(self.corpus, self.grants), first)
        return _Decoy(set(swap), moved(self.columns, swap))


def hidden(shared: Path, corpus: Corpus, every: Sequence[Pair], once: Sequence[tuple[str, str, Pair]], verbose: bool) -> list[Rate]:
    """The hidden agency, the known pairs, and grants with more than one project."""
    agencies = lead_agencies(shared)
    known = [o for o in once if o[0] in agencies]
    print("lead agency of grants that count once with a World Bank project:", ", ".join(f"{a} {n}" for a, n in Counter(agencies[g] for g, _, _ in known).most_common()))
    errors = [o for o in known if agencies[o[0]] != "World Bank"]
    show(errors, corpus) if verbose else None
    found = {(p.left, p.right): p for p in every}
    given = [found.get((min(k), max(k))) for k in given_pairs(shared / "data" / "truth")]
    print("known pairs without the table:", ", ".join(f"{cls} {n}" for cls, n in sorted(Counter(p.cls if p else "not found" for p in given).items())))
    by_grant, by_bank = Counter(g for g, _, _ in once), Counter(b for _, b, _ in once)
    twice = {g for g, n in by_grant.items() if n > 1}
    show([o for o in once if o[0] in twice], corpus) if verbose else None
    print(f"World Bank projects that several grants count once with (may be so): {sum(n > 1 for n in by_bank.values())} of {len(by_bank)}")
    return [
        Rate("hidden agency: lead is the World Bank, of pairs that count once", len(known) - len(errors), len(known), 0.95),
        Rate("hidden agency: known pairs found", sum(p is not None for p in given), len(given), 0.9),
        Rate("hidden agency: known pairs that count once", sum(p is not None and p.cls in ONCE for p in given), len(given)),
        Rate("hidden agency: grants with one project, of those with any", len(by_grant) - len(twice), len(by_grant)),
    ]


def show(some: Sequence[tuple[str, str, Pair]], corpus: Corpus) -> None:
    """Print pairs with what they rest on."""
    for grant, bank, pair in some:
        left, right = corpus.sides[grant], corpus.sides[bank]
        print(f"  {pair.cls} {pair.score:.1f}  {left.title[:90]} ({left.start or left.first_year or ''}) | {bank} {right.title[:80]} ({right.start or ''})\n     {', '.join(f'{r.feature} {r.level}' for r in pair.reasons)}")
