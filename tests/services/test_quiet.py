"""Quiet by design: what nobody asked for leaves in the reader's working time, at most twice a day, once."""

import ast
import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.check import tell
from bot.outbox import Leave, Outbox
from bot.services.decide import Step
from bot.services.quiet import CAPPED, HELD_ALERT, HELD_DAY, HELD_HOURS, HELD_SNOOZE, MUTED, RULES, STALE, Quiet
from bot.services.work import Work
from bot.slack import Me, Slack
from bot.team import Person
from bot.wishes import Wishes
from sandbox.server import Client, SandboxConfig, running
from storage import alerts, mutes, outbox, teams
from storage.database import Database
from tests.budget import examples
from tests.clock import Clock
from tests.fresh import fresh
from tests.messages.examples import busy
from tests.patient import patient

APP = SandboxConfig().app
WORKSPACE, QUEUE, PRIVATE, SHARED = "T0SANDBOX", "C0QUEUE", "G0TEAM", "C0SHARED"
LEAD, ANN, NEW_YORK, PART_TIME, ASKER, NOWHERE = "U0LEAD", "U1ANN", "U2NYC", "U3PART", "U4ASKER", "U5NOWHERE"
TEAM = (ANN, NEW_YORK, PART_TIME)
BERLIN = ZoneInfo("Europe/Berlin")
BODY = {"text": "hello", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}]}
DAY = 86_400.0


def berlin(*when: int) -> float:
    return datetime(*when, tzinfo=BERLIN).timestamp()  # type: ignore[arg-type, misc]


WEDNESDAY = berlin(2026, 3, 11, 10)


@pytest.fixture
def clock() -> Clock:
    return Clock(WEDNESDAY)


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[Client]:
    async with running(patient(clock=clock)) as client:
        await client.seed(
            users=[
                *({"id": u, "name": u.lower(), "tz": "Europe/Berlin"} for u in (LEAD, ANN, PART_TIME)),
                {"id": NEW_YORK, "name": "ny", "tz": "America/New_York"},
                {"id": ASKER, "name": "asker", "tz": "Asia/Tokyo"},
                {"id": NOWHERE, "name": "nowhere", "tz": None},
            ],
            channels=[
                {"id": c, "name": c.lower(), "is_private": c == PRIVATE, "members": [LEAD, *TEAM, APP.bot_user_id]}
                for c in (QUEUE, PRIVATE, SHARED)
            ],
        )
        yield client


@pytest.fixture
async def work(tmp_path: Path, slack: Client, clock: Clock) -> Work:
    api = Slack(APP.bot_token, slack.api_url)
    return Work(fresh(tmp_path / "headroom.db"), api, clock, Me(WORKSPACE, "", APP.bot_user_id, "B0"))


def desk(db: Database, name: str = "Desk", queue: str = QUEUE) -> int:
    """A Berlin team: one in New York, one who works Thursdays only and is away on 12 March."""
    draft = teams.TeamDraft(
        workspace=WORKSPACE, name=name, queue=queue, responders=TEAM, lead=LEAD, team_channel=PRIVATE
    )
    number = teams.save(db, draft, WEDNESDAY)
    people = (
        Person(ANN),
        Person(NEW_YORK, tz="America/New_York"),
        Person(PART_TIME, hours="Thu 12:00-15:00", off=frozenset({date(2026, 3, 12)})),
    )
    said = Wishes(name=name, tz="Europe/Berlin", country="DE")
    if teams.by_name(db, name, WORKSPACE) is not None:
        teams.save_roster(db, WORKSPACE, said, people, [queue])
    return number


def put(work: Work, team: int | None, channel: str, kind: str = "gain", **more: object) -> str:
    direct = channel.startswith("U")
    return outbox.put(
        work.db,
        workspace=WORKSPACE,
        channel=channel,
        body=BODY,
        team=team,
        direct=direct,
        kind=kind,
        made=work.clock(),
        **more,  # type: ignore[arg-type]
    )


async def send(work: Work) -> float | None:
    """Let the outbox run once."""
    return await asyncio.to_thread(Outbox(work.db, work.slack, work.clock, WORKSPACE, Quiet(work)).run)


def state(work: Work, key: str) -> tuple[str, str | None]:
    found: tuple[str, str | None] = work.db.read("select state, error from outbox where key = ?", (key,)).fetchone()
    return found


@pytest.mark.slow
def test_every_kind_in_the_house_has_a_rule() -> None:
    """Wherever a post is put down or addressed its kind is named, and the table knows it."""
    found = set()
    for folder in ("bot", "handlers"):
        for path in (Path(__file__).parents[2] / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call) or ast.unparse(node.func) not in ("outbox.put", "address"):
                    continue
                given_kinds = [k.value for k in node.keywords if k.arg == "kind"]
                assert given_kinds, f"{path.name}:{node.lineno} names no kind"
                found |= {k.value for k in given_kinds if isinstance(k, ast.Constant)}
    assert found
    assert found <= set(RULES)


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        (berlin(2026, 3, 11, 8, 59), berlin(2026, 3, 11, 9)),  # before opening
        (berlin(2026, 3, 13, 17), berlin(2026, 3, 16, 9)),  # Friday evening: the weekend is kept
        (berlin(2026, 4, 2, 18), berlin(2026, 4, 7, 9)),  # Good Friday and Easter Monday
        (berlin(2026, 3, 27, 18), berlin(2026, 3, 30, 9)),  # clocks go forward on the Sunday between
        (berlin(2026, 10, 23, 18), berlin(2026, 10, 26, 9)),  # … and back
    ],
)
async def test_a_channel_hears_it_in_the_team_s_hours(
    work: Work, slack: Client, clock: Clock, now: float, leaves: float
) -> None:
    """Nights, weekends, public holidays and clock changes: it waits for the team's next opening, and says so."""
    team, clock.now = desk(work.db), now
    key = put(work, team, PRIVATE)
    assert await send(work) == leaves
    assert state(work, key) == ("waiting", HELD_HOURS)
    clock.now = leaves - 1
    assert await send(work) == leaves
    clock.now = leaves
    assert await send(work) is None
    assert state(work, key) == ("sent", None)
    assert len(await slack.calls(method="chat.postMessage")) == 1


@pytest.mark.parametrize(
    ("reader", "leaves"),
    [
        (ANN, WEDNESDAY),
        (LEAD, WEDNESDAY),
        (NEW_YORK, datetime(2026, 3, 11, 9, tzinfo=ZoneInfo("America/New_York")).timestamp()),
        (PART_TIME, berlin(2026, 3, 19, 12)),  # Thursdays at noon, and away on the next one
        (ASKER, datetime(2026, 3, 11, 18, tzinfo=ZoneInfo("Asia/Tokyo")).timestamp() + 15 * 3600),  # Tokyo's morning
        (NOWHERE, WEDNESDAY),  # nobody knows where: the team's hours
    ],
)
async def test_a_person_hears_it_in_hours_of_their_own(
    work: Work, slack: Client, clock: Clock, reader: str, leaves: float
) -> None:
    """A direct message keeps the reader's zone, hours and days off, from the roster or else from Slack."""
    key = put(work, desk(work.db), reader)
    for _ in range(3):
        again = await send(work)
        if again is None:
            break
        assert await slack.calls(method="chat.postMessage") == []
        clock.now = again
    assert clock.now == leaves
    assert state(work, key)[0] == "sent"


async def test_the_third_message_of_a_day_waits_for_the_next_working_day(
    work: Work, slack: Client, clock: Clock
) -> None:
    """Two a day in a channel; on a Friday the third waits for Monday, and is then the first."""
    clock.now = berlin(2026, 3, 13, 10)
    team = desk(work.db)
    keys = [put(work, team, PRIVATE) for _ in range(5)]
    assert await send(work) == berlin(2026, 3, 16, 9)
    assert [state(work, key)[0] for key in keys] == ["sent", "sent", "waiting", "waiting", "waiting"]
    assert state(work, keys[2])[1] == HELD_DAY
    clock.now = berlin(2026, 3, 16, 9)
    assert await send(work) == berlin(2026, 3, 17, 9)
    assert [state(work, key)[0] for key in keys] == ["sent"] * 4 + ["waiting"]
    clock.now = berlin(2026, 3, 17, 9)
    await send(work)
    assert len(await slack.calls(method="chat.postMessage")) == 5


async def test_a_person_gets_two_a_day_of_all_teams_together(work: Work) -> None:
    """Direct messages of two teams to one person are counted together; another person has a day of their own."""
    first, second = desk(work.db), desk(work.db, "Second", SHARED)
    keys = [put(work, team, ANN) for team in (first, second, first)]
    other = put(work, second, LEAD)
    await send(work)
    assert [state(work, key)[0] for key in (*keys, other)] == ["sent", "sent", "waiting", "sent"]


async def test_what_was_asked_for_leaves_at_once(work: Work, clock: Clock) -> None:
    """At night, on a full day, an announcement, a shared view, a hint and the first report leave, and count not."""
    team = desk(work.db)
    for _ in range(2):
        put(work, team, PRIVATE)
    await send(work)
    keys = [put(work, team, PRIVATE, kind) for kind in ("announcement", "share", "hint", "report")]
    clock.now = berlin(2026, 3, 11, 23)
    keys += [put(work, team, PRIVATE, kind) for kind in ("announcement", "share", "hint", "report")]
    await send(work)
    assert {state(work, key)[0] for key in keys} == {"sent"}
    clock.now = berlin(2026, 3, 12, 9)
    later = [put(work, team, PRIVATE) for _ in range(2)]
    await send(work)
    assert {state(work, key)[0] for key in later} == {"sent"}


async def test_a_thread_does_not_count(work: Work, slack: Client) -> None:
    """Details in a thread are neither counted nor held on a full day."""
    team = desk(work.db)
    root = (await slack.act(ANN, "message", channel=PRIVATE, text="root"))["ts"]
    keys = [put(work, team, PRIVATE, thread=thread) for thread in (root, root, None, None, root)]
    await send(work)
    assert {state(work, key)[0] for key in keys} == {"sent"}


async def test_one_alert_a_day(work: Work, clock: Clock) -> None:
    """Two teams share a channel: the second alert of the day waits for tomorrow; a note still fits."""
    first, second = desk(work.db), desk(work.db, "Second", SHARED)
    keys = [put(work, team, PRIVATE, kind) for team, kind in ((first, "alert"), (second, "alert"), (first, "note"))]
    await send(work)
    assert [state(work, key) for key in keys] == [("sent", None), ("waiting", HELD_ALERT), ("sent", None)]
    clock.now = berlin(2026, 3, 12, 9)
    await send(work)
    assert state(work, keys[1]) == ("sent", None)


async def test_snoozed_alerts_wait_and_other_posts_do_not(work: Work, clock: Clock) -> None:
    """An alert put down before the snooze waits for its end, in working time; a digest goes out."""
    team = desk(work.db)
    alert, digest = put(work, team, PRIVATE, "alert"), put(work, team, PRIVATE, "digest")
    alerts.snooze(work.db, team, berlin(2026, 3, 11, 20))
    assert await send(work) == berlin(2026, 3, 12, 9)
    assert state(work, alert) == ("waiting", HELD_SNOOZE)
    assert state(work, digest) == ("sent", None)
    clock.now = berlin(2026, 3, 12, 9)
    await send(work)
    assert state(work, alert) == ("sent", None)


async def test_what_waited_too_long_is_dropped(work: Work, slack: Client, clock: Clock) -> None:
    """A digest of last week is not told; a loss and an announcement are, however late."""
    team = desk(work.db)
    old = [put(work, team, PRIVATE, kind) for kind in ("digest", "lost", "announcement")]
    clock.now = WEDNESDAY + 7 * DAY
    await send(work)
    assert [state(work, key) for key in old] == [("failed", STALE), ("sent", None), ("sent", None)]
    assert len(await slack.calls(method="chat.postMessage")) == 2


async def test_an_alert_that_nobody_got_is_told_by_the_next_check(work: Work, slack: Client, clock: Clock) -> None:
    """An alert that could not leave for days is dropped, and told anew with the figures of the day that it can."""
    team = desk(work.db)
    record = teams.get(work.db, team)
    assert record is not None
    assert await asyncio.to_thread(tell, work, record, busy(), clock.now) is Step.POST
    assert await asyncio.to_thread(tell, work, record, busy(), clock.now + DAY) is Step.NOTHING
    clock.now += 5 * DAY
    await send(work)
    assert work.db.read("select state, error from outbox").fetchall() == [("failed", STALE)]
    assert await asyncio.to_thread(tell, work, record, busy(), clock.now) is Step.POST
    await send(work)
    assert len(await slack.calls(method="chat.postMessage")) == 1
    assert await asyncio.to_thread(tell, work, record, busy(), clock.now + DAY) is Step.NOTHING


async def test_who_muted_it_gets_none(work: Work, slack: Client) -> None:
    """A pulse put down before its reader muted pulses is dropped; another question still comes."""
    team = desk(work.db)
    keys = [put(work, team, person, kind) for person, kind in ((ANN, "pulse"), (LEAD, "pulse"), (ANN, "solved"))]
    mutes.mute(work.db, WORKSPACE, ANN, "pulse")
    await send(work)
    assert [state(work, key) for key in keys] == [("failed", MUTED), ("sent", None), ("sent", None)]
    assert len(await slack.calls(method="chat.postMessage")) == 2


async def test_results_reach_everybody_at_one_moment(work: Work, clock: Clock) -> None:
    """Results keep the team's hours for all alike; where one reader's day is full, all of them wait."""
    team = desk(work.db)
    before = [put(work, team, ANN) for _ in range(2)]
    await send(work)
    assert {state(work, key)[0] for key in before} == {"sent"}
    keys = [put(work, team, person, "results") for person in (LEAD, ANN, NEW_YORK, PART_TIME)]
    assert await send(work) == berlin(2026, 3, 12, 9)
    assert {state(work, key) for key in keys} == {("waiting", HELD_DAY)}
    clock.now = berlin(2026, 3, 12, 9)
    await send(work)
    assert {state(work, key)[0] for key in keys} == {"sent"}


async def test_results_that_fit_leave_for_all(work: Work) -> None:
    """One reader has had one message today: the results are the second, and the first copies hold up no later ones."""
    team = desk(work.db)
    put(work, team, LEAD)
    keys = [put(work, team, person, "results") for person in (LEAD, ANN, NEW_YORK, PART_TIME)]
    await send(work)
    assert {state(work, key)[0] for key in keys} == {"sent"}


async def test_two_processes_keep_one_day_between_them(work: Work, slack: Client, tmp_path: Path) -> None:
    """Two bots on one file send ten posts' two of the day, each once."""
    team = desk(work.db)
    for _ in range(10):
        put(work, team, PRIVATE)
    other = Work(fresh(tmp_path / "headroom.db"), work.slack, work.clock, work.me)
    await asyncio.gather(send(work), send(other))
    posted = await slack.calls(method="chat.postMessage")
    assert len(posted) == 2
    assert len({call["args"]["metadata"]["event_payload"]["key"] for call in posted}) == 2


async def test_a_post_of_no_team_leaves(work: Work, clock: Clock) -> None:
    """Where no team says when it works, nothing is held."""
    clock.now = berlin(2026, 3, 14, 3)
    key = put(work, None, PRIVATE, "other")
    await send(work)
    assert state(work, key)[0] == "sent"


READERS = (PRIVATE, ANN, NEW_YORK, PART_TIME)
ZONES = {NEW_YORK: ZoneInfo("America/New_York")}
HOURS = {PART_TIME: ({3}, 12, 15)}
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(READERS), st.sampled_from(CAPPED)),
        st.integers(1, 40),  # hours that pass
    ),
    max_size=40,
)


@examples(60)
@given(STEPS)
def test_nobody_is_told_more_than_twice_a_day_or_out_of_hours(steps: list[tuple[str, str] | int]) -> None:
    """Whatever is put down and whenever: no reader gets three in a day, two alerts, or anything outside their hours."""
    with TemporaryDirectory() as folder:
        clock, db = Clock(WEDNESDAY), fresh(Path(folder) / "headroom.db")
        work = Work(db, Slack("xoxb-none", "http://127.0.0.1:9/"), clock, Me(WORKSPACE, "", "U0BOT", "B0"))
        team, quiet = desk(db), Quiet(work)
        told: dict[tuple[str, date], list[str]] = defaultdict(list)
        closed: set[tuple[str, float]] = set()
        for step in steps:
            if isinstance(step, tuple):
                channel, kind = step
                if kind == "results":
                    if (channel, clock.now) in closed:
                        continue  # a round closes once; what is made in one second are copies, one a reader
                    closed.add((channel, clock.now))
                put(work, team, channel, kind)
            else:
                clock.now += step * 3600
            while post := outbox.claim(db, clock.now, WORKSPACE):
                leave = quiet.leave(post)
                if leave == Leave():
                    outbox.sent(db, post.key, "1.2")
                    zone = BERLIN if post.kind == "results" else ZONES.get(post.channel, BERLIN)
                    days, opens, closes = ({0, 1, 2, 3, 4}, 9, 17)
                    if post.kind != "results":
                        days, opens, closes = HOURS.get(post.channel, (days, opens, closes))
                    local = datetime.fromtimestamp(clock.now, zone)
                    assert local.weekday() in days
                    assert opens <= local.hour < closes
                    told[post.channel, local.date()].append(post.kind)
                elif leave.stale:
                    outbox.close(db, post, "failed", leave.why)
                else:
                    assert leave.after is not None
                    assert leave.after > clock.now
                    outbox.again(db, post, leave.after, leave.why)
        db.close()
    for (channel, _), kinds in told.items():
        # results count by the team's day, so that a reader elsewhere may have one day's end and the next in one
        assert len(kinds) <= 2 or channel == NEW_YORK
        assert kinds.count("alert") <= 1
