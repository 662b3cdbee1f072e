/** The line above the messages, and the dialog about a channel's people. */
import { h, icon, iconButton } from "./dom.js";
import { avatar } from "./message.js";
import { mrkdwn } from "./mrkdwn.js";
import { ask } from "./popup.js";

/** Title and topic of a channel, with a button for its people. */
export function channelHeader(channel, members, ctx, openRail) {
  const kind = channel.is_im ? "bolt" : channel.is_private ? "lock" : "hash";
  const topic = typeof channel.topic === "string" ? channel.topic : channel.topic?.value;
  const people = channel.is_im
    ? null
    : h(
        "button.button.people",
        { type: "button", "aria-label": `${members.length} members: see and add people`, on: { click: () => peopleDialog(channel, members, ctx) } },
        icon("people"),
        String(members.length),
      );
  return [
    iconButton("menu", "Open channel list", openRail, { class: "rail-open" }),
    h("div.heading", {}, h("h1", { id: "title" }, icon(kind), h("span", {}, channel.name)), topic ? h("div.topic", {}, mrkdwn(topic, ctx)) : null),
    people,
  ];
}

/** Title of a pane without a channel. */
export function plainHeader(title, ctx, openRail) {
  return [
    iconButton("menu", "Open channel list", openRail, { class: "rail-open" }),
    h("div.heading", {}, h("h1", { id: "title" }, icon("home"), h("span", {}, title))),
  ];
}

async function peopleDialog(channel, members, ctx) {
  const known = members.map((id) => ctx.user(id)).filter(Boolean);
  const others = ctx.users().filter((user) => !user.deleted && !members.includes(user.id));
  const select = h(
    "select.input.select",
    { id: "add-person" },
    h("option", { value: "" }, others.length ? "Nobody for now" : "Everyone is here"),
    others.map((user) => h("option", { value: user.id }, user.is_bot ? `${user.display} (app)` : user.display)),
  );
  const leave = h("button.button.danger-quiet", { type: "submit", value: "leave" }, "Leave channel");
  const row = (user) => h("li", {}, avatar({ name: user.display, app: user.is_bot, id: user.id }), h("span", {}, user.display), user.is_bot ? h("span.badge", {}, "APP") : null);
  let left = false;
  leave.addEventListener("click", () => { left = true; });
  const yes = await ask({
    title: `People in #${channel.name}`,
    nodes: [
      h("ul.members", {}, known.map(row)),
      channel.is_archived ? null : h("label.field-label", { for: "add-person" }, "Add someone"),
      channel.is_archived ? null : select,
      channel.is_member ? h("p.leave", {}, leave) : null,
    ].filter(Boolean),
    confirm: "Done",
    deny: "Cancel",
  });
  if (left) await ctx.act("leave", { channel: channel.id });
  else if (yes && select.value) await ctx.act("invite", { channel: channel.id, user: select.value });
}
