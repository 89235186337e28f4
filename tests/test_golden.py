"""Known content: what the real data hold, found again with its records and its words.

Read by hand in the files; see the five findings worked out for Kyrgyzstan. Rows of the bundled
sample are those of the cut files, rows of the shared files those of the whole ones.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from partnermap.model import Finding
from partnermap.workspace import Workspace
from tests.workspaces import demo_folder, needs_shared, shared_folder

FIVE = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
GEF = "US-501c3-522318905-SG-"


@pytest.fixture
def sample() -> Iterator[Workspace]:
    with Workspace(demo_folder()) as workspace:
        yield workspace


@pytest.fixture
def shared() -> Iterator[Workspace]:
    with Workspace(shared_folder()) as workspace:
        yield workspace


def about(workspace: Workspace, words: str) -> Finding:
    """The one finding whose titles all hold these words, in any case."""
    found = [f for f in workspace.listing(past=True, status="all").findings if all(words.casefold() in m.title.casefold() for m in f.members)]
    assert len(found) == 1, [f.headline for f in found]
    return found[0]


def cacilm(workspace: Workspace) -> Finding:
    (found,) = (f for f in workspace.listing(past=True, status="all", country="KGZ").findings if "CACILM" in f.headline)
    return found


def check_cacilm(workspace: Workspace) -> Finding:
    found = cacilm(workspace)
    assert (found.cls, found.strength, found.countries) == ("joint", "strong", FIVE)
    assert len(found.members) == 12
    assert sum("KGZ" in workspace.side(m.id).countries for m in found.members) == 6
    assert {actor for m in found.members for actor in m.actors} == {"ADB", "UNDP"}
    assert found.headline.startswith("CACILM is one undertaking of ADB and UNDP, not 12 projects (")
    said = " ".join(found.speaks_for)
    assert "carry the name CACILM" in said
    assert "4 of 12 records cover the same 5 countries" in said
    assert "one record lists as executing: ADB, FAO, IFAD, UNDP, UNEP" in said
    assert "components, not copies" in " ".join(found.speaks_against)
    assert found.money.endswith("none is at stake")
    assert "IFAD" in " ".join(found.not_known)
    assert found.next_step.startswith("Not a duplication: treat the 12 records as one undertaking")
    assert found.number.startswith("CAS-")
    return found


def check_action_plan(workspace: Workspace) -> Finding:
    found = about_plan(workspace)
    assert (found.cls, found.countries) == ("sequence", FIVE)
    assert found.headline.startswith("UNEP comes after ADB in Kazakhstan, Kyrgyzstan, Tajikistan, Turkmenistan and Uzbekistan: “Regional Environmental Action Plan in Central Asia”, then ")
    assert found.next_step.startswith("Ask ADB what remains of the earlier work")
    starts = {m.actors: m.start_date for m in found.members}
    assert starts == {("ADB",): "2000-09-19", ("UNEP",): "2005-12-01"}
    return found


def about_plan(workspace: Workspace) -> Finding:
    (found,) = (
        f
        for f in workspace.listing(past=True, status="all").findings
        if all("regional environmental action plan" in m.title.casefold() and not m.ours for m in f.members)
    )
    return found


# --- the bundled sample ------------------------------------------------------------------------


def test_cacilm_is_one_initiative(sample: Workspace) -> None:
    found = check_cacilm(sample)
    files = {m.rows.split(" activity")[0] for m in found.members}
    assert files == {"gef.xml.gz", "adb.xml.gz"}
    assert [p for p in found.members if p.actors == ("ADB",) and "gef_agencies" not in p.rows] == [m for m in found.members if m.dataset == "adb"]


def test_the_regional_environmental_action_plan_is_a_sequence(sample: Workspace) -> None:
    check_action_plan(sample)


def test_the_five_examples_lead_the_list(sample: Workspace) -> None:
    first = sample.listing(top=5).findings
    ours = [m for f in first for m in f.members if m.ours]
    assert {m.id for m in ours} == {f"XM-DAC-41314-EXAMPLE-{n}" for n in range(1, 6)}
    assert all(m.title.startswith("EXAMPLE: ") for m in ours)
    assert [f.concerns for f in sample.listing(top=6).findings] == ["ours"] * 5 + ["partners"]
    # what an invented activity is called is marked in every headline and section that names it
    for finding in first:
        for text in (finding.headline, *finding.not_known, finding.money):
            for title in (m.title.removeprefix("EXAMPLE: ")[:20] for m in finding.members if m.ours):
                assert text.count(f"EXAMPLE: {title}") == text.count(f"“{title}") + text.count(f"EXAMPLE: {title}")


def test_what_the_five_examples_are(sample: Workspace) -> None:
    """By hand: each invented activity lies beside a real one (the id's end; ADB or UNDP)."""
    found = {}
    for finding in sample.listing(concerns="ours", past=True).findings:
        for example in (m for m in finding.members if m.ours):
            partners = {actor for m in finding.members if not m.ours for actor in m.actors}
            found.setdefault(example.id[-1], set()).add((finding.cls, *sorted(partners)))
    assert ("duplication", "UNDP") in found["1"]
    assert ("parallel", "UNDP") in found["2"]
    assert ("sequence", "ADB") in found["3"]
    assert ("parallel", "ADB") in found["4"]
    assert ("sequence", "ADB") in found["5"]


def test_the_lists_say_on_what_day_they_stand(sample: Workspace) -> None:
    coverage = str(sample.listing().coverage)
    assert coverage.startswith("Looked at 560 activities of 6 organizations (ADB, UNDP, WB, UNEP, UNECE, UNIDO), newest date 2009-06-22, as of 2009-06-30.")


# --- the whole files ---------------------------------------------------------------------------


class TestSharedFiles:
    pytestmark = needs_shared

    def test_cacilm_with_its_rows(self, shared: Workspace) -> None:
        found = check_cacilm(shared)
        rows = {row for m in found.members for row in m.rows.split("; ")}
        assert {f"gef.xml activity {n}" for n in (10, 21, 29, 36, 44)} | {"adb.xml activity 499"} <= rows
        kyrgyz = {m.rows.split("; ")[0] for m in found.members if "KGZ" in shared.side(m.id).countries}
        assert kyrgyz == {"adb.xml activity 499", *(f"gef.xml activity {n}" for n in (10, 21, 29, 36, 44))}

    def test_the_action_plan_with_its_rows(self, shared: Workspace) -> None:
        found = check_action_plan(shared)
        assert {m.rows.split("; ")[0] for m in found.members} == {"adb.xml activity 171", "gef.xml activity 65"}

    def test_protected_areas_in_the_tian_shan_are_no_one_undertaking(self, shared: Workspace) -> None:
        """KGZ-1 needs the World Bank's table; UNDP's record alone must not be merged with others."""
        rows = {m.rows.split("; ")[0]: f.cls for f in shared.listing(past=True, status="all").findings for m in f.members}
        assert rows.get("gef.xml activity 538") not in ("same-money", "same-activity")
