/** Small things that float: menus, confirm dialogs and toasts. */
import { h, uid } from "./dom.js";

/**
 * Open a menu beside a button. Arrow keys move, Escape and a click elsewhere close, focus comes back.
 * @param {HTMLElement} anchor the button that opened it
 * @param {Array<{label: string, act: () => void, hint?: string, danger?: boolean}>} items
 * @param {{grid?: boolean, label?: string}} options `grid` lays the items out as an emoji picker
 */
export function openMenu(anchor, items, { grid = false, label = "Menu" } = {}) {
  const close = (refocus) => {
    menu.remove();
    anchor.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    if (refocus && anchor.isConnected) anchor.focus();
  };
  const outside = (event) => {
    if (!menu.contains(event.target)) close(false);
  };
  const entries = items.map((item) => entry(item, () => {
    close(true);
    item.act();
  }));
  const menu = h(`div.menu${grid ? ".grid" : ""}`, {
    role: "menu",
    "aria-label": label,
    on: { keydown: (event) => menuKeys(event, entries, grid ? 6 : 1, close) },
  }, entries);
  // Inside a modal the menu must live in the dialog, or it would be inert.
  (anchor.closest("dialog") ?? document.body).append(menu);
  place(menu, anchor);
  anchor.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", outside, true);
  entries[0]?.focus();
}

function entry(item, choose) {
  return h(
    "button.menu-item",
    { type: "button", role: "menuitem", tabindex: "-1", class: item.danger ? "danger" : "", "aria-label": item.hint, title: item.hint, on: { click: choose } },
    item.label,
  );
}

function menuKeys(event, entries, columns, close) {
  const index = entries.indexOf(document.activeElement);
  const steps = { ArrowDown: columns, ArrowUp: -columns, ArrowRight: 1, ArrowLeft: -1 };
  let next = null;
  if (event.key in steps) next = (index + steps[event.key] + entries.length) % entries.length;
  else if (event.key === "Home") next = 0;
  else if (event.key === "End") next = entries.length - 1;
  else if (event.key === "Escape" || event.key === "Tab") close(true);
  else return;
  event.preventDefault();
  event.stopPropagation();
  if (next !== null) entries[next].focus();
}

function place(menu, anchor) {
  const at = anchor.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = at.bottom + 4 + height < window.innerHeight || at.top < height;
  menu.style.left = `${Math.max(8, Math.min(at.right - width, window.innerWidth - width - 8))}px`;
  menu.style.top = `${below ? Math.min(at.bottom + 4, window.innerHeight - height - 8) : at.top - height - 4}px`;
}

/**
 * Ask before doing, as a Block Kit confirm object wants it.
 * @param {{title: string, nodes: Node[], confirm: string, deny: string, style?: string}} question
 * @returns {Promise<boolean>}
 */
export function ask({ title, nodes, confirm, deny, style = "primary" }) {
  const id = uid("ask");
  return new Promise((resolve) => {
    const dialog = h(
      "dialog.modal.small",
      { "aria-labelledby": id, on: { close: () => { dialog.remove(); resolve(dialog.returnValue === "yes"); } } },
      h(
        "form.modal-form",
        { method: "dialog" },
        h("header.modal-head", {}, h("h2", { id }, title)),
        h("div.modal-body", {}, nodes),
        h(
          "footer.modal-foot",
          {},
          h("button.button", { type: "submit", value: "no" }, deny),
          h("button.button", { type: "submit", value: "yes", class: style, autofocus: true }, confirm),
        ),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Show a short note for a few seconds; errors stay twice as long. */
export function toast(holder, text, kind = "info") {
  const note = h("div.toast", { class: kind }, text);
  holder.append(note);
  // Shown anew, the notes lie above a dialog that was opened meanwhile.
  if (holder.matches(":popover-open")) holder.hidePopover();
  holder.showPopover();
  setTimeout(() => {
    note.remove();
    if (!holder.children.length) holder.hidePopover();
  }, kind === "error" ? 10000 : 5000);
}
