/**
 * Interactive elements that hold a value. Each maker returns a control:
 *   node            what to show
 *   read()          its plain value: text, option value, id, list of these, or null
 *   write(value)    set it
 *   focus()         put the cursor there
 *   onChange(fn)    call fn when a person has chosen
 * Source: https://docs.slack.dev/reference/block-kit/block-elements/
 */
import { h, uid } from "./dom.js";
import { checkList, pickList, radioList } from "./controls_lists.js";

const MAKERS = {
  plain_text_input: textInput,
  rich_text_input: richInput,
  file_input: fileInput,
  email_text_input: (e) => field("email", e, e.initial_value),
  url_text_input: (e) => field("url", e, e.initial_value),
  number_input: numberInput,
  datepicker: (e) => field("date", e, e.initial_date),
  timepicker: (e) => field("time", e, e.initial_time),
  datetimepicker: dateTime,
  static_select: (e, ctx) => single(e, ctx, optionsOf(e, ctx), e.initial_option?.value),
  users_select: (e, ctx) => single(e, ctx, people(ctx), e.initial_user),
  conversations_select: (e, ctx) => single(e, ctx, conversations(e, ctx), e.initial_conversation),
  channels_select: (e, ctx) => single(e, ctx, channels(ctx), e.initial_channel),
  multi_static_select: (e, ctx) => pickList(e, optionsOf(e, ctx), (e.initial_options ?? []).map((o) => o.value)),
  multi_users_select: (e, ctx) => pickList(e, people(ctx), e.initial_users ?? []),
  multi_conversations_select: (e, ctx) => pickList(e, conversations(e, ctx), e.initial_conversations ?? []),
  multi_channels_select: (e, ctx) => pickList(e, channels(ctx), e.initial_channels ?? []),
  radio_buttons: radioList,
  checkboxes: checkList,
};

/** Whether `element` holds a value that this page can show. */
export const isControl = (element) => Object.hasOwn(MAKERS, element.type);

/** A control for a Block Kit element of a type that `isControl` knows. */
export function control(element, ctx) {
  return MAKERS[element.type](element, ctx);
}

const plainText = (object) => object?.text ?? "";

function textInput(element) {
  if (!element.multiline) return field("text", element, element.initial_value);
  const node = h("textarea.input", {
    rows: 4, placeholder: plainText(element.placeholder), maxlength: element.max_length, autocomplete: "off",
    value: element.initial_value ?? "",
  });
  return simple(node);
}

/** Rich text is typed plain; the sandbox makes its elements. */
function richInput(element) {
  return textInput({ ...element, multiline: true, initial_value: richWords(element.initial_value) });
}

/** The words of a rich_text block, mentions left out. */
export function richWords(value) {
  if (value === null || typeof value !== "object") return value ?? "";
  if (typeof value.text === "string") return value.text;
  return (value.elements ?? []).map(richWords).join("");
}

/** Files by name only: the sandbox stores none. */
function fileInput(element) {
  const accept = (element.filetypes ?? []).map((kind) => `.${kind}`).join(",");
  const node = h("input.input", { type: "file", multiple: (element.max_files ?? 10) > 1, accept: accept || null });
  return {
    ...simple(node),
    read: () => [...node.files].map((file) => file.name),
    // A browser lets nobody but the person fill this field.
    write: () => {},
  };
}

function numberInput(element) {
  const made = field("number", element, element.initial_value);
  made.node.step = element.is_decimal_allowed ? "any" : "1";
  for (const [ours, theirs] of [["min", "min_value"], ["max", "max_value"]]) {
    if (element[theirs] !== undefined) made.node.setAttribute(ours, element[theirs]);
  }
  return made;
}

function field(type, element, initial) {
  const node = h("input.input", {
    type, placeholder: plainText(element.placeholder), maxlength: element.max_length, autocomplete: "off",
    value: initial ?? "",
  });
  if (type === "date" || type === "time" || type === "number") node.classList.add("narrow");
  return simple(node);
}

function simple(node) {
  return {
    node,
    read: () => (node.value === "" ? null : node.value),
    write: (value) => { node.value = value ?? ""; },
    focus: () => node.focus(),
    onChange: (fn) => node.addEventListener("change", fn),
  };
}

/** A moment in the viewer's browser time; its value is Unix seconds, as Slack's is. */
function dateTime(element) {
  const made = field("datetime-local", element, null);
  const local = (seconds) => {
    const date = new Date(seconds * 1000);
    return new Date(date - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
  };
  made.read = () => (made.node.value ? Math.floor(new Date(made.node.value).getTime() / 1000) : null);
  made.write = (value) => { made.node.value = value ? local(value) : ""; };
  made.write(element.initial_date_time);
  return made;
}

function optionsOf(element, ctx) {
  const make = (option) => ({ value: option.value, label: ctx.plain(option.text), hint: ctx.plain(option.description) });
  if (!element.option_groups) return (element.options ?? []).map(make);
  return element.option_groups.flatMap((group) =>
    group.options.map((option) => ({ ...make(option), group: ctx.plain(group.label) })),
  );
}

const people = (ctx) =>
  ctx.users()
    .filter((user) => !user.deleted)
    .sort((a, b) => Number(a.is_bot) - Number(b.is_bot) || a.display.localeCompare(b.display))
    .map((user) => ({ value: user.id, label: user.display }));

const channelName = (channel) => (channel.is_im ? channel.name : `#${channel.name}`);

const channels = (ctx) =>
  ctx.channels().filter((c) => !c.is_im && !c.is_private && !c.is_archived).map((c) => ({ value: c.id, label: channelName(c) }));

function conversations(element, ctx) {
  const include = element.filter?.include ?? ["public", "private", "im"];
  const kind = (c) => (c.is_im ? "im" : c.is_private ? "private" : "public");
  return ctx
    .channels()
    .filter((c) => !c.is_archived && include.includes(kind(c)))
    .map((c) => ({ value: c.id, label: channelName(c) }));
}

function single(element, ctx, options, initial) {
  const id = uid("select");
  const empty = h("option", { value: "" }, plainText(element.placeholder) || "Select…");
  const groups = new Map();
  for (const option of options) {
    const node = h("option", { value: option.value }, option.label);
    groups.set(option.group, [...(groups.get(option.group) ?? []), node]);
  }
  const nodes = [...groups].map(([label, list]) => (label ? h("optgroup", { label }, list) : list));
  const node = h("select.input.select", { id }, empty, nodes);
  node.value = initial ?? "";
  const paint = () => node.classList.toggle("unset", node.value === "");
  node.addEventListener("change", paint);
  paint();
  const made = simple(node);
  return { ...made, write: (value) => { made.write(value); paint(); } };
}
