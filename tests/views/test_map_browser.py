"""What a person sees and can do with a map page, in a real Chromium without a network."""

from __future__ import annotations

import re
import time

import networkx as nx
import pytest

from partnermap.views import draw_map
from partnermap.views.text import points, score_text
from tests.views.sample import COVERAGE, PAYLOADS, sample

pytestmark = pytest.mark.browser

INK = """() => {
  const canvas = document.querySelector('#map canvas');
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  let painted = 0; const colours = new Set();
  for (let i = 0; i < pixels.length; i += 4) {
    if (pixels[i + 3]) { painted += 1; colours.add((pixels[i] << 16) | (pixels[i + 1] << 8) | pixels[i + 2]); }
  }
  return {share: painted / (pixels.length / 4), colours: colours.size, width: canvas.width, height: canvas.height};
}"""
RAN = "() => window.__x !== undefined || document.querySelectorAll('img[src=\"x\"], a[href^=\"javascript\" i], [onerror], [onclick]').length"


def check_ink(page):
    ink = page.evaluate(INK)
    assert 0.02 < ink["share"] < 0.9 and ink["colours"] > 50, ink
    assert 200 < ink["width"] < 3000 and 200 < ink["height"] < 3000, ink


@pytest.fixture(scope="module")
def plain_page():
    graph, findings = sample(payloads=False)
    return draw_map(graph, findings, title="Central Asia", coverage=COVERAGE)


@pytest.fixture(scope="module")
def large_page():
    graph, findings = sample(activities=1_420, countries=18, findings=60, payloads=False)
    return draw_map(graph, findings, title="Central Asia", coverage=COVERAGE)


def own(requests):
    return [request for request in requests if not request.startswith(("file:", "data:", "about:", "blob:"))]


def test_nothing_is_fetched_and_nothing_complains(map_page, open_page):
    opened = open_page(map_page.html)
    assert own(opened.requests) == []
    assert opened.messages == []


def test_the_frame_for_notebooks_works_in_its_sandbox(map_page, open_page):
    opened = open_page(f"<!doctype html><html lang=en><title>n</title>{map_page.show()._repr_html_()}", ready=False)
    frame = opened.page.frame_locator("iframe")
    frame.locator("html[data-ready]").wait_for(state="attached")
    frame.locator("tr[data-finding='1'] button").click()
    assert frame.locator("#details h2").inner_text() == map_page.findings[1].headline
    assert own(opened.requests) == []
    assert opened.messages == []


def test_hostile_text_is_shown_and_never_run(map_page, open_page):
    opened = open_page(map_page.html)
    page = opened.page
    shown = []
    for index, finding in enumerate(map_page.findings[-len(PAYLOADS):], start=len(map_page.findings) - len(PAYLOADS)):
        page.click(f"tr[data-finding='{index}'] button")
        text = page.inner_text("#details")
        shown.append(PAYLOADS[index - len(map_page.findings)].replace("\u2028", "\n") in text.replace("\u2028", "\n"))
        assert finding.headline in page.text_content(f"tr[data-finding='{index}']")
        for node in page.evaluate("() => partnermap.labels().map((label) => label.node).filter((node) => node >= 0).slice(0, 4)"):
            at = page.evaluate("(node) => partnermap.place(node)", node)
            box = page.locator("#map canvas").bounding_box()
            page.mouse.move(box["x"] + at["x"], box["y"] + at["y"])
            page.wait_for_timeout(160)
            page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
    assert shown == [True] * len(PAYLOADS)
    for payload in PAYLOADS:
        page.fill("#search", payload)
        page.press("#search", "Enter")
        assert payload.split("\u2028")[0] in page.text_content("#details")
    page.check("input[value=all]")
    page.pdf()
    assert page.evaluate(RAN) in (False, 0)
    assert page.evaluate("document.title") == map_page.title
    assert opened.messages == []


def test_a_hovered_name_is_text(open_page):
    graph = nx.MultiDiGraph()
    graph.add_node("C", kind="Country", name=PAYLOADS[1])
    page = open_page(draw_map(graph, [], title="One", coverage=COVERAGE).html).page
    box = page.locator("#map canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2 - 3, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector("div.vis-tooltip", state="visible")
    assert page.inner_text("div.vis-tooltip") == f"{PAYLOADS[1]}\nCountry"
    page.wait_for_timeout(100)
    assert page.evaluate(RAN) in (False, 0)


def test_an_injected_script_does_not_run(map_page, open_page):
    page = open_page(map_page.html).page
    page.evaluate("""() => {
      const script = document.createElement('script'); script.textContent = 'window.__x = 1'; document.body.append(script);
      document.querySelector('footer, section').insertAdjacentHTML('beforeend', '<img src="y" onerror="window.__x = 1">');
    }""")
    page.wait_for_timeout(150)
    assert page.evaluate("window.__x") is None
    assert page.evaluate("fetch('https://example.org').then(() => 'fetched', () => 'refused')") == "refused"


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720)])
def test_the_map_has_ink_and_readable_labels(plain_page, open_page, size):
    page = open_page(plain_page.html, *size).page
    for view in ("near", "all"):
        page.check(f"input[value={view}]")
        page.wait_for_timeout(150)
        check_ink(page)
        boxes = [label["box"] for label in page.evaluate("partnermap.labels()")]
        assert len(boxes) >= 20
        assert [(a, b) for i, a in enumerate(boxes) for b in boxes[:i] if overlap(a, b)] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720)])
def test_panels_stand_side_by_side_and_fit_the_window(map_page, open_page, size):
    page = open_page(map_page.html, *size).page
    page.click("tr[data-finding='2'] button")
    page.evaluate("scrollTo(0, 0)")
    boxes = [page.locator(selector).bounding_box() for selector in (".controls", "section.map", "aside.details", "section.table")]
    sides = [(box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]) for box in boxes]
    assert [(a, b) for i, a in enumerate(sides) for b in sides[:i] if overlap(a, b)] == []
    assert max(side[3] for side in sides[:3]) <= size[1]
    assert sides[1][2] - sides[1][0] > size[0] / 2
    assert sides[3][1] < size[1]  # the heading of the table shows that there is one


def overlap(a, b):
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def test_a_large_map_is_small_and_does_not_move(large_page, open_page):
    assert 1_450 < large_page.nodes < 1_550
    assert len(large_page.html.encode()) < 2_500_000
    opened = open_page(large_page.html, ready=False)
    opened.page.wait_for_selector("html[data-ready]", state="attached")
    assert opened.page.evaluate("partnermap.physics()") is False
    opened.page.check("input[value=all]")
    opened.page.wait_for_timeout(200)
    check_ink(opened.page)
    assert len(opened.page.evaluate("partnermap.labels()")) >= 20


def test_search_folds_accents_takes_enter_and_clears_on_escape(plain_page, open_page):
    page = open_page(plain_page.html).page
    page.fill("#search", "cote d’IVOIRE")
    assert page.locator("#hits li").first.inner_text().startswith("Côte d'Ivoire")
    page.press("#search", "Enter")
    assert page.inner_text("#details h2") == "Côte d'Ivoire"
    assert page.is_hidden("#hits")
    page.press("#search", "Escape")
    assert page.input_value("#search") == ""
    assert page.inner_text("#details h2") == "Where to start"
    page.fill("#search", "no such thing")
    assert page.inner_text("#hits") == "Nothing on this map has that name."


def shown(page):
    return {
        "rows": set(page.eval_on_selector_all("tr[data-finding]:not([hidden])", "rows => rows.map(row => Number(row.dataset.finding))")),
        "findings": {i for i, on in enumerate(page.evaluate("partnermap.shown().findings")) if on},
        "links": set(page.evaluate("partnermap.overlaps().filter((link) => link.shown).map((link) => link.finding)")),
    }


def test_the_score_filter_drives_table_and_links_alike(plain_page, open_page):
    page = open_page(plain_page.html).page
    everything = set(range(len(plain_page.findings)))
    assert shown(page) == {"rows": everything, "findings": everything, "links": everything}
    for threshold in (6.0, 7.0):
        page.evaluate("(value) => { const box = document.getElementById('score'); box.value = value; box.dispatchEvent(new Event('input')); }", threshold)
        wanted = {index for index, finding in enumerate(plain_page.findings) if finding.score >= threshold}
        assert shown(page) == {"rows": wanted, "findings": wanted, "links": wanted}
        assert page.inner_text("#count") == f"{len(wanted)} of {len(everything)} findings"
    page.click("#reset")
    assert shown(page) == {"rows": everything, "findings": everything, "links": everything}


def test_class_and_concerns_filters(plain_page, open_page):
    page = open_page(plain_page.html).page
    page.uncheck("input[name=class][value=joint]")
    page.uncheck("input[name=concerns][value=partners]")
    wanted = {index for index, finding in enumerate(plain_page.findings) if finding.cls != "joint" and finding.concerns != "partners"}
    assert shown(page) == {"rows": wanted, "findings": wanted, "links": wanted}
    for box in page.query_selector_all("input[name=class]"):
        box.uncheck()
    assert page.is_visible("#empty") and page.is_visible("#no-rows")
    assert page.inner_text("#details h2") == "Where to start"


def test_kind_filter_hides_items(plain_page, open_page):
    page = open_page(plain_page.html).page
    page.check("input[value=all]")
    before = page.evaluate("partnermap.shown().nodes.filter(Boolean).length")
    page.uncheck("input[name=kind][value=Organization]")
    assert before - page.evaluate("partnermap.shown().nodes.filter(Boolean).length") == 37


def test_search_shows_what_the_filters_hide(plain_page, open_page):
    page = open_page(plain_page.html).page
    page.uncheck("input[name=kind][value=Country]")
    for name, box in (("Water supply and sanitation", "Sector"), ("Mongolia", "Country")):
        page.fill("#search", name)
        page.press("#search", "Enter")
        assert page.inner_text("#details h2") == name
        assert page.is_checked(f"input[name=kind][value={box}]")
        page.wait_for_timeout(100)
        assert name in {label["text"].replace("\n", " ") for label in page.evaluate("partnermap.labels()")}
    assert page.is_checked("input[value=all]")  # neither is near a finding


def test_panel_and_table_say_what_the_finding_says(map_page, open_page):
    page = open_page(map_page.html).page
    for index, finding in enumerate(map_page.findings):
        row = page.locator(f"tr[data-finding='{index}']")
        row.locator("button").click()
        panel = page.locator("#details")
        reasons = sorted((points(reason.points), reason.text) for reason in finding.reasons)
        for place in (row, panel):
            assert place.locator("[data-score]").text_content().removeprefix("score ") == score_text(finding.score)
            rows = place.locator(".reasons li")
            assert sorted((line.locator(".points").text_content(), line.locator(".because").text_content()) for line in rows.all()) == reasons
        text = panel.text_content()
        whole = [finding.headline, finding.opinion, finding.money, finding.next_step, *finding.speaks_for, *finding.speaks_against, *finding.not_known]
        assert [part for part in whole if part not in text] == []
        members = panel.locator(".member")
        assert members.count() == len(finding.members)
        for member, place in zip(finding.members, members.all(), strict=True):
            assert member.title in place.text_content() and member.rows in place.text_content()
            assert place.locator("button").count() == (0 if member.id.startswith("not loaded") else 1)


def test_a_link_is_made_from_web_addresses_only(map_page, open_page):
    page = open_page(map_page.html).page
    for wanted in ("World Bank", "A1href"):
        page.fill("#search", wanted)
        page.press("#search", "Enter")
        addresses = page.eval_on_selector_all("#details a", "links => links.map(link => link.href)")
        assert addresses == (["https://example.org/?a=1&b=2"] if wanted == "World Bank" else [])
    assert "javascript:window.__x=1" in page.inner_text("#details")


def test_a_finding_opens_with_the_keyboard_alone(plain_page, open_page):
    page = open_page(plain_page.html).page
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        place = page.evaluate("""() => { const at = document.activeElement, box = at.closest('.search, .controls, .map, .details, .table');
          return [box ? box.className : at.tagName, getComputedStyle(at).outlineStyle !== 'none' || at.closest('#map') !== null]; }""")
        reached.append(tuple(place))
        if page.evaluate("document.activeElement.className") == "show":
            break
    page.keyboard.press("Enter")
    assert page.inner_text("#details h2") == plain_page.findings[0].headline
    assert {place for place, _ in reached} >= {"search", "controls", "map", "details", "table"}
    assert all(visible for _, visible in reached), reached


def test_arrow_keys_move_the_map_and_equals_zooms(plain_page, open_page):
    page = open_page(plain_page.html).page
    page.focus("#map .vis-network")
    before = page.evaluate("partnermap.place(0)")
    for key in ("ArrowRight", "="):
        page.keyboard.down(key)
        page.wait_for_timeout(120)
        page.keyboard.up(key)
        after = page.evaluate("partnermap.place(0)")
        assert after != before
        before = after


def test_text_has_enough_contrast(plain_page, open_page):
    page = open_page(plain_page.html).page
    page.click("tr[data-finding='1'] button")
    poor = page.evaluate("""() => {
      const parse = (text) => text.match(/[\\d.]+/g).map(Number);
      const light = (rgb) => { const [r, g, b] = rgb.map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
      const behind = (element) => { for (let at = element; at; at = at.parentElement) {
        const colour = parse(getComputedStyle(at).backgroundColor); if (colour.length < 4 || colour[3] > 0.5) return colour.slice(0, 3); } return [255, 255, 255]; };
      const found = new Set();
      document.querySelectorAll('body *').forEach((element) => {
        if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) || element.closest('script, style, noscript, svg, option')) return;
        const one = light(parse(getComputedStyle(element).color).slice(0, 3)), other = light(behind(element));
        if ((Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05) < 4.5) found.add(element.tagName + '.' + element.className);
      });
      return [...found];
    }""")
    assert poor == []


def test_print_keeps_map_legend_and_the_whole_table(plain_page, open_page):
    page = open_page(plain_page.html).page
    page.wait_for_selector("#print-map[src^='data:image/png']", state="attached")
    pdf = page.pdf(format="A4", landscape=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 2
    assert re.search(rb"/Subtype\s*/Image", pdf)
    page.emulate_media(media="print")
    picture = page.locator("#print-map").bounding_box()
    assert picture["width"] > 300 and picture["height"] > 200
    assert picture["y"] < 400  # first page
    assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
    assert page.locator("tr[data-finding]:visible").count() == len(plain_page.findings)
    assert page.locator(".controls svg.line:visible").count() >= 7
    page.emulate_media(media="screen")
    page.wait_for_timeout(300)
    check_ink(page)


def test_small_pages_are_never_blank(open_page):
    one = nx.MultiDiGraph()
    one.add_node("KGZ", kind="Country", name="Kyrgyzstan")
    graph, findings = sample(activities=30, findings=1, payloads=False)
    quiet, _ = sample(activities=30, findings=0, payloads=False)
    for drawn, listed, sentence in (
        (nx.MultiDiGraph(), [], "There is nothing to draw"),
        (one, [], "One item, and nothing is linked to it."),
        (quiet, [], "No overlap found among the 30 activities on this map."),
        (graph, findings, "1 finding among 30 activities."),
    ):
        opened = open_page(draw_map(drawn, listed, title="Small", coverage=COVERAGE).html)
        assert opened.messages == []
        assert sentence in opened.page.inner_text("body")
        if drawn:
            assert opened.page.evaluate("partnermap.labels().length") >= 1


def test_without_scripts_the_table_still_tells(plain_page, browser, tmp_path):
    path = tmp_path / "page.html"
    plain_page.write(path)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    assert "The map needs JavaScript." in page.inner_text("section.map")
    assert page.locator("tr[data-finding]").count() == len(plain_page.findings)
    context.close()


def test_a_narrow_window_does_not_scroll_sideways(plain_page, open_page):
    page = open_page(plain_page.html, 400, 800).page
    assert page.evaluate("document.documentElement.scrollWidth") == 400
    check_ink(page)


def test_filtering_a_large_map_is_quick(large_page, open_page):
    page = open_page(large_page.html).page
    page.check("input[value=all]")
    started = time.perf_counter()
    page.evaluate("() => { const box = document.getElementById('score'); box.value = 6.5; box.dispatchEvent(new Event('input')); }")
    assert time.perf_counter() - started < 1.0  # measured 0.05 s; a busy machine takes longer
