"""What a map page is, as far as that shows without a browser."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import networkx as nx
import pytest

from partnermap.errors import NotFound, PartnermapError, TooLarge
from partnermap.model import Finding
from partnermap.views import VIEWS, MapPage, draw_map
from partnermap.views.style import CLASSES, KINDS, LINKS, OURS
from tests.views.sample import COVERAGE, PAYLOADS, sample

ROOT = Path(__file__).parents[2]


class Reader(HTMLParser):
    """The tags with their attributes, and the text of scripts and of the data block."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.text: list[str] = []
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, text: str) -> None:
        {"script": self.scripts, "style": self.styles}.get(self._inside, self.text).append(text)


def data_of(page: MapPage) -> dict:
    match = re.search(r'<script type="application/json" id="data">(.*?)</script>', page.html, re.DOTALL)
    assert match
    return json.loads(match[1])


def small() -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    graph.add_node("KGZ", kind="Country", name="Kyrgyzstan")
    return graph


def draw(graph: nx.MultiDiGraph, findings: list = (), **values: str) -> MapPage:
    return draw_map(graph, findings, **{"title": "A map", "coverage": COVERAGE, **values})


def test_page_names_no_address_to_fetch(map_page):
    read = Reader(map_page.html)
    for tag, attributes in read.tags:
        for name in ("src", "href", "srcset", "action", "data", "poster"):
            value = attributes.get(name)
            assert value is None or value.startswith("#"), f"<{tag} {name}={value!r}>"
        assert not [name for name in attributes if name.startswith("on")], f"<{tag}> has an inline handler"
    assert {tag for tag, _ in read.tags}.isdisjoint({"link", "iframe", "object", "embed", "base", "form"})
    assert not [style for style in read.styles if re.search(r"@import|url\(", style)]


def test_policy_allows_the_two_scripts_of_the_page_and_nothing_else(map_page):
    read = Reader(map_page.html)
    policy = next(values["content"] for _, values in read.tags if values.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    plain = [tag for tag, values in read.tags if tag == "script" and "type" not in values]
    scripts = re.findall(r"<script>(.*?)</script>", map_page.html, re.DOTALL)
    hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts}
    assert len(plain) == len(scripts) == 2
    assert set(rules["script-src"].split()) == hashes
    assert rules == {
        "default-src": "'none'",
        "script-src": rules["script-src"],
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_same_input_gives_the_same_bytes_whatever_the_hash_seed_and_the_order():
    code = (
        "import hashlib, random, sys, networkx as nx\n"
        "from tests.views.sample import sample, COVERAGE\n"
        "from partnermap.views import draw_map\n"
        "g, f = sample()\n"
        "shuffled = nx.MultiDiGraph()\n"
        "order = random.Random(int(sys.argv[1]))\n"
        "nodes, edges = list(g.nodes(data=True)), list(g.edges(data=True))\n"
        "order.shuffle(nodes); order.shuffle(edges)\n"
        "shuffled.add_nodes_from(nodes); shuffled.add_edges_from(edges)\n"
        "print(hashlib.sha256(draw_map(shuffled, f, title='T', coverage=COVERAGE).html.encode()).hexdigest())\n"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", code, seed], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(made) == 1


def test_the_callers_graph_is_not_changed():
    graph, findings = sample(activities=40)
    nodes, edges = copy.deepcopy(dict(graph.nodes(data=True))), copy.deepcopy(list(graph.edges(keys=True, data=True)))
    draw(graph, findings)
    assert dict(graph.nodes(data=True)) == nodes
    assert list(graph.edges(keys=True, data=True)) == edges


def test_every_item_has_its_own_place_and_physics_is_off(map_page):
    data = data_of(map_page)
    assert len({(node["x"], node["y"]) for node in data["nodes"]}) == map_page.nodes == len(data["nodes"])
    assert json.loads(data["options"])["physics"] == {"enabled": False}


def test_parallel_and_opposite_links_all_arrive():
    graph = small()
    for key in "ABC":
        graph.add_node(key, kind="Activity", name=key, country="KGZ", size=2.7, level=3, hidden=True, source="x", n_id=1)
        graph.add_edge(key, "KGZ", kind="LOCATED_IN", weight=2)
    graph.add_edge("A", "B", kind="OVERLAPS", **{"class": "joint", "score": 3.0, "text": ""})
    graph.add_edge("B", "A", kind="OVERLAPS", **{"class": "joint", "score": 4.0, "text": ""})
    graph.add_edge("A", "B", kind="FUNDS")
    graph.add_edge("A", "B", kind="FUNDS", text="said twice")
    page = draw(graph)
    data = data_of(page)
    ids = {node["id"]: data["page"]["items"][index]["id"] for index, node in enumerate(data["nodes"])}
    drawn = sorted(
        (link["style"], ids[edge["from"]], ids[edge["to"]], link.get("text", "")) for edge, link in zip(data["edges"], data["page"]["links"], strict=True)
    )
    assert drawn == [
        ("FUNDS", "A", "B", "said twice"), ("LOCATED_IN", "A", "KGZ", ""), ("LOCATED_IN", "B", "KGZ", ""),
        ("LOCATED_IN", "C", "KGZ", ""), ("joint", "A", "B", ""), ("joint", "B", "A", ""),
    ]
    assert not {"level", "source", "n_id"} & set(data["nodes"][0])


def test_document_has_a_type_a_language_and_one_heading(map_page):
    graph, findings = sample(activities=20, payloads=False)
    page = draw(graph, findings, language="fr", title="Asie centrale")
    read = Reader(page.html)
    assert page.html.lstrip().lower().startswith("<!doctype html>")
    assert ("html", {"lang": "fr"}) in read.tags
    assert [tag for tag, _ in read.tags].count("h1") == 1
    assert "".join(read.text).count("Asie centrale") == 2  # heading and title of the window
    assert COVERAGE in "".join(read.text)


def test_without_a_node_the_page_says_so():
    text = "".join(Reader(draw(nx.MultiDiGraph()).html).text)
    assert "There is nothing to draw: no activity, organization or country fits what was asked for." in text


def test_one_node_and_no_finding():
    text = "".join(Reader(draw(small()).html).text)
    assert "One item, and nothing is linked to it. No overlap found among the 0 activities on this map." in text


def test_no_finding_names_what_was_looked_at():
    graph, _ = sample(activities=30, findings=0, payloads=False)
    text = "".join(Reader(draw(graph).html).text)
    assert "No overlap found among the 30 activities on this map." in text


def test_one_finding():
    graph, findings = sample(activities=30, findings=1, payloads=False)
    page = draw(graph, findings)
    assert "1 finding among 30 activities. The map first shows the" in "".join(Reader(page.html).text)
    assert len([tag for tag, values in Reader(page.html).tags if "data-finding" in values]) == 1


def test_findings_whose_activities_are_elsewhere_stay_in_the_table():
    _, findings = sample(activities=30, findings=2, payloads=False)
    elsewhere = [replace(finding, countries=()) for finding in findings]
    text = "".join(Reader(draw(small(), elsewhere).html).text)
    assert "2 findings among 0 activities. None of the findings' activities is on this map; the table lists them." in text
    assert {member["node"] for finding in data_of(draw(small(), elsewhere))["page"]["findings"] for member in finding["members"]} == {""}


def test_overlaps_of_findings_that_are_not_listed_are_left_out_and_counted():
    graph, findings = sample(activities=40, findings=3, payloads=False)
    page = draw(graph, findings[:1])
    inside = len(findings[0].members) - 1
    outside = sum(len(finding.members) - 1 for finding in findings[1:])
    assert [link["style"] for link in data_of(page)["page"]["links"] if link.get("overlap")] == ["duplication"] * inside
    assert f" {outside} overlaps of findings that are not in this list are left out." in page.html


def test_countries_where_nothing_on_the_map_is_at_home_wait_until_ticked():
    """One programme for many countries must not fill the page of one of them."""
    graph = small()
    for key in "ABC":
        graph.add_node(key, kind="Activity", name=key, country="KGZ")
        graph.add_edge(key, "KGZ", kind="LOCATED_IN")
    graph.add_node("W", kind="Activity", name="Worldwide", country="AFG", scope="multi-country")
    graph.add_edge("W", "KGZ", kind="LOCATED_IN")
    for code in ("AFG", "TJK", "UZB"):
        graph.add_node(code, kind="Country", name=code)
        graph.add_edge("W", code, kind="LOCATED_IN")
    graph.add_node("XXX", kind="Country", name="asked for, and nothing is linked to it")
    items = {item["id"]: item for item in data_of(draw(graph))["page"]["items"]}
    assert {key for key, item in items.items() if item.get("row") == "Elsewhere"} == {"AFG", "TJK", "UZB"}
    boxes = {values["value"]: "checked" in values for _, values in Reader(draw(graph).html).tags if values.get("name") == "kind"}
    assert boxes == {"Activity": True, "Country": True, "Elsewhere": False}


def test_a_finding_about_the_world_does_not_fill_the_page_of_one_country():
    """Its countries wait as others do, unless the map is of this finding alone."""
    finding = sample(activities=40)[1][0]
    world = [f"C{number:02d}" for number in range(16)]
    graph = small()
    for key in "AB":
        graph.add_node(key, kind="Activity", name=key, country="KGZ", scope="multi-country" if key == "B" else "")
        graph.add_edge(key, "KGZ", kind="LOCATED_IN")
    for code in world:
        graph.add_node(code, kind="Country", name=code)
        graph.add_edge("B", code, kind="LOCATED_IN")

    def elsewhere(*findings: Finding) -> set[str]:
        items = data_of(draw(graph, list(findings)))["page"]["items"]
        return {item["id"] for item in items if item.get("row") == "Elsewhere"}

    narrow = replace(finding, id="narrow", countries=("KGZ", "C00"), members=(replace(finding.members[0], id="A"),))
    wide = replace(finding, id="wide", countries=("KGZ", *world), members=(replace(finding.members[0], id="B"),))
    assert elsewhere(narrow, wide) == set(world[1:])
    assert elsewhere(wide) == set()


def test_too_many_items_are_refused_with_advice():
    graph = nx.MultiDiGraph()
    graph.add_nodes_from((f"A{number}", {"kind": "Activity", "name": "x"}) for number in range(5_000))
    with pytest.raises(TooLarge) as refused:
        draw(graph)
    assert isinstance(refused.value, PartnermapError)
    assert str(refused.value) == (
        "A map of 5,000 items cannot be read; the limit is 3,000. "
        "Ask for one country, or one finding."
    )


def test_written_file_is_utf8_and_alone(tmp_path):
    """Under an ASCII locale, in an empty working directory: stock pyvis fails and leaves lib/."""
    code = (
        "from pathlib import Path\nfrom tests.views.sample import sample, COVERAGE\nfrom partnermap.views import draw_map\n"
        "g, f = sample()\nprint(draw_map(g, f, title=chr(0x41a) + chr(0x430), coverage=COVERAGE).write(Path('map.html')))\n"
    )
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "map.html\n"
    assert [path.name for path in tmp_path.iterdir()] == ["map.html"]
    written = (tmp_path / "map.html").read_bytes()
    assert "Ка" in written.decode("utf-8")
    assert b"\r" not in written


def test_writing_into_no_folder_says_what_to_do(tmp_path):
    with pytest.raises(NotFound) as refused:
        draw(small()).write(tmp_path / "none" / "map.html")
    assert str(refused.value) == f"{tmp_path / 'none'} is not a folder. Make it first, or choose another place for the page."


def test_odd_values_become_plain_text_and_numbers():
    graph = nx.MultiDiGraph()
    graph.add_node("__proto__", kind="Activity", name="half \ud83d and \x00 and \r\n line", n=5, gone=None)
    graph.add_node("constructor", kind="Vessel", name=None)
    graph.add_edge("__proto__", "constructor", kind="OVERLAPS", **{"class": "new-class", "score": float("nan"), "finding": None})
    graph.add_edge("__proto__", "__proto__", kind="RELATED_TO")
    data = data_of(draw(graph))
    assert [(item["id"], item["name"], item["kind"], item.get("facts")) for item in data["page"]["items"]] == [
        ("__proto__", "half \ufffd and \ufffd and \n line", "Activity", [["N", "5"]]),
        ("constructor", "constructor", "Vessel", None),
    ]
    assert [(link["style"], link["score"]) for link in data["page"]["links"]] == [("new-class", 0.0)]


def test_dates_and_money_of_an_activity_are_told_in_words():
    graph = nx.MultiDiGraph()
    graph.add_node("A", kind="Activity", name="A", start_date="2001-01-01", time="end unknown", money_usd=1234567.8, money_in_doubt=True, carried_out_by="UNDP; ADB")
    graph.add_node("B", kind="Activity", name="B", end_date="2002-01-01", time="closed")
    facts = {item["id"]: item["facts"] for item in data_of(draw(graph))["page"]["items"]}
    assert facts == {
        "A": [["Dates", "2001-01-01 to end unknown (end unknown)"], ["Money", "USD 1,234,568 (in doubt)"], ["Carried out by", "UNDP; ADB"]],
        "B": [["Dates", "start unknown to 2002-01-01 (closed)"], ["Money", "unknown"]],
    }


def test_summary_for_notebooks_is_small_and_escaped(map_page):
    summary = map_page._repr_html_()
    assert len(summary) < 10_000
    assert "<img" not in summary and "<script" not in summary
    assert "KGZ-001" in summary and "KGZ-001  possible duplication  5.6  " in repr(map_page)
    assert len(repr(map_page)) < 5_000


def test_show_gives_a_sandboxed_frame_of_the_whole_page(map_page):
    tags = Reader(map_page.show()._repr_html_()).tags
    assert [(tag, values["sandbox"]) for tag, values in tags] == [("iframe", "allow-scripts")]
    assert tags[0][1]["srcdoc"] == map_page.html


def test_show_warns_before_a_notebook_grows():
    graph, findings = sample(activities=1_100, payloads=False)
    with pytest.warns(UserWarning, match=r"This map has 1,\d+ items and adds about \d\.\d MB to the notebook\."):
        draw(graph, findings).show()


def test_marks_and_lines_differ_by_more_than_colour_and_can_be_seen():
    """Contrast as WCAG 2.1 defines it: relative luminance, 3:1 for marks on white."""
    assert len({style.shape for style in KINDS.values()}) == len(KINDS)
    lines = [*CLASSES.values(), *LINKS.values()]
    assert len({style.dash for style in lines}) == len(lines)
    for style in [*KINDS.values(), OURS]:
        assert max(contrast(style.fill), contrast(style.outline)) >= 3, style
    for line in lines:
        assert contrast(line.colour) >= 3, line


def contrast(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def test_pyvis_brings_the_network_script_with_its_licence():
    text = (files("pyvis") / "templates/lib/vis-9.1.2/vis-network.min.js").read_text(encoding="utf-8")
    assert "@version 9.1.2" in text and "Apache 2.0" in text[:900] and "</script" not in text


def test_templates_hold_no_accidental_template_marks():
    """Scripts and styles pass through Jinja, where {# would begin a comment."""
    for name in ("app.js", "labels.js", "panel.js", "app.css"):
        text = (files("partnermap.views") / "templates" / name).read_text(encoding="utf-8")
        assert not re.search(r"\{[{%#]", text), name


def test_text_of_findings_is_readable_in_the_table_without_scripts(map_page):
    text = "".join(Reader(map_page.html).text)
    for payload in PAYLOADS:
        assert payload in text


def test_views_table_names_the_map():
    assert VIEWS["map"].draw is draw_map
    assert VIEWS["map"].needs == ("graph", "findings")
