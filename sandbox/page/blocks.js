/**
 * Block Kit blocks as DOM nodes, for messages, modals and Home alike.
 * Source: https://docs.slack.dev/reference/block-kit/blocks/
 */
import { chart } from "./chart.js";
import { h, uid } from "./dom.js";
import { interactive } from "./elements.js";
import { image } from "./images.js";
import { inputBlock } from "./form.js";
import { markdown } from "./markdown.js";
import { link, mrkdwn } from "./mrkdwn.js";
import { richText } from "./rich_text.js";
import { dataTable, table } from "./tables.js";

const DRAW = {
  header: (block, place, ctx) => h("div.block.header", { role: "heading", "aria-level": "3" }, ctx.plainNodes(block.text)),
  section,
  divider: () => h("hr.block.divider"),
  context,
  context_actions: actions,
  actions,
  input: inputBlock,
  image: imageBlock,
  markdown: (block) => h("div.block.text", {}, markdown(block.text)),
  rich_text: (block, place, ctx) => h("div.block.text", {}, richText(block, ctx)),
  table,
  data_table: dataTable,
  data_visualization: chart,
  alert: (block, place, ctx) => h("div.block.alert", { class: block.level ?? "info", role: "note" }, text(block.text, ctx)),
  container,
  card,
  carousel: (block, place, ctx) => h("div.block.carousel", { tabindex: "0", role: "region", "aria-label": "Cards" }, renderBlocks(block.elements, place, ctx)),
  video,
  file: (block) => h("div.block.text", {}, "File ", h("code", {}, block.external_id ?? "?")),
};

/**
 * Draw blocks in order.
 * @param {object[]} blocks Block Kit
 * @param {{source: object, form?: object, state?: object}} where `source` is {channel, ts} or {view_id};
 *   `state` holds a message's earlier choices as plain values
 * @param {object} ctx the page's context
 * @returns {Node[]}
 */
export function renderBlocks(blocks, where, ctx) {
  return (blocks ?? []).map((block) => {
    const draw = Object.hasOwn(DRAW, block?.type) ? DRAW[block.type] : null;
    const drawn = draw?.(block, { ...where, block }, ctx) ?? unknown(block);
    // A chart or table wider than the text still starts a block of its own.
    drawn.classList?.add("block");
    return drawn;
  });
}

function unknown(block) {
  return h("div.unknown", {}, h("span.unknown-type", {}, block?.type ?? "no type"), " block: the sandbox doesn't draw it");
}

function text(object, ctx) {
  if (!object) return null;
  return object.type === "mrkdwn" ? mrkdwn(object.text, ctx) : h("p", {}, ctx.plainNodes(object));
}

function section(block, place, ctx) {
  const id = uid("section");
  const body = h(
    "div.section-body.text",
    { id },
    text(block.text, ctx),
    block.fields ? h("div.fields", {}, block.fields.map((field) => h("div.field", {}, text(field, ctx)))) : null,
  );
  if (!block.accessory) return h("div.block.section", {}, body);
  const named = { ...place, label: block.text };
  const wide = /select|picker|radio|checkbox/.test(block.accessory.type) ? " wide" : "";
  return h(
    "div.block.section.with-accessory",
    {},
    body,
    h("div", { class: `accessory${wide}` }, interactive(block.accessory, named, ctx)),
  );
}

function context(block, place, ctx) {
  const parts = (block.elements ?? []).map((element) =>
    element.type === "image" ? image(element, "tiny") : h("span.context-text", {}, text(element, ctx)),
  );
  return h("div.block.context", {}, parts);
}

function actions(block, place, ctx) {
  return h("div.block.actions", {}, (block.elements ?? []).map((element) => interactive(element, place, ctx)));
}

function imageBlock(block, place, ctx) {
  return h("figure.block", {}, block.title ? h("figcaption.chart-title", {}, ctx.plainNodes(block.title)) : null, image(block, "full"));
}

function card(block, place, ctx) {
  return h(
    "div.block.card",
    {},
    block.hero_image ? image(block.hero_image, "full") : null,
    h("div.card-title", {}, block.icon ? image(block.icon, "tiny") : null, text(block.title, ctx)),
    block.subtitle ? h("div.quiet", {}, text(block.subtitle, ctx)) : null,
    text(block.body, ctx),
    block.actions ? h("div.actions", {}, block.actions.map((element) => interactive(element, place, ctx))) : null,
  );
}

/** A video is named and linked, never fetched. */
function video(block, place, ctx) {
  const about = [block.provider_name, block.author_name].filter(Boolean).join(" · ");
  return h(
    "div.block.video.text",
    { "aria-label": block.alt_text },
    h("p", {}, "▶ ", link(block.title_url ?? block.video_url, ctx.plain(block.title), ctx)),
    about ? h("div.quiet", {}, about) : null,
    text(block.description, ctx),
  );
}

function container(block, place, ctx) {
  const title = block.title ? h("div.container-title", {}, ctx.plainNodes(block.title)) : null;
  const children = block.child_blocks ?? block.blocks ?? [];
  return h("div.container", {}, title, renderBlocks(children, place, ctx));
}
