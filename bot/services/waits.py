"""What waits at a desk, and how a request leaves the list: for its people, its asker and the operator."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from bot.health.picture import look
from bot.health.results import Basis
from bot.health.seen.worktime import time_zone
from bot.health.waiting import Open, Turn, Waiting, waiting
from bot.messages.waits import Line, Listed
from bot.services.assessing import HISTORY_WEEKS, LEAD_WEEKS, WEEK, threads_read
from bot.services.audience import responders
from bot.signal import slack_ts
from storage import keys, requests, signals, waits
from storage.database import Database
from storage.keys import Pseudonymizer
from storage.teams import TeamRecord


class Closing(StrEnum):
    """What somebody of the desk says of an open request."""

    DONE = "done"
    ELSEWHERE = "elsewhere"
    NONE = "none"
    """It is not a request."""


def found(db: Database, record: TeamRecord, now: float) -> Waiting:
    """What is open at a team at Unix second `now`, by the facts that its check looks at (`assess_team`)."""
    requests.drain(db)
    facts = signals.load(db, [queue.id for queue in record.queues], now - (HISTORY_WEEKS + LEAD_WEEKS) * WEEK, now)
    # what is open does not depend on how work is seen, so none is looked for
    picture = look(facts, record.team, now, basis=Basis.STATED, held=None, history_weeks=HISTORY_WEEKS)
    return waiting(picture)


def listed(record: TeamRecord, seen: Waiting, address: str | None, *, placed: bool = False) -> Listed:
    """The same in links, for whoever may see it: of what is taken, numbers alone.

    Args:
        record: The team.
        seen: From `found`.
        address: The workspace's web address; None where it is not known.
        placed: Name the channel of each also where the team has but one.
    """
    line = liner(record, seen.at, address, placed=placed)
    return Listed(
        team=record.team.name,
        team_id=record.id,
        nobody=tuple(line(one) for one in seen.of(Turn.NOBODY)),
        asker=tuple(line(one) for one in seen.of(Turn.ASKER)),
        elsewhere=tuple(line(one) for one in seen.of(Turn.ELSEWHERE)),
        in_hand=len(seen.of(Turn.IN_HAND, *([Turn.QUIET] if seen.small else []))),
        quiet=None if seen.small else len(seen.of(Turn.QUIET)),
        unheard=tuple(queue.channel for queue in record.queues if queue.gone is not None),
        unthreaded=seen.unthreaded,
        reading=not threads_read(record),
    )


def liner(record: TeamRecord, now: float, address: str | None, *, placed: bool = False) -> Callable[[Open], Line]:
    """What makes a line of a request of this team; its channel is named where the team has several, or if `placed`."""
    zone, channels = time_zone(record.team.tz), record.channels
    today = datetime.fromtimestamp(now, zone).date()

    def line(one: Open) -> Line:
        channel = channels.get(one.queue, "")
        return Line(
            link=link(address, channel, one.request),
            channel=channel if placed or len(channels) > 1 else "",
            posted=datetime.fromtimestamp(one.arrived, zone),
            today=today,
            value=f"{record.id}.{one.queue}.{one.request}",
        )

    return line


def link(address: str | None, channel: str, request: int) -> str:
    """The web address of a message, as chat.getPermalink gives it; empty where the workspace's is not known.

    https://docs.slack.dev/reference/methods/chat.getPermalink
    """
    return f"{address}archives/{channel}/p{slack_ts(request).replace('.', '')}" if address and channel else ""


def own_quiet(db: Database, record: TeamRecord, seen: Waiting, user: str) -> list[Open]:
    """What this person took and is quiet: to be shown to them alone."""
    mine = _own(db, record, user)
    return [one for one in seen.of(Turn.QUIET) if one.holder in mine]


def own_asked(db: Database, record: TeamRecord, seen: Waiting, user: str) -> list[Open]:
    """What this person asked for and is open: to be shown to them alone."""
    mine = _own(db, record, user)
    return [one for one in seen.open if one.asker in mine]


def has_asked(db: Database, record: TeamRecord, user: str) -> bool:
    """Whether something this person asked for may be open; far quicker than to look what."""
    actors = keys.actors_of(db, record.workspace, user)
    return requests.asked_by(db, [queue.id for queue in record.queues], actors)


def close(db: Database, record: TeamRecord, user: str, queue: int, request: int, how: Closing, now: float) -> bool:
    """Write down what somebody of the desk says of an open request.

    Whoever is no responder (a lead who only leads) leaves no pseudonym: nobody's work was seen.

    Args:
        db: The database.
        record: The team; the queue is one of its own.
        user: Slack user id of whoever pressed.
        queue: Storage's number of the channel.
        request: Key of the request.
        how: What they say.
        now: Unix seconds.

    Returns:
        Whether it was open; one that is closed stays as it is.
    """
    if how is Closing.ELSEWHERE:
        return waits.answered_elsewhere(db, queue, request, now)
    actor = Pseudonymizer(db, record.workspace)(user, request) if user in responders(record, now) else b""
    act = waits.done if how is Closing.DONE else waits.no_request
    return act(db, queue, request, actor, now)


def never_mind(db: Database, record: TeamRecord, user: str, queue: int, request: int, now: float) -> bool | None:
    """Write down that whoever asked does not want it any more; how long it waited stays known.

    Returns:
        Whether it was open; None where this person did not ask for it, and nothing is written. Arguments as in `close`.
    """
    actor = Pseudonymizer(db, record.workspace)(user, request)
    if not actor or not waits.asked_under(db, queue, request, actor):
        return None
    return waits.given_up(db, queue, request, actor, now)


def _own(db: Database, record: TeamRecord, user: str) -> frozenset[int]:
    return frozenset(int.from_bytes(actor, "big") for actor in keys.actors_of(db, record.workspace, user)) - {0}
