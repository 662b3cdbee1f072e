/** The open modals of the chosen person: the top of the stack is shown, as in Slack. */
import { renderBlocks } from "./blocks.js";
import { Form } from "./form.js";
import { plainState } from "./form_state.js";
import { h, iconButton, uid } from "./dom.js";

export class Modal {
  constructor(ctx) {
    this.ctx = ctx;
    this.dialog = null;
    this.sig = "";
    this.drafts = new Map();
  }

  /** Show the top of `stack`, or nothing; unchanged views are left alone, changed ones keep what was typed. */
  show(stack) {
    const view = stack?.at(-1) ?? null;
    const { id, title, blocks, submit, close, type } = view ?? {};
    const sig = JSON.stringify([id, title, blocks, submit, close, type, stack?.length]);
    if (sig === this.sig) return;
    if (this.view) this.drafts.set(this.view.id, this.form.values());
    const open = new Set((stack ?? []).map((one) => one.id));
    for (const key of this.drafts.keys()) if (!open.has(key)) this.drafts.delete(key);
    this.sig = sig;
    this.view = view;
    if (view) this.#open(view, stack.length);
    else this.#shut();
  }

  #shut() {
    this.dialog?.close();
    this.dialog?.remove();
    this.dialog = null;
    if (this.opener?.isConnected) this.opener.focus();
  }

  #open(view, depth) {
    this.form = new Form();
    const title = uid("modal");
    const body = h("div.modal-body", {}, renderBlocks(view.blocks, { source: { view_id: view.id }, form: this.form }, this.ctx));
    this.form.restore(plainState(view.state?.values));
    this.form.restore(this.drafts.get(view.id));
    this.problem = h("p.modal-problem", { role: "alert" });
    this.submit = view.submit ? h("button.button.primary", { type: "submit" }, this.ctx.plain(view.submit)) : null;
    const leave = () => this.#leave(view);
    const inside = h(
      "form.modal-form",
      { novalidate: true, autocomplete: "off", on: { submit: (event) => this.#send(event, view) } },
      h(
        "header.modal-head",
        {},
        h("h2", { id: title }, this.ctx.plain(view.title) || "Untitled"),
        depth > 1 ? h("span.depth", {}, `step ${depth}`) : null,
        iconButton("close", depth > 1 ? "Back" : "Close", leave),
      ),
      body,
      this.problem,
      h("footer.modal-foot", {}, h("button.button", { type: "button", on: { click: leave } }, this.ctx.plain(view.close) || (this.submit ? "Cancel" : "Close")), this.submit),
    );
    this.#host(inside, title, leave);
    body.querySelector("[autofocus]")?.focus();
  }

  /** One <dialog> for the whole stack, so that a push does not flicker. */
  #host(inside, title, leave) {
    if (!this.dialog) {
      this.opener = document.activeElement;
      this.dialog = h("dialog.modal");
      document.body.append(this.dialog);
    }
    this.dialog.setAttribute("aria-labelledby", title);
    this.dialog.replaceChildren(inside);
    this.dialog.oncancel = (event) => {
      if (event.target !== this.dialog) return;
      event.preventDefault();
      leave();
    };
    if (!this.dialog.open) this.dialog.showModal();
  }

  #leave(view) {
    return this.ctx.act("view_close", { view_id: view.id });
  }

  async #send(event, view) {
    event.preventDefault();
    const missing = this.form.check();
    this.problem.textContent = "";
    this.form.show(missing);
    if (Object.keys(missing).length || this.sending) return;
    this.sending = true;
    this.submit.setAttribute("aria-busy", "true");
    const { form, submit, problem } = this;
    const answer = await this.ctx.act("view_submit", { view_id: view.id, values: form.values() }, { quiet: true });
    this.sending = false;
    submit.removeAttribute("aria-busy");
    if (answer.ok === false) problem.textContent = this.ctx.sentence(answer);
    else if (answer.shown === "errors") problem.textContent = form.show(answer.errors ?? {}).join(" ");
  }
}
