/**
 * The `rich_text` block: sections, lists, quotes and preformatted text.
 * Source: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
 */
import { h } from "./dom.js";
import { channelLink, dateNode, emojiNode, link, mention } from "./mrkdwn.js";

/** Nodes for a rich_text block's elements. */
export function richText(block, ctx) {
  return (block.elements ?? []).map((element) => part(element, ctx));
}

function part(element, ctx) {
  switch (element.type) {
    case "rich_text_section":
      return h("p", {}, runs(element.elements, ctx));
    case "rich_text_quote":
      return h("blockquote", {}, runs(element.elements, ctx));
    case "rich_text_preformatted":
      return h("pre.code", { tabindex: "0" }, runs(element.elements, ctx));
    case "rich_text_list":
      return list(element, ctx);
    default:
      return h("span.unknown-inline", {}, `[${element.type}]`);
  }
}

function list(element, ctx) {
  const ordered = element.style === "ordered";
  return h(
    ordered ? "ol" : "ul",
    { class: `indent-${Math.min(element.indent ?? 0, 4)}`, start: ordered ? (element.offset ?? 0) + 1 : null },
    (element.elements ?? []).map((item) => h("li", {}, runs(item.elements, ctx))),
  );
}

/** Inline elements; a line feed in a text run is a line break. */
function runs(elements, ctx) {
  return (elements ?? []).map((element) => styled(run(element, ctx), element.style ?? {}));
}

function run(element, ctx) {
  switch (element.type) {
    case "text":
      return element.text;
    case "link":
      return link(element.url, element.text ?? element.url, ctx);
    case "user":
      return mention(element.user_id, null, ctx);
    case "channel":
      return channelLink(element.channel_id, null, ctx);
    case "emoji":
      return emojiNode(element.name);
    case "usergroup":
      return h("span.mention", {}, `@${element.usergroup_id}`);
    case "broadcast":
      return h("span.mention", {}, `@${element.range}`);
    case "date":
      return dateNode(element.timestamp, element.format ?? "{date}", element.url, element.fallback ?? "", ctx);
    default:
      return h("span.unknown-inline", {}, `[${element.type}]`);
  }
}

function styled(node, style) {
  const tags = { bold: "strong", italic: "em", strike: "s", code: "code" };
  return Object.entries(tags).reduce((inner, [key, tag]) => (style[key] ? h(tag, {}, inner) : inner), node);
}
