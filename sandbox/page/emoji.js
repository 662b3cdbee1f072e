/** The small table of shortcodes that the sandbox draws; others stay as :shortcode:, as in Slack. */

const TABLE = Object.fromEntries(
  `eyes 👀|white_check_mark ✅|repeat 🔁|rotating_light 🚨|ticket 🎫|no_bell 🔕|warning ⚠️|tada 🎉|wave 👋
hourglass ⌛|hourglass_flowing_sand ⏳|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|+1 👍|-1 👎|thumbsup 👍
thumbsdown 👎|pray 🙏|clap 👏|raised_hands 🙌|muscle 💪|ok_hand 👌|point_right 👉|point_up ☝️|point_down 👇|heart ❤️
green_heart 💚|blue_heart 💙|sparkles ✨|star ⭐|fire 🔥|rocket 🚀|bulb 💡|bell 🔔|mega 📣|loudspeaker 📢|pushpin 📌
round_pushpin 📍|paperclip 📎|link 🔗|lock 🔒|unlock 🔓|key 🔑|mag 🔍|gear ⚙️|wrench 🔧|hammer_and_wrench 🛠️|package 📦
inbox_tray 📥|outbox_tray 📤|mailbox 📫|email 📧|envelope ✉️|memo 📝|pencil 📝|pencil2 ✏️|clipboard 📋|page_facing_up 📄
books 📚|calendar 📅|date 📅|spiral_calendar_pad 🗓️|clock1 🕐|clock9 🕘|alarm_clock ⏰|stopwatch ⏱️|timer_clock ⏲️
chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|bar_chart 📊|large_green_circle 🟢|large_yellow_circle 🟡
large_orange_circle 🟠|red_circle 🔴|large_red_circle 🔴|large_blue_circle 🔵|white_circle ⚪|black_circle ⚫
large_green_square 🟩|large_yellow_square 🟨|large_orange_square 🟧|large_red_square 🟥|arrow_up ⬆️|arrow_down ⬇️
arrow_right ➡️|arrow_left ⬅️|arrow_upper_right ↗️|arrow_lower_right ↘️|small_red_triangle 🔺|small_red_triangle_down 🔻
information_source ℹ️|question ❓|grey_question ❔|exclamation ❗|no_entry ⛔|no_entry_sign 🚫|octagonal_sign 🛑|zap ⚡
seedling 🌱|herb 🌿|deciduous_tree 🌳|ocean 🌊|umbrella ☔|sunny ☀️|partly_sunny ⛅|cloud ☁️|palm_tree 🌴|coffee ☕|tea 🍵
smile 😄|slightly_smiling_face 🙂|blush 😊|joy 😂|thinking_face 🤔|sweat_smile 😅|cry 😢|tired_face 😫|relieved 😌
neutral_face 😐|confused 😕|sleeping 😴|handshake 🤝|busts_in_silhouette 👥|bust_in_silhouette 👤|robot_face 🤖|house 🏠
door 🚪|speech_balloon 💬|thought_balloon 💭|shield 🛡️|balance_scale ⚖️|scales ⚖️|traffic_light 🚦|checkered_flag 🏁
triangular_flag_on_post 🚩|broom 🧹|wastebasket 🗑️|battery 🔋|thermometer 🌡️|label 🏷️|bookmark 🔖|one 1️⃣|two 2️⃣|three 3️⃣`
    .split(/[|\n]/)
    .map((entry) => entry.split(" ")),
);

/** The six reactions offered first. */
export const QUICK = ["eyes", "white_check_mark", "repeat", "rotating_light", "ticket", "no_bell"];

/** The reactions offered in the picker. */
export const PICKER = [
  ...QUICK, "+1", "-1", "pray", "wave", "tada", "heart", "raised_hands", "clap", "fire", "rocket", "bulb",
  "warning", "hourglass_flowing_sand", "x", "question", "memo", "thinking_face", "smile",
];

/** The character of a shortcode (a skin tone is ignored), or null when the table lacks it. */
export function emoji(name) {
  return Object.hasOwn(TABLE, base(name)) ? TABLE[base(name)] : null;
}

/** The character, or ":name:" when unknown. */
export const emojiOr = (name) => emoji(name) ?? `:${name}:`;

const base = (name) => name.split("::")[0];
