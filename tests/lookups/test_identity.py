"""What is suggested to be one organization, and what is not."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from partnermap.codes.lists import OwnLists, own_lists, use_lists
from partnermap.codes.lists import rows as list_rows
from partnermap.codes.names import normalise
from partnermap.lookups.identity import suggest
from partnermap.lookups.parties import Party


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
        # words in other languages, abbreviated and inflected
        ("Министерство энергетики и водных ресурсов", "Ministry of Energy and Water Resources"),
        ("Ministère de l'Énergie et des Ressources en Eau", "Министерство энергетики и водных ресурсов"),
        ("Министерство финансов Республики Казахстан", "Ministry of Finance of Kazakhstan"),
        ("Bundesministerium für Gesundheit", "Federal Ministry of Health"),
        ("Min. of Agric. Devt of Peru", "Ministry of Agricultural Development, Peru"),
        ("Министерство сельского хозяйства", "Ministry of Agriculture"),  # a phrase of the list
        ("Міністерство охорони здоров'я України", "Ministry of Health of Ukraine"),
        ("O'zbekiston Respublikasi Moliya vazirligi", "Ministry of Finance of Uzbekistan"),
        ("Қазақстан Республикасының Қаржы министрлігі", "Ministry of Finance of Kazakhstan"),
        ("Вазорати молияи Ҷумҳурии Тоҷикистон", "Ministry of Finance of Tajikistan"),
        ("Azərbaycan Maliyyə Nazirliyi", "Ministry of Finance of Azerbaijan"),
        ("Türkiye Cumhuriyeti Sağlık Bakanlığı", "Ministry of Health of Turkey"),
        ("الهلال الأحمر السوري", "Syrian Red Crescent"),
        ("National Association of Municipalities", "Association nationale des communes"),
        # acronyms with and without places
        ("ADRA Nepal", "Adventist Development and Relief Agency, Nepal"),
        ("MoEWR", "Ministry of Energy and Water Resources"),
        ("FMoEWR", "Federal Ministry of Energy and Water Resources, Somalia"),
        ("Finland - MFA", "Finland Ministry of Foreign Affairs"),
        ("NRC", "Norwegian Refugee Council"),
        ("AMODEFA", "Associação Moçambicana para Desenvolvimento da Família"),
        ("VSF", "Vétérinaires sans Frontières International"),
        ("NRC", "Norwegian Refugee Council, Norway"),
        ("UNAWA", "United Nations Agency for Water and Agriculture of Nepali Families in the Hills"),
        ("NSWP", "Global Network of Small Well Projects"),
        # in another language than the name
        ("CICR", "International Committee of the Red Cross"),
        ("МЭВР", "Ministry of Energy and Water Resources"),
        ("ANMP", "National Association of Municipalities of Peru"),
        ("UNDP as administrative agent", "United Nations Development Programme (UNDP)"),
        ("Safa", "al-Safa"),
        # a word of its own and general ones
        ("Kaalo", "KAALO Aid and Development Organization"),
        ("UNICEF Germany", "German Committee for UNICEF"),
        ("Wells for All", "Wells for All (Action on Water and Sanitation)"),
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
        # letters of a name that are no beginnings of its words, or those of another's words
        ("CABI", "Commune de Aplahoué - Bénin"),
        ("CINI", "Chemonics International Inc."),
        ("Science for Africa Foundation", "Scottish Catholic International Aid Fund (SCIAF)"),
        ("APOPO", "Ajuda de Desenvolvimento de Povo para Povo (ADPP)"),
        ("CHRISTIAN AGENCY FOR PEACE AND DEVELOPMENT (CAPaD)", "Catholic Agency For Overseas Development (CAFOD)"),
        # too few words, or in no order that a language has
        ("CRCI", "International Committee of the Red Cross"),
        ("GREW", "Green Wells"),
        ("GWEI", "Green Wells IRL"),
        # a family in several countries
        ("ADRA Nepal", "Adventist Development and Relief Agency, UK"),
        ("Amref Health Africa - UK", "Amref Health Africa NL"),
        ("Railway Children", "Railway Children Africa"),
        ("CARE", "CARE Zimbabwe"),
        ("Министерство финансов Туркменистана", "Ministry of Finance of Kazakhstan"),
        # a word of the list is no beginning of another's own
        ("Universidad Científica del Sur", "University of Southampton"),
        ("Green Wells (UK)", "Red Roads (UK)"),
        # other kinds of bodies, other topics
        ("Министерство здравоохранения", "Ministry of Education"),
        ("BRAC", "BRAC University"),
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


def test_a_listed_seat_is_no_other_place() -> None:
    one = Party("GB-CHC-1", ("Green Wells Society",), country="DNK")
    assert found(one, *named("Green Wells Society, Denmark")) == {("GB-CHC-1", "name:Green Wells Society, Denmark@R")}
    assert found(one, *named("Green Wells Society, Norway")) == set()


def test_another_acronym_speaks_against_letters_that_fit() -> None:
    (suggestion,) = suggest(named("Green Wells Society (GWS)", "Green Wells Society of Elders"))
    assert suggestion.against == ()
    assert found(*named("GWSE", "Green Wells Society of Elders")) and not found(*named("GWSE", "Green Wells Society of Elders (GREWESO)"))


def test_a_workspace_may_teach_words(tmp_path: Path) -> None:
    """A list of one's own takes the place of the shipped one."""
    names = ("Khazina va Moliya Vazirligi", "Ministry of Treasury and Finance")
    assert found(*named(*names)) == set()
    rows = ["word,language,means,role", "vazirlig*,uz,ministry,kind", "ministry,en,ministry,kind", "khazina,uz,treasury,", "treasury,en,treasury,", "moliya,uz,finance,", "finance,en,finance,"]
    (tmp_path / "name_words.csv").write_text("\n".join([*rows, "va,uz,and,"]) + "\n", encoding="utf-8")
    use_lists(own_lists(tmp_path))
    try:
        assert len(found(*named(*names))) == 1
    finally:
        use_lists(OwnLists())


def test_each_meaning_has_one_role_and_each_spelling_one_meaning() -> None:
    rows = [row for row in list_rows("name_words") if " " not in row["means"]]
    assert {row["role"] for row in rows} == {"", "kind", "general", "place"}
    of = {row["means"]: row["role"] for row in rows}
    assert [row for row in rows if of[row["means"]] != row["role"]] == []
    spellings = [(normalise(row["word"]), row["word"].endswith("*")) for row in list_rows("name_words")]
    assert len(spellings) == len(set(spellings))


def test_thousands_are_compared_in_seconds() -> None:
    """Shares of common words do not multiply into pairs: a bound three times what it takes."""
    random_ = random.Random(1)
    common = ["Water", "Health", "Education", "Aid", "Green", "Society", "Development", "Council", "National", "Rural", "Women", "Youth", "Foundation", "Network", "Hope", "Life"]
    parts = [a + b for a in "bdfgklmnprst" for b in "aeiou"]
    names = [" ".join(["".join(random_.choices(parts, k=3)).title(), *random_.sample(common, random_.randint(1, 4))]) for _ in range(4000)]
    started = time.process_time()
    suggest([Party(f"name:{number}@R", (name,)) for number, name in enumerate(names)])
    assert time.process_time() - started < 15


def test_one_name_in_two_countries_is_not_suggested() -> None:
    parties = [Party(f"name:wells@R/{code}", ("Ministry of Wells",), country=code) for code in ("KGZ", "UZB")]
    assert found(*parties) == set()


def test_one_name_in_two_countries_with_more_in_common_is() -> None:
    """10 for the name, 1 for the acronym, 0.5 each for parent and activity, less 4: 8 points of identity.toml."""
    one, other = (
        Party(f"name:wells@R/{code}", ("Green Wells Care Society (GWCS)",), country=code, parents=frozenset(["P"]), activities=frozenset(["A"]))
        for code in ("KGZ", "UZB")
    )
    assert [s.score for s in suggest([one, other])] == [8.0]
    assert suggest([one, replace(other, parents=frozenset(), activities=frozenset())]) == []


def test_general_words_alone_tell_nobody() -> None:
    agency = Party("GB-CHC-1", ("Norwegian Centre for Development Cooperation",), country="NOR")
    others = named(*(f"{topic} Centre" for topic in ("Water", "Energy", "Roads", "Peace", "Space")))  # a word of many weighs little
    assert found(agency, *others, *named("Cooperazione e Sviluppo")) == set()
    assert len(found(agency, *others, *named("Centre norvégien de coopération pour le développement"))) == 1


def test_an_acronym_of_a_family_is_none_of_its_members() -> None:
    one, other = "Green Wells Care Society, Kenya", "Green Wells Care Society, Nepal"
    assert found(*named("GWCS", one)) == {("name:GWCS@R", f"name:{one}@R")}
    assert found(*named("GWCS", one, other)) == set()
    assert found(*named("GWCS", one, other, "Green Wells Care Society")) == {("name:GWCS@R", "name:Green Wells Care Society@R")}
    assert found(*named("GWCS", one, "GWCS Nepal")) == set()  # an acronym with a place is of the family too


def test_an_acronym_of_many_tells_nobody() -> None:
    several = ["Green Wells Society", "Great Water Service", "Good Work School", "Gobi Wool Shop", "Grand Walk Street"]
    assert found(*named("GWS", several[0])) == {("name:GWS@R", "name:Green Wells Society@R")}
    assert found(*named("GWS", *several)) == set()


def test_what_is_settled_is_not_asked_again() -> None:
    parties = named("Society of Green Wells", "Green Wells Society")
    assert suggest(parties, lambda left, right: True) == []


def test_only_what_would_be_asked_is_looked_up_among_decisions() -> None:
    """Looking a pair up costs more than comparing it."""
    looked_up: list[set[str]] = []

    def is_settled(left: str, right: str) -> bool:
        looked_up.append({left, right})
        return False

    suggested = suggest(named("Society of Green Wells", "Green Wells Society", "Ministry of Water", "Ministry of Finance"), is_settled)
    assert looked_up == [{s.left, s.right} for s in suggested] and len(looked_up) == 1


def test_what_is_on_lists_only_is_not_suggested_among_itself() -> None:
    listed = [Party(p.id, p.names, loaded=False) for p in named("Society of Green Wells", "Green Wells Society")]
    assert suggest(listed) == []
    assert len(suggest([*listed, *named("The Green Wells Society")])) == 2


def test_the_order_of_organizations_does_not_matter() -> None:
    parties = named("Society of Green Wells", "Green Wells Society", "GWS", "Green Wells Society Ltd", "Wells")
    shuffled = random.Random(0).sample(parties, len(parties))
    assert suggest(parties) == suggest(shuffled)
    parties = named("Wellsos Onlus", "Wellsom Relief", "Something Else Entirely")
    assert suggest(parties) == suggest(parties[::-1])


def test_the_one_that_would_stand_for_both_comes_first() -> None:
    def order(parties: Iterable[Party]) -> list[str]:
        (suggestion,) = suggest(list(parties))
        return [suggestion.left, suggestion.right]

    local, registered = Party("name:green wells@R", ("Green Wells",)), Party("XM-DAC-41114", ("Green Wells",))
    assert order([local, registered]) == order([registered, local]) == ["XM-DAC-41114", "name:green wells@R"]


@pytest.mark.parametrize("name", ["-", "--", "Wells " * 1500])
def test_what_is_no_name_leaves_the_others_to_be_asked(name: str) -> None:
    one, other = "Zelenye Kolodtsi Society", "Zelenye Kolodtsy Society"
    assert (f"name:{one}@R", f"name:{other}@R") in found(*named(name, "WFA", one, other))
