"""The lead checks what is captured, and says which apps ask; told as the lead lives it."""

from typing import Any

from bot.messages import actions
from bot.signal import Kind, Signal
from storage import keys, permalinks, signals, teams
from tests.handlers.desk import ANNA, ASKER, BOT, LEAD, QUEUE, Desk

DAY = 86_400


async def asked(desk: Desk, number: int, times: int) -> list[str]:
    """So many requests of the last days, in Slack and in the store; returns their `ts`."""
    record = teams.get(desk.parts.db, number)
    assert record is not None
    now = int(desk.parts.clock())
    teams.set_announced(desk.parts.db, number, now - 60 * DAY)
    keyed = keys.Pseudonymizer(desk.parts.db, desk.parts.workspace)
    stamps = [f"{now - DAY * (n + 1)}.000100" for n in range(times)]
    await desk.slack.seed(
        messages=[{"channel": QUEUE, "user": ASKER, "ts": ts, "text": "secret words"} for ts in sorted(stamps)]
    )
    ats = [int(ts.replace(".", "")) for ts in stamps]
    queue = record.queues[0].id
    signals.add(desk.parts.db, [Signal(queue, at, at, Kind.ARRIVAL, keyed(ASKER, at)) for at in ats])
    return stamps


async def test_the_lead_checks_three_links(desk: Desk) -> None:
    """One link after the other, right or wrong; in the end the count, in the store no message, in Slack no text."""
    number = desk.team()
    stamps = await asked(desk, number, 3)
    await desk.ask(LEAD, "check")
    links = []
    for place, button in enumerate((actions.LINK_RIGHT, actions.LINK_WRONG, actions.LINK_RIGHT), 1):
        shown = await desk.whisper(LEAD, f"{place} of 3")
        assert "secret" not in str(shown)
        links += [ts for ts in stamps if f"p{ts.replace('.', '')}" in str(shown["blocks"])]
        await desk.click(LEAD, shown, button)
    await desk.whisper(LEAD, "1 of 3 was no request")
    assert sorted(links) == sorted(stamps)
    assert permalinks.tally(desk.parts.db, number, 0) == (1, 3)
    assert all(not m.get("ephemeral") for m in await desk.slack.messages(ANNA, QUEUE))
    await desk.ask(LEAD, "check")
    await desk.whisper(LEAD, "nothing to look at")


async def test_only_the_lead_checks(desk: Desk) -> None:
    """Responders, requesters, and a team that is not announced yet are told why there is nothing to see."""
    number = desk.team()
    await desk.ask(LEAD, "check")
    await desk.whisper(LEAD, "Nothing is read yet")
    await asked(desk, number, 1)
    for person, said in ((ANNA, "Only the lead of Deal desk can check"), (ASKER, "Only the people who answer for")):
        await desk.ask(person, "check")
        await desk.whisper(person, said)


async def test_a_message_that_is_gone_is_passed_over(desk: Desk) -> None:
    """A request whose message was deleted in Slack is not shown, the next one is."""
    number = desk.team()
    first, _ = await asked(desk, number, 2)
    await desk.slack.act(ASKER, "delete", channel=QUEUE, ts=first)
    await desk.ask(LEAD, "check")
    shown = await desk.whisper(LEAD, "1 of ")
    assert f"p{first.replace('.', '')}" not in str(shown["blocks"])
    await desk.click(LEAD, shown, actions.LINK_RIGHT)
    await desk.whisper(LEAD, "all right")
    assert permalinks.tally(desk.parts.db, number, 0) == (0, 1)


def app_post(ts: int, bot: str, name: str) -> dict[str, Any]:
    """What another app posted."""
    stamp, words = f"{ts}.000100", "disk full"
    return {"channel": QUEUE, "bot_id": bot, "username": name, "subtype": "bot_message", "ts": stamp, "text": words}


async def test_apps_that_posted_are_offered_under_more(desk: Desk) -> None:
    """More lists the apps by name; a ticked one asks from then on, and stays ticked in the form."""
    number = desk.team()
    now = int(desk.parts.clock())
    posts = [app_post(now - DAY, "B7PAGER", "Pager & co"), app_post(now - 2 * DAY, "B8OLD", "Monitor")]
    await desk.slack.seed(messages=sorted(posts, key=lambda m: str(m["ts"])))
    teams.set_announced(desk.parts.db, number, now - 30 * DAY)
    await desk.ask(LEAD, "setup")
    view = await desk.modal(LEAD, "Deal desk")
    await desk.slack.act(LEAD, "click", view_id=view["id"], action_id=actions.SETUP_MORE)
    longer = await desk.modal(LEAD, actions.APPS)
    assert "Pager & co" in str(longer["blocks"])
    assert "Monitor" in str(longer["blocks"])
    assert "disk full" not in str(longer)
    assert BOT not in str([b for b in longer["blocks"] if b.get("block_id") == actions.APPS])
    await desk.slack.act(LEAD, "view_submit", view_id=longer["id"], values={actions.APPS: {actions.APPS: ["B7PAGER"]}})
    await desk.modal(LEAD, "is changed")
    watch = teams.watched(desk.parts.db)[desk.parts.workspace, QUEUE]
    assert watch.apps == {"B7PAGER": True, "B8OLD": False}


async def test_no_past_is_looked_at_before_the_announcement(desk: Desk) -> None:
    """A new team's form, and one that chose no past, read nothing to list apps."""
    await desk.slack.seed(messages=[app_post(int(desk.parts.clock()) - DAY, "B7PAGER", "Pager")])
    await desk.ask(LEAD, "setup")
    view = await desk.modal(LEAD, actions.SETUP_MORE)
    await desk.slack.act(LEAD, "click", view_id=view["id"], action_id=actions.SETUP_MORE)
    longer = await desk.modal(LEAD, actions.HOURS)
    assert actions.APPS not in str(longer["blocks"])
    assert "conversations.history" not in [call["method"] for call in await desk.slack.calls()]
