"""What a finding says, in one order: headline, opinion, for, against, money, not known, next."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

from partnermap.codes.countries import countries, region_names
from partnermap.codes.organizations import organization_acronyms
from partnermap.findings.money import in_words
from partnermap.findings.overlap import BETWEEN_TWO, ONE_UNDERTAKING, Group
from partnermap.model import Pair, Reason
from partnermap.pairing.corpus import Corpus
from partnermap.pairing.side import Side

MANY = 3  # records from which what two of them have in common says little of the whole
OF_TWO = ("money", "dates", "spot", "sector", "kind")
CLASS_WORDS = {
    "duplication": "possible duplication",
    "parallel": "parallel: same field, worth a call",
    "sequence": "a sequence: one goes before the other",
    "joint": "joint: one undertaking that several finance or carry",
    "same-money": "the same money, reported more than once",
    "same-activity": "the same activity, reported twice",
    "part-of": "parts of one whole",
}

_LEARN = "Nothing of it is known to run any more: before planning something like it, ask {} for the completion report and any evaluation."


@dataclass(frozen=True)
class Sections:
    """The text of a finding that is stored; what depends on the day of reading is not in it."""

    headline: str
    opinion: str
    speaks_for: list[str]
    speaks_against: list[str]
    money: str
    not_known: list[str]

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return dict(vars(self))


def write_sections(group: Group, corpus: Corpus) -> Sections:
    """The finding's text."""
    return Sections(
        headline(group, corpus),
        opinion(group),
        speaks_for(group, corpus),
        speaks_against(group),
        money(group),
        not_known(group, corpus),
    )


def place(group: Group) -> str:
    """Where, in words."""
    often = Counter(c for m in group.members for c in m.countries)
    codes = sorted(group.countries, key=lambda c: (-often[c], countries()[c].name))
    names = [countries()[c].name for c in codes]
    if not names:
        regions = Counter(r for m in group.members for r in m.regions)
        return region_names()[min(regions, key=lambda r: (-regions[r], r))] if regions else "no country named"
    if len(names) > 5:
        return f"{', '.join(names[:4])} and {len(names) - 4} more countries"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def who(sides: Sequence[Side], corpus: Corpus, most: int = 4) -> str:
    """Who carries it out or answers for it, in words, the most frequent first."""
    names = _names(sides, corpus)
    if not names:
        return "an organization that is not named"
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _names(sides: Sequence[Side], corpus: Corpus) -> list[str]:
    counted = Counter(corpus.called(o) for side in sides for o in side.answerable)
    return sorted(counted, key=lambda n: (-counted[n], n))


def _who_does(sides: Sequence[Side], corpus: Corpus, one: str, several: str) -> str:
    """Who, and the verb that goes with one or with several."""
    return f"{who(sides, corpus)} {several if len(_names(sides, corpus)) > 1 else one}"


def name_of(group: Group, corpus: Corpus) -> str:
    """What an undertaking is called: the name its titles share, else its shortest title."""
    name, carriers, _ = shared_name(group)
    if 2 * len(carriers) > len(group.members):
        return name
    titles = {m.id: m.title for m in group.members}
    above = Counter(link.other for m in group.members for link in m.links if link.sort == "parent" and link.other in titles)
    if above:
        return f"“{shortened(titles[min(above, key=lambda k: (-above[k], k))])}”"
    best = group.best
    shortest = min((titles[best.left], titles[best.right]), key=lambda t: (len(t), t))
    return f"“{shortened(shortest)}”"


def shared_name(group: Group) -> tuple[str, frozenset[str], bool]:
    """The acronym most titles carry, the activities that do, and whether some write it out."""
    carriers: dict[str, set[str]] = defaultdict(set)
    written_out: set[str] = set()
    for pair in group.pairs:
        for reason in pair.reasons:
            if reason.feature == "acronym":
                for term in reason.terms:
                    carriers[term] |= {pair.left, pair.right}
                    if "writes it out" in reason.text:
                        written_out.add(term)
    if not carriers:
        return "", frozenset(), False
    name = max(sorted(carriers), key=lambda n: (len(carriers[n]), len(n)))
    return name, frozenset(carriers[name]), name in written_out


def shortened(title: str, most: int = 80) -> str:
    """A title cut at a word."""
    if len(title) <= most:
        return title
    return title[:most].rsplit(" ", 1)[0].rstrip(" ,;:-–") + " …"


def _ordered(group: Group) -> tuple[Side, Side]:
    """Both sides of the strongest pair: the earlier start, or ours, first."""
    sides = {m.id: m for m in group.members}
    left, right = sides[group.best.left], sides[group.best.right]
    if group.cls == "sequence":
        if left.start and right.start:
            return (left, right) if left.start <= right.start else (right, left)
        if left.phase and right.phase:
            return (left, right) if left.phase <= right.phase else (right, left)
    return (right, left) if right.ours and not left.ours else (left, right)


def _undertakings(group: Group) -> tuple[list[Side], list[Side]]:
    """All records of the two undertakings of :func:`_ordered` that the pairs of the finding reach, best first."""
    beside: dict[str, set[str]] = defaultdict(set)
    for pair in group.pairs:
        beside[pair.left].add(pair.right)
        beside[pair.right].add(pair.left)
    first, second = _ordered(group)
    halves: tuple[set[str], set[str]] = {first.id}, {second.id}
    new = [(first.id, 0), (second.id, 1)]
    while new:  # a pair lies between the two, so who is beside one half is of the other
        key, half = new.pop()
        for other in beside[key] - halves[0] - halves[1]:
            halves[1 - half].add(other)
            new.append((other, 1 - half))
    ones, others = ([m for m in group.members if m.id in half] for half in halves)
    return sorted(ones, key=lambda m: m is not first), sorted(others, key=lambda m: m is not second)


def headline(group: Group, corpus: Corpus) -> str:
    """One sentence that names actors and place."""
    at = place(group)
    count = len(group.members)
    if group.cls in BETWEEN_TWO:
        ones, others = _undertakings(group)
        earlier, later = shortened(ones[0].title), shortened(others[0].title)
        several = max(len(_names(side, corpus)) for side in (ones, others)) > 1  # "A and B and C" would not say who is with whom
        if group.cls == "duplication":
            does = f"{who(ones, corpus)} may do the same as {who(others, corpus)}" if several else f"{who(ones, corpus)} and {who(others, corpus)} may do the same"
            return f"{does} in {at}: “{earlier}” and “{later}”"
        if group.cls == "parallel":
            does = f"{_who_does(ones, corpus, 'works', 'work')} beside {who(others, corpus)}" if several else f"{who(ones, corpus)} and {who(others, corpus)} work side by side"
            return f"{does} in {at}: “{earlier}” and “{later}”"
        if not ones[0].actors & others[0].actors:
            does = f"{_who_does(others, corpus, 'comes', 'come')} after {who(ones, corpus)}"
        elif set(_names(ones, corpus)) == set(_names(others, corpus)):
            does = f"{_who_does(others, corpus, 'goes on from its', 'go on from their')} own work"
        else:
            does = f"{_who_does(others, corpus, 'goes on from', 'go on from')} work of {who(ones, corpus)}"
        return f"{does} in {at}: “{earlier}”, then “{later}”"
    if group.cls == "joint":
        if count == 2:
            return f"{_who_does(group.members, corpus, 'carries', 'carry')} one undertaking, {name_of(group, corpus)} ({at})"
        return f"{name_of(group, corpus)} is one undertaking of {who(group.members, corpus)}, not {count} projects ({at})"
    if group.cls == "same-money":
        tellers = sorted({corpus.called(p) for m in group.members for p in m.principals})
        return f"Count it once: {' and '.join(tellers[:3])} report{'s' if len(tellers) == 1 else ''} one grant{' twice' if len(tellers) == 1 else ''}, {name_of(group, corpus)} ({at})"
    if group.cls == "same-activity":
        return f"Count it once: {_who_does(group.members, corpus, 'tells', 'tell')} {name_of(group, corpus)} {count} times ({at})"
    return f"{name_of(group, corpus)}: {count} pieces of one whole of {who(group.members, corpus)} ({at})"


def opinion(group: Group) -> str:
    """What we think it is, and how sure."""
    families = group.families
    count = f"{len(families)} independent reason{'s' if len(families) != 1 else ''}"
    listed = f" ({', '.join(families)})" if families else ""
    return f"{CLASS_WORDS[group.cls]}; {group.strength}, {count}{listed}"


def speaks_for(group: Group, corpus: Corpus) -> list[str]:
    """What speaks for it; of many pairs, the best words of each feature and how often."""
    found = _by_feature(group, wanted=lambda points: points > 0)
    members = len(group.members)
    name, carriers, written_out = shared_name(group)
    if members > 2 and len(carriers) > 2:
        tellers = Counter(corpus.called(t) for m in group.members if m.id in carriers for t in m.principals)
        told = ", ".join(f"{n} of {t}" for t, n in sorted(tellers.items()))
        out = ", some written out" if written_out else ""
        found = [f"{len(carriers)} records carry the name {name}{out} ({told})", *[f for f in found if "the name" not in f]]
    if members > 2:
        alike = Counter(tuple(sorted(m.countries)) for m in group.members if len(m.countries) > 1)
        if alike and (most := alike.most_common(1)[0])[1] > 2:
            found.append(f"{most[1]} of {members} records cover the same {len(most[0])} countries")
        does = Counter(corpus.called(a) for m in group.members for a in m.actors)
        found.append("carried out by " + ", ".join(f"{a} ({n})" for a, n in sorted(does.items(), key=lambda x: (-x[1], x[0]))[:6]))
    if listed := executing(group, corpus):
        found.append(f"one record lists as executing: {', '.join(sorted(listed))}")
    return found


def executing(group: Group, corpus: Corpus) -> frozenset[str]:
    """Acronyms of listed organizations in the longest list of executing partners of a record."""
    lists = [
        frozenset(re.findall(r"\b[A-Z]{3,}\b", corpus.names.get(c, ""))) & organization_acronyms()
        for m in group.members
        for c in m.counterparts
    ]
    return max((names for names in lists if len(names) > 2), key=lambda n: (len(n), sorted(n)), default=frozenset())


def _by_feature(group: Group, wanted: Callable[[float], bool]) -> list[str]:
    """The words of each feature where it counts most, and in how many pairs it says the same."""
    best: dict[str, Reason] = {}
    counts: Counter[tuple[str, str]] = Counter()
    order: list[Pair] = [group.best, *[p for p in group.pairs if p is not group.best]]
    for pair in order:
        for reason in pair.reasons:
            if wanted(reason.points):
                counts[reason.feature, reason.level] += 1
                best.setdefault(reason.feature, reason)
    texts = []
    for feature, reason in sorted(best.items(), key=lambda x: (-abs(x[1].points), x[0])):
        if feature in OF_TWO and len(group.members) > MANY:
            continue
        often = counts[feature, reason.level]
        texts.append(reason.text + (f" (in {often} of {len(order)} pairs)" if len(order) > 1 else ""))
    return texts


def speaks_against(group: Group) -> list[str]:
    """What speaks against it."""
    found = _by_feature(group, wanted=lambda points: points < 0)
    if group.cls in ONE_UNDERTAKING and len(group.members) > 2:
        widest = max(len(m.countries) for m in group.members)
        single = [m for m in group.members if len(m.countries) == 1]
        if widest > 1 and single:
            names = Counter(countries()[next(iter(m.countries))].name for m in single)
            told = ", ".join(f"{name} ({n})" for name, n in sorted(names.items()))
            records = "1 record is" if len(single) == 1 else f"{len(single)} records are"
            found.append(f"{records} of one country only, {told}: components, not copies")
    return found


def money(group: Group) -> str:
    """Money in words, by class."""
    found = group.totals
    if group.cls in ("duplication", "parallel"):
        amount = group.money_usd
        if amount is not None:
            return f"at stake: {in_words(amount, 1, 1)}, the smaller side in the shared countries"
        known = [m for m in group.members if m.usd is not None]
        if not known:
            return "at stake: unknown, neither side tells an amount"
        return "at stake: unknown; " + "; ".join(f"“{shortened(m.title, 40)}” tells {in_words(m.usd or 0, 1, 1)}" for m in known[:2]) + ", the other side tells none"
    net = in_words(found.net, found.known, found.members)
    if group.cls in ("same-money", "same-activity"):
        if not found.linked:
            return f"would be counted twice: unknown; together {net}"
        return f"gross {in_words(found.gross, found.known, found.members)}, reported twice {in_words(found.linked, 1, 1)}, net {in_words(found.net, 1, 1)}"
    twice = f", after {in_words(found.linked, 1, 1)} that both report" if found.linked else ""
    return f"together {net}{twice}; none is at stake"


def not_known(group: Group, corpus: Corpus) -> list[str]:
    """What the data do not say and a decision would need."""
    found = []
    no_end = [m for m in group.members if m.end is None]
    if no_end and group.cls != "same-activity":
        if len(no_end) == len(group.members):
            found.append("when any of them ends or ended")
        else:
            found.append(f"when {_titles(no_end)} ends or ended")
    no_start = [m for m in group.members if m.start is None]
    if no_start:
        found.append(f"when {_titles(no_start)} started")
    if group.cls in ("duplication", "parallel") and any(m.end is None or m.start is None for m in group.members):
        found.append("whether both ran at the same time")
    no_money = [m for m in group.members if m.usd is None]
    if no_money:
        found.append(f"the money of {_titles(no_money)}")
    if group.cls == "joint" and any(r.feature == "teller" for p in group.pairs for r in p.reasons):
        doers = sorted({corpus.called(a) for p in group.pairs for r in p.reasons if r.feature == "teller" for m in group.members if m.id in (p.left, p.right) for a in m.principals})
        found.append(f"whether one of the amounts holds another's money ({', '.join(doers[:4])})")
    acting = {corpus.called(o) for m in group.members for o in m.actors | m.principals}
    if others := sorted(executing(group, corpus) - acting):
        found.append(f"the own share of {', '.join(others)}")
    flagged = [m for m in group.members if m.flagged]
    if flagged:
        found.append(f"whether the amount of {_titles(flagged)} is right: it is left out of the sums")
    return found


def _titles(sides: list[Side]) -> str:
    if len(sides) > 3:
        return f"{len(sides)} of the records"
    titles = Counter(shortened(s.title, 50) for s in sides)  # records of one title are told apart by none
    names = [f"“{title}”" + (f" ({n} records)" if n > 1 else "") for title, n in titles.items()]
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def next_step(group: Group, corpus: Corpus, over: bool, closed: Set[str] = frozenset()) -> str:
    """One sentence with whom to ask; of what is over, for what can be learnt from it.

    ``over``: nothing of it is known to run any more; ``closed``: ids of activities that have ended.
    """
    one, other = _ordered(group)
    partner = other if one.ours or not other.ours else one
    if over and group.cls in ("duplication", "parallel"):  # of a sequence the earlier part is over anyway
        asked = dict.fromkeys(_asked(side, corpus) for side in (one, other) if not side.ours or side is partner)
        return _LEARN.format(" and ".join(asked))
    if group.cls in ("duplication", "parallel") and (one.id in closed) != (other.id in closed):
        return _hand_over(*((one, other) if one.id in closed else (other, one)), corpus)
    if group.cls == "duplication":
        return f"Before going on, ask {_asked(partner, corpus)} what its activity covers and who does which part."
    if group.cls == "parallel":
        return f"Call {_asked(partner, corpus)}: agree who covers which place and topic."
    if group.cls == "sequence":
        return f"Ask {who(_undertakings(group)[0], corpus)} what remains of the earlier work, and for the completion report, before building on it."
    if group.cls == "joint":
        whole = f"Not a duplication: treat the {len(group.members)} records as one undertaking"
        if over:
            others = [m for m in group.members if not m.ours]
            return f"{whole}. {_LEARN.format(who(others or group.members, corpus))}"
        several = len({o for m in group.members for o in m.actors}) > 1
        return f"{whole}; ask {who(group.members, corpus)} who leads." if several else f"{whole}."
    if group.cls in ("same-money", "same-activity"):
        if all(member.ours for member in group.members):
            return "All these records are ours: decide which of them tells the amount; totals follow."
        return f"Confirm once with {who([partner], corpus)}; totals follow."
    return "No action: count the pieces as one whole."


def _hand_over(ended: Side, lasting: Side, corpus: Corpus) -> str:
    """What to do where one of two has ended: nothing is left to divide, and something to learn."""
    if ended.ours:
        return f"Ours has ended: tell {_asked(lasting, corpus)} what came of it."
    further = "ours goes on" if lasting.ours else f"the work of {who([lasting], corpus)} goes on"
    return f"“{shortened(ended.title, 50)}” has ended: ask {_asked(ended, corpus)} for the completion report and any evaluation before {further}."


def _asked(side: Side, corpus: Corpus) -> str:
    """Whom to ask about an activity: who answers for it, and who executes it."""
    counterparts = sorted(corpus.names.get(c, c) for c in side.counterparts - side.actors)
    through = f" (executing: {shortened(counterparts[0], 80)})" if counterparts else ""
    return f"{who([side], corpus)}{through}"
