/**
 * The `markdown` block: standard Markdown as Slack draws it, as DOM nodes.
 * Source: https://docs.slack.dev/reference/block-kit/blocks/markdown-block
 */
import { h } from "./dom.js";
import { emojiNode, link } from "./mrkdwn.js";

/** Block-level nodes for a Markdown text. */
export function markdown(text) {
  const nodes = [];
  const parts = String(text ?? "").split(/```[\w-]*\n([\s\S]*?)\n?```/);
  parts.forEach((part, index) => {
    if (index % 2) nodes.push(h("pre.code", { tabindex: "0" }, part));
    else for (const piece of part.split(/\n{2,}/)) if (piece.trim()) nodes.push(...paragraph(piece));
  });
  return nodes;
}

const KINDS = [
  ["heading", /^#{1,6} /],
  ["rule", /^(-{3,}|\*{3,})$/],
  ["bullet", /^\s*[-*+] /],
  ["number", /^\s*\d+[.)] /],
  ["quote", /^> ?/],
  ["table", /^\|.*\|\s*$/],
];

const kindOf = (row) => KINDS.find(([, pattern]) => pattern.test(row))?.[0] ?? "text";

function paragraph(piece) {
  const rows = piece.split("\n").filter((row) => row.trim());
  const out = [];
  for (let i = 0; i < rows.length; ) {
    const kind = kindOf(rows[i]);
    let end = i + 1;
    while (end < rows.length && kindOf(rows[end]) === kind && kind !== "heading") end += 1;
    out.push(group(kind, rows.slice(i, end)));
    i = end;
  }
  return out;
}

function group(kind, rows) {
  const items = (pattern) => rows.map((row) => h("li", {}, span(row.replace(pattern, ""))));
  switch (kind) {
    case "heading":
      return h("p.md-heading", { role: "heading", "aria-level": "4" }, span(rows[0].replace(/^#+ /, "")));
    case "rule":
      return h("hr");
    case "bullet":
      return h("ul", {}, items(/^\s*[-*+] /));
    case "number":
      return h("ol", {}, items(/^\s*\d+[.)] /));
    case "quote":
      return h("blockquote", {}, broken(rows.map((row) => row.replace(/^> ?/, ""))));
    case "table":
      return table(rows);
    default:
      return h("p", {}, broken(rows));
  }
}

const broken = (rows) => rows.flatMap((row, i) => (i ? [h("br"), ...span(row)] : span(row)));

function table(rows) {
  const cells = rows
    .filter((row) => !/^\|[\s:|-]+\|\s*$/.test(row))
    .map((row) => row.trim().slice(1, -1).split("|").map((cell) => cell.trim()));
  const [head, ...body] = cells;
  return h(
    "div.table-wrap",
    { tabindex: "0", role: "region", "aria-label": "Table" },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, head.map((cell) => h("th", { scope: "col" }, span(cell))))),
      h("tbody", {}, body.map((row) => h("tr", {}, row.map((cell) => h("td", {}, span(cell)))))),
    ),
  );
}

const INLINE =
  /(?<code>`[^`]+`)|(?<bold>\*\*(?=\S).+?\*\*)|(?<strike>~~.+?~~)|(?<link>\[[^\]]+\]\([^)\s]+\))|(?<em>(?<!\w)[*_](?=\S)[^*_]+[*_](?!\w))|(?<emoji>:[a-z0-9_+-]+:)/g;

function span(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) nodes.push(text.slice(from, match.index));
    nodes.push(token(match[0], match.groups));
    from = match.index + match[0].length;
  }
  if (from < text.length) nodes.push(text.slice(from));
  return nodes;
}

function token(whole, groups) {
  if (groups.code) return h("code", {}, whole.slice(1, -1));
  if (groups.bold) return h("strong", {}, span(whole.slice(2, -2)));
  if (groups.strike) return h("s", {}, span(whole.slice(2, -2)));
  if (groups.em) return h("em", {}, span(whole.slice(1, -1)));
  if (groups.emoji) return emojiNode(whole.slice(1, -1));
  const [, label, url] = /^\[([^\]]+)\]\(([^)\s]+)\)$/.exec(whole);
  return link(url, label);
}
