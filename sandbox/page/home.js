/** The app's Home tab for the chosen person. */
import { renderBlocks } from "./blocks.js";
import { Form } from "./form.js";
import { plainState } from "./form_state.js";
import { h } from "./dom.js";

export class Home {
  constructor(ctx) {
    this.ctx = ctx;
    this.sig = "";
    this.body = h("div.home-body");
    this.node = h("div.home", {}, this.body);
  }

  /** Draw the published view, keeping what was filled in; say so when there is none. */
  show(view) {
    const sig = JSON.stringify([view?.id, view?.blocks, this.ctx.me?.id]);
    if (sig === this.sig) return;
    const kept = this.id === view?.id ? this.form?.values() : null;
    this.sig = sig;
    this.id = view?.id;
    this.form = new Form();
    if (!view) {
      this.body.replaceChildren(h("p.empty", {}, "The app has published no Home for this person yet."));
      return;
    }
    this.body.replaceChildren(...renderBlocks(view.blocks, { source: { view_id: view.id }, form: this.form }, this.ctx));
    this.form.restore(plainState(view.state?.values));
    if (kept) this.form.restore(kept);
  }
}
