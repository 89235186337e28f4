// Names on the map at a fixed size on screen, in the order given, none over another.
// vis-network scales its labels with the zoom: on the overview none could be read.
const MapLabels = (function () {
  "use strict";

  const FAMILY = '"Segoe UI", system-ui, Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif';
  const FONTS = {
    Country: `600 13px ${FAMILY}`, CountryGroup: `600 13px ${FAMILY}`, Organization: `12px ${FAMILY}`,
    chosen: `600 12px ${FAMILY}`, caption: `italic 13px ${FAMILY}`,
  };
  const OTHER = `11px ${FAMILY}`, LINE = 14, CELL = 40;

  const widths = new Map();
  function measure(context, lines) {
    const key = context.font + lines.join("\n");
    if (!widths.has(key)) widths.set(key, Math.max(...lines.map((text) => context.measureText(text).width)));
    return widths.get(key);
  }

  // boxes in cells: a box is compared with its neighbours only
  function grid() {
    const cells = new Map();
    const keys = (box) => {
      const found = [];
      for (let x = Math.floor(box[0] / CELL); x <= Math.floor(box[2] / CELL); x += 1) {
        for (let y = Math.floor(box[1] / CELL); y <= Math.floor(box[3] / CELL); y += 1) found.push(x * 10007 + y);
      }
      return found;
    };
    const meet = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
    return {
      add(box) { keys(box).forEach((key) => { if (!cells.has(key)) cells.set(key, []); cells.get(key).push(box); }); },
      free(box) { return keys(box).every((key) => !(cells.get(key) || []).some((other) => meet(box, other))); },
    };
  }

  // middles of a label of half width w and half height h around a mark; outward ones away from the map's middle first
  function around(x, y, reach, w, h, area, outward) {
    const below = [x, y + reach + h + 1], above = [x, y - reach - h - 1], right = [x + reach + w + 2, y], left = [x - reach - w - 2, y];
    const upDown = y < area.height / 2 ? [above, below] : [below, above];
    const sides = x < area.width / 2 ? [left, right] : [right, left];
    const level = Math.abs(x - area.width / 2) > 1.3 * Math.abs(y - area.height / 2);
    const tries = !outward ? [below, above, right, left] : level ? [...sides, ...upDown] : [upDown[0], ...sides, upDown[1]];
    for (const down of [1, -1]) for (const across of [1, -1]) tries.push([x + across * (w + reach * 0.6), y + down * (h + reach * 0.6)]);
    return tries;
  }

  function paint(context, lines, x, top, colour) {
    context.lineWidth = 3.5;
    context.strokeStyle = "rgba(255,255,255,.92)";
    context.fillStyle = colour;
    lines.forEach((text, row) => {
      context.strokeText(text, x, top + LINE * (row + 0.5));
      context.fillText(text, x, top + LINE * (row + 0.5));
    });
  }

  // the labels that found room: [{node, text, box}], boxes in pixels of the screen
  function draw(context, area) {
    const ratio = context.canvas.width / area.width, marks = grid(), texts = grid(), found = [];
    const screen = (at) => [(at.x - area.middle.x) * area.scale + area.width / 2, (at.y - area.middle.y) * area.scale + area.height / 2];
    area.taken.forEach((box) => texts.add(box));
    const placed = area.items.map((item) => {
      const [x, y] = screen(item), reach = item.size * area.scale + 2;
      marks.add([x - reach, y - reach, x + reach, y + reach]);
      return { ...item, x, y, reach };
    });
    const write = (item, text, clear) => { // clear: of marks too
      const lines = text.split("\n"), h = (lines.length * LINE) / 2, w = measure(context, lines) / 2 + 2;
      for (const [x, y] of around(item.x, item.y, item.reach, w, h, area, item.outward)) {
        const box = [x - w, y - h, x + w, y + h];
        if (box[0] < 1 || box[1] < 1 || box[2] > area.width - 1 || box[3] > area.height - 1) continue;
        if (!texts.free(box) || (clear && !marks.free(box))) continue;
        texts.add(box);
        found.push({ node: item.node, text, box });
        paint(context, lines, x, y - h, item.pale ? "#3c434c" : "#1b1f24");
        return true;
      }
      return false;
    };
    context.save();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.font = FONTS.caption;
    area.captions.forEach((caption) => {
      const [x, y] = screen(caption);
      write({ node: -1, x, y, reach: 0, pale: true }, caption.text, false);
    });
    placed.forEach((item) => {
      if (!item.wanted || item.x < 0 || item.y < 0 || item.x > area.width || item.y > area.height) return;
      context.font = FONTS[item.font] || OTHER;
      if (write(item, item.text, true) || (item.short && write(item, item.short, true))) return;
      if (item.must) write(item, item.text, false);
    });
    context.restore();
    return found;
  }

  return { draw };
})();
