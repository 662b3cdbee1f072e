/** Bring a list of nodes up to date, touching only what changed, so that focus and open menus live on. */

/**
 * @param {HTMLElement} parent holds one node per row
 * @param {Array<{key: string, sig: string, build: () => HTMLElement}>} rows in order; `sig` changes with the content
 */
export function reconcile(parent, rows) {
  const old = new Map([...parent.children].map((node) => [node.dataset.row, node]));
  const focus = focusIn(parent);
  let cursor = parent.firstElementChild;
  for (const row of rows) {
    let node = old.get(row.key);
    if (!node || node.dataset.sig !== row.sig) {
      const made = row.build();
      made.dataset.row = row.key;
      made.dataset.sig = row.sig;
      if (node) {
        if (cursor === node) cursor = made;
        node.replaceWith(made);
      }
      node = made;
    }
    old.delete(row.key);
    if (node === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(node, cursor);
  }
  for (const node of old.values()) node.remove();
  refocus(parent, focus);
}

/** Which row and which thing in it has the focus now. */
function focusIn(parent) {
  const active = document.activeElement;
  const row = active && parent.contains(active) ? active.closest("[data-row]") : null;
  return row && row.parentElement === parent ? { row: row.dataset.row, key: active.dataset.key, node: active } : null;
}

/** After a rebuild the focus goes to the same thing in the new row, else to the row. */
function refocus(parent, focus) {
  if (!focus || focus.node.isConnected) return;
  const row = [...parent.children].find((node) => node.dataset.row === focus.row);
  if (!row) return;
  row.focus({ preventScroll: true });
  const same = focus.key ? [...row.querySelectorAll("[data-key]")].find((n) => n.dataset.key === focus.key) : null;
  same?.focus({ preventScroll: true });
}
