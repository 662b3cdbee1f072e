/**
 * Slack's mrkdwn as DOM nodes.
 * Source: https://docs.slack.dev/messaging/formatting-message-text
 *
 * Text arrives as Slack keeps it: &amp; &lt; &gt; are escaped, <…> are links, mentions and dates.
 */
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { ago, longStamp, slackDate } from "./time.js";

/**
 * @param {string} text mrkdwn
 * @param {object} ctx gives user(id), channel(id), tz, now, openChannel(id)
 * @returns {Node[]} block-level nodes
 */
export function mrkdwn(text, ctx) {
  const nodes = [];
  const parts = String(text ?? "").split(/```\n?([\s\S]+?)\n?```/);
  parts.forEach((part, index) => {
    if (index % 2) nodes.push(h("pre.code", { tabindex: "0" }, unescape(plainEntities(part))));
    else if (part.trim()) nodes.push(...lines(part.replace(/^\n|\n$/g, ""), ctx));
  });
  return nodes;
}

const QUOTE = /^(?:&gt;|>) ?/;
const BULLET = /^(\s*)[•◦▪] ?/;
const NUMBER = /^(\s*)(\d+)\. /;

/** Group lines into quotes, lists and paragraphs. */
function lines(text, ctx) {
  const rows = text.split("\n");
  const out = [];
  for (let i = 0; i < rows.length; ) {
    const kind = lineKind(rows[i]);
    let end = i + 1;
    while (end < rows.length && lineKind(rows[end]) === kind) end += 1;
    out.push(group(kind, rows.slice(i, end), ctx));
    i = end;
  }
  return out;
}

function lineKind(row) {
  if (QUOTE.test(row)) return "quote";
  if (BULLET.test(row)) return "bullet";
  if (NUMBER.test(row)) return "number";
  return "text";
}

function group(kind, rows, ctx) {
  if (kind === "quote") {
    return h("blockquote", {}, joined(rows.map((row) => inline(row.replace(QUOTE, ""), ctx))));
  }
  if (kind === "bullet") {
    return h("ul", {}, rows.map((row) => h("li", {}, inline(row.replace(BULLET, ""), ctx))));
  }
  if (kind === "number") {
    const start = NUMBER.exec(rows[0])[2];
    return h("ol", { start }, rows.map((row) => h("li", {}, inline(row.replace(NUMBER, ""), ctx))));
  }
  return h("p", {}, joined(rows.map((row) => inline(row, ctx))));
}

function joined(rowNodes) {
  return rowNodes.flatMap((nodes, index) => (index ? [h("br"), ...nodes] : nodes));
}

// A mark opens after a boundary, and closes before one; `…` knows no marks inside.
const INLINE = new RegExp(
  [
    "(?<code>`[^`\\n]+`)",
    "(?<angle><[^<>\\n]+>)",
    "(?<emoji>:[a-z0-9_+'-]+(?:::skin-tone-[2-6])?:)",
    "(?<bold>(?<![\\w*])\\*(?=\\S)[^*\\n]*[^*\\s]\\*(?![\\w*]))",
    "(?<italic>(?<![\\w_])_(?=\\S)[^_\\n]*[^_\\s]_(?![\\w_]))",
    "(?<strike>(?<![\\w~])~(?=\\S)[^~\\n]*[^~\\s]~(?![\\w~]))",
  ].join("|"),
  "g",
);

/** Nodes for one line of mrkdwn. */
export function inline(text, ctx) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) nodes.push(unescape(text.slice(from, match.index)));
    nodes.push(token(match, ctx));
    from = match.index + match[0].length;
  }
  if (from < text.length) nodes.push(unescape(text.slice(from)));
  return nodes;
}

function token(match, ctx) {
  const { code, angle, emoji: short, bold, italic, strike } = match.groups;
  const inner = match[0].slice(1, -1);
  if (code) return h("code", {}, unescape(plainEntities(inner)));
  if (angle) return entity(inner, ctx);
  if (short) return emojiNode(inner);
  if (bold) return h("strong", {}, inline(inner, ctx));
  if (italic) return h("em", {}, inline(inner, ctx));
  return h(strike ? "s" : "span", {}, inline(inner, ctx));
}

/** An emoji by shortcode, labelled with its name; plain ":name:" when the table lacks it. */
export function emojiNode(name) {
  const char = emoji(name);
  return char ? h("span.emoji", { role: "img", "aria-label": name.replaceAll("_", " ") }, char) : `:${name}:`;
}

function entity(inner, ctx) {
  const [target, ...rest] = inner.split("|");
  const label = rest.length ? rest.join("|") : null;
  if (target.startsWith("@")) return mention(target.slice(1), label, ctx);
  if (target.startsWith("#")) return channelLink(target.slice(1), label, ctx);
  if (target.startsWith("!")) return special(target.slice(1), label, ctx);
  return link(unescape(target), unescape(label ?? target), ctx);
}

/** A person's name, highlighted when it is the viewer's own. */
export function mention(id, label, ctx) {
  const user = ctx.user(id);
  const own = id === ctx.me?.id ? " own" : "";
  return h("span", { class: `mention${own}` }, `@${user ? user.display : unescape(label ?? id)}`);
}

/** A channel's name; a button when the viewer can open it. */
export function channelLink(id, label, ctx) {
  const channel = ctx.channel(id);
  const name = `#${channel ? channel.name : unescape(label ?? id)}`;
  if (!channel) return h("span.mention", {}, name);
  return h("button.mention.as-link", { type: "button", on: { click: () => ctx.openChannel(id) } }, name);
}

function special(command, label, ctx) {
  const [name, ...args] = command.split("^");
  if (name === "date") return dateNode(args[0], args[1] ?? "{date}", args[2], unescape(label ?? ""), ctx);
  if (name === "subteam") return h("span.mention", {}, unescape(label ?? `@${args[0]}`));
  return h("span.mention", {}, `@${unescape(label ?? name)}`);
}

/** A moment in the viewer's own time; the fallback when the timestamp is no number. */
export function dateNode(ts, template, url, fallback, ctx) {
  if (!/^\d+(\.\d+)?$/.test(String(ts))) return fallback;
  const title = `${longStamp(ts, ctx.tz)} (${ago(ts, ctx.now)})`;
  const node = h("time", { title }, slackDate(ts, unescape(template), ctx));
  return url ? link(unescape(url), node, ctx) : node;
}

// A message's address, as chat.getPermalink gives it.
const MESSAGE = /^https:\/\/sandbox\.slack\.com\/archives\/(\w+)\/p(\d+)(\d{6})(?:\?|$)/;

/**
 * A link to http(s) or mail; anything else stays text, so `javascript:` can't be clicked.
 * One to a message of this workspace opens it here, since nothing outside knows it.
 */
export function link(url, label, ctx) {
  const [, channel, seconds, rest] = MESSAGE.exec(url) ?? [];
  if (channel && ctx.channel(channel)) {
    return h("a", { href: ctx.page.link({ channel, thread: `${seconds}.${rest}`, home: false }) }, label);
  }
  if (!/^(https?:|mailto:)/i.test(url)) return h("span", {}, label);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label);
}

function plainEntities(text) {
  return text.replace(/<((?:https?|mailto):[^|>]+)(?:\|([^>]+))?>/g, (_, url, label) => label ?? url);
}

function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Slack's escaping of the three characters that it reads as control characters. */
export function escape(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** What a person typed, as Slack sends it on: escaped, with @name and #name made into mentions. */
export function compose(typed, { users, channels }) {
  return escape(typed)
    .replace(/(^|[\s(])@([\w.-]*\w)/g, (whole, before, name) => {
      if (["here", "channel", "everyone"].includes(name)) return `${before}<!${name}>`;
      const user = users.find((u) => !u.deleted && u.name.toLowerCase() === name.toLowerCase());
      return user ? `${before}<@${user.id}>` : whole;
    })
    .replace(/(^|[\s(])#([\w-]*\w)/g, (whole, before, name) => {
      const channel = channels.find((c) => !c.is_im && c.name === name);
      return channel ? `${before}<#${channel.id}|${channel.name}>` : whole;
    });
}
