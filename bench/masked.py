"""The 27 known pairs written out as IATI with explicit links, and again without them.

Both sides keep what their sources say (titles, descriptions, dates, countries, places, amounts,
who funds and who carries out). With links, GEF's commitment names the project that receives it,
the World Bank's incoming commitment the activity that provides it, or one is filed as a third
party's report of the other. Masked, every link and every identifier is gone: random identifiers,
no other ones; the records then stand among all others of GEF and the World Bank.
"""

from __future__ import annotations

import csv
import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpora import MAPPINGS, PREFIXES
from lxml import etree
from measure import Rate
from truth import COARSE, ONCE, given_pairs, lead_agencies

from partnermap.findings.overlap import group_of
from partnermap.model import ActivityContent, Pair
from partnermap.pairing.corpus import Corpus, read_corpus
from partnermap.pairing.local import find_pairs
from partnermap.pairing.weights import Weights
from partnermap.settings import Settings
from partnermap.sources import open_imports
from partnermap.workspace import Workspace

DATES = {"planned_start": "1", "actual_start": "2", "planned_end": "3", "actual_end": "4"}
FUNDER, BANK = ("XM-DAC-47044", "Global Environment Facility"), ("44000", "World Bank")
WAYS = ("receiver", "provider", "both", "third party")


@dataclass(frozen=True)
class Record:
    """One side of a pair as it is written: what sources say, under which identifier."""

    id: str
    said: tuple[ActivityContent, ...]
    bank: bool  # of the World Bank, else of GEF
    other: str = ""  # the other side's identifier
    link: str = ""
    granted: str = ""  # decimal USD of the grant

    def first(self, key: str) -> list[dict[str, str]]:
        """What the first source says that says it."""
        return next((c[key] for c in self.said if c.get(key)), [])  # type: ignore[literal-required]


def contents(*opened: Path, mapping: Path | None = None) -> Iterator[ActivityContent]:
    """What files say, one activity after the other."""
    for path in opened:
        for item in open_imports(path, mapping=mapping):
            for record in item.records:
                yield json.loads(record.content)


def activity(record: Record) -> etree._Element:
    """A record as an element of IATI 2.03."""
    node = etree.Element("iati-activity", {"default-currency": "USD"})

    def add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
        child = etree.SubElement(parent, name, {k.replace("_", "-"): v for k, v in attributes.items()})
        if text:
            etree.SubElement(child, "narrative").text = text
        return child

    teller, partner = (BANK, FUNDER) if record.bank else (FUNDER, BANK)
    add(node, "iati-identifier").text = record.id
    add(node, "reporting-org", teller[1], ref=teller[0], type="40")
    for kind in ("title", "description"):
        for said in record.first(f"{kind}s")[:1]:
            add(node, kind, said["text"])
    for who in [p for c in record.said for p in c.get("participants", [])]:
        if who["role"] in "1234":
            add(node, "participating-org", who.get("name", ""), role=who["role"], **({"ref": who["ref"]} if "ref" in who else {}))
    dates: dict[str, str] = {}
    for content in record.said:
        dates = {**content.get("dates", {}), **dates}
    for name, code in DATES.items():
        if name in dates:
            add(node, "activity-date", iso_date=dates[name], type=code)
    for country in record.first("countries"):
        add(node, "recipient-country", **country)
    for place in record.first("locations"):
        spot = add(node, "location")
        add(spot, "location-id", code=place.get("code", ""), vocabulary=place.get("vocabulary", "G1"))
        add(spot, "name", place.get("name", ""))
    day = next(iter(dates.values()), "2010-01-01")
    if record.bank:
        for budget in record.first("budgets"):
            node.append(_period(budget))
    if not record.bank or record.link in ("provider", "both"):
        paid = add(node, "transaction")
        add(paid, "transaction-type", code="11" if record.bank else "2")
        add(paid, "transaction-date", iso_date=day)
        add(paid, "value", currency="USD", value_date=day).text = record.granted
        side = "provider" if record.bank else "receiver"
        told = record.link in (side, "both")
        add(paid, f"{side}-org", partner[1], ref=partner[0], **({f"{side}_activity_id": record.other} if told else {}))
    if record.link == "third party" and record.bank:
        add(node, "related-activity", ref=record.other, type="5")
    return node


def _period(budget: Mapping[str, str]) -> etree._Element:
    node = etree.Element("budget", {"type": budget.get("type", "1")})
    for name, when in (("period-start", budget.get("start")), ("period-end", budget.get("end"))):
        etree.SubElement(node, name, {"iso-date": when or ""})
    etree.SubElement(node, "value", {"currency": "USD", "value-date": budget.get("value_date", "")}).text = budget["value"]
    return node


def write(path: Path, records: Iterable[Record]) -> Path:
    """An IATI file of the records."""
    root = etree.Element("iati-activities", version="2.03")
    root.extend(activity(record) for record in records)
    path.write_bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))
    return path


def records(shared: Path, link: str) -> list[tuple[Record, Record]]:
    """(GEF, World Bank) of each known pair; masked where ``link`` is empty."""
    data = shared / "data"
    said: dict[str, list[ActivityContent]] = {}
    for source in (
        contents(data / "iati" / "gef.xml"),
        contents(data / "tabular" / "gef_agencies.csv", mapping=MAPPINGS / "gef_agencies.toml"),
        contents(data / "tabular" / "world_bank.csv", mapping=MAPPINGS / "world_bank.toml"),
    ):
        for content in source:
            said.setdefault(content["identifier"], []).append(content)
    rng = random.Random(27)
    pairs = []
    for one, other in given_pairs(data / "truth"):
        granted = next(t["value"] for c in said[one] for t in c.get("transactions", []) if t["type"] == "2")
        left, right = (one, other) if link else (f"ZZ-{rng.getrandbits(48):012x}", f"ZZ-{rng.getrandbits(48):012x}")
        pairs.append((Record(left, tuple(said[one]), False, right, link, granted), Record(right, tuple(said[other]), True, left, link, granted)))
    return pairs


def write_others(shared: Path, folder: Path) -> list[tuple[Path, Path | None]]:
    """Every other record of GEF and the World Bank, with the mapping of each file."""
    known = given_pairs(shared / "data" / "truth")
    gone = {one for one, _ in known} | {other.removeprefix(PREFIXES["world_bank"]) for _, other in known}
    tree = etree.parse(str(shared / "data" / "iati" / "gef.xml"))
    for node in tree.getroot().findall("iati-activity"):
        if (node.findtext("iati-identifier") or "").strip() in gone:
            tree.getroot().remove(node)
    tree.write(str(folder / "gef.xml"), xml_declaration=True, encoding="utf-8")
    written: list[tuple[Path, Path | None]] = [(folder / "gef.xml", None)]
    tails = {key.rpartition("-")[2] for key in gone}
    for name, column in (("gef_agencies", "AidData Project ID"), ("world_bank", "Project ID")):
        source, target = shared / "data" / "tabular" / f"{name}.csv", folder / f"{name}.csv"
        with source.open(encoding="utf-8", newline="", errors="surrogateescape") as file, target.open("w", encoding="utf-8", newline="", errors="surrogateescape") as out:
            rows = csv.DictReader(file)
            writer = csv.DictWriter(out, rows.fieldnames or [])
            writer.writeheader()
            writer.writerows(row for row in rows if row[column].strip() not in tails)
        written.append((target, MAPPINGS / f"{name}.toml"))
    return written


def scanned(files: Iterable[tuple[Path, Path | None]], folder: Path, weights: Weights) -> tuple[Corpus, list[Pair]]:
    """What a new workspace of these files gives."""
    Workspace.create(folder, Settings(name="masked"))
    with Workspace(folder) as workspace:
        for path, mapping in files:
            workspace.import_files(path, mapping=mapping)
        corpus = read_corpus(workspace.store.columns)
    return corpus, find_pairs(corpus, weights)


def masked(shared: Path, weights: Weights, verbose: bool) -> list[Rate]:
    """With links: same money, counted once, the right amount. Without: found, and as what."""
    rates = []
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        (home / "others").mkdir()
        others = write_others(shared, home / "others")
        for link in (*WAYS, ""):
            pairs = records(shared, link)
            where = link.replace(" ", "-") or "masked"
            files = [write(home / f"{side}-{where}.xml", [p[n] for p in pairs]) for n, side in enumerate(("gef", "bank"))]
            corpus, found = scanned([*((f, None) for f in files), *(others if link in ("both", "") else ())], home / f"workspace-{where}", weights)
            rates += _linked(link, pairs, corpus, found, verbose) if link else _unlinked(pairs, corpus, found, lead_agencies(shared), verbose)
    return rates


def _linked(link: str, pairs: list[tuple[Record, Record]], corpus: Corpus, found: list[Pair], verbose: bool) -> list[Rate]:
    """A pair is right if it is same money, the told amount counts once, and net is the larger side."""
    by_key = {frozenset((p.left, p.right)): p for p in found}
    right = 0
    for gef, bank in pairs:
        pair = by_key.get(frozenset((gef.id, bank.id)))
        granted, told = float(gef.granted), corpus.sides[bank.id].usd
        # a relation without amount says none where only one side tells one: then nothing is told twice
        amount = min(granted, told) if told is not None else None if link == "third party" else granted
        once = pair.counted_once_usd if pair else None
        good = pair is not None and pair.cls == "same-money" and (once is None) == (amount is None) and abs((once or 0) - (amount or 0)) <= 0.01
        if good and pair:
            net = group_of(pair.cls, [pair], corpus).totals.net
            good = abs(net - max(granted, told or 0)) <= 0.01
        right += good
        if verbose and not good:
            print(f"  link by {link}: {gef.id} {bank.id}: {pair.cls if pair else 'not found'}, once {once}, right {amount}")
    return [Rate(f"27 pairs linked by {link}: same money, right amount once", right, len(pairs), 1.0)]


def _unlinked(pairs: list[tuple[Record, Record]], corpus: Corpus, found: list[Pair], agencies: Mapping[str, str], verbose: bool) -> list[Rate]:
    """Found, as what, and what else is paired with the masked records across GEF and the World Bank.

    A masked grant that counts once with another project is wrong, and so is a masked project with
    another agency's grant; with another grant of the World Bank's own it may have drawn both.
    """
    partner = {a.id: b.id for one in pairs for a, b in (one, one[::-1])}
    right = {p.left: p for p in found if partner.get(p.left) == p.right}
    said = Counter(p.cls for p in right.values())
    print("masked pairs found as:", ", ".join(f"{cls} {n}" for cls, n in sorted(said.items())), f"; not found {len(pairs) - len(right)}")
    banks = {b.id for _, b in pairs} | {i for i in corpus.sides if i.startswith(PREFIXES["world_bank"])}
    others = [p for p in found if (p.left in partner or p.right in partner) and (p.left in banks) != (p.right in banks) and partner.get(p.left) != p.right]
    of: Counter[tuple[str, str]] = Counter()
    for pair in others:
        grant = pair.right if pair.left in banks else pair.left
        verdict = "may be so" if grant not in partner and agencies.get(grant) == BANK[1] else "wrong"
        of["once" if pair.cls in ONCE else "another class", verdict] += 1
        if verbose:
            print(f"  {pair.cls} {pair.score:.1f}, {verdict}: {corpus.sides[pair.left].title[:70]} | {corpus.sides[pair.right].title[:70]}")
    print("masked records paired with others across GEF and World Bank:", ", ".join(f"{cls}, {verdict}: {n}" for (cls, verdict), n in sorted(of.items())))
    once = sum(n for cls, n in said.items() if cls in ONCE)
    return [
        Rate("27 pairs masked among all: found in any class", len(right), len(pairs)),
        Rate("27 pairs masked among all: count once or linked", sum(n for cls, n in said.items() if cls in COARSE), len(pairs)),
        Rate("27 pairs masked among all: count once", once, len(pairs)),
        Rate("masked records: right, of count once that is right or surely wrong", once, once + of["once", "wrong"]),
    ]
