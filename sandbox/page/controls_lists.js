/** Controls made of several boxes: radio buttons, checkboxes and the list for multi-selects. */
import { h, uid } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";

const LONG = 8;

/** Radio buttons: the value is the chosen option's, or null. */
export function radioList(element, ctx) {
  const made = boxes("radio", choices(element, ctx), element.initial_option ? [element.initial_option.value] : []);
  const readAll = made.read;
  return { ...made, read: () => readAll()[0] ?? null, write: (value) => made.write(value === null ? [] : [value]) };
}

/** Checkboxes: the value is the list of ticked options' values. */
export function checkList(element, ctx) {
  return boxes("checkbox", choices(element, ctx), (element.initial_options ?? []).map((option) => option.value));
}

function choices(element, ctx) {
  return (element.options ?? []).map((option) => ({
    value: option.value,
    nodes: textNodes(option.text, ctx),
    hint: option.description ? textNodes(option.description, ctx) : null,
  }));
}

function textNodes(object, ctx) {
  return object?.type === "mrkdwn" ? mrkdwn(object.text, ctx) : [ctx.plain(object)];
}

/** A multi-select as a list of boxes that scrolls, with a filter when it is long. */
export function pickList(element, options, initial) {
  // Who is chosen stands first, so that a long list shows it without scrolling.
  options = [...options].sort((a, b) => (initial ?? []).includes(b.value) - (initial ?? []).includes(a.value));
  const made = boxes("checkbox", options.map((o) => ({ value: o.value, nodes: [o.label], hint: o.hint ? [o.hint] : null })), initial);
  made.node.classList.add("pick-list");
  const limit = element.max_selected_items;
  const note = h("p.count", { "aria-live": "polite" });
  const count = () => {
    const chosen = made.read().length;
    note.textContent = limit ? `${chosen} of at most ${limit} chosen` : `${chosen} chosen`;
    if (limit) made.boxes.forEach((box) => { box.disabled = !box.checked && chosen >= limit; });
  };
  made.onChange(count);
  count();
  const node = h("div.multi", { role: "group" }, options.length > LONG ? filter(made, options) : null, made.node, note);
  return { ...made, node, write: (value) => { made.write(value); count(); } };
}

function filter(made, options) {
  const input = h("input.input", { type: "search", placeholder: "Filter", "aria-label": "Filter the list", autocomplete: "off" });
  input.addEventListener("input", () => {
    const words = input.value.trim().toLowerCase();
    made.rows.forEach((row, i) => { row.hidden = !options[i].label.toLowerCase().includes(words); });
  });
  return input;
}

function boxes(type, options, initial) {
  const name = uid("choice");
  const inputs = options.map((option) => {
    const input = h("input", { type, name, value: option.value });
    input.checked = (initial ?? []).includes(option.value);
    return input;
  });
  const rows = options.map((option, i) =>
    h("label.choice", {}, inputs[i], h("span.choice-text", {}, option.nodes, option.hint ? h("span.choice-hint", {}, option.hint) : null)),
  );
  const node = h("div.choices", { role: type === "radio" ? "radiogroup" : "group" }, rows);
  return {
    node,
    rows,
    boxes: inputs,
    read: () => inputs.filter((input) => input.checked).map((input) => input.value),
    write: (value) => inputs.forEach((input) => { input.checked = (value ?? []).includes(input.value); }),
    focus: () => inputs[0]?.focus(),
    onChange: (fn) => node.addEventListener("change", fn),
  };
}
