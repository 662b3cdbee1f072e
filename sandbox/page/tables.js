/**
 * The `table` and `data_table` blocks.
 * Sources: https://docs.slack.dev/reference/block-kit/blocks/table-block,
 * https://docs.slack.dev/reference/block-kit/blocks/data-table-block
 */
import { h } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { number } from "./chart_marks.js";
import { richText } from "./rich_text.js";

/** A `table` block: its first row is the head. */
export function table(block, place, ctx) {
  return grid(block.rows ?? [], block.column_settings ?? [], "Table", ctx);
}

/** A `data_table` block: the same cells, with a caption. */
export function dataTable(block, place, ctx) {
  return grid(block.rows ?? [], block.column_settings ?? [], block.caption ?? block.title?.text ?? block.title ?? "Table", ctx);
}

function grid(rows, settings, name, ctx) {
  const [head = [], ...body] = rows.map((row) => row.cells ?? row);
  const cells = (tag, row) =>
    row.map((cell, i) => h(tag, { class: `align-${settings[i]?.align ?? alignOf(body[0]?.[i] ?? cell)}`, scope: tag === "th" ? "col" : null }, content(cell, ctx)));
  return h(
    "div.table-wrap",
    { tabindex: "0", role: "region", "aria-label": name },
    h(
      "table",
      {},
      name === "Table" ? null : h("caption", {}, name),
      h("thead", {}, h("tr", {}, cells("th", head))),
      h("tbody", {}, body.map((row) => h("tr", {}, cells("td", row)))),
    ),
  );
}

const alignOf = (cell) => (cell?.type === "raw_number" ? "right" : "left");

function content(cell, ctx) {
  if (cell === null || cell === undefined) return "";
  if (typeof cell !== "object") return String(cell);
  if (cell.type === "rich_text") return richText(cell, ctx);
  if (cell.type === "mrkdwn") return mrkdwn(cell.text, ctx);
  if (cell.type === "raw_number") return cell.text ?? number(cell.value ?? cell.number);
  return ctx.plainNodes(cell);
}
