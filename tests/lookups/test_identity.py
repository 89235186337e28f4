"""What is suggested to be one organization, and what is not."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

from partnermap.lookups.identity import Party, suggest


def found(*parties: Party) -> set[tuple[str, str]]:
    return {(s.left, s.right) for s in suggest(parties)}


def named(*names: str) -> list[Party]:
    return [Party(f"name:{name}@R", (name,)) for name in names]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Society of Green Wells", "Green Wells Society"),
        ("International NGO Safety Organisation", "International NGO Safety Orgnisation"),
        ("Wamo Relief and Rehabilitation Services", "WRRS"),
        ("Civil Resource Development and Documentation Centre", "CIRDDOC"),
        ("Cooperazione e Sviluppo", "Cooperazione e Sviluppo (Cesvi)"),
        ("Stichting AFEW International", "AFEW International"),
        ("Smart Youth Effort For Advanced Community, Tanzani", "Smart Youth Effort For Advanced Community, Tanzania"),
        ("UNITED NATIONS HUMAN SETTLEMENT FUND", "UN Human Settlements Fund"),
        ("Women and Child Care Organisation", "Women & Child Care Organization"),
    ],
)
def test_two_spellings_are_suggested(one: str, other: str) -> None:
    assert len(found(*named(one, other, "Something Else Entirely"))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Plan International Nederland", "Plan International Germany"),
        ("ActionAid Ghana", "ActionAid"),
        ("Ministry of Water", "Ministry of Finance"),
        ("Hospital No. 4 of Osh", "Hospital No. 7 of Osh"),
        ("Sustainable Wells Institute", "Sustainable Roads Foundation"),
    ],
)
def test_two_organizations_of_like_names_are_not(one: str, other: str) -> None:
    assert found(*named(one, other, "Something Else Entirely")) == set()


def test_reasons_and_counter_reasons_are_told() -> None:
    one = Party("ref:GB-CHC-1", ("Green Wells Society",), country="KGZ", activities=frozenset("AB"))
    other = Party("ref:US-EIN-2", ("Green Wells Society (GWS)",), country="KGZ", activities=frozenset("BC"))
    (suggestion,) = suggest([one, other])
    assert suggestion.reasons == ("the same name", "the words of one begin with GWS", "both are of Kyrgyzstan", "both are named in 1 of the same activities")
    assert suggestion.against == ("each has a registered reference",)
    assert suggestion.score == 10 + 1 + 0.5 + 0.5 - 0.5  # points of identity.toml


def test_one_name_in_two_countries_is_not_suggested() -> None:
    parties = [Party(f"name:wells@R/{code}", ("Ministry of Wells",), country=code) for code in ("KGZ", "UZB")]
    assert found(*parties) == set()


def test_an_acronym_of_many_tells_nobody() -> None:
    several = ["Green Wells Society", "Great Water Service", "Good Work School", "Gobi Wool Shop", "Grand Walk Street"]
    assert found(*named("GWS", several[0])) == {("name:GWS@R", "name:Green Wells Society@R")}
    assert found(*named("GWS", *several)) == set()


def test_what_is_settled_is_not_asked_again() -> None:
    parties = named("Society of Green Wells", "Green Wells Society")
    assert suggest(parties, lambda left, right: True) == []


def test_what_is_on_lists_only_is_not_suggested_among_itself() -> None:
    listed = [Party(p.id, p.names, loaded=False) for p in named("Society of Green Wells", "Green Wells Society")]
    assert suggest(listed) == []
    assert len(suggest([*listed, *named("The Green Wells Society")])) == 2


def test_the_order_of_organizations_does_not_matter() -> None:
    parties = named("Society of Green Wells", "Green Wells Society", "GWS", "Green Wells Society Ltd", "Wells")
    shuffled = random.Random(0).sample(parties, len(parties))
    assert suggest(parties) == suggest(shuffled)


def test_the_one_that_would_stand_for_both_comes_first() -> None:
    def order(parties: Iterable[Party]) -> list[str]:
        (suggestion,) = suggest(list(parties))
        return [suggestion.left, suggestion.right]

    local, registered = Party("name:green wells@R", ("Green Wells",)), Party("XM-DAC-41114", ("Green Wells",))
    assert order([local, registered]) == order([registered, local]) == ["XM-DAC-41114", "name:green wells@R"]
