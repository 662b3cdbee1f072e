/** Interactive elements in messages, modals and Home: what a click or choice sends to the sandbox. */
import { h, iconButton } from "./dom.js";
import { control, isControl } from "./controls.js";
import { image } from "./images.js";
import { openMenu } from "./popup.js";

/**
 * A node for one element of an actions block or a section's accessory.
 * @param {object} element Block Kit element
 * @param {object} place where it sits: {block, source, form}; `source` names message or view in an act
 * @param {object} ctx the page's context
 */
export function interactive(element, place, ctx) {
  if (element.type === "button" || element.type === "workflow_button") return button(element, place, ctx);
  if (element.type === "icon_button") return button(element, place, ctx);
  if (element.type === "feedback_buttons") return thumbs(element, place, ctx);
  if (element.type === "overflow") return overflow(element, place, ctx);
  if (element.type === "image") return image(element, "thumb");
  if (isControl(element)) return choosing(element, place, ctx);
  return h("span.unknown-inline", {}, `${element.type} (not drawn by the sandbox)`);
}

/** Which element an act is about. */
export function address(element, { block, source }) {
  return { ...source, block_id: block.block_id ?? null, action_id: element.action_id ?? null };
}

function button(element, place, ctx) {
  const node = h(
    "button.button",
    {
      type: "button",
      class: element.style ?? "",
      "aria-label": element.accessibility_label,
      data: { key: `b:${place.block.block_id}:${element.action_id}` },
      on: { click: press },
    },
    ctx.plainNodes(element.text),
  );
  async function press() {
    if (!(await ctx.confirmed(element.confirm))) return;
    if (element.url && /^https?:/i.test(element.url)) window.open(element.url, "_blank", "noopener,noreferrer");
    // The app sees a view's fields with the click: what was just typed must have arrived.
    await place.form?.settled;
    busy(node, ctx.act("click", { ...address(element, place), ...(element.value ? { value: element.value } : {}) }));
  }
  return node;
}

/** Two buttons of one element: what is sent is the value of the one pressed. */
function thumbs(element, place, ctx) {
  const one = (side) => {
    const node = h(
      "button.button",
      {
        type: "button",
        "aria-label": side.accessibility_label,
        data: { key: `b:${place.block.block_id}:${element.action_id}:${side.value}` },
        on: { click: () => busy(node, ctx.act("click", { ...address(element, place), value: side.value })) },
      },
      ctx.plainNodes(side.text),
    );
    return node;
  };
  return h("span.thumbs", { role: "group", "aria-label": "Feedback" }, one(element.positive_button), " ", one(element.negative_button));
}

function busy(node, promise) {
  node.setAttribute("aria-busy", "true");
  promise.finally(() => node.removeAttribute("aria-busy"));
}

function overflow(element, place, ctx) {
  const items = (element.options ?? []).map((option) => ({ label: ctx.plain(option.text), act: () => choose(option) }));
  const node = iconButton("more", "More actions", () => openMenu(node, items, { label: "More actions" }), {
    "aria-haspopup": "menu", "aria-expanded": "false", class: "bordered",
  });
  node.dataset.key = `o:${place.block.block_id}:${element.action_id}`;
  async function choose(option) {
    if (!(await ctx.confirmed(element.confirm))) return;
    if (option.url && /^https?:/i.test(option.url)) window.open(option.url, "_blank", "noopener,noreferrer");
    busy(node, ctx.act("select", { ...address(element, place), value: option.value ?? null }));
  }
  return node;
}

/** A value-holding control that tells the app at once. */
function choosing(element, place, ctx) {
  const made = control(element, ctx);
  place.form?.add(place.block.block_id, element.action_id, made);
  restored(made, element, place);
  label(made, ctx.plain(place.label) || ctx.plain(element.placeholder) || element.action_id);
  dispatching(made, element, place, ctx);
  return h("div.element", {}, made.node);
}

/** Show what this person chose in a message before; views restore all their fields at once. */
export function restored(made, element, { block, state }) {
  const kept = state?.[block.block_id]?.[element.action_id];
  if (kept !== undefined) made.write(kept);
  made.node.dataset.key = `c:${block.block_id}:${element.action_id}`;
}

/** Give a control its accessible name. */
export function label(made, text) {
  made.node.setAttribute("aria-label", text);
}

/** Send each change of a control, asking first where the app wants it and going back on "no". */
export function dispatching(made, element, place, ctx) {
  let before = made.read();
  made.onChange(async () => {
    const after = made.read();
    if (!(await ctx.confirmed(element.confirm))) {
      made.write(before);
      return;
    }
    before = after;
    busy(made.node, ctx.act("select", { ...address(element, place), ...chosen(after) }));
  });
}

/** Let the sandbox keep what was filled in, without telling the app. */
export function keeping(made, element, place, ctx) {
  made.onChange(() => {
    const sent = ctx.api.act("select", { ...address(element, place), ...chosen(made.read()) });
    if (place.form) place.form.settled = Promise.all([place.form.settled, sent]);
  });
}

const chosen = (value) => (Array.isArray(value) ? { values: value } : { value });
