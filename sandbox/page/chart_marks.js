/** What all charts share: series styles, point markers and how a number is written. */
import { s } from "./dom.js";

/** Up to twelve series: colour class, dash and marker shape together tell them apart. */
export const SERIES = Array.from({ length: 12 }, (_, i) => ({
  colour: `c${i % 6}`,
  dash: [null, "7 4", "2 4", "10 4 2 4"][i % 4],
  shape: ["circle", "square", "triangle", "diamond"][i % 4],
}));

/** A point marker of the series' shape around (x, y), with an optional tooltip. */
export function marker(index, x, y, title) {
  const { colour, shape } = SERIES[index % SERIES.length];
  const props = { class: `point ${colour}` };
  const label = title ? s("title", {}, title) : null;
  if (shape === "circle") return s("circle", { cx: x, cy: y, r: 3.5, ...props }, label);
  if (shape === "square") return s("rect", { x: x - 3.2, y: y - 3.2, width: 6.4, height: 6.4, ...props }, label);
  const corners =
    shape === "triangle"
      ? [[x, y - 4.2], [x + 4, y + 3], [x - 4, y + 3]]
      : [[x, y - 4.5], [x + 4.5, y], [x, y + 4.5], [x - 4.5, y]];
  return s("polygon", { points: corners.map((c) => c.join(",")).join(" "), ...props }, label);
}

/** A value as read: at most three significant decimals, thousands apart; "–" when missing. */
export function number(value) {
  if (value === null || value === undefined || Number.isNaN(Number(value))) return "–";
  return Number(value).toLocaleString("en-GB", { maximumFractionDigits: Math.abs(value) < 1 ? 3 : 2 });
}
