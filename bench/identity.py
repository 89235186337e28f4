"""Who is who, measured on labels that nobody made for us.

    python bench/identity.py SHARED            # precision, recall, F1 of merges and of suggestions
    python bench/identity.py SHARED --wrong    # also every pair that is wrong or missed
    python bench/identity.py SHARED --names    # the 30 most frequent names and what they resolve to
    python bench/identity.py SHARED --speed    # seconds for 4,000 and 20,000 organizations

Two sets of labels. ``references``: names that carry one reference in the IATI files of
SHARED/data and in the IATI publisher list; the reference is hidden from the matcher, and so is the
publisher list. ``iati3w``: the names, acronyms and synonyms of one row of
SHARED/vocab/organizations_iati3w.csv. Names that are on our own list of organizations, as name,
acronym or alias, are left out of both: finding them would measure nothing. A set is cut into two
halves by a hash of the label; the weights were tuned on the first.

Some labels contradict the rules of docs/identity.md (an office and its agency, members of a family
in two countries) or call one organization two. ``identity_labels.csv`` has each such pair as one
person read it, from the names alone and before the matcher was asked; every half is measured with
the labels as they are and as they were read. Pairs that names cannot decide count neither way.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import math
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from partnermap.codes.countries import by_iso2, country_named
from partnermap.codes.lists import FOLDER, OwnLists, own_lists, rows, use_lists
from partnermap.codes.organizations import (
    find_by_name,
    known_organization,
    known_organizations,
    own_key,
    resolve,
)
from partnermap.lookups.identity import IdentityWeights, suggest
from partnermap.lookups.parties import Party
from partnermap.sources import open_imports

FILES = ("iati/gef.xml", "iati/adb.xml", "iati/un-covid-2021.xml")
TABLES = ("gef_agencies.csv", "world_bank.csv", "ebrd.xlsx")  # each with its mapping of examples/mappings
MAPPINGS = Path(__file__).parents[1] / "examples" / "mappings"
READ = Path(__file__).parent / "identity_labels.csv"
Labels = dict[str, set[str]]  # name to labels


def mentions(shared: Path, tables: bool = False) -> Counter[tuple[str, str, str]]:
    """(reference, name, reporter) of the IATI files, and of the tables, with how often each occurs."""
    found: Counter[tuple[str, str, str]] = Counter()
    files: list[tuple[Path, Path | None]] = [(shared / "data" / file, None) for file in FILES]
    if tables:
        files += [(shared / "data" / "tabular" / file, MAPPINGS / f"{Path(file).stem}.toml") for file in TABLES]
    for file, mapping in files:
        for item in open_imports(file, mapping=mapping):
            for record in item.records:
                content = json.loads(record.content)
                named = [*content.get("participants", ()), content.get("reporter", {})]
                for entry in content.get("transactions", ()):
                    named += [entry.get("provider") or {}, entry.get("receiver") or {}]
                for who in named:
                    key = (who.get("ref", "").strip().upper(), " ".join(who.get("name", "").split()), record.reporter)
                    found[key] += bool(key[0] or key[1])
    return found


def by_reference(shared: Path) -> Labels:
    """Names with the references that they carry; a publisher's own code counts as its own."""
    found: Labels = defaultdict(set)
    for ref, name, reporter in mentions(shared):
        if ref and name and any(c.isdigit() for c in ref):
            found[name].add(ref if "-" in ref or ref.startswith("4") else f"{ref}@{reporter}")
    for row in rows("iati_publishers"):
        found[" ".join(row["name"].split())].add(row["ref"].strip().upper())
    return found


def by_row(shared: Path) -> Labels:
    """Names, acronyms and synonyms with their rows in organizations_iati3w.csv."""
    found: Labels = defaultdict(set)
    with (shared / "vocab" / "organizations_iati3w.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["name"].startswith(("Unspecified", "Private donors")):
                continue  # a kind of organization, not one
            for name in filter(None, [row["name"], row["acronym"], *row["aliases"].split("|")]):
                found[" ".join(name.split())].add(row["name"])
    return found


def own_names() -> set[str]:
    """Every name, acronym and alias of our own list, as written."""
    return {name for row in rows("organizations") for name in [row["name"], row["acronym"], *row["aliases"].split("|")]}


def is_country(name: str) -> bool:
    """A country's or government's name: its agency is another organization here, by our own rule."""
    org = known_organization(find_by_name(name) or "")
    return bool(country_named(name)) or bool(org and country_named(org.name))


def without_publishers(folder: Path) -> OwnLists:
    """The lists with an empty publisher list."""
    header = (FOLDER / "iati_publishers.csv").read_text(encoding="utf-8").splitlines()[0]
    (folder / "iati_publishers.csv").write_text(header + "\n", encoding="utf-8")
    return own_lists(folder)


def seat(org: str) -> str:
    """ISO alpha-3 of the country that the lists give an organization, as the program has it."""
    known = known_organization(org)
    return (by_iso2(known.country) or "") if known and known.country else ""


@dataclass(frozen=True)
class Found:
    """Pairs of names, each in order."""

    true: set[tuple[str, str]]
    merged: set[tuple[str, str]]
    suggested: set[tuple[str, str]]


def pairs(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs in order."""
    return combinations(sorted(names), 2)


def measure(labels: Labels, weights: IdentityWeights | None = None) -> Found:
    """What merges and what is suggested among names, with the pairs that share a label."""
    groups: dict[str, list[str]] = defaultdict(list)
    members: dict[str, list[str]] = defaultdict(list)
    for name in sorted(labels):
        groups[find_by_name(name) or f"name:{own_key(name)}@"].append(name)
        for label in labels[name]:
            members[label].append(name)
    true = {pair for some in members.values() for pair in pairs(some)}
    merged = {pair for some in groups.values() for pair in pairs(some)}
    listed = {org.id: names for org, names in known_organizations()}
    parties = [Party(org, (*some, *listed.get(org, ())), country=seat(org)) for org, some in sorted(groups.items())]
    suggested = {tuple(sorted((a, b))) for s in suggest(parties, weights=weights) for a in groups[s.left] for b in groups[s.right]}
    return Found(true, merged, suggested - merged)  # type: ignore[arg-type]


def as_read(found: Found, title: str, labels: Labels) -> tuple[Found, int]:
    """The pairs with the labels as one person read them, and how many names cannot decide."""
    verdicts: dict[str, set[tuple[str, str]]] = defaultdict(set)
    with READ.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["set"] == title:
                verdicts[row["verdict"]].add((row["left"], row["right"]))
    one = {pair for pair in verdicts["one"] if labels.keys() >= set(pair)}  # found or not
    open_ = {pair for pair in verdicts["undecidable"] if labels.keys() >= set(pair)}
    true = (found.true | one) - verdicts["two"] - open_
    return Found(true, found.merged - open_, found.suggested - open_), len(open_)


def interval(right: int, of: int) -> str:
    """95 percent interval of a share (Wilson 1927, Journal of the American Statistical Association 22, 209-212)."""
    if not of:
        return "[-]"
    z, share = 1.96, right / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    width = z / (1 + z * z / of) * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return f"[{max(middle - width, 0):.2f}-{min(middle + width, 1):.2f}]"


def confirmed(found: Found) -> set[tuple[str, str]]:
    """Pairs that are one when a person says yes to the right suggestions and no to the others."""
    of: dict[str, set[str]] = {}
    for left, right in sorted(found.merged | (found.suggested & found.true)):
        together = of.get(left, {left}) | of.get(right, {right})
        of.update(dict.fromkeys(together, together))
    return {pair for group in {id(g): g for g in of.values()}.values() for pair in pairs(group)}


def scores(found: set[tuple[str, str]], true: set[tuple[str, str]]) -> str:
    """Precision, recall and F1 of pairs."""
    right = len(found & true)
    precision = right / len(found) if found else 1.0
    recall = right / len(true) if true else 1.0
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    ranges = interval(right, len(found)), interval(right, len(true))
    return f"precision {precision:.3f} {ranges[0]}  recall {recall:.3f} {ranges[1]}  F1 {f1:.3f}  ({right} right of {len(found)}, {len(true)} to find)"


def half(labels: Labels, number: int) -> Labels:
    """The names of a half of the labels."""
    return {name: own for name, own in labels.items() if int(hashlib.sha256(min(own).encode()).hexdigest(), 16) % 2 == number}


def report(title: str, which: str, labels: Labels, show: bool, read: bool = True) -> None:
    """Print the measures of a set, with the labels as they are and as they were read."""
    started = time.perf_counter()
    found = measure(labels)
    print(f"\n{title}: {len(labels)} names, {time.perf_counter() - started:.1f} s")
    print_scores(found)
    if read:
        found, undecided = as_read(found, which, labels)
        print(f"  with the labels as read, {undecided} pairs left open:")
        print_scores(found)
    if show:
        for what, some in (("WRONG MERGE", found.merged - found.true), ("wrong suggestion", found.suggested - found.true), ("missed", found.true - found.merged - found.suggested)):
            for left, right in sorted(some):
                print(f"    {what}: {left} | {right}")


def print_scores(found: Found) -> None:
    """Print the measures."""
    print("  merged               ", scores(found.merged, found.true))
    print("  suggested            ", scores(found.suggested, found.true - found.merged))
    print("  merged and suggested ", scores(found.merged | found.suggested, found.true))
    print("  once a person said yes to what is right among them ", scores(confirmed(found), found.true))


def report_links(shared: Path, show: bool) -> None:
    """Print how names of the files find an organization of the lists without their reference."""
    own = own_names() | {" ".join(row["name"].split()) for row in rows("iati_publishers")}
    right, wrong, missed = [], [], []
    for ref, name, reporter in mentions(shared):
        meant = resolve(ref, "", reporter) if ref and name and name not in own else None
        if meant and meant.by != "itself":
            found = find_by_name(name)
            (missed if found is None else right if found == meant.organization.id else wrong).append((name, meant.organization.id, found))
    print(f"\nlinking, with every list: {len({*right, *wrong, *missed})} names as files write them, their listed reference hidden")
    print(f"  {len(set(right))} found, {len(set(wrong))} found as another, {len(set(missed))} left for a suggestion")
    for what, some in (("found as another", wrong), ("left", missed)) if show else ():
        for entry in sorted(set(some), key=str):
            print(f"    {what}: {entry}")


def print_names(shared: Path, top: int = 30) -> None:
    """The most frequent names, and what they resolve to."""
    times: Counter[tuple[str, str]] = Counter()
    for (ref, name, reporter), n in mentions(shared, tables=True).items():
        meant = resolve(ref, name, reporter)
        times[name or ref, f"{meant.organization.id}  {meant.organization.name}  ({meant.by})" if meant else "nobody"] += n
    for (name, meant), n in times.most_common(top):
        print(f"{n:6}  {name}  ->  {meant}")


def report_speed() -> None:
    """Print how long names of a few common words and one of their own take, with the lists: the worst case."""
    random_ = random.Random(1)
    common = ["Water", "Health", "Education", "Aid", "Green", "Society", "Development", "Council", "National", "Rural", "Women", "Youth", "Foundation", "Network", "Hope", "Life"]
    parts = [a + b for a in "bdfgklmnprst" for b in "aeiou"]
    listed = [Party(org.id, tuple(names), country=seat(org.id), loaded=False) for org, names in known_organizations()]
    for many in (4_000, 20_000):
        names = [" ".join(["".join(random_.choices(parts, k=2)).title(), *random_.sample(common, random_.randint(1, 4))]) for _ in range(many - len(listed))]
        started = time.process_time()
        found = suggest([*listed, *(Party(f"name:{number}@R", (name,)) for number, name in enumerate(names))])
        print(f"{many} organizations, {len(listed)} of them of the lists: {time.process_time() - started:.1f} s, {len(found)} suggestions")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--wrong", action="store_true")
    parser.add_argument("--names", action="store_true")
    parser.add_argument("--speed", action="store_true")
    options = parser.parse_args()
    if options.speed:
        report_speed()
        return
    if options.names:
        print_names(options.shared)
        return
    sets = {"references": by_reference(options.shared), "iati3w": by_row(options.shared)}
    with tempfile.TemporaryDirectory() as folder:
        use_lists(without_publishers(Path(folder)))
        own = own_names()
        for title, labels in sets.items():
            kept = {name: some for name, some in labels.items() if name not in own}
            countries = {name for name in kept if is_country(name)}
            print(f"\n{title}: {len(labels)} names, {len(labels) - len(kept)} of them on our own list, {len(countries)} of countries and governments left out")
            kept = {name: some for name, some in kept.items() if name not in countries}
            report(f"{title}, first half (tuned on)", title, half(kept, 0), options.wrong)
            report(f"{title}, second half (held out)", title, half(kept, 1), options.wrong)
            report(f"{title}, all", title, kept, False, read=False)
    use_lists(OwnLists())
    report_links(options.shared, options.wrong)


if __name__ == "__main__":
    main()
