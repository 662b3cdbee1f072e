"""`/headroom` as people type it: what each may see, sharing, trust, alerts, and what goes wrong."""

import asyncio
import json
import logging
import re
import threading

import pytest

from bot.messages import actions
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, sections
from bot.signal import Kind, Signal
from handlers.commands import share
from storage import alerts, keys, outbox, signals, teams
from tests.handlers.desk import ANNA, ASKER, BOT, CIRCLE, LEAD, OPEN, QUEUE, STRANGER, Desk
from tests.unsent import unsent

HOUR = 3_600


def arrivals(desk: Desk, number: int, user: str = ASKER) -> None:
    """A few requests by one person, an hour apart, in the team's queue."""
    record = teams.get(desk.parts.db, number)
    assert record is not None
    keyed = keys.Pseudonymizer(desk.parts.db, desk.parts.workspace)
    start = int(desk.parts.clock()) - 10 * HOUR
    facts = []
    for i in range(3):
        at = (start + i * HOUR) * 1_000_000
        facts.append(Signal(record.queues[0].id, at, at, Kind.ARRIVAL, keyed(user, at)))
    signals.add(desk.parts.db, facts)


async def alert_post(desk: Desk, number: int) -> dict[str, object]:
    """An alert in the team channel, as the check posts it."""
    db, now = desk.parts.db, desk.parts.clock()
    alert = alerts.record(db, number, now, 3, 1, "alert-key")
    blocks = [
        *sections("Deal desk is in danger."),
        row(
            [
                button("Acknowledge", actions.ACKNOWLEDGE, str(alert)),
                button("Snooze a day", actions.SNOOZE_DAY, str(alert)),
                button("Snooze a week", actions.SNOOZE_WEEK, str(alert)),
                button("See the numbers", actions.SEE_NUMBERS, str(number)),
            ],
            actions.ALERT_BUTTONS,
        ),
    ]
    body = {"text": "Deal desk is in danger.", "blocks": blocks}
    outbox.put(db, key="alert-key", team=number, workspace=desk.parts.workspace, channel=OPEN, body=body)
    await desk.deliver()
    posts: list[dict[str, object]] = await desk.posts(OPEN)
    return posts[-1]


async def test_load_is_for_responders_and_lead(desk: Desk) -> None:
    """Responders and lead see the team's load and may share it."""
    arrivals(desk, desk.team())
    for person in (LEAD, ANNA):
        await desk.ask(person)
        seen = await desk.whisper(person, "Deal desk")
        assert actions.SHARE in str(seen["blocks"])


async def test_requesters_see_waits_and_no_load(desk: Desk) -> None:
    """Who asks reads how many requests wait, and nothing about load."""
    arrivals(desk, desk.team())
    await desk.ask(ASKER)
    seen = await desk.whisper(ASKER, "3 requests are waiting")
    assert actions.SHARE not in str(seen["blocks"])
    assert "tilization" not in json.dumps(seen)


async def test_elsewhere_the_own_team_is_shown_or_the_way_named(desk: Desk) -> None:
    """In a channel of no team, a responder of one team sees it; others read where to ask."""
    desk.team()
    await desk.ask(ANNA, channel=OPEN)
    await desk.whisper(ANNA, "Deal desk", OPEN)
    await desk.ask(ASKER, channel=OPEN)
    await desk.whisper(ASKER, "belongs to no team", OPEN)


async def test_of_several_teams_one_press_says_which(desk: Desk) -> None:
    """Where several teams of theirs may be meant, each has a button; the answer takes the question's place."""
    desk.team()
    desk.team(name="Legal", queue=OPEN, responders=(ANNA,), team_channel=None)
    await desk.slack.act(LEAD, "create", name="lunch")
    state = await desk.slack.state(LEAD)
    lunch = next(c["id"] for c in state["channels"] if c["name"] == "lunch")
    await desk.slack.act(ANNA, "join", channel=lunch)
    await desk.ask(ANNA, channel=lunch)
    question = await desk.whisper(ANNA, "Which team do you mean with `/headroom`?", lunch)
    named = {button["text"]["text"]: button["action_id"] for button in question["blocks"][-1]["elements"]}
    assert set(named) == {"Deal desk", "Legal"}
    await desk.click(ANNA, question, named["Legal"], lunch)
    await desk.whisper(ANNA, "The level of Legal", lunch)
    said = [m["text"] for m in await desk.slack.messages(ANNA, lunch) if m.get("ephemeral")]
    assert not any("Which team" in text for text in said)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("trsut", "/headroom trust"),
        ("SETUPP now", "/headroom setup"),
        ("x" * 4_000, "is not a command"),
        ("<!channel> *bold*", "is not a command"),
        ("help", "What you can type"),
        ("?", "What you can type"),
    ],
)
async def test_every_word_gets_an_answer(desk: Desk, typed: str, said: str) -> None:
    """Unknown, long and hostile words are answered with the nearest command and help; nothing is mentioned."""
    await desk.ask(LEAD, typed)
    seen = await desk.whisper(LEAD, said)
    assert "<!channel>" not in json.dumps(seen)
    assert len(seen["text"]) < 3_000


async def test_a_hostile_team_name_stays_words(desk: Desk) -> None:
    """A name that looks like a mention mentions nobody."""
    desk.team(name="<!channel> & co")
    await desk.ask(LEAD)
    seen = await desk.whisper(LEAD, "&amp; co")
    assert "<!channel>" not in json.dumps(seen)


async def test_sharing_names_the_audience_and_posts_once(desk: Desk) -> None:
    """Share says how many people will see it; pressed twice, one post reaches the channel."""
    arrivals(desk, desk.team())
    await desk.ask(LEAD)
    await desk.click(LEAD, await desk.whisper(LEAD, "Deal desk"), actions.SHARE)
    question = await desk.whisper(LEAD, "Share?")
    members = (await desk.slack.channel(LEAD, QUEUE))["members"]
    assert f"#deal-desk, {len(members) - 1} people" in question["text"]
    await desk.click(LEAD, question, actions.SHARE_YES)
    await desk.whisper(LEAD, "It is shared")
    assert unsent(desk.parts.db) == 1
    await desk.deliver()
    assert "Shared by the team" in (await desk.posts())[-1]["text"]


async def test_sharing_again_from_the_same_question_is_one_post(desk: Desk) -> None:
    """Two clicks on one question, told apart by nothing, are one row in the outbox."""
    number = desk.team()
    call = desk.call(LEAD, {"container": {"message_ts": "1700000000.000100"}}, team=number, channel=QUEUE)
    for _ in range(2):
        await desk.parts.run(share, call)
    assert unsent(desk.parts.db) == 1


async def test_kept_to_oneself_nothing_is_shared(desk: Desk) -> None:
    """Keep it to myself posts nothing."""
    desk.team()
    await desk.ask(LEAD)
    await desk.click(LEAD, await desk.whisper(LEAD, "Deal desk"), actions.SHARE)
    await desk.click(LEAD, await desk.whisper(LEAD, "Share?"), actions.SHARE_NO)
    await desk.whisper(LEAD, "Nothing was shared")
    assert unsent(desk.parts.db) == 0


async def test_removed_traces_stay_removed(desk: Desk) -> None:
    """After "Remove my traces" no fact carries the person, and none ever will."""
    number = desk.team()
    arrivals(desk, number)
    record = teams.get(desk.parts.db, number)
    assert record is not None
    await desk.ask(ASKER, "trust")
    view = await desk.modal(ASKER, actions.REMOVE_TRACES)
    await desk.slack.act(ASKER, "click", view_id=view["id"], action_id=actions.REMOVE_TRACES)
    await desk.modal(ASKER, "erased from everything kept")
    facts = signals.load(desk.parts.db, [record.queues[0].id], 0, desk.parts.clock())
    assert len(facts.actor) == 3
    assert not facts.actor.any()
    keyed = keys.Pseudonymizer(desk.parts.db, desk.parts.workspace)
    assert keyed(ASKER, int(desk.parts.clock() * 1_000_000)) == b""


async def test_an_alert_is_answered_without_a_name(desk: Desk) -> None:
    """Acknowledge marks the alert and takes the buttons away; the post names nobody."""
    number = desk.team()
    post = await alert_post(desk, number)
    await desk.click(ANNA, post, actions.ACKNOWLEDGE, OPEN)

    async def seen(slack: object) -> bool:
        return "Seen by the team" in (await desk.posts(OPEN))[-1]["text"]

    await desk.slack.wait_for(seen, "acknowledged alert")
    after = (await desk.posts(OPEN))[-1]
    assert actions.ACKNOWLEDGE not in str(after["blocks"])
    assert ANNA not in str(after["blocks"])
    last = alerts.last(desk.parts.db, number)
    assert last is not None
    assert last.acknowledged is not None


async def test_a_week_of_quiet(desk: Desk) -> None:
    """Snooze a week keeps the team's alerts quiet for seven days."""
    number = desk.team()
    await desk.click(LEAD, await alert_post(desk, number), actions.SNOOZE_WEEK, OPEN)

    async def seen(slack: object) -> bool:
        return "Quiet until" in (await desk.posts(OPEN))[-1]["text"]

    await desk.slack.wait_for(seen, "snoozed alert")
    quiet = alerts.snoozed_until(desk.parts.db, number) - desk.parts.clock()
    assert 6.99 < quiet / 86_400 <= 7


async def test_outsiders_answer_no_alert(desk: Desk) -> None:
    """Who does not answer for the team gets one kind sentence; alert, quiet and numbers stay as they were."""
    number = desk.team()
    post = await alert_post(desk, number)
    for action in (actions.ACKNOWLEDGE, actions.SNOOZE_DAY, actions.SEE_NUMBERS):
        await desk.click(STRANGER, post, action, OPEN)
        whisper = await desk.whisper(STRANGER, "Only the people who answer", OPEN)
        await desk.slack.act(STRANGER, "delete", channel=OPEN, ts=whisper["ts"])
    last = alerts.last(desk.parts.db, number)
    assert last is not None
    assert last.acknowledged is None
    assert alerts.snoozed_until(desk.parts.db, number) == 0
    assert actions.ACKNOWLEDGE in str((await desk.posts(OPEN))[-1]["blocks"])


async def test_the_numbers_behind_an_alert(desk: Desk) -> None:
    """A responder sees the load view, alone."""
    number = desk.team()
    await desk.click(ANNA, await alert_post(desk, number), actions.SEE_NUMBERS, OPEN)
    seen = await desk.whisper(ANNA, "Load is for responders and lead", OPEN)
    assert actions.SHARE in str(seen["blocks"])


async def test_taken_out_and_invited_again(desk: Desk) -> None:
    """A queue the bot is removed from is no longer watched; invited again, it is, without a second hint."""
    number = desk.team()
    teams.set_announced(desk.parts.db, number, desk.parts.clock())
    await desk.slack.act(LEAD, "kick", channel=QUEUE, user=BOT)
    assert await desk.slack.flush()
    assert teams.watched(desk.parts.db) == {}
    await desk.slack.act(LEAD, "invite", channel=QUEUE, user=BOT)
    assert await desk.slack.flush()
    assert len(teams.watched(desk.parts.db)) == 1
    assert unsent(desk.parts.db) == 0


async def test_uninstalled_is_forgotten(desk: Desk) -> None:
    """When the workspace uninstalls the app, its teams and facts are erased."""
    arrivals(desk, desk.team())
    await desk.slack.fault("token_revoked")

    async def empty(slack: object) -> bool:
        return teams.all(desk.parts.db) == []

    await desk.slack.wait_for(empty, "empty store")


async def test_what_nobody_listens_to_is_acknowledged(desk: Desk) -> None:
    """Every subscribed event is acknowledged at the first attempt, so Slack sends nothing again."""
    await desk.slack.act(LEAD, "rename", channel=OPEN, name="news")
    await desk.slack.act(LEAD, "archive", channel=CIRCLE)
    await desk.slack.act(LEAD, "home")
    await desk.slack.act(LEAD, "profile", profile={"status_text": "away"})
    assert await desk.slack.flush()
    counts = (await desk.slack.deliveries())["counts"]
    assert counts["events"] == counts["attempts"] == counts["acked"] > 0


async def test_a_busy_store_costs_no_acknowledgement(desk: Desk) -> None:
    """While another process holds the store, a command is acknowledged in time; the answer follows."""
    arrivals(desk, desk.team())
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with desk.parts.db.write():
            held.set()
            release.wait()

    holding = asyncio.create_task(desk.parts.run(hold))
    await desk.parts.run(held.wait)
    try:
        await desk.ask(ASKER)
    finally:
        release.set()
        await holding
    await desk.whisper(ASKER, "3 requests are waiting")


async def test_a_broken_store_is_one_sentence(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """When the store fails, the person reads one sentence, the log kind and place without what was typed."""
    desk.team()
    with desk.parts.db.write() as connection:
        connection.execute("drop table teams")
    with caplog.at_level(logging.ERROR):
        await desk.ask(LEAD, "secretword")
        seen = await desk.whisper(LEAD, "")
    ours = [record.getMessage() for record in caplog.records if record.name == "handlers.failures"]
    assert len(ours) == 1
    assert re.fullmatch(r"\w+Error at \w+\.py:\d+ in \w+", ours[0])
    assert "secretword" not in caplog.text + seen["text"]
    assert "teams" not in seen["text"]
    await desk.ask(LEAD, "help", OPEN)
    assert await desk.whisper(LEAD, "", OPEN)
