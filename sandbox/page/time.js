/** Times as the viewer reads them: Unix seconds in, words in the viewer's own time zone out. */

const formats = new Map();

function format(tz, options) {
  const key = JSON.stringify([tz, options]);
  if (!formats.has(key)) formats.set(key, make(tz, options));
  return formats.get(key);
}

function make(tz, options) {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: tz || "UTC", ...options });
  } catch {
    return new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
  }
}

function say(ts, tz, options) {
  return format(tz, options).format(new Date(Number(ts) * 1000));
}

/** "14:05" */
export const clockTime = (ts, tz) => say(ts, tz, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** "2026-11-23", equal for all moments of one local day. */
export function dayKey(ts, tz) {
  const parts = format(tz, { year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(
    new Date(Number(ts) * 1000),
  );
  const get = (type) => parts.find((p) => p.type === type).value;
  return `${get("year")}-${get("month")}-${get("day")}`;
}

/** "Today", "Yesterday" or "Monday, 23 November" (with the year when it is not this one). */
export function dayLabel(ts, now, tz) {
  const day = dayKey(ts, tz);
  if (day === dayKey(now, tz)) return "Today";
  if (day === dayKey(now - 86400, tz)) return "Yesterday";
  const sameYear = day.slice(0, 4) === dayKey(now, tz).slice(0, 4);
  const base = { weekday: "long", day: "numeric", month: "long" };
  return say(ts, tz, sameYear ? base : { ...base, year: "numeric" });
}

/** "Mon 23 Nov, 14:05" */
export const shortStamp = (ts, tz) =>
  `${say(ts, tz, { weekday: "short", day: "numeric", month: "short" })}, ${clockTime(ts, tz)}`;

/** "Monday, 23 November 2026, 14:05:09", for tooltips. */
export const longStamp = (ts, tz) =>
  `${say(ts, tz, { weekday: "long", day: "numeric", month: "long", year: "numeric" })}, ${say(ts, tz, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  })}`;

/** "3 hours ago", to the nearest larger unit. */
export function ago(ts, now) {
  const seconds = Math.round(Number(ts) - now);
  const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [unit, size] = units.find(([, n]) => Math.abs(seconds) >= n) ?? units.at(-1);
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

const TOKENS = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { day: "numeric", month: "long", year: "numeric" },
  date_short: { day: "numeric", month: "short", year: "numeric" },
  date_long: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
};

/**
 * Fill Slack's date template, for example "{date_short_pretty} at {time}".
 * Source: https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 */
export function slackDate(ts, template, { tz, now }) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => {
    if (name === "ago") return ago(ts, now);
    if (name === "date_num") return dayKey(ts, tz);
    const pretty = name.endsWith("_pretty");
    if (pretty) {
      const label = dayLabel(ts, now, tz);
      if (label === "Today" || label === "Yesterday") return label.toLowerCase();
      if (dayKey(ts, tz) === dayKey(now + 86400, tz)) return "tomorrow";
    }
    const options = TOKENS[pretty ? name.replace(/_pretty$/, "") : name];
    return options ? say(ts, tz, options) : whole;
  });
}
