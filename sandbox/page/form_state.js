/** Slack's `state.values` as the plain values that the page's controls read and write. */

import { richWords } from "./controls.js";

const KEYS = [
  "value", "selected_date", "selected_time", "selected_date_time", "selected_user", "selected_conversation",
  "selected_channel", "selected_users", "selected_conversations", "selected_channels",
];

/** {block_id: {action_id: plain value}} from {block_id: {action_id: {type, selected_option, …}}}. */
export function plainState(values) {
  const inner = (actions) => Object.fromEntries(Object.entries(actions).map(([id, held]) => [id, plain(held)]));
  return Object.fromEntries(Object.entries(values ?? {}).map(([id, actions]) => [id, inner(actions)]));
}

function plain(held) {
  if ("rich_text_value" in held) return held.rich_text_value ? richWords(held.rich_text_value) : null;
  if ("files" in held) return (held.files ?? []).map((file) => file.name);
  if ("selected_options" in held) return held.selected_options.map((option) => option.value);
  if ("selected_option" in held) return held.selected_option?.value ?? null;
  const key = KEYS.find((one) => one in held);
  return key ? held[key] : null;
}
