"""The Home tab as people open it: their teams, waits of others, settings, trust, and staying up to date."""

import asyncio
import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages import actions
from bot.messages.readable import readable
from bot.signal import Kind, Signal, slack_ts
from bot.team import Person
from handlers import home as home_module
from handlers.home import Home
from handlers.home_page import SLOW
from handlers.parts import Parts
from sandbox.config import Install
from storage import absences, alerts, requests, rhythms, roster, signals, teams
from tests.handlers.desk import ANNA, ASKER, BOT, LEAD, OPEN, QUEUE, RESPONDERS, Desk

LOAD = re.compile(r"utilization|capacity|danger|\bslack\b|surge|level", re.IGNORECASE)


def announced_team(desk: Desk, **changes: Any) -> int:
    """A team that listens."""
    number = desk.team(**changes)
    teams.set_announced(desk.parts.db, number, desk.parts.clock() - 3600)
    return number


def request(desk: Desk, number: int) -> None:
    """One more request nobody has answered, in the team's first queue."""
    record = teams.get(desk.parts.db, number)
    assert record is not None
    queue = record.queues[0].id
    at = int((desk.parts.clock() - 7200 + 600 * signals.count(desk.parts.db, [queue])) * 1_000_000)
    signals.add(desk.parts.db, [Signal(queue, at, at, Kind.ARRIVAL, b"")])


async def shown(desk: Desk, user: str, holding: str = "") -> dict[str, Any]:
    """Wait for this person's Home tab, with these words in it."""

    async def there(slack: Any) -> dict[str, Any] | None:
        home = (await slack.state(user))["home"]
        return home if home and holding in readable(home["blocks"]) else None

    found: dict[str, Any] = await desk.slack.wait_for(there, f"Home of {user} with {holding!r}")
    return found


async def opened(desk: Desk, user: str, holding: str = "") -> str:
    """Open the tab and read it."""
    await desk.slack.act(user, "home")
    return readable((await shown(desk, user, holding))["blocks"])


async def published(desk: Desk) -> list[dict[str, Any]]:
    """Calls that published a page, and how they went."""
    return await desk.slack.calls(method="views.publish")


@pytest.fixture
def home(desk: Desk) -> Home:
    """A second program that publishes the same tab, whose looks at open tabs the test calls for."""
    return of(desk, desk.parts)


def of(desk: Desk, parts: Parts, every: float = 3600.0) -> Home:
    client = AsyncWebClient(token=Install().bot_token, base_url=desk.slack.api_url)
    return Home(parts, client, every)


def opening(user: str, page: dict[str, Any] | None = None) -> dict[str, Any]:
    """The event as Slack sends it."""
    return {"type": "app_home_opened", "user": user, "tab": "home", **({"view": page} if page else {})}


async def test_a_newcomer_reads_how_to_begin(desk: Desk) -> None:
    """Where no team is set up, the page says how to set one up, and what is kept."""
    text = await opened(desk, ASKER)
    assert "/headroom setup" in text
    await desk.slack.act(ASKER, "click", view_id=(await shown(desk, ASKER))["id"], action_id=actions.OPEN_TRUST)
    assert await desk.modal(ASKER, "What never")


async def test_the_lead_sees_the_team_and_opens_its_settings(desk: Desk) -> None:
    """Level, waits, requests waiting; the settings button opens the form with the team in it."""
    number = announced_team(desk)
    request(desk, number)
    text = await opened(desk, LEAD, "Deal desk")
    assert "The level of Deal desk is not known yet" in text
    assert "1 request is waiting for an answer now." in text
    page = await shown(desk, LEAD)
    await desk.slack.act(LEAD, "click", view_id=page["id"], action_id=actions.HOME_SETTINGS)
    modal = await desk.modal(LEAD, "Deal desk")
    assert modal["callback_id"] == actions.SETUP_VIEW


async def test_a_responder_sees_the_team_without_settings(desk: Desk) -> None:
    """Those who answer see their team; only the lead changes it."""
    announced_team(desk)
    assert "The level of Deal desk" in await opened(desk, ANNA, "Deal desk")
    assert actions.HOME_SETTINGS not in json.dumps(await shown(desk, ANNA))


async def test_a_requester_sees_waits_alone(desk: Desk) -> None:
    """Others read how many wait in which queue, and no word on load."""
    request(desk, announced_team(desk))
    text = await opened(desk, ASKER, "Deal desk")
    assert f"#{QUEUE} (Deal desk)" in text
    assert "1 waiting" in text
    assert not LOAD.search(text)


async def test_a_private_queue_is_shown_to_its_members(desk: Desk) -> None:
    """Whoever is not in a private channel does not learn that a team has it."""
    await desk.slack.seed(
        users=[{"id": "U7OTHER", "name": "other"}],
        channels=[{"id": QUEUE, "name": "deal-desk", "is_private": True, "members": [LEAD, *RESPONDERS, ASKER, BOT]}],
    )
    announced_team(desk)
    assert "Deal desk" in await opened(desk, ASKER, "Deal desk")
    assert "Deal desk" not in await opened(desk, "U7OTHER")


async def test_a_guest_sees_only_their_channels(desk: Desk) -> None:
    """Whoever is no full member sees a public queue only where they are in it."""
    people = [{"id": user, "name": user.lower(), "is_stranger": True} for user in ("U7IN", "U7OUT")]
    members = [LEAD, *RESPONDERS, "U7IN", BOT]
    await desk.slack.seed(users=people, channels=[{"id": QUEUE, "name": "deal-desk", "members": members}])
    announced_team(desk)
    assert "Deal desk" in await opened(desk, "U7IN", "Deal desk")
    assert "Deal desk" not in await opened(desk, "U7OUT")


async def test_nothing_is_shown_of_a_team_that_was_not_announced(desk: Desk) -> None:
    """Before the queue was told what is kept, others see nothing of the team."""
    desk.team()
    assert "Deal desk" not in await opened(desk, ASKER)


async def test_a_slow_slack_leaves_waits_out(desk: Desk) -> None:
    """When Slack does not say which queues a person may know of, none is shown, and the page says why."""
    announced_team(desk)
    await desk.slack.fault("rate_limited", method="conversations.info", next=1, retry_after=30)
    text = await opened(desk, ASKER)
    assert SLOW in text
    assert "Deal desk" not in text


async def test_an_open_page_follows_a_change(desk: Desk, home: Home) -> None:
    """While somebody may be looking, a new level or a new request is shown; without a change nothing is published."""
    number = announced_team(desk)
    await home.opened(opening(ANNA))
    await home.refresh()
    assert len(await published(desk)) == 1
    request(desk, number)
    await home.refresh()
    await shown(desk, ANNA, "1 request is waiting")
    alerts.record(desk.parts.db, number, desk.parts.clock(), 2, 1, None)
    await home.refresh()
    await home.refresh()
    calls = await published(desk)
    assert len(calls) == 3
    assert [bool(call["args"].get("hash")) for call in calls] == [False, True, True]


async def test_a_page_is_watched_while_it_is_open(desk: Desk) -> None:
    """The looks happen by themselves, from the first opening on, and end with the last page."""
    number = announced_team(desk)
    later = 0.0
    home = of(desk, replace(desk.parts, clock=lambda: desk.parts.clock() + later), every=0.02)
    await home.opened(opening(ANNA))
    request(desk, number)
    await shown(desk, ANNA, "1 request is waiting")
    later = home_module.OPEN_SECONDS + 1
    assert home.watching is not None
    await home.watching


async def test_a_page_left_long_ago_is_let_be(desk: Desk) -> None:
    """Ten minutes after somebody opened it, the tab is no longer kept up to date."""
    number = announced_team(desk)
    later = 0.0
    home = of(desk, replace(desk.parts, clock=lambda: desk.parts.clock() + later))
    await home.opened(opening(ANNA))
    later = home_module.OPEN_SECONDS + 1
    request(desk, number)
    await home.refresh()
    assert len(await published(desk)) == 1


async def test_an_older_page_never_covers_a_newer_one(desk: Desk, home: Home) -> None:
    """A publication that rests on an older page is dropped, and the next opening goes on from the newer one."""
    number = announced_team(desk)
    await home.opened(opening(ANNA))
    request(desk, number)
    await opened(desk, ANNA, "1 request is waiting")
    request(desk, number)
    await home.refresh()
    assert [call["response"].get("error") for call in await published(desk)] == [None, None, "hash_conflict"]
    assert "1 request is waiting" in readable((await shown(desk, ANNA))["blocks"])
    await home.opened(opening(ANNA, await shown(desk, ANNA)))
    await shown(desk, ANNA, "2 requests are waiting")


async def test_settings_of_a_lead_who_handed_over(desk: Desk) -> None:
    """A button from before says in a view why it does not work; the page that is opened next has it no more."""
    number = announced_team(desk)
    await opened(desk, LEAD, "Deal desk")
    page = await shown(desk, LEAD)
    announced_team(desk, team_id=number, lead=ANNA)
    await desk.slack.act(LEAD, "click", view_id=page["id"], action_id=actions.HOME_SETTINGS)
    assert await desk.modal(LEAD, "Only the people who answer for Deal desk, and their lead")
    await opened(desk, LEAD, "How long requests wait")
    assert actions.HOME_SETTINGS not in json.dumps(await shown(desk, LEAD))


async def test_the_messages_tab_publishes_nothing(desk: Desk, home: Home) -> None:
    """Opening the app's messages is not opening its Home."""
    await home.opened({**opening(ANNA), "tab": "messages"})
    assert await published(desk) == []


async def test_an_unheard_queue_is_named_to_the_team(desk: Desk) -> None:
    """The team sees which channel is lost; others see nothing of it any more."""
    announced_team(desk)
    announced_team(desk, name="Second desk", queue=OPEN, lead=ASKER, responders=(ASKER,), team_channel=None)
    await desk.slack.act(LEAD, "kick", channel=QUEUE, user=BOT)
    await desk.slack.flush()
    assert f"Not heard at the moment: #{QUEUE}" in await opened(desk, ANNA, "Deal desk")
    assert "Deal desk" not in await opened(desk, ASKER, "Second desk")


async def test_requests_that_wait_are_listed_with_a_way_to_them(desk: Desk) -> None:
    """Those who answer see what waits, longest first, as Slack's own links; never whose; others see a number alone."""
    number = announced_team(desk, country=None, hours="Mon-Sun 00:00-24:00")
    request(desk, number)
    request(desk, number)
    record = teams.get(desk.parts.db, number)
    assert record is not None
    text = await opened(desk, ANNA, "Nobody has taken these yet, longest first")
    asked_at = [slack_ts(key) for _, key in requests.waiting(desk.parts.db, [record.queues[0].id])]
    page = json.dumps(await shown(desk, ANNA))
    links = re.findall(r"<(https://[^|]*)\|open it>", page)
    assert links == [f"https://sandbox.slack.com/archives/{QUEUE}/p{ts.replace('.', '')}" for ts in asked_at]
    assert f"#{QUEUE}: waiting 2 h" in text
    assert ASKER not in page
    assert "open it" not in await opened(desk, ASKER, "2 waiting")


async def test_a_link_is_slacks_own(desk: Desk) -> None:
    """The address of a request is the one that Slack gives for its message."""
    number = announced_team(desk)
    await desk.slack.act(ASKER, "message", channel=QUEUE, text="Could you?")
    ts = (await desk.slack.messages(ASKER, QUEUE))[-1]["ts"]
    record = teams.get(desk.parts.db, number)
    assert record is not None
    at = int(ts.replace(".", ""))
    signals.add(desk.parts.db, [Signal(record.queues[0].id, at, at, Kind.ARRIVAL, b"")])
    await opened(desk, ANNA, "Nobody has taken these yet")
    link = await asyncio.to_thread(desk.parts.slack.permalink, QUEUE, ts)
    assert f"<{link}|open it>" in json.dumps(await shown(desk, ANNA))


async def test_without_slacks_address_there_are_no_links(desk: Desk, home: Home) -> None:
    """When Slack does not say where the workspace is, requests are listed all the same."""
    request(desk, announced_team(desk))
    await desk.slack.fault("error", method="auth.test", error="internal_error", next=1)
    await home.opened(opening(ANNA))
    assert "open it" not in json.dumps(await shown(desk, ANNA, "Nobody has taken these yet"))
    await home.opened(opening(ANNA, await shown(desk, ANNA)))
    assert "open it" in json.dumps(await shown(desk, ANNA, "Nobody has taken these yet"))


async def test_the_page_says_what_comes_next(desk: Desk, home: Home) -> None:
    """The next digest with its hour in team time, and the day of the next pulse; below five nobody is asked."""
    number = announced_team(desk, country=None)

    async def page() -> str:
        await home.opened(opening(ANNA))
        return readable((await shown(desk, ANNA))["blocks"])

    text = await page()
    assert re.search(r"Next digest: Mon \d+ \w+, 09:00 \(Europe/Berlin\)\.", text)
    assert re.search(r"Next pulse: \w{3} \d+ \w{3}\.", text)
    announced_team(desk, country=None, team_id=number, responders=RESPONDERS[:4])
    assert "Next pulse" not in await page()
    rhythms.save(desk.parts.db, number, replace(rhythms.get(desk.parts.db, number), digest="off"))
    assert "Next digest" not in await page()


async def test_an_open_page_follows_the_roster_and_the_rhythm(desk: Desk, home: Home) -> None:
    """A roster, a day away or a wish that changed stands on the open page at the next look; nothing else is sent."""
    number = announced_team(desk)
    await home.opened(opening(LEAD))
    await home.refresh()
    absences.put(desk.parts.db, [number], ANNA, {date(2026, 12, 3): 0.5})
    await home.refresh()
    rhythms.save(desk.parts.db, number, replace(rhythms.get(desk.parts.db, number), digest="monthly"))
    await home.refresh()
    with desk.parts.db.write() as connection:
        roster.add(connection, number, Person(ASKER, since=date(2026, 12, 1)))
    await home.refresh()
    await home.refresh()
    assert len(await published(desk)) == 4


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (actions.HOME_SETTINGS, "Deal desk"),
        (actions.ROSTER_OPEN, "Who answers for Deal desk"),
        (actions.RHYTHM_OPEN, ""),
        (actions.FRICTION_OPEN, ""),
        (actions.GAIN_OPEN, ""),
        (actions.OPEN_TRUST, "What never"),
    ],
)
async def test_every_button_of_the_lead_opens_something(desk: Desk, action: str, words: str) -> None:
    """There is no channel to answer in, so each button of the page opens a form or a page."""
    announced_team(desk)
    await opened(desk, LEAD, "Deal desk")
    page = await shown(desk, LEAD)
    await desk.slack.act(LEAD, "click", view_id=page["id"], action_id=action)
    assert await desk.modal(LEAD, words)


@pytest.mark.parametrize("action", [actions.FRICTION_OPEN, actions.GAIN_OPEN, actions.AWAY_OPEN])
async def test_every_button_of_a_responder_opens_something(desk: Desk, action: str) -> None:
    """Those who answer report flaws, write down gains and note days away from the page, and configure nothing."""
    announced_team(desk)
    await opened(desk, ANNA, "Deal desk")
    page = await shown(desk, ANNA)
    text = json.dumps(page)
    assert not any(name in text for name in (actions.HOME_SETTINGS, actions.ROSTER_OPEN, actions.RHYTHM_OPEN))
    await desk.slack.act(ANNA, "click", view_id=page["id"], action_id=action)
    assert await desk.modal(ANNA)


@pytest.mark.parametrize("action", [actions.FRICTION_OPEN, actions.GAIN_OPEN])
async def test_a_button_that_is_refused_says_so_in_a_view(desk: Desk, action: str) -> None:
    """Somebody who left the team presses on a page from before: one kind sentence, in a view as there is no message."""
    number = announced_team(desk)
    await opened(desk, ANNA, "Deal desk")
    page = await shown(desk, ANNA)
    with desk.parts.db.write() as connection:
        connection.execute("delete from people where team = ? and person = ?", (number, ANNA))
    await desk.slack.act(ANNA, "click", view_id=page["id"], action_id=action)
    view = await desk.modal(ANNA)
    assert not any(block["type"] == "input" for block in view["blocks"])
    assert "people who answer" in str(view["blocks"])


async def test_below_five_nothing_is_asked_of_people(desk: Desk) -> None:
    """A team of three has no button to report flaws, as answers could be told apart, and keeps all that it can."""
    announced_team(desk, responders=RESPONDERS[:3])
    await opened(desk, ANNA, "Deal desk")
    text = json.dumps(await shown(desk, ANNA))
    assert actions.FRICTION_OPEN not in text
    assert actions.GAIN_OPEN in text
    assert actions.AWAY_OPEN in text


async def test_a_requester_has_trust_alone(desk: Desk) -> None:
    """Somebody of no team finds the page on what is kept, and no button of the team's."""
    announced_team(desk)
    await opened(desk, ASKER, "Deal desk")
    text = json.dumps(await shown(desk, ASKER))
    assert actions.OPEN_TRUST in text
    for name in (actions.AWAY_OPEN, actions.FRICTION_OPEN, actions.GAIN_OPEN, actions.ROSTER_OPEN):
        assert name not in text
