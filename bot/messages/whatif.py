"""Today beside what if: a table, a chart, and what the slack pays for where people would be fewer."""

from bot.health.whatif import Answer, Outlook, SlackPays
from bot.messages.blocks import context, escape, message, sections
from bot.messages.message import Block, Message
from bot.messages.numbers import amount, bare_hours, count, known, number, percent

USAGE = (
    "What if what? Try `/headroom whatif +20% demand`, `-1 person`, `+half person`, `hands-on 30m`, `hours 8` or "
    "`rework 5%`, or several, such as `/headroom whatif +20% demand, -1 person`."
)
MISFIT, MOMENT = 2.0, 0.5
"""Waits seen that are so many times those replayed, or half an hour, tell of something the replay does not know."""

_OVER = "no end"


def whatif_message(answer: Answer, team: str, expression: str) -> Message:
    """The table as lines, the chart, and what the slack pays for.

    Args:
        answer: What the replay found.
        team: The team's name.
        expression: What was typed.
    """
    lines = [f"{name}: {now} → *{then}*" for name, now, then in rows(answer)]
    said = [
        *sections(f"*{escape(team)}: what if {escape(expression)}?*", "Today → *what if*"),
        *sections(*lines),
        *sections(*pays(answer.pays)),
        *sections(_known_peak(answer)),
    ]
    small = context(*basis(answer), "Only you see this.")
    drawn = _chart(answer)
    return message([*said, drawn, *small], [*said, *small])


def _known_peak(answer: Answer) -> str:
    """What to do with more demand whose days are known; empty where there is none."""
    more = answer.change.demand - 1
    if more < 0.05:
        return ""
    return (
        f"Known to come? `/headroom plan 15-31 Dec +{percent(more)}`, with its days, tells the hours short each week."
    )


def rows(answer: Answer) -> list[tuple[str, str, str]]:
    """(figure, today, what if), in words."""
    today, then = answer.today, answer.then
    return [(name, shown(today), shown(then)) for name, shown in _FIGURES]


def text(answer: Answer, team: str, expression: str) -> str:
    """The same for a terminal."""
    table = [("", "today", "what if"), *rows(answer)]
    wide = [max(len(row[i]) for row in table) for i in (0, 1)]
    lines = [f"{name:{wide[0]}}  {now:{wide[1]}}  {then}".rstrip() for name, now, then in table]
    more = ["", *pays(answer.pays)] if answer.pays else []
    return "\n".join([f"{team}: what if {expression}?", *lines, *more, "", *basis(answer)]) + "\n"


def pays(found: SlackPays | None) -> list[str]:
    """What today's slack pays for, each a line; none where nobody would be fewer."""
    if found is None:
        return []
    low, high = found.unseen
    hidden = (
        f"• work nobody sees here: with it, utilization would be {percent(low)} to {percent(high)}"
        if percent(low) != percent(high)
        else "• work nobody sees here, such as direct messages and meetings; none is stated for this team"
    )
    away = (
        "• one person away: nobody would be left"
        if found.one_away is None
        else f"• one person away: utilization would be {percent(found.one_away)}"
    )
    surge = (
        "• a sudden rise: how much would be left for one is not known"
        if not known(found.surge)
        else f"• a sudden rise: {percent(found.surge)} more demand would still be answered in time"
        if found.surge > 0
        else "• a sudden rise: there would be no room for any"
    )
    weeks = f"{found.bad_weeks} of the last {found.weeks}" if found.bad_weeks else f"none of the last {found.weeks}"
    return [
        "Slack is not idle time. What it pays for today, and what would be left of it:",
        hidden,
        f"• bad weeks: {weeks} would have brought more work than hours",
        away,
        surge,
    ]


def basis(answer: Answer) -> list[str]:
    """Where the figures come from, and what was really seen, so that nobody trusts a replay that does not fit."""
    said = (
        "From a replay of the last complete weeks with the change. Waits are in working hours, over the three months "
        "that begin a month after the change. Recovery: after one person was away for a week; in half and in four of "
        "five replays."
    )
    seen = answer.seen
    if not seen or not (known(seen.p50) and known(seen.p90)):
        return [said]
    really = (
        f"Really seen in the last four weeks: half within {bare_hours(seen.p50)}, nine in ten within "
        f"{bare_hours(seen.p90)} ({count(seen.n, 'request')})."
    )
    today = answer.today.wait_p90
    if known(today) and seen.p90 > MISFIT * max(today, MOMENT):
        really += (
            " That is longer than the load explains: work that rests, a roster out of date, or work nobody sees here. "
            "Read the difference between the two columns rather than the hours."
        )
    return [said, really]


def _median(o: Outlook) -> str:
    if o.growth is not None:
        return f"{_OVER}: the queue grows by {amount(o.growth, 'request')} a week"
    return bare_hours(o.wait_p50)


def _late(o: Outlook) -> str:
    return _OVER if o.growth is not None else bare_hours(o.wait_p90)


def _slack(o: Outlook) -> str:
    if o.slack_hours < 0:
        return f"none, {bare_hours(-o.slack_hours)} a week missing"
    return f"{bare_hours(o.slack_hours)} a week"


def _surge(o: Outlook) -> str:
    if o.surge is None or not known(o.surge):
        return "not known"
    return f"{percent(o.surge)} more demand" if o.surge > 0 else "none"


def _recovery(o: Outlook) -> str:
    if o.growth is not None:
        return "none: the queue grows"
    if o.recovery.median is None:
        return "over six weeks"
    soon = amount(o.recovery.median, "working day")
    if o.recovery.p80 is None:
        return f"{soon} to over six weeks"
    late = amount(o.recovery.p80, "working day")
    if late == soon and o.recovery.p80 < 0.5:
        return "at once"
    return late if late == soon else f"{number(o.recovery.median)} to {late}"


_FIGURES = (
    ("Utilization", lambda o: percent(o.utilization)),
    ("Half wait less than", _median),
    ("Nine in ten wait less than", _late),
    ("Slack", _slack),
    ("Surge still met", _surge),
    ("Recovery", _recovery),
)


def _chart(answer: Answer) -> Block:
    """Utilization and, where both are known, the 90th percentile of waits as bars."""
    figures = {
        "Utilization, %": [100 * answer.today.utilization, 100 * answer.then.utilization],
        "Slack, h a week": [answer.today.slack_hours, answer.then.slack_hours],
    }
    late = [answer.today.wait_p90, answer.then.wait_p90]
    if all(known(value) for value in late):
        figures["9 in 10 wait, h"] = [float(value or 0.0) for value in late]
    return {
        "type": "data_visualization",
        "title": "Today and what if",
        "chart": {
            "type": "bar",
            "series": [
                {
                    "name": name,
                    "data": [{"label": label, "value": round(pair[i], 1)} for label, pair in figures.items()],
                }
                for i, name in enumerate(("Today", "What if"))
            ],
            "axis_config": {"categories": list(figures), "x_label": "Figure", "y_label": "% or hours"},
        },
    }
