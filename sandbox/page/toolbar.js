/** The actions on one message: quick reactions, reply, and more; one toolbar serves a whole list. */
import { h, iconButton } from "./dom.js";
import { PICKER, QUICK, emojiOr } from "./emoji.js";
import { ask, openMenu } from "./popup.js";

export class Toolbar {
  constructor(ctx, { thread }) {
    this.ctx = ctx;
    this.message = null;
    this.quick = QUICK.map((name) => this.#reaction(name));
    const popup = { "aria-haspopup": "menu", "aria-expanded": "false" };
    this.pick = iconButton("smile", "Add reaction", () => this.#picker(this.pick), { ...popup, "data-key": "t:pick" });
    this.reply = thread ? null : iconButton("reply", "Reply in thread", () => ctx.openThread(rootOf(this.message)), { "data-key": "t:reply" });
    this.more = iconButton("more", "More actions", () => this.#menu(), { ...popup, "data-key": "t:more" });
    this.node = h("div.toolbar", { role: "toolbar", "aria-label": "Message actions" }, this.quick, this.pick, this.reply, this.more);
  }

  #reaction(name) {
    return h(
      "button.quick",
      { type: "button", "aria-label": `React: ${name.replaceAll("_", " ")}`, title: `:${name}:`, data: { key: `t:${name}` }, on: { click: () => this.#toggle(name) } },
      emojiOr(name),
    );
  }

  /** Move to a row; messages that can't be acted on (deleted, only for you) get none. */
  attach(row, message) {
    if (!message || message.deleted || message.ephemeral) {
      if (this.message !== null) this.node.remove();
      this.message = null;
      return;
    }
    this.row = row;
    this.message = message;
    this.#paint();
    // Moving a node takes the focus from it, so only when it has to.
    if (this.node.parentElement !== row) row.append(this.node);
  }

  /** Messages have been drawn again: stay with the same one. */
  update(byTs, rows) {
    if (!this.message) return;
    const message = byTs.get(this.message.ts);
    const row = message && [...rows.children].find((node) => node.dataset.ts === message.ts);
    if (row) this.attach(row, message);
    else this.node.remove();
  }

  #paint() {
    const own = this.message.user === this.ctx.me?.id;
    this.quick.forEach((button, i) => button.setAttribute("aria-pressed", String(this.#mine(QUICK[i]))));
    this.node.classList.toggle("own", own);
  }

  #mine(name, message = this.message) {
    return Boolean(message.reactions?.find((r) => r.name === name)?.users.includes(this.ctx.me?.id));
  }

  /** What a menu acts on: the message it was opened for, wherever the toolbar has moved by then. */
  #target() {
    return { message: this.message, channel: this.row.dataset.channel };
  }

  #toggle(name, { message, channel } = this.#target()) {
    this.ctx.act(this.#mine(name, message) ? "unreact" : "react", { channel, ts: message.ts, name });
  }

  #picker(anchor, target = this.#target()) {
    openMenu(anchor, PICKER.map((name) => ({ label: emojiOr(name), hint: name.replaceAll("_", " "), act: () => this.#toggle(name, target) })), {
      grid: true,
      label: "Add reaction",
    });
  }

  #menu() {
    const target = this.#target();
    const { message } = target;
    const own = message.user === this.ctx.me?.id && !message.subtype;
    const items = [{ label: "Add reaction…", act: () => this.#picker(this.more, target) }];
    if (this.reply) items.push({ label: "Reply in thread", act: () => this.ctx.openThread(rootOf(message)) });
    if (own) items.push({ label: "Edit message", act: () => this.#edit(target) });
    if (own) items.push({ label: "Delete message…", act: () => this.#delete(target), danger: true });
    openMenu(this.more, items, { label: "Message actions" });
  }

  async #edit({ message: { ts, text }, channel }) {
    const field = h("textarea.input", { rows: 4, "aria-label": "Message text", value: this.ctx.typed(text), autofocus: true });
    if (!(await ask({ title: "Edit message", nodes: [field], confirm: "Save", deny: "Cancel" }))) return;
    if (field.value.trim()) this.ctx.act("edit", { channel, ts, text: this.ctx.compose(field.value.trim()) });
  }

  async #delete({ message: { ts }, channel }) {
    const nodes = [h("p", {}, "The message goes away for everyone. Replies in its thread stay.")];
    if (await ask({ title: "Delete message", nodes, confirm: "Delete", deny: "Cancel", style: "danger" })) {
      this.ctx.act("delete", { channel, ts });
    }
  }
}

/** The thread that a reply to a message goes to. */
function rootOf(message) {
  return message.thread_ts ?? message.ts;
}
