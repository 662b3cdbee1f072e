/** The pie of a `data_visualization` block. */
import { s } from "./dom.js";
import { SERIES, number } from "./chart_marks.js";

const SIZE = 200;
const CENTRE = SIZE / 2;
const RADIUS = 92;

/** A pie of segments {label, value > 0}, clockwise from twelve o'clock, shares written where they fit. */
export function pie(segments) {
  const total = segments.reduce((sum, one) => sum + Number(one.value), 0) || 1;
  let turn = 0;
  const slices = segments.map((one, i) => {
    const share = Number(one.value) / total;
    const from = turn;
    turn += share;
    return slice(one, share, from, turn, i);
  });
  return s("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`, width: SIZE, height: SIZE, class: "plot pie" }, slices);
}

function slice(one, share, from, to, index) {
  const title = s("title", {}, `${one.label}: ${number(one.value)} (${Math.round(share * 100)}%)`);
  const props = { class: `slice ${SERIES[index % SERIES.length].colour}` };
  const shape =
    share > 0.9999
      ? s("circle", { cx: CENTRE, cy: CENTRE, r: RADIUS, ...props }, title)
      : s("path", { d: wedge(from, to), ...props }, title);
  if (share < 0.06) return shape;
  const [x, y] = at((from + to) / 2, RADIUS * 0.65);
  return [shape, s("text", { x, y: y + 4, class: "share middle" }, `${Math.round(share * 100)}%`)];
}

function wedge(from, to) {
  const [x1, y1] = at(from, RADIUS);
  const [x2, y2] = at(to, RADIUS);
  const large = to - from > 0.5 ? 1 : 0;
  return `M${CENTRE} ${CENTRE}L${x1} ${y1}A${RADIUS} ${RADIUS} 0 ${large} 1 ${x2} ${y2}Z`;
}

/** The point `radius` from the centre after `turn` (0–1) of the circle. */
function at(turn, radius) {
  const angle = 2 * Math.PI * turn - Math.PI / 2;
  return [CENTRE + radius * Math.cos(angle), CENTRE + radius * Math.sin(angle)];
}
