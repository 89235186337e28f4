"""A made-up region for the tests of the views: realistic names, several scripts, hostile text.

``sample()`` gives the graph and the findings. To look at the page it makes::

    python -m tests.views.sample map.html            # about 300 items
    python -m tests.views.sample map.html 1200       # with 1,200 activities
"""

from __future__ import annotations

import itertools
import random
import sys
from pathlib import Path

import networkx as nx

from partnermap.model import Finding, Member, Reason

COUNTRIES = {
    "KGZ": "Kyrgyzstan", "TJK": "Tajikistan", "UZB": "Uzbekistan", "KAZ": "Kazakhstan", "TKM": "Turkmenistan",
    "MNG": "Mongolia", "CIV": "Côte d'Ivoire", "MKD": "North Macedonia", "BIH": "Bosnia and Herzegovina",
    "MDA": "Moldova, Republic of", "GEO": "Georgia", "ARM": "Armenia", "AZE": "Azerbaijan", "ALB": "Albania",
    "SRB": "Serbia", "UKR": "Ukraine", "LAO": "Lao People's Democratic Republic", "KHM": "Cambodia",
}
ORGANIZATIONS = [
    "United Nations Economic Commission for Europe", "World Bank", "Asian Development Bank",
    "United Nations Development Programme", "European Bank for Reconstruction and Development",
    "Global Environment Facility", "Food and Agriculture Organization", "European Commission", "OSCE",
    "UN Environment Programme", "International Fund for Agricultural Development", "GIZ",
    "Japan International Cooperation Agency", "Swiss Agency for Development and Cooperation",
    "Islamic Development Bank", "UNESCO", "World Health Organization", "UNIDO", "Eurasian Development Bank",
    "Агентство охраны окружающей среды и лесного хозяйства", "Министерство транспорта и дорог", "Таможенная служба",
    "وزارة البيئة والموارد الطبيعية", "国家发展和改革委员会", "環境省",
]
SECTORS = [
    "Water supply and sanitation", "Road transport", "Trade facilitation", "Energy efficiency", "Forestry",
    "Biodiversity", "Disaster risk reduction", "Statistics capacity building", "Air quality", "Housing policy",
]
THEMES = [
    "Water safety plans for small towns", "Customs modernization", "Regional road corridor, section {n}",
    "Sustainable forest management", "Air quality monitoring network", "Energy efficiency in public buildings",
    "Tian Shan protected areas", "Disaster hazard mitigation", "Transboundary river commission support",
    "National statistics strategy", "Trade facilitation and single window", "Healthy housing guidelines",
    "Управление водными ресурсами бассейна", "Устойчивое управление лесами", "إدارة الموارد المائية المشتركة",
    "跨境水资源管理项目", "Industrial safety and transboundary accidents", "Mercury phase-out",
    "Climate-resilient roads", "Land degradation neutrality",
]
PHASES = ["", " phase II", " phase III", ", additional financing", ", preparation", " (technical assistance)"]

PAYLOADS = [
    "</script><img src=x onerror=window.__x=1>",
    "href <img src=x onerror=window.__x=1>",
    "javascript:window.__x=1",
    "line\u2028separator\u2029\"quotes\" 'single' `tick` ${window.__x=1} {{ 7*7 }} {% raw %}",
    "<!--<script>window.__x=1</script>",
]
OURS = "XM-DAC-41314"


def sample(activities: int = 220, countries: int = 9, findings: int = 10, payloads: bool = True, seed: int = 7) -> tuple[nx.MultiDiGraph, list[Finding]]:
    """A graph with about ``activities`` and 80 more nodes, and its findings."""
    chance = random.Random(seed)
    graph = nx.MultiDiGraph()
    for code in list(COUNTRIES)[:countries]:
        graph.add_node(code, kind="Country", name=COUNTRIES[code], iso_code=code)
    graph.add_node("CENTRAL-ASIA", kind="CountryGroup", name="Central Asia")
    for position, name in enumerate(SECTORS):
        graph.add_node(f"S:{position}", kind="Sector", name=name)
    names = ORGANIZATIONS + [f"Agency for {theme.split(',')[0].lower()}" for theme in THEMES[:12]]
    organizations = []
    for position, name in enumerate(names):
        key = OURS if position == 0 else f"ORG-{position:02d}"
        organizations.append(key)
        facts = {"web": "https://example.org/?a=1&b=2"} if position < 5 else {}
        graph.add_node(key, kind="Organization", name=name, ours=position == 0, **facts)
    for position in range(activities):
        _activity(graph, chance, position, organizations, list(COUNTRIES)[:countries])
    listed = [_finding(graph, chance, position, activities, list(COUNTRIES)[:countries]) for position in range(findings)]
    if payloads:
        listed += _hostile(graph)
    return graph, listed


def _activity(graph: nx.MultiDiGraph, chance: random.Random, position: int, organizations: list[str], codes: list[str]) -> None:
    key = f"A-{position:04d}"
    title = chance.choice(THEMES).format(n=position % 7 + 1) + chance.choice(PHASES)
    country = codes[min(int(chance.expovariate(0.45)), len(codes) - 1)]
    scope = "national"
    if position % 17 == 0:
        scope = chance.choice(["regional", "global", "multi-country"])
    start = chance.randint(2004, 2026)
    lead = organizations[min(int(chance.expovariate(0.18)), len(organizations) - 1)]
    time = chance.choice(["running", "closed", "end unknown"])
    home = country if scope == "national" else None
    graph.add_node(key, kind="Activity", name=title, ours=lead == OURS, start_date=f"{start}-03-01", time=time, country=home, scope=scope)
    graph.add_edge(lead, key, kind="PARTICIPATES_IN", text="implementing")
    graph.add_edge(lead, key, kind="REPORTS")
    for other in chance.sample(organizations, chance.randint(0, 2)):
        graph.add_edge(other, key, kind="PARTICIPATES_IN", text="funding")
    if scope == "national":
        graph.add_edge(key, country, kind="LOCATED_IN")
    elif scope == "multi-country":
        for code in chance.sample(codes, min(3, len(codes))):
            graph.add_edge(key, code, kind="LOCATED_IN")
    elif scope == "regional":
        graph.add_edge(key, "CENTRAL-ASIA", kind="LOCATED_IN")
    for sector in chance.sample(range(len(SECTORS)), chance.randint(1, 2)):
        graph.add_edge(key, f"S:{sector}", kind="IN_SECTOR")
    if position % 25 == 3:
        graph.add_edge(key, f"A-{position - 1:04d}", kind="FUNDS")
    if position % 40 == 5:
        graph.add_edge(key, f"A-{position - 2:04d}", kind="RELATED_TO", text="sibling")


CLASSES = ["duplication", "parallel", "joint", "same-money", "sequence", "part-of", "same-activity"]


def _finding(graph: nx.MultiDiGraph, chance: random.Random, position: int, activities: int, codes: list[str]) -> Finding:
    cls = CLASSES[position % len(CLASSES)]
    homes: dict[str, list[str]] = {}
    for key, values in graph.nodes(data=True):
        if values.get("country"):
            homes.setdefault(values["country"], []).append(key)
    busy = [code for code in codes if len(homes.get(code, [])) > 1][:5]
    code = busy[position % len(busy)]
    inside = homes[code]
    keys = sorted(chance.sample(inside, min(len(inside), 2 + (position % 3))))
    reasons = (
        Reason("title", "text", round(2 + chance.random() * 3, 3), "Both titles name the same town and the same purpose"),
        Reason("place", "place", 2.0, f"Both are in {COUNTRIES[code]}, in the same district"),
        Reason("dates", "time", 1.25, "Both run in 2024 and 2025, 17 months shared"),
        Reason("money", "money", -0.5, "The amounts differ by a factor of eight"),
    )
    score = round(sum(reason.points for reason in reasons), 3)
    finding = f"F{position:03d}"
    for left, right in itertools.pairwise(keys):
        graph.add_edge(left, right, kind="OVERLAPS", **{"class": cls, "score": score, "finding": finding, "text": "title, place, dates"})
    actors = [
        next(graph.nodes[org]["name"] for org, _, values in sorted(graph.in_edges(key, data=True), key=lambda row: (row[0], row[2]["kind"])) if values["kind"] == "PARTICIPATES_IN")
        for key in keys
    ]
    theme = graph.nodes[keys[0]]["name"]
    return Finding(
        id=finding,
        number=f"{code}-{position + 1:03d}",
        kind="overlap",
        cls=cls,
        score=score,
        strength=["strong", "fair", "weak"][position % 3],
        concerns="ours" if any(graph.nodes[key]["ours"] for key in keys) or position % 4 == 0 else "partners",
        status="open",
        money_usd=None if position % 3 == 2 else 1_250_000.0 * (position + 1),
        countries=(code,),
        headline=f"{actors[0]} and {actors[-1]}: {theme}, {COUNTRIES[code]}",
        opinion=f"{cls.replace('-', ' ').capitalize()}, {['strong', 'fair', 'weak'][position % 3]}: three independent reasons.",
        speaks_for=("Both name the same town and the same purpose.", "17 months shared, 2024 to 2025."),
        speaks_against=("The amounts differ by a factor of eight.",) if position % 2 else (),
        money=f"Up to USD {1.25 * (position + 1):.2f} million on the smaller side; one of two known.",
        not_known=("End date of the second activity.", "Which districts the first one covers."),
        next_step=f"Ask {actors[-1]}'s country office in {COUNTRIES[code]} for its list of districts.",
        members=tuple(
            Member(key, graph.nodes[key]["name"], (actor,), "2024-01-01", None, 1_250_000.0, "gef", f"gef.xml activity {position * 7}", "running", graph.nodes[key]["ours"])
            for key, actor in zip(keys, actors, strict=True)
        ),
        reasons=reasons,
        pairs=tuple(itertools.pairwise(keys)),
    )


def _hostile(graph: nx.MultiDiGraph) -> list[Finding]:
    """Every text field of every record holds something that a careless page would run."""
    listed = []
    for position, text in enumerate(PAYLOADS):
        country, organization, activity, other = (f"{kind}{position}{text}" for kind in ("C", "O", "A", "B"))
        facts = {text: text, "web": "javascript:window.__x=1", "page": f"https://example.org/{position}\" onclick=\"window.__x=1"}
        graph.add_node(country, kind="Country", name=f"Country {text}", **facts)
        graph.add_node(organization, kind="Organization", name=text, **facts)
        graph.add_node(f"S{position}{text}", kind="Sector", name=text)
        for key in (activity, other):
            graph.add_node(key, kind="Activity", name=f"{text} إدارة 跨境 {key[0]}", start_date=text, end_date=text, time=text, country=country, scope=text, **facts)
            graph.add_edge(organization, key, kind="PARTICIPATES_IN", text=text)
            graph.add_edge(key, country, kind="LOCATED_IN", text=text)
            graph.add_edge(key, f"S{position}{text}", kind="IN_SECTOR", text=text)
        graph.add_edge(activity, other, kind="OVERLAPS", **{"class": "parallel", "score": 3.5, "finding": f"X{position}{text}", "text": text})
        listed.append(
            Finding(
                id=f"X{position}{text}", number=f"X-{position} {text}", kind="overlap", cls="parallel", score=3.5, strength=text,
                concerns="partners", status=text, money_usd=None, countries=(country,), headline=text, opinion=text,
                speaks_for=(text,), speaks_against=(text,), money=text, not_known=(text,), next_step=text,
                members=(
                    Member(activity, text, (text,), text, text, 5.0, text, text, text),
                    Member(f"not loaded {text}", text, (text,), None, None, None, text, text),
                ),
                reasons=(Reason(text, "text", 3.5, text, (text,), (text,)),),
            )
        )
    return listed


COVERAGE = (
    "Looked at 220 activities of 25 organizations (World Bank, Asian Development Bank, UNDP, EBRD, GEF, FAO, European Commission, "
    "OSCE and 17 more), newest date 2026-03-01, as of 2026-05-04. Nothing loaded of: UN country team, IFAD."
)

if __name__ == "__main__":
    from partnermap.views import draw_map

    size = int(sys.argv[2]) if len(sys.argv) > 2 else 220
    graph, findings = sample(size, countries=9 if size < 500 else 18, payloads=False)
    print(draw_map(graph, findings, title="Central Asia: who does what", coverage=COVERAGE).write(Path(sys.argv[1])))
