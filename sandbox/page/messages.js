/** A list of messages: grouped by day and author, live, with one toolbar that follows the pointer or focus. */
import { h, icon } from "./dom.js";
import { message } from "./message.js";
import { reconcile } from "./reconcile.js";
import { dayKey, dayLabel } from "./time.js";
import { Toolbar } from "./toolbar.js";

const CLOSE = 60; // pixels from the end that still count as "at the bottom"
const SAME_HAND = 300; // seconds within which one author's posts share a head

export class MessageList {
  /**
   * @param {object} ctx the page's context
   * @param {{label: string, thread: boolean}} options `thread`: a thread's messages, without reply links
   */
  constructor(ctx, { label, thread }) {
    this.ctx = ctx;
    this.thread = thread;
    this.toolbar = new Toolbar(ctx, { thread });
    this.rows = h("div.rows");
    this.more = h("button.button.quiet-button", { type: "button", hidden: true }, "Show earlier messages");
    this.intro = h("div.intro");
    this.scroller = h(
      "div.messages",
      { role: "log", "aria-label": label, "aria-live": "polite", "aria-relevant": "additions", tabindex: "-1" },
      h("div.push"),
      h("div.earlier", {}, this.more),
      this.intro,
      this.rows,
    );
    this.jump = h("button.jump", { type: "button", hidden: true, on: { click: () => this.toBottom() } }, icon("down"), "New messages");
    this.node = h("div.list", {}, this.scroller, this.jump);
    this.stuck = true;
    this.newest = "";
    this.#listen();
  }

  #listen() {
    this.scroller.addEventListener("scroll", () => {
      const { scrollHeight, scrollTop, clientHeight } = this.scroller;
      this.stuck = scrollHeight - scrollTop - clientHeight < CLOSE;
      if (this.stuck) this.jump.hidden = true;
    }, { passive: true });
    // Charts get their height late, and the pane changes its own: stay at the end if we were there.
    const watch = new ResizeObserver(() => this.stuck && this.toBottom());
    watch.observe(this.rows);
    watch.observe(this.scroller);
    const attach = (event) => {
      const row = event.target.closest?.(".message");
      if (row && this.rows.contains(row)) this.toolbar.attach(row, this.byTs.get(row.dataset.ts));
    };
    this.rows.addEventListener("mouseover", attach);
    this.rows.addEventListener("focusin", attach);
    this.rows.addEventListener("keydown", (event) => this.#arrows(event));
  }

  /** Up and Down walk from message to message; Tab goes into the one that is focused. */
  #arrows(event) {
    if (!event.target.classList.contains("message")) return;
    const rows = [...this.rows.querySelectorAll(".message")];
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const next = step && rows[rows.indexOf(event.target) + step];
    if (!next) return;
    event.preventDefault();
    this.#rove(next);
    next.focus();
  }

  #rove(row) {
    for (const node of this.rows.querySelectorAll('.message[tabindex="0"]')) node.tabIndex = -1;
    if (row) row.tabIndex = 0;
  }

  /** Forget where the reader was: the next `show` starts at the newest message. */
  reset(label) {
    this.stuck = true;
    this.newest = "";
    this.jump.hidden = true;
    this.scroller.setAttribute("aria-label", label);
    this.rows.replaceChildren();
  }

  /** Show these messages, oldest first; `more` offers earlier ones. */
  show(messages, channel, { more = null, intro = [] } = {}) {
    const stuck = this.stuck;
    const heightBefore = this.scroller.scrollHeight;
    const grewOnTop = this.asked;
    this.asked = false;
    this.byTs = new Map(messages.map((one) => [one.ts, one]));
    reconcile(this.rows, this.#rowsOf(messages, channel));
    if (!this.rows.querySelector('.message[tabindex="0"]')) this.#rove([...this.rows.querySelectorAll(".message")].at(-1));
    this.intro.replaceChildren(...intro);
    this.more.hidden = !more;
    this.more.onclick = () => {
      this.asked = true;
      more();
    };
    this.toolbar.update(this.byTs, this.rows);
    this.#settle(stuck, grewOnTop ? this.scroller.scrollHeight - heightBefore : 0, messages);
  }

  #settle(stuck, added, messages) {
    const newest = messages.at(-1)?.ts ?? "";
    if (stuck) this.toBottom();
    else if (added > 0) this.scroller.scrollTop += added;
    else if (this.newest && newest > this.newest) this.jump.hidden = false;
    this.newest = newest;
  }

  toBottom() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.stuck = true;
    this.jump.hidden = true;
  }

  #rowsOf(messages, channel) {
    const { ctx } = this;
    const rows = [];
    let previous = null;
    for (const one of messages) {
      const day = dayKey(one.ts, ctx.tz);
      const newDay = !previous || dayKey(previous.ts, ctx.tz) !== day;
      if (newDay) rows.push(dayRow(day, one.ts, ctx));
      const compact = !newDay && sameHand(previous, one) && !this.thread;
      const options = { compact, thread: this.thread, root: this.thread && one === messages[0] };
      rows.push({
        key: `${one.ephemeral ? "e" : "m"}${one.ts}`,
        sig: JSON.stringify([one, options, ctx.tz]),
        build: () => message(one, channel, options, ctx),
      });
      if (options.root && messages.length > 1) rows.push(countRow(messages.length - 1));
      previous = one;
    }
    return rows;
  }
}

function dayRow(day, ts, ctx) {
  const label = dayLabel(ts, ctx.now, ctx.tz);
  return { key: `d${day}`, sig: label, build: () => h("div.day", { role: "separator", "aria-label": label }, h("span.day-label", {}, label)) };
}

function countRow(count) {
  const label = count === 1 ? "1 reply" : `${count} replies`;
  return { key: "count", sig: label, build: () => h("div.reply-count", {}, label) };
}

function sameHand(before, one) {
  return (
    before.user === one.user &&
    before.username === one.username &&
    before.bot_id === one.bot_id &&
    !before.subtype === !one.subtype &&
    Boolean(before.ephemeral) === Boolean(one.ephemeral) &&
    !before.reply_count &&
    Number(one.ts) - Number(before.ts) < SAME_HAND &&
    // A post one can press something in stands for itself.
    !(one.blocks ?? []).some((block) => block.type === "actions")
  );
}
