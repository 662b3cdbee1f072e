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
    this.reply = thread ? null : iconButton("reply", "Reply in thread", () => ctx.openThread(this.root()), { "data-key": "t:reply" });
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

  /** The thread that a reply would go to. */
  root() {
    return this.message.thread_ts ?? this.message.ts;
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

  #mine(name) {
    return Boolean(this.message.reactions?.find((r) => r.name === name)?.users.includes(this.ctx.me?.id));
  }

  #toggle(name) {
    const { channel } = this.row.dataset;
    this.ctx.act(this.#mine(name) ? "unreact" : "react", { channel, ts: this.message.ts, name });
  }

  #picker(anchor) {
    openMenu(anchor, PICKER.map((name) => ({ label: emojiOr(name), hint: name.replaceAll("_", " "), act: () => this.#toggle(name) })), {
      grid: true,
      label: "Add reaction",
    });
  }

  #menu() {
    const own = this.message.user === this.ctx.me?.id;
    const items = [{ label: "Add reaction…", act: () => this.#picker(this.more) }];
    if (this.reply) items.push({ label: "Reply in thread", act: () => this.ctx.openThread(this.root()) });
    if (own && !this.message.subtype) items.push({ label: "Edit message", act: () => this.#edit() });
    if (own && !this.message.subtype) items.push({ label: "Delete message…", act: () => this.#delete(), danger: true });
    openMenu(this.more, items, { label: "Message actions" });
  }

  async #edit() {
    const { channel } = this.row.dataset;
    const { ts, text } = this.message;
    const field = h("textarea.input", { rows: 4, "aria-label": "Message text", value: this.ctx.typed(text), autofocus: true });
    if (!(await ask({ title: "Edit message", nodes: [field], confirm: "Save", deny: "Cancel" }))) return;
    if (field.value.trim()) this.ctx.act("edit", { channel, ts, text: this.ctx.compose(field.value.trim()) });
  }

  async #delete() {
    const { channel } = this.row.dataset;
    const { ts } = this.message;
    const nodes = [h("p", {}, "The message goes away for everyone. Replies in its thread stay.")];
    if (await ask({ title: "Delete message", nodes, confirm: "Delete", deny: "Cancel", style: "danger" })) {
      this.ctx.act("delete", { channel, ts });
    }
  }
}
