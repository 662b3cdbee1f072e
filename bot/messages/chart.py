"""Slack's own chart, a `data_visualization` block, and the same in words for whoever cannot see it.

Limits (docs.slack.dev, data visualization block): title and axis labels 50 characters, 12 series with unique
names of 20, 20 categories of 20, each series one point a category.
"""

from collections.abc import Sequence

from bot.health.results import Assessment, Tier, Week
from bot.messages.blocks import sections
from bot.messages.message import Block
from bot.messages.numbers import bare_hours, day, known, percent

WEEKS = 13
MOST = 20
"""Categories that a chart may have."""


def chart(a: Assessment) -> tuple[list[Block], list[Block]]:
    """The weekly history as a line, and as a sentence.

    Utilization against the danger line; for teams of one or two, whose utilization would be a person's, the
    mean wait instead. Two known weeks at least, the latest 13 at most.

    Returns:
        Blocks with the chart, blocks with the sentence; both empty where there is too little to draw.
    """
    return of_weeks(a, a.weeks, WEEKS)


def of_weeks(a: Assessment, weeks: Sequence[Week], most: int) -> tuple[list[Block], list[Block]]:
    """The same for these of its weeks, the latest `most` of them (`MOST` at most)."""
    if by_waits(a):
        return _waits([w for w in weeks if known(w.mean_wait)][-most:])
    return _load([w for w in weeks if w.utilization and known(w.utilization.value) and known(w.danger_line)][-most:])


def by_waits(a: Assessment) -> bool:
    """Whether the weeks of a team are told by how long requests waited, as load would be a person's."""
    return a.tier is Tier.REQUESTS


def _load(weeks: Sequence[Week]) -> tuple[list[Block], list[Block]]:
    if len(weeks) < 2:
        return [], []
    values = [w.utilization.value for w in weeks if w.utilization]
    lines = [w.danger_line or 0.0 for w in weeks]
    drawn = _line(
        "Utilization by week",
        "% of capacity",
        weeks,
        {"Utilization": [_points(v) for v in values], "Danger line": [_points(v) for v in lines]},
    )
    told = ", ".join(percent(v) for v in values)
    return [drawn], sections(f"Utilization by week, {_span(weeks)}: {told}. Danger line {percent(lines[-1])}.")


def _waits(weeks: Sequence[Week]) -> tuple[list[Block], list[Block]]:
    if len(weeks) < 2:
        return [], []
    values = [max(w.mean_wait or 0.0, 0.0) for w in weeks]
    drawn = _line("Waiting time by week", "working hours", weeks, {"Mean wait": [round(v, 1) for v in values]})
    told = ", ".join(bare_hours(v) for v in values)
    return [drawn], sections(f"Mean wait by week, {_span(weeks)}: {told}.")


def _points(share: float) -> float:
    return float(max(round(share * 100), 0))


def _span(weeks: Sequence[Week]) -> str:
    return f"from {day(weeks[0].start)} to {day(weeks[-1].start)}"


def _line(title: str, unit: str, weeks: Sequence[Week], series: dict[str, list[float]]) -> Block:
    labels = [day(w.start) for w in weeks]
    return {
        "type": "data_visualization",
        "title": title,
        "chart": {
            "type": "line",
            "series": [
                {"name": name, "data": [{"label": x, "value": y} for x, y in zip(labels, ys, strict=True)]}
                for name, ys in series.items()
            ],
            "axis_config": {"categories": labels, "x_label": "Week from Monday", "y_label": unit},
        },
    }
