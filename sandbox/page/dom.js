/** Making DOM nodes. Text always becomes a text node, so nothing a bot or person wrote is read as HTML. */

/**
 * Make an element.
 * @param {string} tag element name, optionally with classes: "div.row.wide"
 * @param {object} props attributes; `on` holds listeners, `data` dataset entries; null and false are left out
 * @param {...(Node|string|Array|null|false)} children nodes or plain text
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  apply(node, props);
  node.append(...flat(children));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** Make an SVG element; like `h`, with `text` children as text nodes. */
export function s(tag, props = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(props)) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(key, String(value));
  }
  node.append(...flat(children));
  return node;
}

function apply(node, props) {
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on") for (const [type, fn] of Object.entries(value)) node.addEventListener(type, fn);
    else if (key === "data") Object.assign(node.dataset, value);
    else if (key === "value") node.value = value;
    else if (key === "class") node.classList.add(...value.split(" ").filter(Boolean));
    else node.setAttribute(key, value === true ? "" : String(value));
  }
}

function flat(children) {
  return children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false && c !== "");
}

/** Drawn icons, so that no font or image has to be fetched. */
const PATHS = {
  lock: "M6 9V6.5a4 4 0 0 1 8 0V9m-9 0h10v8H5z",
  hash: "M8 3 6.5 17M13.5 3 12 17M3.5 7.5h13M3 12.5h13",
  home: "M3 9.5 10 3l7 6.5M5 8v9h10V8M8.5 17v-5h3v5",
  plus: "M10 4v12M4 10h12",
  menu: "M3 5h14M3 10h14M3 15h14",
  close: "M5 5l10 10M15 5 5 15",
  reply: "M4 4h12v9H9l-4 4v-4H4z",
  more: "M3.7 10h.6M9.7 10h.6M15.7 10h.6",
  people: "M7.5 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm-5.5 8c0-3.5 2.5-5 5.5-5s5.5 1.5 5.5 5M13 3.5a2.7 2.7 0 0 1 0 5.2M14.5 12.2c2 .5 3.5 2 3.5 4.8",
  send: "M3 10 17 3l-4 14-3.5-5.5z",
  smile: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM7 12c.8 1.3 1.8 2 3 2s2.2-.7 3-2M7.5 8h.01M12.5 8h.01",
  down: "M10 4v12M5 11l5 5 5-5",
  bolt: "M11 2 4 11.5h5L8.5 18 16 8.5h-5z",
  eye: "M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10Zm8 2.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
};

/** A decorative icon by name (hidden from assistive technology: the control carries the label). */
export function icon(name) {
  return s(
    "svg",
    { viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true", focusable: "false" },
    s("path", { d: PATHS[name] }),
  );
}

/** An icon button with an accessible name and a tooltip. */
export function iconButton(name, label, onClick, props = {}) {
  return h(
    "button.icon-button",
    { type: "button", "aria-label": label, title: label, ...props, on: { click: onClick } },
    icon(name),
  );
}

let counter = 0;

/** An id not yet used on the page, for labels and descriptions. */
export function uid(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

/** A sentence-like list: "Ana, Ben and Caro". */
export function listNames(names) {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
