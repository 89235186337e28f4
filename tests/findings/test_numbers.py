"""Findings keep their id and number while data, members and scans change."""

from __future__ import annotations

from tests.findings.conftest import Desk
from tests.small_iati import ADB, BANK, GEF, UNDP, UNEP, activity, links, rows, transaction

FUNDS = "Land and water fund"


def by(who: str, identifier: str, title: str, **said: object) -> str:
    return activity(identifier, title, reporter=who, implementing=[who], **{"countries": "KG", "start": "2009-01-01", **said})  # type: ignore[arg-type]


A, B, C = by(UNDP, "A", "CACILM: Pastures"), by(ADB, "B", "CACILM: Drylands"), by(BANK, "C", "CACILM: Forests")
X, Y = by(UNDP, "X", "Uranium tailings of Mailuu-Suu"), by(ADB, "Y", "Uranium tailings of Mailuu-Suu")


def known(desk: Desk) -> dict[str, tuple[str, frozenset[str]]]:
    return {f.number: (f.id, frozenset(m.id for m in f.members)) for f in desk.all()}


def test_a_scan_again_changes_nothing_but_the_scan(desk: Desk) -> None:
    assert desk.say(A, B, X, Y).scan()["id"] == "scan-1"
    before = known(desk)
    assert desk.scan()["id"] == "scan-2"
    assert known(desk) == before and len(before) == 2
    assert len(rows(desk.workspace, "FindingNumber", "id")) == 2
    assert {scan for _, scan in rows(desk.workspace, "FindingNumber", "id", "first_scan")} == {"scan-1"}


def test_the_number_stays_when_a_member_joins_and_leaves(desk: Desk) -> None:
    desk.say(A, B, X, Y).scan()
    first = known(desk)
    number = next(n for n, (_, ids) in first.items() if "A" in ids)
    desk.say(A, B, C, X, Y).scan()
    assert known(desk) == {**first, number: (first[number][0], frozenset("ABC"))}
    desk.say(A, B, X, Y).scan()
    assert known(desk) == first


def test_the_number_stays_when_the_same_data_come_in_another_order_or_again(desk: Desk) -> None:
    desk.say(A, B, X, Y).scan()
    before = known(desk)
    desk.say(Y, X, B, A).scan()
    desk.say(A, B, X, Y).scan()
    assert known(desk) == before


def test_a_finding_that_goes_and_comes_back_has_its_number(desk: Desk) -> None:
    desk.say(A, B, X, Y).scan()
    before = known(desk)
    desk.say(A, X, by(ADB, "Z", "Village schools"), by(GEF, "W", "Power lines")).scan()
    assert known(desk) == {}
    desk.say(X, Y, by(UNEP, "V", "Uranium tailings of Mailuu-Suu", countries="TJ")).scan()
    desk.say(A, B, X, Y).scan()
    assert known(desk) == before


def test_a_new_finding_never_takes_a_number_that_was_given(desk: Desk) -> None:
    desk.say(A, B).scan()
    assert set(known(desk)) == {"KGZ-1"}
    desk.say(X, Y).scan()
    assert set(known(desk)) == {"KGZ-2"}


def joined(*others: str) -> str:
    """A fund that pays into other activities and so joins them."""
    inside = "".join(transaction("disbursement", 5, receiver=other) for other in others)
    return by(GEF, "F", FUNDS, inside=inside)


P = [by(UNDP, "P1", "Wells"), by(ADB, "P2", "Roads"), by(BANK, "P3", "Schools"), by(UNEP, "P4", "Forests")]
SECOND = by(GEF, "G", "Another fund", inside=transaction("disbursement", 5, receiver="P4"))


def test_a_split_leaves_the_number_with_the_larger_half_and_the_other_succeeds_it(desk: Desk) -> None:
    bridge = by(GEF, "G", "Another fund", inside=transaction("disbursement", 5, receiver="P4") + transaction("disbursement", 5, receiver="P3"))
    desk.say(*P, joined("P1", "P2", "P3"), bridge).scan()
    ((number, (finding, ids)),) = known(desk).items()
    assert ids == {"F", "G", "P1", "P2", "P3", "P4"}
    desk.say(*P, joined("P1", "P2", "P3"), SECOND).scan()
    after = known(desk)
    assert after[number] == (finding, frozenset({"F", "P1", "P2", "P3"}))
    ((new, ids),) = (v for n, v in after.items() if n != number)
    assert ids == {"G", "P4"} and new != finding
    assert links(desk.workspace, "SUCCEEDS") == {(new, finding)}
    # they join again: the number stays with the finding that shares most pairs
    desk.say(*P, joined("P1", "P2", "P3"), bridge).scan()
    assert known(desk) == {number: (finding, frozenset({"F", "G", "P1", "P2", "P3", "P4"}))}


def test_a_merge_succeeds_the_one_that_goes(desk: Desk) -> None:
    desk.say(*P, joined("P1", "P2"), SECOND).scan()
    before = known(desk)
    larger, smaller = (next(f for f, ids in before.values() if key in ids) for key in ("F", "G"))
    bridge = by(GEF, "G", "Another fund", inside=transaction("disbursement", 5, receiver="P4") + transaction("disbursement", 5, receiver="P2"))
    desk.say(*P, joined("P1", "P2"), bridge).scan()
    ((_, (finding, _)),) = known(desk).items()
    assert finding == larger
    assert links(desk.workspace, "SUCCEEDS") <= {(larger, smaller)}  # the older one has no node any more
    # and when they part again, each has the number it had
    desk.say(*P, joined("P1", "P2"), SECOND).scan()
    assert known(desk) == before
    desk.scan()
    assert known(desk) == before


def test_other_weights_keep_the_numbers(desk: Desk) -> None:
    desk.say(A, B, X, Y).scan()
    before = known(desk)
    path = desk.workspace.folder / "partnermap.toml"
    path.write_text(path.read_text(encoding="utf-8") + '"acronym.shared" = 20\n', encoding="utf-8")
    from partnermap.workspace import Workspace

    with Workspace(desk.workspace.folder) as again:
        again.scan()
        found = {f.number: f for f in again.listing(past=True).findings}
    assert {n: (f.id, frozenset(m.id for m in f.members)) for n, f in found.items()} == before
    assert max(f.score for f in found.values()) > 20
