"""Which overlap class a pair is, by three questions in order.

(a) Is it one undertaking? (b) If so, is the money the same? (c) If not, is it a later phase, the
same purpose at one place and time, or only the same field?
"""

from __future__ import annotations

from collections.abc import Mapping

from partnermap.pairing.evidence import Both, Found, gap_days, overlap_days
from partnermap.pairing.text import general_words

UNRELATED = "unrelated"
CLASSES = ("duplication", "parallel", "sequence", "joint", "same-money", "same-activity", "part-of")
_YEAR = 365
AT_ONCE = 90  # days between two starts under which one does not follow the other
RARE = 10.0  # bits of a term that two titles hardly share by chance
TELLING = 6.0  # bits of a term beside which a start in the same year says something
NAMES_ITSELF = 20.0  # bits of shared topic from which equal titles need nothing else
# What else must bear out a like title before it is one undertaking, counted in other families.
NEEDED = {"same": 1, "contained": 1, "close": 2, "some": 2, "little": 2, "word": 3}


def classify(both: Both, found: Mapping[str, Found]) -> str:
    """The class of a pair from its evidence; ``unrelated`` where nothing holds."""
    if is_one_undertaking(both, found):
        if is_same_money(both, found):
            return "same-activity" if both.one_actor else "same-money"
        if both.one_actor or (both.one_teller and is_filed_together(found)):
            return _inside(both, found)
        return "sequence" if is_sequence(both, found) else "joint"
    if both.shared_actors:
        title = _level(found, "title")
        close = title == "close" and (_level(found, "spot") == "shared" or any(both.rarity.bits(t) >= RARE for t in both.left.title_terms & both.right.title_terms))
        after = not both.one_teller and (title in ("same", "contained") or close) and is_sequence(both, found)
        return "sequence" if after else UNRELATED
    if not has_same_purpose(both, found) or _level(found, "place") == "other-country":
        return UNRELATED
    if is_later_phase(both, found):
        return "sequence"
    return _side_by_side(both, found)


def _level(found: Mapping[str, Found], feature: str) -> str:
    hit = found.get(feature)
    return hit.level if hit else ""


def is_one_undertaking(both: Both, found: Mapping[str, Found]) -> bool:
    """(a): a link, a number, a name, or a like title that something of another family bears out."""
    title = _level(found, "title")
    if _level(found, "link") in ("funds", "funded-by", "parent", "child", "co-funded", "third-party"):
        return True
    if "number" in found or _level(found, "acronym") in ("shared", "written-out"):
        return True
    if _level(found, "place") == "other-country":
        return False
    if "copy" in found:
        return True
    if not title:
        return False
    if _level(found, "acronym") == "short" and title != "word":
        return True
    if title == "same" and both.rarity.total(both.left.title_terms & both.right.title_terms) >= NAMES_ITSELF:
        return True
    shared = both.left.title_terms & both.right.title_terms
    telling = any(both.rarity.bits(t) >= TELLING for t in shared) or both.rarity.total(shared) >= NAMES_ITSELF
    told = _level(found, "teller") == "funder" or "partner" in found
    rare = sum(both.rarity.bits(t) >= RARE for t in shared) >= 2
    if title in ("some", "little", "word") and not (told or rare):
        return False
    phases = both.left.title_words.phase, both.right.title_words.phase
    borne_out = sum(
        (
            _level(found, "teller") == "funder" or (title in ("same", "contained") and _level(found, "teller") == "implementer"),
            rare,
            phases[0] is not None and phases[0] == phases[1],
            _level(found, "money") in ("equal", "near"),
            (telling or told) and _level(found, "dates") == "near",
            _level(found, "spot") == "shared" or _level(found, "place") == "same-several",
            "together" in found,
            2 * ("partner" in found),
            -(_level(found, "sector") == "other"),
            -("kind" in found),  # an advisory mission beside a project is not that project
        )
    )
    return borne_out >= NEEDED[title]


def is_same_money(both: Both, found: Mapping[str, Found]) -> bool:
    """(b): told by funder and implementer, or told twice of one actor."""
    link, title, money = _level(found, "link"), _level(found, "title"), _level(found, "money")
    if link in ("funds", "funded-by", "third-party") or _level(found, "number") == "same":
        return True
    if is_filed_together(found) or has_other_phase(both):
        return False
    if both.one_actor:
        return both.left.title_key == both.right.title_key and money == "equal" and gap_days(both) in range(32) and both.left.countries == both.right.countries
    if money == "differ" or not title or _level(found, "place") in ("", "region"):
        return False
    teller, agree = _level(found, "teller"), money in ("equal", "near")
    if teller == "funder":
        near = _level(found, "dates") == "near"
        return agree or title in ("same", "contained") or (near and title in ("close", "some"))
    gap = gap_days(both)
    if teller != "implementer" or gap is None or gap > 2 * _YEAR or is_later_phase(both, found):
        return False
    known = both.left.usd is not None and both.right.usd is not None
    return agree or (not known and title in ("same", "contained"))


def has_other_phase(both: Both) -> bool:
    """Whether the titles number different phases."""
    left, right = both.left.title_words.phase, both.right.title_words.phase
    return bool(left and right and left != right)


def is_filed_together(found: Mapping[str, Found]) -> bool:
    """One teller files both as pieces of one whole, or gives both one text."""
    return "copy" in found or _level(found, "link") in ("parent", "child", "sibling") or _level(found, "number") == "root"


def _inside(both: Both, found: Mapping[str, Found]) -> str:
    """Inside one organization: pieces of one whole, or one after the other."""
    if is_filed_together(found):
        return "part-of"
    return "sequence" if is_sequence(both, found) else "part-of"


def is_later_phase(both: Both, found: Mapping[str, Found]) -> bool:
    """The titles number different phases, or one prepares or goes on from the other."""
    left, right = both.left.title_words, both.right.title_words
    if has_other_phase(both):
        return (gap_days(both) or AT_ONCE) >= AT_ONCE
    if _level(found, "title") not in ("same", "contained", "close") and "acronym" not in found:
        return False
    gap = gap_days(both)
    if (both.shared_actors or _level(found, "title") == "same") and (left.phase or 1) != (right.phase or 1):
        return (gap or AT_ONCE) >= AT_ONCE
    if gap is None or gap < 270:
        return False
    earlier, later = (left, right) if both.left.start <= both.right.start else (right, left)  # type: ignore[operator]
    return (later.follows and not earlier.follows) or (earlier.prepares and not later.prepares)


def is_sequence(both: Both, found: Mapping[str, Found]) -> bool:
    """One undertaking, one part after the other."""
    if is_later_phase(both, found):
        return True
    days, gap = overlap_days(both), gap_days(both)
    if days is not None:
        return days <= 90 and (gap or 0) > _YEAR
    return gap is not None and gap > 3 * _YEAR


def has_same_purpose(both: Both, found: Mapping[str, Found]) -> bool:
    """More than a place, a form or words that half of the field uses in common."""
    title, terms = _level(found, "title"), _level(found, "terms")
    if title in ("same", "contained", "close", "some"):
        shared = (both.left.title_terms & both.right.title_terms) - general_words()
        return len(shared) >= 2 or any(both.rarity.bits(t) >= TELLING for t in shared) or title == "same"
    return terms == "many" or (title == "little" and terms in ("several", "few"))


def _side_by_side(both: Both, found: Mapping[str, Found]) -> str:
    """(c): duplication where purpose, lowest place, kind and time all agree, else parallel."""
    days = overlap_days(both)
    place = _level(found, "place")
    if place in ("other-country", "") or (days is not None and days < 0):
        return UNRELATED
    gap = gap_days(both)
    years = [s.start.year if s.start else s.first_year for s in both.sides]
    far = abs(years[0] - years[1]) > 6 if years[0] and years[1] else False
    if days is None and (far or (gap is not None and gap > 6 * _YEAR)):
        return UNRELATED
    lowest = place in ("same", "same-several") and _level(found, "spot") != "other"
    strong = _level(found, "title") in ("same", "contained", "close") and "kind" not in found
    counter = _level(found, "sector") == "other"
    if lowest and strong and not counter and days is not None and days >= 90:
        return "duplication"
    return "parallel"
