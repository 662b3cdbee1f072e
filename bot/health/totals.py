"""What is kept of a month when nobody can be told apart any more: the team's hours and closings, week by week."""

from datetime import date, datetime

from bot.health.facts import Facts
from bot.health.picture import look
from bot.health.seen.worktime import time_zone
from bot.team import Team


def weekly_totals(facts: Facts, team: Team, until: float) -> list[tuple[date, float, int]]:
    """(Monday, person-hours worked, jobs closed) of each complete week before Unix second `until`, oldest first.

    Empty where the facts do not tell how much work there was. The hours are the whole team's: a week with one or
    two people on the roster on any of its days is left out.
    """
    picture = look(facts, team, until, basis=None, held=None, history_weeks=14)
    if picture.work is None or not len(picture.mondays):
        return []
    zone = time_zone(team.tz)
    sums = picture.desk.sums(picture.mondays, picture.work)
    return [
        (datetime.fromtimestamp(monday, zone).date(), float(row[2]), int(row[1]))
        for monday, row, pair in zip(picture.mondays[:-1].tolist(), sums, picture.pairs[:-1], strict=True)
        if not pair
    ]
