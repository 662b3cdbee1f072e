/** One message: author, time, words or blocks, reactions, link to its thread. */
import { renderBlocks } from "./blocks.js";
import { plainState } from "./form_state.js";
import { h, icon, listNames } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { emojiOr } from "./emoji.js";
import { ago, clockTime, longStamp, shortStamp } from "./time.js";

const QUIET = /^(channel|group)_(join|leave|topic|purpose|name|archive|unarchive)$/;

/** Who a message is from: {name, app, id}. */
export function author(one, ctx) {
  const user = one.user ? ctx.user(one.user) : null;
  const name = one.username || user?.display || (one.user === "USLACKBOT" && "Slackbot") || one.user || "An app";
  return { name, app: Boolean(one.bot_id || user?.is_bot), id: one.user ?? one.bot_id ?? name };
}

/** The row for a message. */
export function message(one, channel, { compact, thread, root }, ctx) {
  const who = author(one, ctx);
  const quiet = QUIET.test(one.subtype ?? "");
  const classes = [compact && "compact", one.ephemeral && "ephemeral", quiet && "quiet", root && "root"].filter(Boolean).join(" ");
  return h(
    "article.message",
    {
      class: classes,
      tabindex: "-1",
      "aria-label": `${who.name}, ${shortStamp(one.ts, ctx.tz)}`,
      data: { ts: one.ts, channel: channel.id },
    },
    h("div.gutter", { "aria-hidden": compact ? null : "true" }, compact ? time(one, ctx) : avatar(who)),
    h(
      "div.content",
      {},
      one.ephemeral ? h("p.only-you", {}, icon("eye"), "Only visible to you") : null,
      compact ? null : head(one, who, ctx),
      body(one, channel, ctx),
      reactions(one, channel, ctx),
      thread || !one.reply_count ? null : replies(one, ctx),
    ),
  );
}

function head(one, who, ctx) {
  return h(
    "div.message-head",
    {},
    h("span.author", {}, who.name),
    who.app ? h("span.badge", {}, "APP") : null,
    time(one, ctx),
  );
}

function time(one, ctx) {
  return h("time.stamp", { title: longStamp(one.ts, ctx.tz) }, clockTime(one.ts, ctx.tz));
}

/** A square with initials, its colour taken from the id. */
export function avatar({ name, app, id }) {
  const hash = [...String(id)].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) >>> 0, 7);
  const initials = name.split(/[\s._-]+/).filter(Boolean).slice(0, 2).map((word) => [...word][0].toUpperCase()).join("");
  return h("span.avatar", { class: `hue${hash % 8}${app ? " app" : ""}`, "aria-hidden": "true" }, app ? icon("bolt") : initials);
}

function body(one, channel, ctx) {
  if (one.deleted) return h("p.gone", {}, "This message was deleted.");
  const edited = one.edited ? h("span.edited", {}, "(edited)") : null;
  if (one.blocks?.length && !typed(one)) {
    const source = { channel: channel.id, ts: one.ts };
    return h("div.blocks", {}, renderBlocks(one.blocks, { source, state: plainState(one.state) }, ctx), edited);
  }
  const nodes = mrkdwn(one.text, ctx);
  if (edited && nodes.at(-1)?.tagName === "P") nodes.at(-1).append(" ", edited);
  else if (edited) nodes.push(edited);
  return h("div.text", {}, nodes);
}

/** A person's words: their rich text says no more than the text itself, which knows its mentions. */
function typed(one) {
  return !one.bot_id && Boolean(one.text) && one.blocks.every((block) => block.type === "rich_text");
}

function reactions(one, channel, ctx) {
  if (!one.reactions?.length || one.deleted) return null;
  return h("div.reactions", {}, one.reactions.map((reaction) => pill(one, channel, reaction, ctx)));
}

function pill(one, channel, { name, users, count }, ctx) {
  const mine = users.includes(ctx.me?.id);
  const names = listNames(users.map((id) => (id === ctx.me?.id ? "You" : (ctx.user(id)?.display ?? id))));
  const click = () => ctx.act(mine ? "unreact" : "react", { channel: channel.id, ts: one.ts, name });
  return h(
    "button.pill",
    {
      type: "button",
      "aria-pressed": String(mine),
      "aria-label": `${name.replaceAll("_", " ")}, ${count}: ${names}`,
      title: `${names} reacted with :${name}:`,
      data: { key: `r:${name}` },
      on: { click },
    },
    h("span.pill-emoji", {}, emojiOr(name)),
    h("span.pill-count", {}, String(count)),
  );
}

function replies(one, ctx) {
  const count = one.reply_count === 1 ? "1 reply" : `${one.reply_count} replies`;
  const last = one.latest_reply ? h("span.last-reply", {}, `Last reply ${ago(one.latest_reply, ctx.now)}`) : null;
  return h(
    "button.replies",
    { type: "button", data: { key: "replies" }, on: { click: () => ctx.openThread(one.ts) } },
    icon("reply"),
    h("span.replies-count", {}, count),
    last,
  );
}
