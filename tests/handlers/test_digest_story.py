"""The digest's buttons, its command and the form of settings, told as lead, responder and outsiders live them."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.health.seen.worktime import time_zone
from bot.jobs.digest import compose
from bot.messages import actions
from bot.messages.digest import digest
from sandbox.client import Client
from storage import digests, due, outbox, rhythms, teams, touches
from storage.rhythms import Rhythm
from tests.handlers.desk import ANNA, ASKER, BEN, CIRCLE, LEAD, OPEN, STRANGER, Desk

DAY = 86_400


def heard(desk: Desk, **changes: Any) -> int:
    """A team whose queue was announced long ago."""
    number = desk.team(**changes)
    teams.set_announced(desk.parts.db, number, int(desk.parts.clock()) - 60 * DAY)
    return number


async def posted(desk: Desk, number: int, channel: str = CIRCLE, *, offer: bool = False) -> dict[str, Any]:
    """A digest as the job posts it."""
    record = teams.get(desk.parts.db, number)
    assert record is not None
    week = desk_monday(desk)
    digests.record(desk.parts.db, number, week, "key")
    told = replace(compose(desk.parts.db, record, desk.parts.clock()), offer=offer)
    body = digest(told).body()
    outbox.put(desk.parts.db, workspace=desk.parts.workspace, channel=channel, body=body, kind="digest", team=number)
    await desk.deliver()
    return (await desk.posts(channel))[-1]


def desk_monday(desk: Desk) -> date:
    today = datetime.fromtimestamp(desk.parts.clock(), time_zone("Europe/Berlin")).date()
    return today - timedelta(days=today.weekday())


def taps(desk: Desk, number: int) -> int:
    """Taps counted under digests so far."""
    monday = desk_monday(desk)
    return sum(touches.taps(desk.parts.db, number, monday, monday.replace(year=monday.year + 1)).values())


async def test_details_are_for_the_one_who_asks(desk: Desk) -> None:
    """A responder presses Details: only they read on, the tap is counted, the digest counts as touched."""
    number = heard(desk)
    message = await posted(desk, number)
    await desk.click(ANNA, message, actions.DIGEST_DETAILS, CIRCLE)
    await desk.whisper(ANNA, "Details", CIRCLE)
    assert not any(m.get("ephemeral") for m in await desk.slack.messages(BEN, CIRCLE))
    assert taps(desk, number) == 1
    assert digests.last(desk.parts.db, number)[0].touched
    assert ANNA not in str(desk.parts.db.read("select * from touches").fetchall())


@pytest.mark.parametrize("who", [ASKER, STRANGER])
async def test_an_outsider_who_presses_learns_nothing(desk: Desk, who: str) -> None:
    """A requester or a guest from another company gets one kind sentence; nothing is counted or changed."""
    number = heard(desk)
    message = await posted(desk, number, OPEN, offer=True)
    for action in (actions.DIGEST_DETAILS, actions.DIGEST_MONTHLY, actions.DIGEST_KEEP):
        await desk.click(who, message, action, OPEN)
        await desk.whisper(who, "Only the people who answer", OPEN)
    assert taps(desk, number) == 0
    assert rhythms.get(desk.parts.db, number) == Rhythm()


async def test_the_lead_takes_the_offer_and_presses_twice(desk: Desk) -> None:
    """Monthly from then on, planned anew; the second click says the same and changes nothing."""
    number = heard(desk)
    message = await posted(desk, number, offer=True)
    await desk.click(LEAD, message, actions.DIGEST_MONTHLY, CIRCLE)
    await desk.whisper(LEAD, "once a month", CIRCLE)
    first = rhythms.get(desk.parts.db, number)
    assert first.digest == "monthly"
    assert due.planned(desk.parts.db, "digest", number)
    assert desk.woken
    await desk.click(LEAD, message, actions.DIGEST_MONTHLY, CIRCLE)
    await wait_for_taps(desk, number, 2)
    assert rhythms.get(desk.parts.db, number) == first


async def wait_for_taps(desk: Desk, number: int, wanted: int) -> None:
    async def counted(_: Client) -> bool:
        return await asyncio.to_thread(taps, desk, number) == wanted

    await desk.slack.wait_for(counted, f"{wanted} taps")


async def test_a_responder_may_keep_but_not_change(desk: Desk) -> None:
    """The offer is the lead's to take; who presses Keep is told how it stands; both count as touching."""
    number = heard(desk)
    message = await posted(desk, number, offer=True)
    await desk.click(ANNA, message, actions.DIGEST_MONTHLY, CIRCLE)
    await desk.whisper(ANNA, "Only the lead of Deal desk can change how often", CIRCLE)
    await desk.click(ANNA, message, actions.DIGEST_KEEP, CIRCLE)
    await desk.whisper(ANNA, "once a week", CIRCLE)
    assert rhythms.get(desk.parts.db, number) == Rhythm()
    assert taps(desk, number) == 2


async def test_an_old_button_does_not_switch_a_digest_on_again(desk: Desk) -> None:
    """Last month's offer, pressed when the digest is off, says so and leaves it off; of a forgotten team, that too."""
    number = heard(desk)
    message = await posted(desk, number, offer=True)
    rhythms.save(desk.parts.db, number, Rhythm("off"))
    for action in (actions.DIGEST_MONTHLY, actions.DIGEST_KEEP):
        await desk.click(LEAD, message, action, CIRCLE)
        await desk.whisper(LEAD, "The digest is off", CIRCLE)
    assert rhythms.get(desk.parts.db, number) == Rhythm("off")
    with desk.parts.db.write() as connection:
        connection.execute("delete from teams")
    await desk.click(LEAD, message, actions.DIGEST_DETAILS, CIRCLE)
    await desk.whisper(LEAD, "does not exist any more", CIRCLE)


async def test_a_team_of_another_workspace_is_nobodys_here(desk: Desk) -> None:
    """A button that names a team of another workspace is as one of a team that is gone."""
    number = heard(desk)
    message = await posted(desk, number)
    with desk.parts.db.write() as connection:
        connection.execute("update teams set workspace = 'T0OTHER'")
    await desk.click(LEAD, message, actions.DIGEST_DETAILS, CIRCLE)
    await desk.whisper(LEAD, "does not exist any more", CIRCLE)


async def test_a_lead_who_left_changes_nothing(desk: Desk) -> None:
    """Who led and leads no more is a stranger to the settings; the new lead is not."""
    number = heard(desk)
    message = await posted(desk, number, offer=True)
    desk.team(team_id=number, lead=BEN)
    await desk.click(LEAD, message, actions.DIGEST_MONTHLY, CIRCLE)
    await desk.whisper(LEAD, "Only the people who answer", CIRCLE)
    await desk.click(BEN, message, actions.DIGEST_MONTHLY, CIRCLE)
    await desk.whisper(BEN, "once a month", CIRCLE)


async def test_digest_now_shows_it_to_the_asker_alone(desk: Desk) -> None:
    """As it would be, in the queue where all can read: only the lead sees it, and no week counts as told."""
    number = heard(desk)
    await desk.ask(LEAD, "digest now")
    shown = await desk.whisper(LEAD, "Only responders and lead get this")
    assert actions.DIGEST_DETAILS in str(shown["blocks"])
    assert digests.last(desk.parts.db, number) == []
    assert await desk.posts() == []


@pytest.mark.parametrize(
    ("typed", "wished", "said"),
    [
        ("friday 14:30", Rhythm(digest_day=4, digest_minute=870), "on Friday at 14:30"),
        ("Tue, 9:05", Rhythm(digest_day=1, digest_minute=545), "on Tuesday at 09:05"),
        ("monthly", Rhythm("monthly"), "once a month"),
        ("off", Rhythm("off"), "gets no digest"),
        ("weekly wednesday", Rhythm(digest_day=2), "on Wednesday at 09:00"),
    ],
)
async def test_the_lead_types_a_rhythm(desk: Desk, typed: str, wished: Rhythm, said: str) -> None:
    """Days, times and how often, in any order; what holds is said back."""
    number = heard(desk)
    await desk.ask(LEAD, f"digest {typed}")
    await desk.whisper(LEAD, said)
    kept = rhythms.get(desk.parts.db, number)
    assert (kept.digest, kept.digest_day, kept.digest_minute) == (
        wished.digest,
        wished.digest_day,
        wished.digest_minute,
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("fribday", "digest is 'fribday': write a day and a time"),
        ("monday 25:00", "digest is '25:00'"),
        ("sunday", "day is 'Sunday': choose a day on which the team works"),
        ("monday 07:30", "time is '07:30': choose a time at which the team works"),
        ("<!channel>", "digest is '<!channel>'"),
    ],
)
async def test_what_cannot_be_is_said_with_its_mend(desk: Desk, typed: str, said: str) -> None:
    """One sentence with field, value and mend; nothing changes."""
    number = heard(desk)
    await desk.ask(LEAD, f"digest {typed}")
    await desk.whisper(LEAD, said.replace("<", "&lt;").replace(">", "&gt;"))
    assert rhythms.get(desk.parts.db, number) == Rhythm()


async def test_who_may_not_is_told_kindly(desk: Desk) -> None:
    """A responder sees how it stands and cannot change it; a requester sees nothing; elsewhere there is no team."""
    number = heard(desk)
    await desk.ask(ANNA, "digest")
    await desk.whisper(ANNA, "on Monday at 09:00 team time; the next on")
    await desk.ask(ANNA, "digest off")
    await desk.whisper(ANNA, "Only the lead of Deal desk can change what the team is told and asked")
    await desk.ask(ASKER, "digest now")
    await desk.whisper(ASKER, "Only the people who answer")
    await desk.ask(ASKER, "digest", OPEN)
    await desk.whisper(ASKER, "belongs to no team", OPEN)
    await desk.ask(LEAD, "digest", OPEN)
    await desk.whisper(LEAD, "Deal desk comes once a week", OPEN)
    assert rhythms.get(desk.parts.db, number) == Rhythm()


async def test_before_the_announcement_there_is_nothing_to_tell(desk: Desk) -> None:
    """A team that is not heard yet has no digest to show."""
    desk.team()
    await desk.ask(LEAD, "digest now")
    await desk.whisper(LEAD, "Nothing is read yet")


async def open_form(desk: Desk, who: str = LEAD) -> dict[str, Any]:
    """The form, by the button under `/headroom digest`."""
    await desk.ask(who, "digest")
    message = await desk.whisper(who, "Change it with")
    await desk.click(who, message, actions.RHYTHM_OPEN)
    return await desk.modal(who, actions.RHYTHM_DIGEST)


FILLED: dict[str, Any] = {
    actions.RHYTHM_DIGEST: "monthly",
    actions.RHYTHM_DAY: "3",
    actions.RHYTHM_TIME: "16:15",
    actions.RHYTHM_PULSE: "off",
    actions.RHYTHM_SWITCHES: ["pulse_reminder", "gains"],
}


async def test_the_lead_fills_in_the_form(desk: Desk) -> None:
    """All switches at once; sent twice, it holds once."""
    number = heard(desk)
    view = await open_form(desk)
    await desk.submit(LEAD, view, **FILLED)
    kept = rhythms.get(desk.parts.db, number)
    assert kept == Rhythm("monthly", 3, 975, "off", True, False, False, True, kept.since)
    done = await desk.modal(LEAD, "Saved.")
    assert "on the first Thursday at 16:15" in str(done["blocks"])
    again = await open_form(desk)
    await desk.submit(LEAD, again, **FILLED)
    assert rhythms.get(desk.parts.db, number) == kept


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        (actions.RHYTHM_TIME, "9 o", "9 o is no time"),
        (actions.RHYTHM_TIME, "03:00", "choose a time at which the team works"),
        (actions.RHYTHM_DAY, "6", "choose a day on which the team works"),
    ],
)
async def test_bad_input_is_answered_at_its_field(desk: Desk, field: str, value: str, said: str) -> None:
    """The form stays open with the sentence under the field; nothing is kept."""
    number = heard(desk)
    view = await open_form(desk)
    body = await desk.slack.try_act(
        LEAD,
        "view_submit",
        view_id=view["id"],
        values={name: {name: given} for name, given in {**FILLED, field: value}.items()},
    )
    assert said in str(body)
    assert field in str(body)
    assert rhythms.get(desk.parts.db, number) == Rhythm()


async def test_below_five_the_form_asks_no_pulse_and_keeps_it(desk: Desk) -> None:
    """A team of three sees no pulse question and why; saving leaves its pulse and flaw settings as they were."""
    number = heard(desk, responders=(ANNA, BEN, LEAD))
    view = await open_form(desk)
    assert actions.RHYTHM_PULSE not in str(view["blocks"])
    assert "everybody would know who answered" in str(view["blocks"])
    some = {name: value for name, value in FILLED.items() if name != actions.RHYTHM_PULSE}
    await desk.submit(LEAD, view, **{**some, actions.RHYTHM_SWITCHES: ["gains"]})
    kept = rhythms.get(desk.parts.db, number)
    assert (kept.pulse, kept.friction, kept.solved, kept.gains) == ("fortnightly", True, False, True)


async def test_a_form_that_outlived_its_lead_keeps_nothing(desk: Desk) -> None:
    """Opened as the lead, sent when somebody else leads: one sentence in place of the form."""
    number = heard(desk)
    view = await open_form(desk)
    desk.team(team_id=number, lead=BEN)
    await desk.submit(LEAD, view, **FILLED)
    shown = await desk.modal(LEAD, "Only the people who answer for Deal desk")
    assert shown["id"]
    assert rhythms.get(desk.parts.db, number) == Rhythm()


async def test_only_the_lead_opens_the_form(desk: Desk) -> None:
    """A responder who presses the button is told whose it is."""
    heard(desk)
    await desk.ask(ANNA, "digest")
    message = await desk.whisper(ANNA, "Change it with")
    await desk.click(ANNA, message, actions.RHYTHM_OPEN)
    await desk.whisper(ANNA, "Only the lead of Deal desk can change what")
