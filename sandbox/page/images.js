/** Images that apps post. */
import { h } from "./dom.js";
import { link } from "./mrkdwn.js";

/**
 * An image of the sandbox itself or inline data; one from elsewhere is named, never fetched, because the
 * sandbox stays on this machine.
 */
export function image(block, kind) {
  const url = block.image_url ?? block.slack_file?.url ?? "";
  if (/^data:image\//.test(url) || sameOrigin(url)) {
    return h("img", { src: url, alt: block.alt_text ?? "", class: `image ${kind}`, loading: "lazy" });
  }
  const name = block.alt_text || "image";
  if (kind === "thumb") return h("span.image-away.thumb", { role: "img", "aria-label": name, title: name }, "🖼");
  return h("div.image-away", {}, h("span", {}, name), h("span.quiet", {}, "not loaded: ", link(url, "open it")));
}

function sameOrigin(url) {
  try {
    return Boolean(url) && new URL(url, location.href).origin === location.origin;
  } catch {
    return false;
  }
}
