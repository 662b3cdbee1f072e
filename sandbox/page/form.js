/** Input blocks of modals, Home and messages, and the values they hold together. */
import { control, isControl } from "./controls.js";
import { dispatching, keeping, restored } from "./elements.js";
import { h, uid } from "./dom.js";

/** The fields of one view, by block id and action id. */
export class Form {
  constructor() {
    this.fields = [];
    this.settled = Promise.resolve();
  }

  /** Remember a control; `wrap` is the input block around it, when there is one. */
  add(blockId, actionId, made, wrap = null) {
    this.fields.push({ blockId, actionId, made, wrap });
  }

  /** {block_id: {action_id: plain value}} */
  values() {
    const all = {};
    for (const { blockId, actionId, made } of this.fields) {
      all[blockId] = { ...all[blockId], [actionId]: made.read() };
    }
    return all;
  }

  /** Put back what a person had filled in before the app changed the view. */
  restore(values) {
    for (const { blockId, actionId, made } of this.fields) {
      const kept = values?.[blockId]?.[actionId];
      if (kept !== undefined) made.write(kept);
    }
  }

  /** What the page itself can refuse before asking the app: {block_id: sentence}. */
  check() {
    const errors = {};
    for (const { blockId, made, wrap } of this.fields) {
      const problem = wrap ? problemOf(made, wrap) : null;
      if (problem) errors[blockId] = problem;
    }
    return errors;
  }

  /** Show errors at their fields and go to the first; those without a field are returned. */
  show(errors) {
    const wraps = this.fields.filter(({ wrap }) => wrap);
    for (const { wrap } of wraps) wrap.setError("");
    const marked = wraps.filter(({ blockId }) => errors[blockId]);
    for (const { blockId, wrap } of marked) wrap.setError(errors[blockId]);
    marked[0]?.made.focus();
    const shown = new Set(marked.map(({ blockId }) => blockId));
    return Object.entries(errors).filter(([blockId]) => !shown.has(blockId)).map(([, message]) => message);
  }
}

function problemOf(made, { optional, element }) {
  const value = made.read();
  const empty = value === null || (Array.isArray(value) && !value.length);
  // A number field with letters in it reads as empty: the browser knows better.
  if (made.node.validity?.badInput) return "Enter a number.";
  if (empty) return optional ? null : "Please complete this required field.";
  if (element.min_length && value.length < element.min_length) return `Enter at least ${element.min_length} characters.`;
  if (element.type !== "number_input") return null;
  if (!element.is_decimal_allowed && !Number.isInteger(Number(value))) return "Enter a whole number.";
  if (element.min_value !== undefined && Number(value) < Number(element.min_value)) return `Enter ${element.min_value} or more.`;
  if (element.max_value !== undefined && Number(value) > Number(element.max_value)) return `Enter ${element.max_value} or less.`;
  return null;
}

/** An `input` block: label, control, hint and room for an error. */
export function inputBlock(block, place, ctx) {
  const element = block.element ?? {};
  if (!isControl(element)) return null;
  const made = control(element, ctx);
  const [labelId, hintId, errorId] = [uid("label"), uid("hint"), uid("error")];
  const error = h("p.field-error", { id: errorId, role: "alert" });
  const node = h(
    "div.block.input-block",
    {},
    labelFor(made, labelId, block, ctx),
    made.node,
    block.hint ? h("p.field-hint", { id: hintId }, ctx.plainNodes(block.hint)) : null,
    error,
  );
  made.node.setAttribute("aria-describedby", `${block.hint ? `${hintId} ` : ""}${errorId}`);
  const setError = (message) => {
    error.textContent = message;
    node.classList.toggle("invalid", Boolean(message));
    made.node.setAttribute("aria-invalid", message ? "true" : "false");
  };
  place.form?.add(block.block_id, element.action_id, made, { setError, element, optional: block.optional === true });
  const tell = block.dispatch_action ? dispatching : keeping;
  tell(made, element, place, ctx);
  restored(made, element, place);
  if (element.focus_on_load) made.node.setAttribute("autofocus", "");
  return node;
}

/** A real <label> for a single field; for a group, a caption that names it. */
function labelFor(made, id, block, ctx) {
  const words = [ctx.plainNodes(block.label), block.optional ? h("span.optional", {}, " (optional)") : null];
  const single = ["INPUT", "TEXTAREA", "SELECT"].includes(made.node.tagName);
  if (single) {
    made.node.id ||= uid("field");
    return h("label.field-label", { id, for: made.node.id }, words);
  }
  made.node.setAttribute("aria-labelledby", id);
  return h("div.field-label", { id }, words);
}
