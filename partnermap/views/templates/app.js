// The page: filters, drawing, search. labels.js and panel.js stand before it in the same script.
// Every text from data goes through textContent; no markup is made from data, and a link only
// from an http(s) address.
(function () {
  "use strict";

  const source = JSON.parse(document.getElementById("data").textContent);
  const page = source.page, items = page.items, links = page.links, findings = page.findings;
  const find = (id) => document.getElementById(id);
  const number = (id) => Number(id.slice(1)); // "n12" and "e12" are the 12th node and edge
  const each = (selector, work) => document.querySelectorAll(selector).forEach(work);
  const checked = (name) => new Set([...document.querySelectorAll(`input[name="${name}"]:checked`)].map((box) => box.value));
  const offered = (name) => new Set([...document.querySelectorAll(`input[name="${name}"]`)].map((box) => box.value));

  // ---- which links touch an item, which findings an activity has ----
  const ends = source.edges.map((edge) => [number(edge.from), number(edge.to)]);
  const touching = items.map(() => []);
  ends.forEach(([one, other], link) => { touching[one].push(link); touching[other].push(link); });
  const members = findings.map((finding) => new Set(finding.members.filter((m) => m.node).map((m) => number(m.node))));
  links.forEach((link, index) => { if (link.finding !== undefined) ends[index].forEach((node) => members[link.finding].add(node)); });
  const findingsOf = items.map(() => []);
  members.forEach((nodes, finding) => nodes.forEach((node) => findingsOf[node].push(finding)));

  const state = {
    view: page.view, focus: null, nodes: items.map(() => true), edges: links.map(() => true),
    findings: findings.map(() => true), order: [], labels: [], painted: false, othersTouched: false,
    pale: { nodes: items.map(() => false), edges: links.map(() => false) }, thick: 1,
  };
  let network = null, nodeRows = null, edgeRows = null;

  const panel = MapPanel(find("details"), { page, ends, touching, findingsOf }, choose);

  // ---- filters ----
  function focused() {
    if (!state.focus) return new Set();
    if (state.focus.node !== undefined) return new Set([state.focus.node]);
    if (state.focus.link !== undefined) return new Set(ends[state.focus.link]);
    return members[state.focus.finding];
  }

  function passes() {
    const score = find("score") ? Number(find("score").value) : -Infinity;
    const classes = checked("class"), allClasses = offered("class");
    const concerns = checked("concerns"), allConcerns = offered("concerns");
    const classOn = (cls) => classes.has(cls) || !allClasses.has(cls);
    findings.forEach((finding, index) => {
      state.findings[index] = finding.score >= score && classOn(finding.cls)
        && (concerns.has(finding.concerns) || !allConcerns.has(finding.concerns));
    });
    return links.map((link) => !link.overlap
      || (classOn(link.style) && (link.finding === undefined ? link.score >= score : state.findings[link.finding])));
  }

  function showNodes(linkPasses) {
    const kinds = checked("kind");
    const near = new Set();
    if (state.view === "near") {
      state.findings.forEach((on, finding) => { if (on) members[finding].forEach((node) => near.add(node)); });
      const core = new Set(near);
      core.forEach((node) => touching[node].forEach((link) => {
        const other = ends[link][0] === node ? ends[link][1] : ends[link][0];
        if (linkPasses[link] && items[other].kind !== "Activity" && !items[other].row) near.add(other);
      }));
    }
    items.forEach((item, index) => { state.nodes[index] = kinds.has(item.row || item.kind) && (state.view === "all" || near.has(index)); });
  }

  function showEdges(linkPasses) {
    const both = (index) => state.nodes[ends[index][0]] && state.nodes[ends[index][1]];
    const degree = items.map(() => 0);
    let others = 0;
    links.forEach((link, index) => {
      if (link.overlap || !both(index)) return;
      others += 1;
      ends[index].forEach((node) => { degree[node] += 1; });
    });
    const box = find("others");
    if (box && !state.othersTouched) box.checked = others <= 350; // all at once is one grey mass
    const focus = focused(), shown = box && box.checked;
    links.forEach((link, index) => {
      const [one, other] = ends[index];
      state.edges[index] = both(index) && (link.overlap ? linkPasses[index]
        : focus.has(one) || focus.has(other) || Boolean(shown && degree[one] <= page.hub_links && degree[other] <= page.hub_links));
    });
    return degree;
  }

  const RANK = { Country: 0, CountryGroup: 0, Organization: 1, Activity: 2, Sector: 3 };
  function refresh() {
    const linkPasses = passes();
    showNodes(linkPasses);
    const degree = showEdges(linkPasses);
    const focus = focused();
    const rank = (node) => (focus.has(node) ? -1 : items[node].row ? 1.5 : (RANK[items[node].kind] ?? 3));
    state.order = items.map((_, node) => node).filter((node) => state.nodes[node])
      .sort((a, b) => rank(a) - rank(b) || Number(Boolean(items[b].ours)) - Number(Boolean(items[a].ours)) || degree[b] - degree[a] || a - b);
    fade(focus);
    if (network) {
      updateNodes();
      updateEdges();
      network.redraw();
    }
    each("tr[data-finding]", (row) => { row.hidden = !state.findings[row.dataset.finding]; });
    const left = state.findings.filter(Boolean).length;
    if (find("count")) find("count").textContent = `${left} of ${findings.length} findings`;
    if (find("no-rows")) find("no-rows").hidden = left > 0;
    if (find("score")) find("score-value").textContent = find("score").value;
    if (find("shown")) find("shown").textContent = `${state.order.length.toLocaleString("en")} of ${items.length.toLocaleString("en")} items, ${state.edges.filter(Boolean).length.toLocaleString("en")} of ${links.length.toLocaleString("en")} links`;
    if (find("empty")) find("empty").hidden = state.order.length > 0;
    if (!state.focus) panel.start(state.findings);
  }

  // beside what is selected, only what a shown link joins to it keeps its colour
  function fade(focus) {
    const bright = new Set(focus), finding = state.focus && state.focus.finding;
    links.forEach((link, index) => {
      const [one, other] = ends[index], inside = focus.has(one) && focus.has(other);
      const touches = focus.has(one) || focus.has(other);
      const kept = !focus.size || (finding !== undefined && link.overlap ? link.finding === finding : touches || inside);
      state.pale.edges[index] = !kept;
      if (kept && state.edges[index]) { bright.add(one); bright.add(other); }
    });
    items.forEach((_, index) => { state.pale.nodes[index] = focus.size > 0 && !bright.has(index); });
  }

  // a key says how an item looks now, so that one batched update carries what differs and no more;
  // vis gets the shown links only: with all 7,900 of 1,500 items, a selection took a second
  const nodeKeys = [], edgeKeys = [];
  const nodeKey = (index) => (state.nodes[index] ? `shown ${state.pale.nodes[index]}` : "");
  const edgeKey = (index) => (state.edges[index] ? `shown ${state.pale.edges[index]} ${links[index].overlap ? state.thick : 1}` : "");
  function updateNodes() {
    const differ = [];
    items.forEach((_, index) => {
      const key = nodeKey(index);
      if (nodeKeys[index] !== key) { nodeKeys[index] = key; differ.push(nodeLook(index)); }
    });
    if (differ.length) nodeRows.update(differ);
  }
  function updateEdges() {
    const differ = [], gone = [];
    links.forEach((_, index) => {
      const key = edgeKey(index);
      if ((edgeKeys[index] || "") === key) return;
      if (key) differ.push(edgeLook(index)); else gone.push("e" + index);
      edgeKeys[index] = key;
    });
    if (gone.length) edgeRows.remove(gone);
    if (differ.length) edgeRows.update(differ);
  }
  const nodeLook = (index) => ({ id: "n" + index, hidden: !state.nodes[index], opacity: state.pale.nodes[index] ? 0.2 : 1 });
  function edgeLook(index) {
    const link = links[index], style = page.styles[link.style], thick = link.overlap ? state.thick : 1;
    const opacity = state.pale.edges[index] ? 0.12 : 1;
    return {
      ...source.edges[index], width: style.width * thick,
      dashes: style.dash.length ? style.dash.map((length) => length * thick) : false,
      color: { color: style.colour, highlight: style.colour, hover: style.colour, opacity },
      arrows: { to: { enabled: style.arrow, scaleFactor: 0.5 } },
      smooth: link.overlap ? { enabled: true, type: "curvedCW", roundness: 0.14 } : false,
      title: link.overlap ? `${style.label}, score ${link.score.toFixed(1)}` : style.label,
    };
  }
  // lines shrink with the map; those of overlaps must stay visible on the overview
  function thicken() {
    const thick = Math.min(4, Math.max(1, Math.round(1.4 / network.getScale()) / 2));
    if (thick === state.thick) return;
    state.thick = thick;
    updateEdges();
  }

  function setView(view) {
    if (state.view === view) return;
    state.view = view;
    each('input[name="view"]', (box) => { box.checked = box.value === view; });
    nodeRows.update(items.map((item, index) => position(item, index)));
    refresh();
    fit();
  }

  function position(item, index) {
    const near = state.view === "near" && item.near;
    return { id: "n" + index, x: near ? near[0] : source.nodes[index].x, y: near ? near[1] : source.nodes[index].y };
  }

  function resetFilters() {
    each('input[name="class"], input[name="concerns"]', (box) => { box.checked = true; });
    each('input[name="kind"]', (box) => { box.checked = box.defaultChecked; });
    if (find("score")) find("score").value = find("score").min;
    state.othersTouched = false;
  }

  // ---- drawing ----
  function draw() {
    const options = JSON.parse(source.options);
    nodeRows = new vis.DataSet(source.nodes.map((node, index) => ({
      ...node, ...position(items[index], index), ...nodeLook(index),
      title: `${items[index].name}\n${page.kinds[items[index].kind]}${items[index].ours ? ", ours" : ""}`,
    })));
    edgeRows = new vis.DataSet();
    items.forEach((_, index) => nodeKeys.push(nodeKey(index)));
    updateEdges();
    network = new vis.Network(find("map"), { nodes: nodeRows, edges: edgeRows }, options);
    const frame = document.querySelector("#map .vis-network");
    frame.setAttribute("role", "group");
    frame.setAttribute("aria-label", "Map. Arrow keys move it, = and - zoom. Search and the table of findings reach every item.");
    network.on("beforeDrawing", drawHalos);
    network.on("afterDrawing", (context) => { drawLabels(context); keepForPrint(); });
    network.on("zoom", thicken);
    network.on("click", (event) => {
      if (event.nodes.length) choose({ node: number(event.nodes[0]) });
      else if (event.edges.length) chooseLink(number(event.edges[0]));
      else choose(null);
    });
    fit();
  }

  function fit(nodes) {
    const wanted = (nodes || state.order).filter((node) => state.nodes[node]);
    if (!network || !wanted.length) return;
    const rows = wanted.map((node) => network.body.nodes["n" + node]);
    const box = (key, size) => {
      const values = rows.map((row) => row[key]), low = Math.min(...values), high = Math.max(...values);
      return { middle: (low + high) / 2, scale: size / Math.max(high - low, 1) };
    };
    const area = find("map"); // room at the edges for labels, which do not scale
    const x = box("x", Math.max(area.clientWidth * 0.78, 60)), y = box("y", Math.max(area.clientHeight - 90, 60));
    const most = nodes ? 1.25 : 2;
    network.moveTo({ position: { x: x.middle, y: y.middle }, scale: Math.min(x.scale, y.scale, most), animation: false });
    thicken();
  }

  function drawHalos(context) {
    const focus = focused();
    if (!focus.size) return;
    const scale = network.getScale();
    context.fillStyle = "#ffd966";
    focus.forEach((node) => {
      const at = network.body.nodes["n" + node];
      if (!state.nodes[node]) return;
      context.beginPath();
      context.arc(at.x, at.y, source.nodes[node].size + Math.max(8, 9 / scale), 0, 2 * Math.PI);
      context.fill();
    });
  }

  function drawLabels(context) {
    const area = find("map"), scale = network.getScale(), focus = focused();
    if (!area.clientWidth || !state.order.length) return;
    const small = (node) => items[node].kind === "Activity" || items[node].kind === "Sector";
    const all = state.order.length <= 150 || scale >= 0.8;
    const wanted = (node) => focus.has(node) || (state.pale.nodes[node] ? items[node].kind === "Country" : !small(node) || all || focus.size > 0);
    const controls = [...document.querySelectorAll(".zoom, #shown")];
    state.labels = MapLabels.draw(context, {
      width: area.clientWidth, height: area.clientHeight, scale, middle: network.getViewPosition(),
      taken: controls.map((box) => [box.offsetLeft, box.offsetTop, box.offsetLeft + box.offsetWidth, box.offsetTop + box.offsetHeight]),
      captions: page.captions[state.view],
      items: state.order.map((node) => {
        const item = items[node], at = network.body.nodes["n" + node], chosen = focus.has(node);
        return {
          node, x: at.x, y: at.y, size: source.nodes[node].size, wanted: wanted(node), text: item.label || item.name, short: item.short,
          font: chosen ? "chosen" : item.kind, pale: small(node) && !chosen, outward: item.kind === "Organization",
          must: chosen || (RANK[item.kind] === 0 && !item.row) || Boolean(item.ours && !small(node)),
        };
      }),
    });
    if (!state.painted) {
      state.painted = true;
      document.documentElement.dataset.ready = "yes";
      performance.mark("painted");
    }
  }

  // print shows this picture: a canvas loses its content when the page is laid out for paper
  let waiting = 0;
  function keepForPrint() {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const canvas = document.querySelector("#map canvas");
      if (canvas && canvas.width > 50 && !matchMedia("print").matches) find("print-map").src = canvas.toDataURL("image/png");
    }, 400);
  }

  function chooseLink(index) {
    const link = links[index];
    if (link.finding !== undefined) { choose({ finding: link.finding }); return; }
    choose({ link: index });
  }

  // ---- choosing: {node}, {finding}, {link} or null ----
  function choose(target, bring) {
    state.focus = target;
    if (target && network) reveal(target);
    else refresh();
    each("tr[aria-current]", (row) => row.removeAttribute("aria-current"));
    if (network) network.unselectAll();
    if (!target) { find("said").textContent = "Selection cleared"; return; }
    if (target.finding !== undefined) {
      const row = document.querySelector(`tr[data-finding="${target.finding}"]`);
      if (row) row.setAttribute("aria-current", "true");
      panel.finding(target.finding);
    } else if (target.link !== undefined) panel.link(target.link);
    else panel.item(target.node);
    find("said").textContent = "Selected: " + find("details").querySelector("h2").textContent;
    if (!network) return;
    const nodes = [...focused()];
    network.selectNodes(nodes.filter((node) => state.nodes[node]).map((node) => "n" + node), false);
    if (bring && nodes.length) {
      const around = nodes.length === 1 ? touching[nodes[0]].flatMap((link) => (state.edges[link] ? ends[link] : [])) : [];
      fit([...nodes, ...around]);
    }
  }

  // what was asked for must be seen, whatever the filters say
  function reveal(target) {
    if (target.finding !== undefined && !state.findings[target.finding]) resetFilters();
    focused().forEach((node) => {
      each('input[name="kind"]', (box) => { if (box.value === (items[node].row || items[node].kind)) box.checked = true; });
    });
    refresh();
    if ([...focused()].some((node) => !state.nodes[node])) setView("all");
  }

  // ---- search ----
  const fold = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/[\u2018\u2019\u02bc`´]/g, "'").toLowerCase();
  const index = [
    ...findings.map((finding, at) => ({ target: { finding: at }, name: `${finding.number} ${finding.headline}`, note: finding.label, text: fold(`${finding.number} ${finding.headline}`) })),
    ...items.map((item, at) => ({ target: { node: at }, name: item.name, note: page.kinds[item.kind], text: fold(`${item.name} ${item.id}`) })),
  ];
  let hits = [], active = 0;

  function search() {
    const wanted = fold(find("search").value.trim()), list = find("hits");
    const words = wanted.split(/\s+/);
    const place = (entry) => (entry.text === wanted ? 0 : entry.text.startsWith(wanted) ? 1 : entry.text.includes(" " + wanted) ? 2 : 3);
    hits = wanted ? index.filter((entry) => words.every((word) => entry.text.includes(word)))
      .map((entry) => [place(entry), entry.target.node === undefined ? 1.5 : (RANK[items[entry.target.node].kind] ?? 3), entry])
      .sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, 10).map((row) => row[2]) : [];
    active = 0;
    list.replaceChildren(...hits.map((entry, at) => {
      const row = makeElement("li");
      row.append(makeElement("span", "", entry.name), makeElement("small", "", entry.note));
      row.id = "hit-" + at;
      row.setAttribute("role", "option");
      row.addEventListener("mousedown", (event) => { event.preventDefault(); take(at); });
      return row;
    }));
    if (wanted && !hits.length) list.append(makeElement("li", "none", "Nothing on this map has that name."));
    list.hidden = !wanted;
    find("search").setAttribute("aria-expanded", String(Boolean(wanted)));
    mark();
  }
  function mark() {
    [...find("hits").children].forEach((row, at) => row.setAttribute("aria-selected", String(at === active && hits.length > 0)));
    if (hits.length) find("search").setAttribute("aria-activedescendant", "hit-" + active);
    else find("search").removeAttribute("aria-activedescendant");
  }
  function take(at) {
    if (!hits[at]) return;
    choose(hits[at].target, true);
    find("hits").hidden = true;
    find("search").setAttribute("aria-expanded", "false");
  }
  function searchKey(event) {
    if (event.key === "Escape") { find("search").value = ""; search(); choose(null); }
    else if (event.key === "Enter") { event.preventDefault(); take(active); }
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (hits.length) active = (active + (event.key === "ArrowDown" ? 1 : hits.length - 1)) % hits.length;
      mark();
    }
  }

  // ---- wiring ----
  each('input[name="class"], input[name="concerns"], input[name="kind"]', (box) => box.addEventListener("change", refresh));
  each('input[name="view"]', (box) => box.addEventListener("change", () => setView(box.value)));
  if (find("score")) find("score").addEventListener("input", refresh);
  if (find("others")) find("others").addEventListener("change", () => { state.othersTouched = true; refresh(); });
  if (find("reset")) find("reset").addEventListener("click", () => { resetFilters(); refresh(); });
  find("search").addEventListener("input", search);
  find("search").addEventListener("keydown", searchKey);
  find("search").addEventListener("blur", () => { find("hits").hidden = true; });
  each("button.show", (button) => button.addEventListener("click", () => {
    choose({ finding: Number(button.closest("tr").dataset.finding) }, true);
    document.querySelector(".screen").scrollIntoView();
    find("details").focus({ preventScroll: true });
  }));
  addEventListener("beforeprint", () => each("td details", (box) => { box.open = true; }));
  addEventListener("resize", () => { if (network && !state.focus && !matchMedia("print").matches) fit(); });

  refresh();
  if (items.length) {
    draw();
    const zoom = (factor) => { network.moveTo({ scale: network.getScale() * factor, animation: false }); thicken(); };
    find("zoom-in").addEventListener("click", () => zoom(1.4));
    find("zoom-out").addEventListener("click", () => zoom(1 / 1.4));
    find("fit").addEventListener("click", () => fit());
  } else document.documentElement.dataset.ready = "yes";

  // for the tests: what is drawn, without the data
  window.partnermap = {
    labels: () => state.labels,
    shown: () => ({ nodes: state.nodes.slice(), edges: state.edges.slice(), findings: state.findings.slice() }),
    place: (node) => network.canvasToDOM({ x: network.body.nodes["n" + node].x, y: network.body.nodes["n" + node].y }),
    overlaps: () => links.map((link, index) => ({ ...link, shown: state.edges[index] })).filter((link) => link.overlap),
    physics: () => network.physics.options.enabled,
  };
})();
