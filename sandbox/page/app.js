/** The page: reads the sandbox's state, shows one place in it, and follows what changes. */
import { Api } from "./api.js";
import { Composer } from "./composer.js";
import { Context } from "./context.js";
import { channelHeader, plainHeader } from "./header.js";
import { h, iconButton } from "./dom.js";
import { Home } from "./home.js";
import { MessageList } from "./messages.js";
import { Modal } from "./modal.js";
import { Rail } from "./rail.js";
import { shortStamp } from "./time.js";

const PAGE = 100; // messages read at once
const PAUSE = 150; // ms in which changes gather before the page reads again
const POLL = 15000; // ms between looks at the sandbox's clock

class App {
  constructor() {
    this.api = new Api();
    const at = (id) => document.getElementById(id);
    this.nodes = { banner: at("banner"), frame: at("frame"), rail: at("rail"), main: at("main"), thread: at("thread"), scrim: at("scrim") };
    this.ctx = new Context(this.api, {
      toasts: at("toasts"),
      refresh: () => this.refresh(),
      go: (place) => this.go(place),
      link: (place) => this.link(place),
    });
    this.place = readHash();
    this.limit = PAGE;
    this.online = true;
    this.#build();
  }

  #build() {
    const { ctx, nodes } = this;
    this.rail = new Rail(nodes.rail, ctx, { become: (as) => this.go({ as, thread: "" }), close: () => this.#drawer(false) });
    this.head = h("header.main-head");
    this.list = new MessageList(ctx, { label: "Messages", thread: false });
    this.composer = new Composer(ctx, { id: "composer-text", thread: false, onSend: () => this.list.toBottom() });
    this.home = new Home(ctx);
    nodes.main.append(this.head, this.list.node, this.composer.node, this.home.node);
    this.threadList = new MessageList(ctx, { label: "Thread", thread: true });
    this.threadComposer = new Composer(ctx, { thread: true, onSend: () => this.threadList.toBottom() });
    this.threadWhere = h("span.thread-where");
    nodes.thread.append(
      h("header.main-head", {}, h("div.heading", {}, h("h2", {}, "Thread", this.threadWhere)), iconButton("close", "Close thread", () => this.#closeThread())),
      this.threadList.node,
      this.threadComposer.node,
    );
    this.modal = new Modal(ctx);
    nodes.scrim.addEventListener("click", () => this.#drawer(false));
    document.addEventListener("keydown", (event) => this.#escape(event));
  }

  #escape(event) {
    if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open], .menu")) return;
    if (this.nodes.frame.classList.contains("drawer")) this.#drawer(false);
    else if (this.place.thread) this.#closeThread();
  }

  #closeThread() {
    const root = this.place.thread;
    this.go({ thread: "" });
    this.list.rows.querySelector(`[data-ts="${CSS.escape(root)}"]`)?.focus({ preventScroll: true });
  }

  #drawer(open) {
    this.nodes.frame.classList.toggle("drawer", open);
    this.nodes.scrim.hidden = !open;
    if (open) this.nodes.rail.querySelector(".rail-close")?.focus();
  }

  async start() {
    addEventListener("hashchange", () => this.#arrive(readHash()));
    await this.#join();
    setInterval(() => document.hidden || this.refresh(), POLL);
  }

  /** Become the person of the address, or the first there is, and follow what they may see. */
  async #join() {
    this.api.as = this.place.as;
    try {
      const state = await this.api.state();
      const people = state.users.filter((user) => !user.is_bot && !user.deleted);
      const known = people.some((user) => user.id === this.place.as);
      this.api.as = known ? this.place.as : ((people.find((user) => user.id === state.me?.id) ?? people[0])?.id ?? "");
      this.place.as = this.api.as;
    } catch (error) {
      this.#waiting(error);
      return;
    }
    await this.#arrived();
    this.#follow();
  }

  #follow() {
    this.api.follow(this.ctx.state.seq ?? 0, (change) => this.#changed(change), (online) => this.#status(online));
  }

  #waiting(error) {
    this.nodes.banner.replaceChildren(h("strong", {}, "Sandbox"), ` does not answer (${error.message}). Trying again…`);
    setTimeout(() => this.#join(), 2000);
  }

  /** Where a link leads. */
  link(change) {
    const { channel, thread, home, as } = { ...this.place, ...change };
    const parts = home ? { home: "1" } : { channel, ...(thread ? { thread } : {}) };
    return `#${new URLSearchParams({ ...parts, as })}`;
  }

  go(change) {
    const hash = this.link(change);
    if (hash === location.hash) this.refresh();
    else location.hash = hash;
  }

  async #arrive(place) {
    const before = this.place;
    this.place = { ...place, as: place.as || before.as };
    if (this.place.as !== before.as) {
      this.list.reset("Messages");
      this.threadList.reset("Thread");
      await this.#join();
    } else await this.#arrived(before);
  }

  /** Show the new place, from its newest message. */
  async #arrived(before = {}) {
    if (before.channel !== this.place.channel) {
      this.limit = PAGE;
      this.list.reset("Messages");
    }
    if (before.thread !== this.place.thread) this.threadList.reset("Thread");
    if (this.place.home && !before.home) await this.api.act("home", {});
    await this.refresh();
    if (this.place.thread && before.thread !== this.place.thread) this.threadComposer.focus();
    else if (!this.place.home && matchMedia("(hover: hover)").matches && !document.querySelector("dialog[open]")) this.composer.focus();
  }

  #changed(change) {
    if (change.type === "toast" && change.text) this.ctx.say(change.text);
    clearTimeout(this.soon);
    // A steady stream must not put the page off for ever: wait from the first change, not the last.
    this.firstChange ??= performance.now();
    const waited = performance.now() - this.firstChange;
    this.soon = setTimeout(() => {
      this.firstChange = undefined;
      this.refresh();
    }, Math.max(0, Math.min(PAUSE, 3 * PAUSE - waited)));
  }

  #status(online) {
    if (online && !this.online) this.refresh();
    this.online = online;
    this.#banner();
  }

  /** Read again and draw; calls during a reading share the next one. */
  refresh() {
    if (!this.reading) {
      this.reading = this.#read().finally(() => { this.reading = null; });
      return this.reading;
    }
    this.next ??= this.reading.then(() => {
      this.next = null;
      return this.refresh();
    });
    return this.next;
  }

  async #read() {
    try {
      const state = await this.api.state();
      this.ctx.update(state);
      // A sandbox that was started anew counts from the beginning again.
      if (this.api.stream && state.seq < this.api.stream.since) this.#follow();
      const { place } = this;
      if (!place.home && !this.ctx.channel(place.channel)) place.channel = firstChannel(this.ctx);
      const { channel, home } = place;
      const [main, thread] = await Promise.all([
        home || !channel ? null : this.api.channel(channel, { limit: this.limit }),
        home || !place.thread ? null : this.api.channel(channel, { thread: place.thread, limit: 1000 }),
      ]);
      if (place === this.place) this.#draw(main, thread);
    } catch (error) {
      this.ctx.say(`The sandbox could not be read: ${error.message}`, "error");
    }
  }

  #draw(main, thread) {
    const { place, ctx } = this;
    this.#banner();
    this.rail.show(place);
    this.modal.show(ctx.state.modals);
    this.nodes.main.classList.toggle("at-home", place.home);
    if (place.home) this.#drawHome();
    else if (main) this.#drawChannel(main);
    this.nodes.thread.hidden = !thread || !place.thread;
    this.nodes.frame.classList.toggle("with-thread", !this.nodes.thread.hidden);
    if (thread && place.thread) this.#drawThread(thread);
  }

  #drawHome() {
    const name = `${this.ctx.app?.display ?? "App"} Home`;
    this.#title(name, () => plainHeader(name, this.ctx, () => this.#drawer(true)), name);
    this.home.show(this.ctx.state.home);
  }

  #drawChannel({ channel: given, messages, members = [] }) {
    const channel = { ...this.ctx.channel(this.place.channel), ...given, name: this.ctx.channel(this.place.channel).name };
    const title = channel.is_im ? channel.name : `#${channel.name}`;
    this.#title(title, () => channelHeader(channel, members, this.ctx, () => this.#drawer(true)), [channel, members, this.ctx.users()]);
    const full = messages.length >= this.limit;
    const more = full ? () => { this.limit += PAGE; this.refresh(); } : null;
    this.list.show(messages, channel, { more, intro: full ? [] : intro(channel) });
    this.composer.at(channel);
  }

  #drawThread({ channel: given, messages }) {
    const channel = { ...given, ...this.ctx.channel(this.place.channel) };
    this.threadWhere.textContent = channel.is_im ? channel.name : `#${channel.name}`;
    this.threadList.show(messages, channel);
    this.threadComposer.at(channel, this.place.thread);
  }

  /** The head is drawn only when what it says has changed, so that its buttons keep the focus. */
  #title(title, build, basis) {
    document.title = `${title} · ${this.ctx.state.workspace?.name ?? "Workspace"} · sandbox`;
    const sig = JSON.stringify(basis);
    if (sig === this.headSig) return;
    this.headSig = sig;
    this.head.replaceChildren(...build().filter(Boolean));
  }

  #banner() {
    const { state, tz } = this.ctx;
    const limits = state.rate_limits === "fast" ? "fast rate limits" : `rate limits: ${state.rate_limits ?? "Slack's"}`;
    const parts = [
      h("strong", {}, "Sandbox"),
      h("span.banner-more", {}, "nothing here reaches Slack"),
      h("span", {}, limits),
      state.now ? h("span", { title: tz }, "clock ", h("time", {}, shortStamp(state.now, tz))) : null,
      state.connections === 0 ? h("span.offline", {}, "no app connected") : null,
      this.online ? null : h("span.offline", { role: "status" }, "line broken, reconnecting…"),
    ];
    this.nodes.banner.replaceChildren(...parts.filter(Boolean));
  }
}

function readHash() {
  const query = new URLSearchParams(location.hash.slice(1));
  const get = (key) => query.get(key) ?? "";
  return { channel: get("channel"), thread: get("thread"), home: get("home") !== "", as: get("as") };
}

function firstChannel(ctx) {
  const open = ctx.channels().filter((c) => !c.is_archived);
  return (open.find((c) => c.is_member && !c.is_im) ?? open[0])?.id ?? "";
}

function intro(channel) {
  if (channel.is_im) return [h("p", {}, `This is the start of your direct messages with ${channel.name}.`)];
  return [h("p.intro-name", {}, `#${channel.name}`), h("p", {}, `This is the very beginning of the ${channel.is_private ? "private " : ""}channel.`)];
}

new App().start();
