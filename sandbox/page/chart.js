/**
 * Slack's `data_visualization` block drawn as SVG: line, area, bar and pie.
 * Source: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
 *
 * Series differ by colour, dash and marker, so that colour is never the only cue; the same numbers
 * stand in a table for those who can't see the picture.
 */
import { h, s, uid } from "./dom.js";
import { pie } from "./chart_pie.js";
import { SERIES, marker, number } from "./chart_marks.js";

const HEIGHT = 250;
const LINE = 14;

/** A figure for one data_visualization block. */
export function chart(block) {
  const spec = block.chart ?? {};
  if (spec.type === "pie") return figure(block, pieTable(spec), spec.segments ?? [], () => pie(spec.segments ?? []));
  if (!["line", "bar", "area"].includes(spec.type)) return null;
  return figure(block, seriesTable(spec), spec.series ?? [], (width) => plot(spec, width));
}

/** Title, picture (redrawn at its real width, so that its letters keep their size), legend, table. */
function figure(block, table, entries, draw) {
  const [titleId, descId] = [uid("chart"), uid("chart")];
  const holder = h("div.chart-holder");
  let drawn = 0;
  const redraw = (width) => {
    if (!width || Math.abs(width - drawn) < 2) return;
    drawn = width;
    const svg = draw(width);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-labelledby", `${titleId} ${descId}`);
    svg.prepend(
      s("title", { id: titleId }, block.title ?? "Chart"),
      s("desc", { id: descId }, describe(block)),
    );
    holder.replaceChildren(svg);
  };
  new ResizeObserver(([entry]) => redraw(Math.round(entry.contentRect.width))).observe(holder);
  return h(
    "figure.chart",
    {},
    h("figcaption.chart-title", {}, block.title ?? "Chart"),
    holder,
    entries.length > 1 || block.chart.type === "pie" ? legend(entries, block.chart.type) : null,
    table,
  );
}

function describe(block) {
  const spec = block.chart;
  if (spec.type === "pie") return `Pie chart with ${(spec.segments ?? []).length} segments.`;
  const categories = categoriesOf(spec);
  const names = (spec.series ?? []).map((one) => one.name).join(", ");
  const axis = spec.axis_config ?? {};
  const across = axis.x_label ? ` by ${axis.x_label}` : "";
  return `${spec.type} chart of ${names}${across}, from ${categories[0]} to ${categories.at(-1)}. Its numbers follow as a table.`;
}

function legend(entries, type) {
  return h(
    "ul.legend",
    { "aria-hidden": "true" },
    entries.map((entry, index) => h("li", {}, swatch(index, type), entry.name ?? entry.label)),
  );
}

function swatch(index, type) {
  const { colour, dash } = SERIES[index % SERIES.length];
  if (type !== "line" && type !== "area") {
    return s("svg", { viewBox: "0 0 12 12", class: "swatch" }, s("rect", { width: 12, height: 12, rx: 3, class: colour }));
  }
  return s(
    "svg",
    { viewBox: "0 0 28 12", class: "swatch wide" },
    s("line", { x1: 1, x2: 27, y1: 6, y2: 6, class: `stroke ${colour}`, "stroke-dasharray": dash }),
    marker(index, 14, 6),
  );
}

const categoriesOf = (spec) =>
  spec.axis_config?.categories ?? (spec.series?.[0]?.data ?? []).map((point) => point.label);

/** Value of a series at each category, null where it has none. */
function values(series, categories) {
  const byLabel = new Map((series.data ?? []).map((point) => [point.label, Number(point.value)]));
  return categories.map((label) => byLabel.get(label) ?? null);
}

function plot(spec, width) {
  const categories = categoriesOf(spec);
  const rows = (spec.series ?? []).map((one) => values(one, categories));
  const axis = spec.axis_config ?? {};
  const ticks = niceTicks(rows.flat().filter((v) => v !== null));
  const tickWidth = Math.max(...ticks.map((tick) => number(tick).length)) * 7;
  const [left, right] = [tickWidth + 14 + (axis.y_label ? 20 : 0), width - 12];
  const step = (right - left) / categories.length;
  const labels = wrapped(categories, step);
  const below = 26 + (labels.some((lines) => lines.length > 1) ? LINE : 0) + (axis.x_label ? 20 : 0);
  const box = { left, right, top: 12, bottom: HEIGHT - below };
  const y = (v) => box.bottom - ((v - ticks[0]) / (ticks.at(-1) - ticks[0])) * (box.bottom - box.top);
  const x = (i) => box.left + step * (i + 0.5);
  const place = { box, x, y, step, categories, labels, names: (spec.series ?? []).map((one) => one.name) };
  const draw = spec.type === "bar" ? bars : curves;
  return s(
    "svg",
    { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, class: "plot" },
    grid(ticks, place),
    axisLabels(place, axis),
    draw(rows, place, spec.type === "area"),
  );
}

function grid(ticks, { box, y }) {
  return ticks.map((tick) => [
    s("line", { x1: box.left, x2: box.right, y1: y(tick), y2: y(tick), class: tick === 0 ? "base" : "gridline" }),
    s("text", { x: box.left - 8, y: y(tick) + 4, class: "tick end" }, number(tick)),
  ]);
}

/** Pixels that the widest of some texts takes, at most. */
const widest = (texts) => Math.max(...texts.map((text) => text.length)) * 6.8 + 10;

/** Each category's lines: those too wide for their place are broken after a comma, where that makes them all fit. */
function wrapped(categories, step) {
  const plain = categories.map((label) => [label]);
  if (widest(categories) <= step) return plain;
  const broken = categories.map((label) => label.split(/(?<=,) /, 2));
  return widest(broken.flat()) - 10 <= step ? broken : plain;
}

/** Category names, thinned until they don't touch, and the names of the axes. */
function axisLabels({ box, x, step, labels }, axis) {
  const fits = labels.some((lines) => lines.length > 1);
  const every = fits ? 1 : Math.max(1, Math.ceil(widest(labels.flat()) / step));
  const middle = (box.top + box.bottom) / 2;
  return [
    labels.map((lines, i) =>
      i % every
        ? null
        : lines.map((line, row) =>
            s("text", { x: x(i), y: box.bottom + 18 + row * LINE, class: "tick middle" }, line),
          ),
    ),
    axis.x_label ? s("text", { x: (box.left + box.right) / 2, y: HEIGHT - 6, class: "axis middle" }, axis.x_label) : null,
    axis.y_label
      ? s("text", { x: 12, y: middle, class: "axis middle", transform: `rotate(-90 12 ${middle})` }, axis.y_label)
      : null,
  ];
}

function bars(rows, { box, x, y, step, categories, names }) {
  const group = step * 0.72;
  const wide = Math.min(group / rows.length, 48);
  const zero = Math.min(Math.max(y(0), box.top), box.bottom);
  return rows.map((row, r) =>
    row.map((v, i) => {
      if (v === null) return null;
      const left = x(i) - (wide * rows.length) / 2 + wide * r + 1;
      return s(
        "rect",
        {
          x: left, y: Math.min(y(v), zero), width: Math.max(wide - 2, 1), height: Math.abs(y(v) - zero),
          rx: 2, class: SERIES[r % SERIES.length].colour,
        },
        s("title", {}, `${names[r]}, ${categories[i]}: ${number(v)}`),
      );
    }),
  );
}

function curves(rows, { box, x, y, categories, names }, filled) {
  return rows.map((row, r) => {
    const { colour, dash } = SERIES[r % SERIES.length];
    const known = row.map((v, i) => (v === null ? null : [x(i), y(v)]));
    return [
      stretches(known).map((points) => {
        const path = points.map(([px, py], i) => `${i ? "L" : "M"}${px.toFixed(1)} ${py.toFixed(1)}`).join("");
        const close = `L${points.at(-1)[0]} ${box.bottom}L${points[0][0]} ${box.bottom}Z`;
        return [
          filled ? s("path", { d: path + close, class: `fill ${colour}` }) : null,
          s("path", { d: path, class: `stroke ${colour}`, "stroke-dasharray": dash }),
        ];
      }),
      known.map((point, i) =>
        point ? marker(r, point[0], point[1], `${names[r]}, ${categories[i]}: ${number(row[i])}`) : null,
      ),
    ];
  });
}

/** Runs of neighbouring points: a gap in the data stays a gap in the line. */
function stretches(points) {
  const runs = [[]];
  for (const point of points) {
    if (point) runs.at(-1).push(point);
    else if (runs.at(-1).length) runs.push([]);
  }
  return runs.filter((run) => run.length);
}

/** Four to six round steps (1, 2, 2.5 or 5 × 10ⁿ) that hold zero and every value. */
export function niceTicks(all) {
  const low = Math.min(0, ...all);
  const high = Math.max(0, ...all) || (low < 0 ? 0 : 1);
  const raw = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].find((n) => n * power >= raw) * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function seriesTable(spec) {
  const categories = categoriesOf(spec);
  const series = spec.series ?? [];
  return hiddenTable(
    [spec.axis_config?.x_label || "Category", ...series.map((one) => one.name)],
    categories.map((label, i) => [label, ...series.map((one) => number(values(one, categories)[i]))]),
  );
}

function pieTable(spec) {
  return hiddenTable(["Segment", "Value"], (spec.segments ?? []).map((one) => [one.label, number(one.value)]));
}

function hiddenTable(head, rows) {
  return h(
    "div.visually-hidden",
    {},
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, head.map((cell) => h("th", { scope: "col" }, cell)))),
      h("tbody", {}, rows.map(([first, ...rest]) => h("tr", {}, h("th", { scope: "row" }, first), rest.map((c) => h("td", {}, c))))),
    ),
  );
}
