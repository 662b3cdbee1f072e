/** Completions above a text box for a word that starts with @, # or (as the first word) /. */
import { h, uid } from "./dom.js";

const MOST = 8;

export class Suggestions {
  /**
   * @param {HTMLTextAreaElement} box the text box
   * @param {(word: string) => Array<{insert: string, label: string, hint?: string}>} find candidates for a word
   */
  constructor(box, find) {
    this.box = box;
    this.find = find;
    this.items = [];
    this.chosen = 0;
    this.node = h("ul.suggestions", { id: uid("suggest"), role: "listbox", "aria-label": "Suggestions", hidden: true });
    box.setAttribute("aria-controls", this.node.id);
    box.setAttribute("aria-autocomplete", "list");
    box.addEventListener("input", () => this.#look());
    box.addEventListener("blur", () => this.#close());
  }

  #look() {
    const before = this.box.value.slice(0, this.box.selectionStart);
    const match = /(?:^|\s)([@#][\w.-]*)$/.exec(before) ?? /^(\/[\w-]*)$/.exec(before);
    this.word = match?.[1] ?? "";
    this.items = this.word ? this.find(this.word).slice(0, MOST) : [];
    if (this.items.length === 1 && this.items[0].insert.toLowerCase() === this.word.toLowerCase()) this.items = [];
    this.chosen = 0;
    this.#draw();
  }

  #draw() {
    this.node.hidden = !this.items.length;
    this.node.replaceChildren(...this.items.map((item, i) => this.#option(item, i)));
    const active = this.node.children[this.chosen];
    if (active) this.box.setAttribute("aria-activedescendant", active.id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  #option(item, index) {
    return h(
      "li",
      {
        id: `${this.node.id}-${index}`,
        role: "option",
        "aria-selected": String(index === this.chosen),
        // Before blur, which would close the list first.
        on: { pointerdown: (event) => { event.preventDefault(); this.#take(index); } },
      },
      h("span", {}, item.label),
      item.hint ? h("span.quiet", {}, item.hint) : null,
    );
  }

  /** Handle a key; true when it was meant for the list. */
  key(event) {
    if (!this.items.length || event.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.chosen = (this.chosen + step + this.items.length) % this.items.length;
      this.#draw();
    } else if (event.key === "Escape") this.#close();
    else if (event.key === "Tab" || (event.key === "Enter" && this.items[this.chosen].insert !== this.word)) this.#take(this.chosen);
    else return false;
    event.preventDefault();
    return true;
  }

  #take(index) {
    const end = this.box.selectionStart;
    this.box.setRangeText(`${this.items[index].insert} `, end - this.word.length, end, "end");
    this.#close();
    this.box.dispatchEvent(new Event("input"));
  }

  #close() {
    this.items = [];
    this.#draw();
  }
}
