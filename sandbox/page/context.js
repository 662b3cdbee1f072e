/** What every part of the page may ask: who is who, what the time is, and how to act. */
import { h } from "./dom.js";
import { emojiOr } from "./emoji.js";
import { mrkdwn, compose } from "./mrkdwn.js";
import { ask, toast } from "./popup.js";

/** Slack's error names that a person meets often, as sentences; others are shown as they are. */
const SAID = {
  not_in_channel: "You are not in this channel.",
  is_archived: "This channel is archived.",
  cant_update_message: "You can only edit your own messages.",
  cant_delete_message: "You can only delete your own messages.",
  already_reacted: "You have already reacted with that.",
  dispatch_failed: "No app is connected, so nobody received this.",
  operation_timeout: "The app did not answer within 3 seconds.",
  dispatch_unknown_error: "The app answered with an error.",
};

export class Context {
  /**
   * @param {import("./api.js").Api} api
   * @param {{toasts: HTMLElement, refresh: () => void, go: (place: object) => void}} page
   */
  constructor(api, page) {
    this.api = api;
    this.page = page;
    this.state = { users: [], channels: [], modals: [], home: null, me: null, now: 0 };
    this.taken = 0;
  }

  /** Take in a new /sandbox/state. */
  update(state) {
    const users = state.users.map((user) => ({ ...user, display: user.real_name || user.name }));
    this.state = { ...state, users };
    this.taken = performance.now();
    this.byId = new Map([...users, ...state.channels].map((one) => [one.id, one]));
  }

  get me() { return this.user(this.api.as) ?? this.state.me; }
  get tz() { return this.me?.tz ?? "UTC"; }
  get now() { return this.state.now; }

  users() { return this.state.users; }
  user(id) { return this.#one(id, (one) => "is_bot" in one); }

  channels() { return this.state.channels.map((channel) => this.#named(channel)); }
  channel(id) {
    const channel = this.#one(id, (one) => "is_im" in one);
    return channel ? this.#named(channel) : null;
  }

  #one(id, fits) {
    const found = this.byId?.get(id);
    return found && fits(found) ? found : null;
  }

  /** A direct message carries the other's name. */
  #named(channel) {
    if (!channel.is_im) return channel;
    const other = this.user(channel.user) ?? this.user(channel.name) ?? this.app;
    return { ...channel, name: other?.display ?? channel.name };
  }

  /** The app's bot user, or null while none is installed. */
  get app() { return this.state.users.find((user) => user.is_bot && !user.deleted) ?? null; }

  /** A Block Kit text object as a plain string. */
  plain(object) {
    if (!object) return "";
    const text = typeof object === "string" ? object : (object.text ?? "");
    return object.emoji === false ? text : text.replace(/:([a-z0-9_+-]+):/g, (_, name) => emojiOr(name));
  }

  /** A Block Kit text object as nodes, whichever of the two kinds it is. */
  plainNodes(object) {
    return object?.type === "mrkdwn" ? mrkdwn(object.text, this) : [this.plain(object)];
  }

  /** Typed words as Slack passes them on. */
  compose(typed) {
    return compose(typed, { users: this.users(), channels: this.state.channels });
  }

  /** The reverse of `compose`: stored words as they were typed, for editing. */
  typed(text) {
    return String(text ?? "")
      .replace(/<@(\w+)(?:\|[^>]*)?>/g, (whole, id) => (this.user(id) ? `@${this.user(id).name}` : whole))
      .replace(/<#(\w+)(?:\|([^>]*))?>/g, (whole, id, label) => `#${this.channel(id)?.name ?? label ?? id}`)
      .replace(/<!(here|channel|everyone)(?:\|[^>]*)?>/g, "@$1")
      .replace(/<((?:https?|mailto):[^|>]+)(?:\|[^>]*)?>/g, "$1")
      .replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  }

  openChannel(id) { this.page.go({ channel: id, thread: "", home: false }); }
  openThread(ts) { this.page.go({ thread: ts }); }

  /** Act as the chosen person; a refusal is shown, an acceptance brings the page up to date. */
  async act(kind, fields, { quiet = false } = {}) {
    const answer = await this.api.act(kind, fields);
    if (answer.ok === false && !quiet) this.say(this.sentence(answer), "error");
    await this.page.refresh();
    return answer;
  }

  /** A refusal in words. */
  sentence({ error, text, detail }) {
    return text ?? SAID[error] ?? `The sandbox refused this with ${error ?? "no reason"}${detail ? `: ${detail}` : ""}.`;
  }

  say(text, kind = "info") { toast(this.page.toasts, String(text).replace(/\.?$/, "."), kind); }

  /** Ask a Block Kit confirm object's question; true at once when there is none. */
  async confirmed(confirm) {
    if (!confirm) return true;
    return ask({
      title: this.plain(confirm.title) || "Are you sure?",
      nodes: [h("div.text", {}, this.plainNodes(confirm.text))],
      confirm: this.plain(confirm.confirm) || "Yes",
      deny: this.plain(confirm.deny) || "Cancel",
      style: confirm.style ?? "primary",
    });
  }
}
