"""Fifty findings to judge from their source rows, with class and score hidden.

    python bench/sample_findings.py SHARED WORKSPACE OUT [--seed N] [--without KEY.csv ...]

WORKSPACE is built of all six shared files where there is none, and scanned where it was not. Two
files are written into OUT:

* ``sheet.md``, to read: a number in random order, the two activities that the question is about,
  and the other members, each as its source rows tell it;
* ``key.csv``, to open after every verdict is written: finding, class, score, strength, members.

Forty findings come from what ``partnermap findings --past`` lists and ten from ``--concerns "one
actor"`` (a class that only the latter holds gets its share there). Inside each list every class
gets at least four where it has them, the rest go by size; inside a class the three score bands
(terciles) get equal shares. Money plays no part: it would draw typing errors and giant loans.
``--without`` leaves out findings whose strongest pair an earlier key holds, so that a second round
is not read on what the first one mended.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpora import build

from partnermap.codes.countries import by_iso2, countries, region_names
from partnermap.codes.sectors import sector_name
from partnermap.model import Finding, Pair
from partnermap.workspace import Workspace

LISTED, INSIDE = 40, 10  # findings of the default list, and of one actor alone
LEAST = 4  # findings of a class, where it has them
LEAST_AGAIN = 2  # of a class inside one actor that the default list holds too
BANDS = ("low", "middle", "high")
SHOWN = 8  # members of a finding that the sheet shows
TEXT = 1500  # characters of a description
ITEMS = 12  # countries, locations, transactions or links of a record
ROLES = {"1": "funding", "2": "accountable", "3": "extending", "4": "implementing"}
FLOWS = {"1": "incoming", "11": "incoming commitment", "2": "commitment", "3": "disbursement", "4": "expenditure"}
RELATIONS = {"1": "parent", "2": "child", "3": "sibling", "4": "co-funded", "5": "third party"}
STATUSES = {"1": "pipeline", "2": "implementation", "3": "finalisation", "4": "closed", "5": "cancelled", "6": "suspended"}
QUESTION = (
    "same-activity / same-money / joint / part-of / sequence / duplication (possible) / parallel / unrelated / undecidable"
)


@dataclass(frozen=True)
class Drawn:
    """A finding of the sample, its score band inside its class, and its strongest pair."""

    finding: Finding
    band: str
    pair: Pair

    @property
    def members(self) -> list[str]:
        """Ids, the strongest pair's two first."""
        first = [self.pair.left, self.pair.right]
        return first + [m.id for m in self.finding.members if m.id not in first]


def main(shared: Path, folder: Path, out: Path, seed: int, without: Sequence[Path]) -> None:
    workspace = build(shared, folder)
    if not workspace.status()["scans"]:
        workspace.scan()
    read = {key for path in without for key in _pairs_read(path)}
    drawn = draw(workspace, random.Random(seed), read)
    sources = _sources(workspace, {key for d in drawn for key in d.members})
    workspace.close()
    out.mkdir(parents=True, exist_ok=True)
    (out / "sheet.md").write_text(sheet(drawn, sources), encoding="utf-8", newline="\n")
    with (out / "key.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["number", "finding", "list", "class", "band", "score", "strength", "members", "headline", "left", "right"])
        for number, d in enumerate(drawn, 1):
            f = d.finding
            of = "one actor" if f.concerns == "one actor" else "default"
            writer.writerow([number, f.number, of, f.cls, d.band, f"{f.score:g}", f.strength, len(f.members), f.headline, d.pair.left, d.pair.right])
    print(f"{len(drawn)} findings: {out / 'sheet.md'}; the key: {out / 'key.csv'}")


def draw(workspace: Workspace, generator: random.Random, read: set[tuple[str, str]] = frozenset()) -> list[Drawn]:
    """The sample in random order: the same for the same findings and seed."""
    day = "2026-01-01"  # with what is over, no day changes the list
    listed = _by_class(workspace, workspace.listing(past=True, as_of=day).findings, read)
    inside = _by_class(workspace, workspace.listing(past=True, concerns="one actor", as_of=day).findings, read)
    drawn: list[Drawn] = []
    for by_class, total, least in (
        (listed, LISTED, {cls: LEAST for cls in listed}),
        (inside, INSIDE, {cls: LEAST_AGAIN if cls in listed else LEAST for cls in inside}),
    ):
        shares = allocate({cls: len(found) for cls, found in by_class.items()}, total, least)
        for cls in sorted(by_class):
            drawn += _from_bands(by_class[cls], shares[cls], generator)
    generator.shuffle(drawn)
    return drawn


def allocate(sizes: Mapping[str, int], total: int, least: Mapping[str, int]) -> dict[str, int]:
    """How many of each class: its least where it has them, the rest by size (largest remainder first)."""
    shares = {cls: min(least[cls], size) for cls, size in sizes.items()}
    for _ in range(min(total, sum(sizes.values())) - sum(shares.values())):
        open_ = [cls for cls in sorted(sizes) if shares[cls] < sizes[cls]]
        extra = {cls: shares[cls] - min(least[cls], sizes[cls]) for cls in open_}
        shares[max(open_, key=lambda c: sizes[c] / (extra[c] + 1))] += 1
    return shares


def _by_class(workspace: Workspace, findings: Iterable[Finding], read: set[tuple[str, str]]) -> dict[str, list[tuple[Finding, Pair]]]:
    """Findings by class, from the lowest score, each with its strongest pair."""
    found: dict[str, list[tuple[Finding, Pair]]] = defaultdict(list)
    for finding in sorted(findings, key=lambda f: (f.score, f.number)):
        of_class = [p for p in workspace.pairs_of(finding) if p.cls == finding.cls]
        if (of_class[0].left, of_class[0].right) not in read:
            found[finding.cls].append((finding, of_class[0]))
    return found


def _from_bands(found: Sequence[tuple[Finding, Pair]], wanted: int, generator: random.Random) -> list[Drawn]:
    """Equal shares of the terciles by score; what one cannot give comes from the next."""
    cuts = [round(len(found) * i / len(BANDS)) for i in range(len(BANDS) + 1)]
    bands = [(name, list(found[a:b])) for name, a, b in zip(BANDS, cuts, cuts[1:], strict=False)]
    generator.shuffle(bands)
    for _, rows in bands:
        generator.shuffle(rows)
    drawn: list[Drawn] = []
    while len(drawn) < wanted:
        for name, rows in bands:
            if rows and len(drawn) < wanted:
                finding, pair = rows.pop()
                drawn.append(Drawn(finding, name, pair))
    return drawn


def _pairs_read(path: Path) -> set[tuple[str, str]]:
    with path.open(encoding="utf-8") as file:
        return {(row["left"], row["right"]) for row in csv.DictReader(file)}


def _sources(workspace: Workspace, wanted: set[str]) -> dict[str, list[tuple[str, int, dict[str, Any]]]]:
    """(dataset, row, content) of each activity's current records, in order of dataset and row."""
    found: dict[str, list[tuple[str, int, dict[str, Any]]]] = defaultdict(list)
    names = ["dataset", "subject_kind", "subject_id", "row", "version_last", "content"]
    for batch in workspace.store.columns("Record", names):
        for row in batch.to_pylist():
            if row["subject_id"] in wanted and row["subject_kind"] == "Activity" and row["version_last"] is None:
                found[row["subject_id"]].append((row["dataset"], row["row"], json.loads(row["content"])))
    return {key: sorted(rows, key=lambda r: r[:2]) for key, rows in found.items()}


# --- the sheet -------------------------------------------------------------------------------------


def sheet(drawn: Sequence[Drawn], sources: Mapping[str, list[tuple[str, int, dict[str, Any]]]]) -> str:
    """The blind sheet as Markdown."""
    lines = ["# What are these activities to each other?", "", f"One answer a number: {QUESTION}.", ""]
    for number, d in enumerate(drawn, 1):
        members = d.members
        lines += [f"## {number}", ""]
        if len(members) > 2:
            shown = f", of which {SHOWN} are shown" if len(members) > SHOWN else ""
            lines += [f"{len(members)} activities{shown}. The question is about A and B; do the others belong?", ""]
        for letter, key in zip("ABCDEFGH", members, strict=False):
            lines += [f"### {number}{letter} {key}", ""]
            for dataset, row, content in sources.get(key, []):
                lines += [f"* **{dataset} row {row}**", *(f"  * {line}" for line in record_lines(content))]
            lines.append("")
    return "\n".join(lines)


def record_lines(content: Mapping[str, Any]) -> list[str]:
    """What a record says, a line a field; fields without a value are left out."""
    said = [
        ("title", _texts(content.get("titles", ()))),
        ("description", _texts(content.get("descriptions", ()))),
        ("kind", content.get("kind", "")),
        ("countries", _some([_share(_country(c["code"]), c) for c in content.get("countries", ())], ", ")),
        ("regions", ", ".join(_share(_region(r), r) for r in content.get("regions", ()))),
        ("scope", content.get("scope", "")),
        ("locations", _some([_location(p) for p in content.get("locations", ())])),
        ("dates", ", ".join(f"{k.replace('_', ' ')} {v}" for k, v in sorted(content.get("dates", {}).items()))),
        ("status", STATUSES.get(content.get("status", ""), content.get("status", ""))),
        ("budgets", _some([_budget(b) for b in content.get("budgets", ())])),
        ("transactions", _some([_transaction(t) for t in content.get("transactions", ())])),
        ("organizations", "; ".join(f"{_named(p)} ({ROLES.get(p.get('role', ''), p.get('role', ''))})" for p in content.get("participants", ()))),
        ("reported by", _named(content.get("reporter", {})) + (" (secondary)" if content.get("secondary") else "")),
        ("sectors", ", ".join(_share(_sector(s), s) for s in content.get("sectors", ()))),
        ("related", _some([f"{RELATIONS.get(r.get('type', ''), '?')} {r.get('ref', '')}" for r in content.get("related", ())])),
        ("other identifiers", _some([i.get("ref", "") for i in content.get("other_identifiers", ())])),
    ]
    return [f"{name}: {text}" for name, text in said if text]


def _texts(texts: Iterable[Mapping[str, str]]) -> str:
    text = " | ".join(" ".join(t.get("text", "").split()) for t in texts)
    return text if len(text) <= TEXT else f"{text[:TEXT]}… ({len(text)} characters)"


def _some(items: Sequence[str], between: str = "; ") -> str:
    more = f"{between}and {len(items) - ITEMS} more" if len(items) > ITEMS else ""
    return between.join(items[:ITEMS]) + more


def _share(name: str, item: Mapping[str, str]) -> str:
    return f"{name} {item['percentage']} %" if item.get("percentage") else name


def _country(code: str) -> str:
    known = countries().get(by_iso2(code) or code)
    return known.name if known else code


def _region(region: Mapping[str, str]) -> str:
    code = region.get("code", "")
    return region_names().get(f"dac:{code}") or region_names().get(code) or code


def _location(place: Mapping[str, str]) -> str:
    return ", ".join(filter(None, [place.get("name", ""), place.get("admin1", "")]))


def _budget(budget: Mapping[str, str]) -> str:
    return f"{budget.get('value', '?')} {budget.get('currency', '')} ({budget.get('start', '?')} to {budget.get('end', '?')})"


def _transaction(entry: Mapping[str, Any]) -> str:
    text = f"{FLOWS.get(entry.get('type', ''), entry.get('type', '?'))} {entry.get('date', '?')} {entry.get('value', '?')} {entry.get('currency', '')}"
    for word, side in (("from", "provider"), ("to", "receiver")):
        if entry.get(side):
            text += f" {word} {_named(entry[side])}"
    return text


def _named(who: Mapping[str, str]) -> str:
    text = who.get("name") or who.get("ref", "")
    return f"{text} [activity {who['activity']}]" if who.get("activity") else text


def _sector(sector: Mapping[str, str]) -> str:
    code = sector.get("code", "")
    name = sector.get("name") or sector_name(sector.get("vocabulary", ""), code)
    return " ".join(filter(None, [code, name]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("shared", type=Path)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without", type=Path, nargs="*", default=[])
    asked = parser.parse_args()
    main(asked.shared, asked.workspace, asked.out, asked.seed, asked.without)
