"""A team's own emoji as people meet them: named in the form, heard live, read back, proposed from those seen."""

import asyncio
from typing import Any

from bot.jobs import reading, setup
from bot.messages import actions
from bot.services.work import Work
from bot.slack import Me
from storage import keys, requests, teams
from storage.teams import TeamRecord
from tests.handlers.desk import ANNA, ASKER, BEN, BOT, FIVE_ANSWERS, LEAD, QUEUE, Desk

DAY = 86_400
CLAIM, DONE = actions.of_meaning("claim"), actions.of_meaning("done")


def announced(desk: Desk, **changes: Any) -> int:
    """A team whose queue was told an hour ago what is kept."""
    number = desk.team(**changes)
    keys.make_first(desk.parts.db, desk.parts.workspace, desk.parts.clock())
    teams.set_announced(desk.parts.db, number, desk.parts.clock() - 3_600)
    desk.parts.wake()
    return number


def record(desk: Desk) -> TeamRecord:
    found = teams.by_queue(desk.parts.db, desk.parts.workspace, QUEUE)
    assert found is not None
    return found


async def is_open(desk: Desk) -> list[bool]:
    """Of each request, oldest first, whether it is open, once everything that happened was heard."""
    assert await desk.slack.flush()
    await asyncio.to_thread(requests.drain, desk.parts.db)
    return [bool(row[0]) for row in desk.parts.db.read("select open from requests order by arrived").fetchall()]


async def past(desk: Desk, *reactions: tuple[str, str]) -> None:
    """So many requests of the last days, one a day, each with one reaction (who, name)."""
    now = int(desk.parts.clock())
    await desk.slack.seed(
        messages=[
            {
                "channel": QUEUE,
                "user": ASKER,
                "ts": f"{now - DAY * (len(reactions) - n)}.000100",
                "text": "Could you look at this?",
                "reactions": [{"name": name, "users": [user]}],
            }
            for n, (user, name) in enumerate(reactions)
        ]
    )


async def test_a_lead_names_two_emoji_for_done_and_both_are_heard(desk: Desk) -> None:
    """✔️ or `:done:` finishes a request, one taken off of two leaves it finished, the last one opens it again."""
    announced(desk)
    await desk.ask(LEAD, "setup emoji")
    view = await desk.modal(LEAD, DONE)
    assert view["state"]["values"][DONE][DONE]["value"] == ":white_check_mark: :heavy_check_mark:"
    await desk.submit(LEAD, view, **{DONE: ":done: ✔️"})
    await desk.modal(LEAD, "is changed")

    ts = (await desk.slack.act(ASKER, "message", channel=QUEUE, text="Could you look at this?"))["ts"]
    seen = [await is_open(desk)]
    for act, name in (
        ("react", "white_check_mark"),  # no more
        ("react", "heavy_check_mark"),
        ("react", "done"),
        ("unreact", "heavy_check_mark"),
        ("unreact", "done"),
        ("react", "done"),
    ):
        await desk.slack.act(ANNA, act, channel=QUEUE, ts=ts, name=name)
        seen.append(await is_open(desk))
    assert seen == [[True], [True], [False], [False], [False], [True], [False]]


async def test_another_s_mark_stands_by_itself(desk: Desk) -> None:
    """What one person takes off leaves what somebody else put on, also of another emoji."""
    announced(desk)
    ts = (await desk.slack.act(ASKER, "message", channel=QUEUE, text="Could you look at this?"))["ts"]
    await desk.slack.act(ANNA, "react", channel=QUEUE, ts=ts, name="white_check_mark")
    await desk.slack.act(BEN, "react", channel=QUEUE, ts=ts, name="heavy_check_mark")
    await desk.slack.act(ANNA, "unreact", channel=QUEUE, ts=ts, name="white_check_mark")
    assert await is_open(desk) == [False]
    await desk.slack.act(BEN, "unreact", channel=QUEUE, ts=ts, name="heavy_check_mark")
    assert await is_open(desk) == [True]


async def test_what_is_wrong_stands_at_its_field(desk: Desk) -> None:
    """A word instead of an emoji, and an emoji that means something already; nothing is changed, and mended it is."""
    announced(desk)
    before = record(desk).emoji
    await desk.ask(LEAD, "setup emoji")
    view = await desk.modal(LEAD, DONE)
    refused = await desk.submit(LEAD, view, **{DONE: "the green tick"})
    assert set(refused["errors"]) == {DONE}
    assert "write it as :eyes:" in refused["errors"][DONE]
    refused = await desk.submit(LEAD, view, **{CLAIM: "", DONE: "✅ 👀"})
    assert refused["errors"] == {DONE: ":eyes: stands for “I take this request” already: an emoji has one meaning."}
    assert record(desk).emoji == before
    await desk.submit(LEAD, view, **{CLAIM: "🔍", DONE: "✅ 👀"})
    await desk.modal(LEAD, "is changed")
    assert {name for name, kind in record(desk).emoji.items() if kind.name == "DONE"} == {"white_check_mark", "eyes"}


async def test_a_mistake_on_a_page_that_is_left_is_shown_there(desk: Desk) -> None:
    """Whoever turns the page and saves has the page with the mistake before them again, as typed."""
    announced(desk)
    await desk.ask(LEAD, "setup emoji")
    view = await desk.modal(LEAD, DONE)
    await desk.slack.act(LEAD, "select", view_id=view["id"], action_id=DONE, value=":eyes:")
    await desk.slack.act(LEAD, "click", view_id=view["id"], action_id=actions.SETUP_MORE)
    view = await desk.modal(LEAD, actions.HOURS)
    await desk.submit(LEAD, view)
    view = await desk.modal(LEAD, "an emoji has one meaning")
    assert view["state"]["values"][DONE][DONE]["value"] == ":eyes:"


async def test_only_who_may_changes_them(desk: Desk) -> None:
    """A responder is told that the lead does."""
    announced(desk)
    await desk.ask(ANNA, "setup emoji")
    assert not (await desk.modal(ANNA, "Only the lead"))["state"]["values"]


async def test_what_is_named_at_set_up_is_announced_and_read_back(desk: Desk) -> None:
    """Named before the past is read, ✔️ and `:done:` close what they stand on in history; a ✅ then does not."""
    await past(desk, (ANNA, "heavy_check_mark"), (BEN, "white_check_mark"), (ANNA, "done"), (ASKER, "done"))
    await desk.ask(LEAD, "setup")
    view = await desk.modal(LEAD, actions.NAME)
    await desk.slack.act(LEAD, "click", view_id=view["id"], action_id=actions.SETUP_EMOJI)
    view = await desk.modal(LEAD, DONE)
    await desk.submit(LEAD, view, **FIVE_ANSWERS, **{DONE: "✔️ :done:"})
    await desk.modal(LEAD, "is set up")
    await desk.deliver()
    assert "finished (:heavy_check_mark: or :done:)" in (await desk.posts())[-1]["text"]

    work = Work(desk.parts.db, desk.parts.slack, desk.parts.clock, Me(desk.parts.workspace, "", BOT, "B0BOT"))
    await asyncio.to_thread(setup.announced, work, record(desk).id)
    await asyncio.to_thread(reading.history, work, record(desk).queues[0].id)
    assert await is_open(desk) == [False, True, False, True]


async def test_those_seen_are_proposed(desk: Desk) -> None:
    """What stands on messages of the announced past and fits is proposed with its number; other reactions are not."""
    announced(desk, history_days=90)
    await past(desk, (ANNA, "solved"), (BEN, "solved"), (ANNA, "joy"), (ANNA, "eyes"))
    await desk.ask(LEAD, "setup emoji")
    view = await desk.modal(LEAD, DONE)
    hints = {b["block_id"]: b["hint"]["text"] for b in view["blocks"] if b["type"] == "input" and "hint" in b}
    assert hints[DONE].endswith("Seen here: :solved: 2 times – add it?")
    assert [field for field, hint in hints.items() if "Seen here" in hint] == [DONE]


async def test_nothing_is_looked_at_before_the_announcement(desk: Desk) -> None:
    """Of a channel that was not told yet no message is read to propose emoji."""
    await past(desk, (ANNA, "solved"))
    await desk.ask(LEAD, "setup emoji")
    assert "Seen here" not in str((await desk.modal(LEAD, DONE))["blocks"])
    assert not [call for call in await desk.slack.calls() if call["method"] == "conversations.history"]
