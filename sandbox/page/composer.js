/** The message box: Enter sends, Shift+Enter breaks the line, "/word text" runs a slash command. */
import { h, iconButton, uid } from "./dom.js";
import { escape } from "./mrkdwn.js";
import { openMenu } from "./popup.js";
import { Suggestions } from "./suggestions.js";

export class Composer {
  /**
   * @param {object} ctx the page's context
   * @param {{id?: string, thread: boolean, onSend: () => void}} options `onSend`: called before words go out
   */
  constructor(ctx, { id = uid("composer"), thread, onSend }) {
    this.ctx = ctx;
    this.thread = thread;
    this.onSend = onSend;
    this.drafts = new Map();
    this.place = { channel: null, thread: "" };
    const hint = `${id}-hint`;
    this.box = h("textarea.composer-box", {
      id, rows: 1, autocomplete: "off", "aria-describedby": hint, spellcheck: "true",
      on: { input: () => this.#grow(), keydown: (event) => this.#key(event) },
    });
    this.sendButton = iconButton("send", "Send", () => this.send(), { class: "send" });
    this.shortcuts = iconButton("bolt", "Shortcuts of the app", () => this.#shortcutMenu(), { "aria-haspopup": "menu", hidden: true });
    this.refusal = h("p.composer-refusal", { hidden: true });
    this.field = h("div.composer-field", {}, this.box, this.shortcuts, this.sendButton);
    this.hint = h("p.composer-hint", { id: hint }, hintWords(thread));
    this.suggestions = new Suggestions(this.box, (word) => this.#candidates(word));
    this.node = h("div.composer", {}, this.suggestions.node, this.refusal, this.field, this.hint);
    this.#grow();
  }

  /** Write to this channel, or to this thread in it; words not yet sent stay with their place. */
  at(channel, thread = "") {
    const key = `${channel.id}/${thread}`;
    if (key !== this.key) {
      if (this.key) this.drafts.set(this.key, this.box.value);
      this.key = key;
      this.box.value = this.drafts.get(key) ?? "";
      this.#grow();
    }
    this.place = { channel, thread };
    this.shortcuts.hidden = thread !== "" || !Object.keys(this.ctx.state.app?.shortcuts ?? {}).length;
    const where = channel.is_im ? channel.name : `#${channel.name}`;
    this.box.placeholder = thread ? "Reply…" : `Message ${where}`;
    this.box.setAttribute("aria-label", thread ? "Reply in thread" : `Message ${where}`);
    const refusal = channel.is_archived
      ? "This channel is archived."
      : channel.is_member === false
        ? `${this.ctx.me?.display ?? "This person"} is not in #${channel.name}.`
        : "";
    const join = h("button.button", { type: "button", on: { click: () => this.ctx.act("join", { channel: channel.id }) } }, "Join channel");
    this.refusal.replaceChildren(refusal, channel.is_archived || channel.is_im ? "" : join);
    this.refusal.hidden = !refusal;
    this.field.hidden = this.hint.hidden = Boolean(refusal);
  }

  #key(event) {
    if (this.suggestions.key(event)) return;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  async send() {
    const text = this.box.value.trim();
    const { channel, thread } = this.place;
    if (!text || !channel || this.sending) return;
    this.sending = true;
    this.onSend();
    this.box.value = "";
    this.#grow();
    const answer = await this.#act(text, channel.id, thread);
    this.sending = false;
    if (answer.ok === false && !this.box.value) {
      this.box.value = text;
      this.#grow();
    }
  }

  #act(text, channel, thread) {
    const [, command, rest] = /^(\/[a-z][\w-]*)(?:\s+([\s\S]*))?$/i.exec(text) ?? [];
    if (!command) {
      return this.ctx.act("message", { channel, text: this.ctx.compose(text), ...(thread ? { thread_ts: thread } : {}) });
    }
    if (thread) {
      this.ctx.say(`${command} was not sent: Slack runs no slash commands in threads.`, "error");
      return Promise.resolve({ ok: false });
    }
    if (command === "/leave") return this.ctx.act("leave", { channel });
    if (command === "/invite") return this.#invite(channel, rest ?? "");
    return this.#command(channel, command, rest ?? "");
  }

  /** A failure that the sandbox shows in the channel is not said twice. */
  async #command(channel, command, rest) {
    const answer = await this.ctx.act("command", { channel, command, text: escape(rest) }, { quiet: true });
    const shown = ["dispatch_failed", "operation_timeout"].includes(answer.error);
    if (answer.ok === false && !shown) this.ctx.say(this.ctx.sentence(answer), "error");
    return answer;
  }

  async #invite(channel, rest) {
    const name = rest.trim().replace(/^@/, "").toLowerCase();
    const user = this.ctx.users().find((one) => one.name.toLowerCase() === name);
    if (user) return this.ctx.act("invite", { channel, user: user.id });
    this.ctx.say(`/invite ${rest}: nobody here is called @${name}.`, "error");
    return { ok: false };
  }

  #shortcutMenu() {
    const run = (id) => this.ctx.act("shortcut", { callback_id: id });
    const items = Object.entries(this.ctx.state.app.shortcuts).map(([id, name]) => ({ label: name, act: () => run(id) }));
    openMenu(this.shortcuts, items, { label: "Shortcuts" });
  }

  #candidates(word) {
    const starts = (text) => text.toLowerCase().startsWith(word.slice(1).toLowerCase());
    if (word[0] === "@") {
      return this.ctx.users()
        .filter((user) => !user.deleted && (starts(user.name) || starts(user.display)))
        .map((user) => ({ insert: `@${user.name}`, label: user.display, hint: `@${user.name}` }));
    }
    if (word[0] === "#") {
      return this.ctx.channels().filter((c) => !c.is_im && starts(c.name)).map((c) => ({ insert: `#${c.name}`, label: `#${c.name}` }));
    }
    const own = [{ name: "/invite", hint: "add someone: /invite @name" }, { name: "/leave", hint: "leave this channel" }];
    const offered = (this.ctx.state.app?.commands ?? []).map((name) => ({ name, hint: "the app's command" }));
    return this.thread ? [] : [...offered, ...own].filter((one) => starts(one.name.slice(1))).map((one) => ({ insert: one.name, label: one.name, hint: one.hint }));
  }

  #grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, 180)}px`;
    this.sendButton.disabled = !this.box.value.trim();
  }

  focus() { this.box.focus(); }
}

function hintWords(thread) {
  const key = (name) => h("kbd", {}, name);
  const send = [key("Enter"), " sends, ", key("Shift"), "+", key("Enter"), " breaks the line"];
  return thread ? send : [...send, ", ", key("/"), " starts a slash command"];
}
