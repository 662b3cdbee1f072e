/** The left rail: workspace, who you act as, channels, direct messages, apps. */
import { h, icon, iconButton } from "./dom.js";
import { avatar } from "./message.js";
import { ask } from "./popup.js";

export class Rail {
  /**
   * @param {HTMLElement} node the <nav>
   * @param {object} ctx the page's context
   * @param {{become: (id: string) => void, close: () => void}} on
   */
  constructor(node, ctx, on) {
    Object.assign(this, { node, ctx, on, sig: "" });
  }

  /** Draw for this place, unless nothing changed. */
  show(place) {
    const { workspace, users, channels } = this.ctx.state;
    const sig = JSON.stringify([workspace, users, channels, place.channel, place.home, this.ctx.me?.id]);
    if (sig === this.sig) return;
    this.sig = sig;
    const focus = this.node.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const scroll = this.node.querySelector(".rail-scroll")?.scrollTop ?? 0;
    this.node.replaceChildren(this.#head(workspace), this.#switcher(), this.#lists(place));
    this.node.querySelector(".rail-scroll").scrollTop = scroll;
    if (focus) [...this.node.querySelectorAll("[data-key]")].find((n) => n.dataset.key === focus)?.focus();
  }

  #head(workspace) {
    return h(
      "div.rail-head",
      {},
      h("span.workspace", {}, workspace?.name ?? "Workspace"),
      iconButton("close", "Close channel list", this.on.close, { class: "rail-close" }),
    );
  }

  #switcher() {
    const { me } = this.ctx;
    const people = this.ctx.users().filter((user) => !user.is_bot && !user.deleted);
    const select = h(
      "select.as-select",
      { id: "as", data: { key: "as" }, on: { change: () => this.on.become(select.value) } },
      people.map((user) => h("option", { value: user.id }, user.display)),
    );
    select.value = me?.id ?? "";
    return h(
      "div.switcher",
      {},
      h("label", { for: "as" }, "Acting as"),
      h("div.as", {}, me ? avatar({ name: me.display, app: false, id: me.id }) : null, select),
    );
  }

  #lists(place) {
    const all = this.ctx.channels();
    const rooms = all.filter((c) => !c.is_im).sort((a, b) => Number(a.is_archived) - Number(b.is_archived) || a.name.localeCompare(b.name));
    const direct = all.filter((c) => c.is_im);
    const { app } = this.ctx;
    return h(
      "div.rail-scroll",
      {},
      list("Channels", rooms.map((c) => this.#channel(c, place)), iconButton("plus", "Create a channel", () => createChannel(this.ctx))),
      list("Direct messages", direct.map((c) => this.#channel(c, place))),
      app ? list("Apps", [this.#home(app, place)]) : null,
    );
  }

  #channel(channel, place) {
    const current = !place.home && place.channel === channel.id;
    const unread = current || channel.is_member === false ? 0 : (channel.unread ?? 0);
    const kind = channel.is_im ? "bolt" : channel.is_private ? "lock" : "hash";
    const words = { bolt: "direct message", lock: "private channel", hash: "channel" }[kind];
    const classes = [unread && "unread", channel.is_member === false && "outside", channel.is_archived && "archived"].filter(Boolean).join(" ");
    return this.#entry({
      href: this.ctx.page.link({ channel: channel.id, thread: "", home: false }),
      current,
      classes,
      key: channel.id,
      label: `${channel.name}, ${words}${unread ? `, ${unread} unread` : ""}${channel.is_archived ? ", archived" : ""}`,
      parts: [icon(kind), h("span.entry-name", {}, channel.name), unread ? h("span.unread-count", {}, unread > 99 ? "99+" : String(unread)) : null],
    });
  }

  #home(app, place) {
    return this.#entry({
      href: this.ctx.page.link({ home: true, thread: "" }),
      current: place.home,
      classes: "",
      key: "home",
      label: `${app.display} Home`,
      parts: [icon("home"), h("span.entry-name", {}, `${app.display} Home`)],
    });
  }

  #entry({ href, current, classes, key, label, parts }) {
    return h(
      "li",
      {},
      h("a.entry", { href, class: classes, "aria-current": current ? "page" : null, "aria-label": label, data: { key }, on: { click: this.on.close } }, parts),
    );
  }
}

function list(title, entries, extra = null) {
  if (!entries.length && !extra) return null;
  return h("section.rail-list", {}, h("div.rail-title", {}, h("h2", {}, title), extra), h("ul", {}, entries));
}

async function createChannel(ctx) {
  const name = h("input.input", { type: "text", id: "new-channel", autocomplete: "off", placeholder: "help-deals", autofocus: true });
  const secret = h("input", { type: "checkbox" });
  const nodes = [
    h("label.field-label", { for: "new-channel" }, "Name"),
    name,
    h("label.choice", {}, secret, h("span.choice-text", {}, "Private: only people who are added see it")),
  ];
  if (!(await ask({ title: "Create a channel", nodes, confirm: "Create", deny: "Cancel" }))) return;
  const wanted = name.value.trim().replace(/^#/, "").toLowerCase().replace(/\s+/g, "-");
  if (!wanted) return;
  const answer = await ctx.act("create", { name: wanted, is_private: secret.checked });
  if (answer.channel) ctx.openChannel(answer.channel);
}
