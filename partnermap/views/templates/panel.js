// The details panel: a finding, an item, a link, or where to start. Every text is set as text.
function makeElement(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) { made.textContent = text; made.dir = "auto"; }
  return made;
}

function MapPanel(box, view, choose) {
  "use strict";

  const make = makeElement;
  const { page, ends, touching, findingsOf } = view, { items, links, findings } = page;

  function go(text, note, target) {
    const button = make("button", "go");
    button.type = "button";
    button.append(make("span", "", text));
    if (note) button.append(make("small", "", note));
    button.addEventListener("click", () => { choose(target, true); box.focus({ preventScroll: true }); });
    return button;
  }
  function listed(entries, className) {
    const list = make("ul", className);
    entries.forEach((entry) => { const row = make("li"); row.append(entry); list.append(row); });
    return list;
  }
  function shortList(rows) {
    if (rows.length <= 15) return [listed(rows, "plain")];
    const more = make("details");
    more.append(make("summary", "", `${rows.length - 12} more`), listed(rows.slice(12), "plain"));
    return [listed(rows.slice(0, 12), "plain"), more];
  }
  const texts = (lines) => listed(lines.map((line) => make("span", "", line)));

  function factValue(text) {
    const value = make("dd", "", text);
    let address = null;
    if (/^https?:\/\/\S+$/i.test(text)) { try { address = new URL(text); } catch (error) { address = null; } }
    if (address) {
      const link = make("a", "", text);
      link.href = address.href;
      link.target = "_blank";
      link.rel = "noopener noreferrer";
      value.replaceChildren(link);
    }
    return value;
  }

  function put(chosen, ...parts) {
    box.replaceChildren(...(chosen ? [backButton()] : []), ...parts);
    box.parentElement.scrollTop = 0;
    box.parentElement.classList.toggle("chosen", chosen);
  }
  function backButton() {
    const button = make("button", "back", "Clear selection");
    button.type = "button";
    button.addEventListener("click", () => { choose(null); box.focus({ preventScroll: true }); });
    return button;
  }

  function showStart(shown) {
    const parts = [make("h2", "", findings.length ? "Where to start" : "Details")];
    const top = findings.map((_, index) => index).filter((index) => shown[index]).slice(0, 7);
    if (top.length) {
      parts.push(listed(top.map((index) => go(findings[index].headline, `${findings[index].number} · ${findings[index].label} · ${findings[index].strength}`, { finding: index })), "plain start"));
    } else if (findings.length) parts.push(make("p", "", "No finding passes the filters."));
    parts.push(make("p", "eyebrow", items.length ? "Select an item or a line on the map, a search result, or a finding in the table." : "Nothing to select."));
    put(false, ...parts);
  }

  function showFinding(index) {
    const finding = findings[index], parts = [make("p", "eyebrow", finding.number), make("h2", "", finding.headline)];
    const tags = listed([finding.label, finding.strength, `score ${finding.score_text}`, finding.concerns && `concerns ${finding.concerns}`, finding.status]
      .filter(Boolean).map((text) => make("span", "", text)), "tags");
    tags.firstChild.classList.add("class");
    tags.children[finding.strength ? 2 : 1].dataset.score = finding.score_text;
    parts.push(tags);
    if (finding.opinion) parts.push(make("p", "opinion", finding.opinion));
    const section = (title, content) => parts.push(make("h3", "", title), content);
    section("For", finding.speaks_for.length ? texts(finding.speaks_for) : make("p", "", "Nothing."));
    section("Against", finding.speaks_against.length ? texts(finding.speaks_against) : make("p", "", "Nothing in the loaded data."));
    section("Money", make("p", "", finding.money || "Unknown."));
    section("Not known", finding.not_known.length ? texts(finding.not_known) : make("p", "", "Nothing noted."));
    if (finding.next_step) section("Next step", make("p", "next", finding.next_step));
    section(finding.members.length === 1 ? "The activity" : `The ${finding.members.length} activities`, listed(finding.members.map(memberRow), "plain"));
    if (finding.reasons.length) {
      const more = make("details"), list = make("ul", "reasons");
      more.append(make("summary", "", `How the score of ${finding.score_exact} comes about`));
      finding.reasons.forEach((reason) => {
        const row = make("li");
        row.append(make("span", "points", reason.points), make("span", "because", reason.text));
        list.append(row);
      });
      more.append(list);
      parts.push(more);
    }
    put(true, ...parts);
  }

  function memberRow(member) {
    const row = make("div", "member");
    row.append(member.node ? go(member.title, "", { node: Number(member.node.slice(1)) }) : make("p", "name", member.title));
    const line = (text) => { if (text) row.append(make("small", "", text)); };
    line([member.ours ? "ours" : "", ...member.actors].filter(Boolean).join(" · "));
    line([member.dates, member.time, member.money === "unknown" ? "money unknown" : member.money].filter(Boolean).join(" · "));
    line([member.id, member.source, member.node ? "" : "not on this map"].filter(Boolean).join(" · "));
    return row;
  }

  function showItem(node) {
    const item = items[node], parts = [make("p", "eyebrow", page.kinds[item.kind] + (item.ours ? ", ours" : "")), make("h2", "", item.name)];
    const facts = make("dl");
    facts.append(make("dt", "", "Identifier"), make("dd", "", item.id));
    (item.facts || []).forEach(([label, text]) => facts.append(make("dt", "", label), factValue(text)));
    parts.push(facts);
    const near = new Set(findingsOf[node]);
    if (item.kind !== "Activity") touching[node].forEach((link) => ends[link].forEach((other) => findingsOf[other].forEach((index) => near.add(index))));
    if (near.size) {
      parts.push(make("h3", "", `Findings (${near.size})`), ...shortList([...near].sort((a, b) => a - b).map((index) =>
        go(findings[index].headline, `${findings[index].number} · ${findings[index].label} · score ${findings[index].score_text}`, { finding: index }))));
    }
    const groups = new Map();
    touching[node].forEach((link) => {
      if (links[link].overlap) return;
      const other = ends[link][0] === node ? ends[link][1] : ends[link][0], title = page.styles[links[link].style].label;
      if (!groups.has(title)) groups.set(title, []);
      groups.get(title).push([items[other].name, go(items[other].name, links[link].text || "", { node: other })]);
    });
    groups.forEach((rows, title) => {
      rows.sort((a, b) => (a[0] < b[0] ? -1 : 1));
      parts.push(make("h3", "", `${title[0].toUpperCase()}${title.slice(1)} (${rows.length})`), ...shortList(rows.map((row) => row[1])));
    });
    if (!touching[node].length) parts.push(make("p", "", "Nothing on this map is linked to it."));
    put(true, ...parts);
  }

  function showLink(index) {
    const link = links[index], style = page.styles[link.style];
    const parts = [make("p", "eyebrow", link.overlap ? `Overlap, score ${link.score.toFixed(1)}` : "Link"), make("h2", "", style.label)];
    if (link.text) parts.push(make("p", "", link.text));
    parts.push(listed(ends[index].map((node) => go(items[node].name, page.kinds[items[node].kind], { node })), "plain"));
    put(true, ...parts);
  }

  return { start: showStart, finding: showFinding, item: showItem, link: showLink };
}
