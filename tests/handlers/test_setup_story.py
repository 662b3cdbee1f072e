"""Set-up as people meet it: the hint, the form, its mistakes, the team; and changing it later."""

import asyncio
import threading
from typing import Any

from bot.health.results import Alerting
from bot.messages import actions
from handlers.setup import apps_seen
from storage import alertings, due, keys, teams
from tests.handlers.desk import (
    ANNA,
    ASKER,
    AWAY,
    BOT,
    CIRCLE,
    FIVE_ANSWERS,
    GONE,
    GROUP,
    LEAD,
    OPEN,
    QUEUE,
    RESPONDERS,
    ROBOT,
    STRANGER,
    Desk,
)
from tests.unsent import unsent


def marks(view: dict[str, Any]) -> dict[str, str]:
    """What stands as a mistake in a form: the field above it → the sentence."""
    pairs = zip(view["blocks"], view["blocks"][1:], strict=False)
    return {
        before["block_id"]: after["text"]["text"]
        for before, after in pairs
        if before["type"] == "input" and after["type"] == "section"
    }


async def test_invited_twice_the_bot_gives_one_hint(desk: Desk) -> None:
    """Where the bot is invited, taken out and invited again, one hint stands in the channel."""
    for _ in range(2):
        await desk.slack.act(LEAD, "invite", channel=AWAY, user=BOT)
        assert await desk.slack.flush()
        await desk.deliver()
        await desk.slack.act(LEAD, "kick", channel=AWAY, user=BOT)
        assert await desk.slack.flush()
    posts = await desk.posts(AWAY)
    assert len(posts) == 1
    assert actions.OPEN_SETUP in str(posts[0]["blocks"])


async def test_a_persons_coming_brings_no_hint(desk: Desk) -> None:
    """People join channels without the bot saying anything."""
    await desk.slack.act(ASKER, "leave", channel=OPEN)
    await desk.slack.act(ASKER, "join", channel=OPEN)
    assert await desk.slack.flush()
    assert unsent(desk.parts.db) == 0


async def test_from_the_hint_to_a_team(desk: Desk) -> None:
    """Hint, button, five answers: a team is kept with its people's time zone, keys, and its announcement."""
    await desk.slack.act(LEAD, "kick", channel=QUEUE, user=BOT)
    await desk.slack.act(LEAD, "invite", channel=QUEUE, user=BOT)
    assert await desk.slack.flush()
    await desk.deliver()
    await desk.click(LEAD, (await desk.posts())[-1], actions.OPEN_SETUP)
    view = await desk.modal(LEAD, actions.RESPONDERS)
    values = view["state"]["values"]
    assert values[actions.NAME][actions.NAME]["value"] == "Deal desk"
    assert values[actions.LEAD][actions.LEAD]["selected_user"] == LEAD

    await desk.submit(LEAD, view, **FIVE_ANSWERS)

    assert "A first report comes to the team" in str((await desk.modal(LEAD, "is set up"))["blocks"])
    record = teams.by_queue(desk.parts.db, desk.parts.workspace, QUEUE)
    assert record is not None
    assert (record.team.name, record.lead, record.team_channel) == ("Deal desk", LEAD, CIRCLE)
    assert {person.id for person in record.team.people} == set(RESPONDERS)
    assert (record.team.tz, record.team.country) == ("America/New_York", "US")
    assert record.history_days == 90
    assert due.planned(desk.parts.db, "announce", record.id)
    assert desk.woken
    keyed = keys.Pseudonymizer(desk.parts.db, desk.parts.workspace)
    assert len(keyed(ANNA, int(desk.parts.clock() * 1_000_000))) == 8
    await desk.deliver()
    assert "13 months" in (await desk.posts())[-1]["text"]


async def test_mistakes_stand_under_their_field(desk: Desk) -> None:
    """What Slack shows to be wrong stands there again with a sentence, numbers and no names; mended, it is taken."""
    desk.team(name="Taken", queue=OPEN, team_channel=None)
    await desk.ask(LEAD, "setup")
    view = await desk.modal(LEAD, actions.NAME)
    wrong = {
        actions.NAME: "Taken",
        actions.RESPONDERS: [ANNA, ROBOT, GONE, STRANGER],
        actions.LEAD: ROBOT,
        actions.TEAM_CHANNEL: CIRCLE,
    }
    assert (await desk.submit(LEAD, view, **{**FIVE_ANSWERS, **wrong}))["shown"] == "updated"
    again = await desk.modal(LEAD, ":warning:")
    said = marks(again)
    assert set(said) == set(wrong)
    assert "3 of them" in said[actions.RESPONDERS]
    assert "5 others are" in said[actions.TEAM_CHANNEL]
    assert "ben" not in str(said).lower()
    held = again["state"]["values"]
    assert held[actions.RESPONDERS][actions.RESPONDERS]["selected_users"] == wrong[actions.RESPONDERS]

    await desk.submit(LEAD, again, **FIVE_ANSWERS)
    await desk.modal(LEAD, "is set up")
    assert len(teams.all(desk.parts.db)) == 2


async def test_what_the_form_itself_shows_to_be_wrong_is_its_ack(desk: Desk) -> None:
    """What needs no Slack is refused at its field at once, and Slack is asked nothing for it."""
    await desk.ask(LEAD, "setup")
    view = await desk.modal(LEAD, actions.NAME)
    before = len(await desk.slack.calls())
    answer = await desk.submit(LEAD, view, **{**FIVE_ANSWERS, actions.NAME: " ", actions.RESPONDERS: []})
    assert set(answer["errors"]) == {actions.NAME, actions.RESPONDERS}
    asked = [call["method"] for call in (await desk.slack.calls())[before:]]
    assert not [method for method in asked if "." in method]


async def test_channels_that_do_not_fit_are_refused_with_the_way_on(desk: Desk) -> None:
    """No team channel without the bot, none that is a queue, the team's own or another's."""
    desk.team(name="Other", queue=OPEN, team_channel=None)
    await desk.ask(LEAD, "setup")
    view = await desk.modal(LEAD, actions.NAME)
    for channel, sentence in ((AWAY, "invite @headroom"), (OPEN, "Requests arrive"), (QUEUE, "requests arrive")):
        answer = await desk.submit(LEAD, view, **{**FIVE_ANSWERS, actions.TEAM_CHANNEL: channel})
        if answer["shown"] == "errors":
            assert sentence in answer["errors"][actions.TEAM_CHANNEL]
        else:
            view = await desk.modal(LEAD, sentence)
            assert sentence in marks(view)[actions.TEAM_CHANNEL]


async def test_where_the_bot_is_not_in_it_says_how_it_gets_there(desk: Desk) -> None:
    """Set-up in a channel without the bot asks for the invitation first."""
    await desk.ask(LEAD, "setup", AWAY)
    view = await desk.modal(LEAD, "invite @headroom")
    assert not view["state"]["values"]


async def test_a_mistake_behind_more_is_shown_there(desk: Desk) -> None:
    """A queue taken meanwhile, whose field is hidden, opens the longer form with all that was typed."""
    await desk.ask(LEAD, "setup")
    view = await desk.modal(LEAD, actions.NAME)
    desk.team(name="Quicker", team_channel=None)
    await desk.submit(LEAD, view, **FIVE_ANSWERS)
    longer = await desk.modal(LEAD, "belongs to another team")
    assert set(marks(longer)) == {actions.QUEUE}
    held = longer["state"]["values"]
    assert held[actions.RESPONDERS][actions.RESPONDERS]["selected_users"] == list(RESPONDERS)
    await desk.submit(LEAD, longer, **{actions.QUEUE: OPEN})
    await desk.modal(LEAD, "is set up")
    assert teams.by_queue(desk.parts.db, desk.parts.workspace, OPEN) is not None


async def test_more_keeps_what_was_typed(desk: Desk) -> None:
    """Pressing More shows the other fields, people's time zone in them, and loses nothing typed before."""
    await desk.ask(LEAD, "setup")
    view = await desk.modal(LEAD, actions.NAME)
    await desk.slack.act(
        LEAD,
        "select",
        view_id=view["id"],
        action_id=actions.RESPONDERS,
        values=list(RESPONDERS),
    )
    await desk.slack.act(LEAD, "click", view_id=view["id"], action_id=actions.SETUP_MORE)
    longer = await desk.modal(LEAD, actions.HOURS)
    values = longer["state"]["values"]
    assert values[actions.RESPONDERS][actions.RESPONDERS]["selected_users"] == list(RESPONDERS)
    assert values[actions.TZ][actions.TZ]["value"] == "America/New_York"
    assert values[actions.COUNTRY][actions.COUNTRY]["value"] == "US"
    assert GROUP in str(longer["blocks"])

    more = {
        actions.HOURS: "some day",
        actions.TZ: "Mars/Olympus",
        actions.COUNTRY: "XX",
    }
    answer = await desk.submit(LEAD, longer, **{**FIVE_ANSWERS, **more})
    assert set(answer["errors"]) == set(more)
    assert "some day" in answer["errors"][actions.HOURS]

    good = {
        actions.HOURS: "Mon-Thu 08:00-16:00",
        actions.TZ: "Europe/Berlin",
        actions.COUNTRY: "DE",
        actions.HANDS_ON: "30",
        actions.SHARE_OF_TIME: "50",
    }
    await desk.submit(LEAD, longer, **good)
    await desk.modal(LEAD, "is set up")
    record = teams.by_queue(desk.parts.db, desk.parts.workspace, QUEUE)
    assert record is not None
    assert (record.team.hours, record.team.tz, record.share) == (
        "Mon-Thu 08:00-16:00",
        "Europe/Berlin",
        0.5,
    )
    assert (record.team.hands_on_minutes, record.team.hands_on_given) == (30.0, True)
    assert {person.tz for person in record.team.people} == {"America/New_York"}


async def test_a_user_group_fills_the_roster(desk: Desk) -> None:
    """A group's full members answer too; its bots are left out."""
    await desk.ask(LEAD, "setup")
    view = await desk.modal(LEAD, actions.NAME)
    values = {**FIVE_ANSWERS, actions.RESPONDERS: [], actions.USER_GROUP: GROUP}
    await desk.submit(LEAD, view, **values)
    await desk.modal(LEAD, "is set up")
    record = teams.by_queue(desk.parts.db, desk.parts.workspace, QUEUE)
    assert record is not None
    assert {person.id for person in record.team.people} == set(RESPONDERS)
    assert record.user_group == GROUP


async def test_nobody_who_answers_is_a_mistake(desk: Desk) -> None:
    """Without people and without a group there is no team."""
    await desk.ask(LEAD, "setup")
    view = await desk.modal(LEAD, actions.NAME)
    answer = await desk.submit(LEAD, view, **{**FIVE_ANSWERS, actions.RESPONDERS: []})
    assert set(answer["errors"]) == {actions.RESPONDERS}
    assert teams.all(desk.parts.db) == []


async def test_without_the_scope_groups_are_left_out_and_it_is_said(desk: Desk) -> None:
    """Where user groups cannot be read the form says so and works without."""
    scopes = ["chat:write", "commands", "channels:read", "groups:read", "users:read"]
    await desk.slack.seed(app={"scopes": scopes})
    await desk.ask(LEAD, "setup")
    view = await desk.modal(LEAD, "usergroups:read")
    assert actions.USER_GROUP not in view["state"]["values"]
    await desk.submit(LEAD, view, **FIVE_ANSWERS)
    await desk.modal(LEAD, "is set up")


async def test_changing_later_starts_from_what_is_stored(desk: Desk) -> None:
    """The lead gets the same form filled in; what is saved changes the roster from today, never the past."""
    number = desk.team(hands_on_minutes=50.0, share=0.5)
    await desk.ask(LEAD, "setup")
    view = await desk.modal(LEAD, actions.NAME)
    values = view["state"]["values"]
    assert set(values[actions.RESPONDERS][actions.RESPONDERS]["selected_users"]) == set(RESPONDERS)
    assert values[actions.TEAM_CHANNEL][actions.TEAM_CHANNEL]["selected_conversation"] == CIRCLE
    fewer = list(RESPONDERS[:-1])
    await desk.submit(LEAD, view, **{actions.RESPONDERS: fewer, actions.TEAM_CHANNEL: None})
    await desk.modal(LEAD, "is changed")
    record = teams.get(desk.parts.db, number)
    assert record is not None
    assert record.team_channel is None
    assert (record.team.hands_on_minutes, record.share) == (50.0, 0.5)
    assert {p.id for p in record.team.people if p.until is None} == set(fewer)
    assert {p.id for p in record.team.people} == set(RESPONDERS)


async def test_how_early_to_warn_is_chosen_in_the_form(desk: Desk) -> None:
    """Behind More the lead chooses how early the team is warned: usual at first, later what was chosen."""

    async def saved(view: dict[str, Any], said: str, **values: Any) -> Alerting:
        await desk.submit(LEAD, view, **values)
        await desk.modal(LEAD, said)
        record = teams.by_queue(desk.parts.db, desk.parts.workspace, QUEUE)
        assert record is not None
        return alertings.get(desk.parts.db, record.id)

    async def longer() -> dict[str, Any]:
        await desk.ask(LEAD, "setup")
        view = await desk.modal(LEAD, actions.NAME)
        await desk.slack.act(LEAD, "click", view_id=view["id"], action_id=actions.SETUP_MORE)
        return await desk.modal(LEAD, actions.ALERTING)

    view = await longer()
    assert view["state"]["values"][actions.ALERTING][actions.ALERTING]["selected_option"]["value"] == "usual"
    early = await saved(view, "is set up", **{**FIVE_ANSWERS, actions.ALERTING: "quieter"})
    assert early is Alerting.QUIETER

    await desk.ask(LEAD, "setup")
    shorter = await desk.modal(LEAD, actions.NAME)
    assert await saved(shorter, "is changed") is Alerting.QUIETER  # not shown, so it stays
    view = await longer()
    assert view["state"]["values"][actions.ALERTING][actions.ALERTING]["selected_option"]["value"] == "quieter"
    assert await saved(view, "is changed", **{actions.ALERTING: "earlier"}) is Alerting.EARLIER


async def test_only_the_lead_changes_a_team(desk: Desk) -> None:
    """A responder is told kindly, and sees no form."""
    desk.team()
    await desk.ask(ANNA, "setup")
    view = await desk.modal(ANNA, "Only the lead of Deal desk can change its settings")
    assert not view["state"]["values"]


async def test_once_the_lead_has_left_a_responder_may(desk: Desk) -> None:
    """A deactivated lead does not lock the team: its responders may change it, others still not."""
    desk.team(lead=GONE)
    await desk.ask(ASKER, "setup")
    await desk.whisper(ASKER, "Only the people who answer for Deal desk")
    await desk.ask(ANNA, "setup")
    assert await desk.modal(ANNA, actions.RESPONDERS)


async def test_who_stands_in_for_a_lead_makes_no_more_mistakes(desk: Desk) -> None:
    """Whoever answers once the lead has left is held to the same form: what is wrong stands under its field."""
    number = desk.team(lead=GONE)
    await desk.ask(ANNA, "setup")
    view = await desk.modal(ANNA, actions.NAME)
    await desk.slack.act(ANNA, "click", view_id=view["id"], action_id=actions.SETUP_MORE)
    longer = await desk.modal(ANNA, actions.HOURS)
    await desk.submit(ANNA, longer, **{actions.HOURS: "whenever", actions.TZ: "Mars/Olympus", actions.LEAD: ANNA})
    again = await desk.modal(ANNA, ":warning:")
    assert set(marks(again)) == {actions.HOURS, actions.TZ}
    good = {actions.HOURS: "Mon-Fri 08:00-16:00", actions.TZ: "Europe/Berlin", actions.NAME: "Ours"}
    await desk.submit(ANNA, again, **good, **{actions.LEAD: ANNA, actions.TEAM_CHANNEL: None})
    await desk.modal(ANNA, "is changed")
    record = teams.get(desk.parts.db, number)
    assert record is not None
    assert (record.team.name, record.team.hours, record.lead) == ("Ours", "Mon-Fri 08:00-16:00", ANNA)


async def test_slacks_silence_about_a_lead_is_no_leave(desk: Desk) -> None:
    """Where Slack refuses to tell of the lead, nobody takes their place."""
    desk.team()
    await desk.slack.fault("error", method="users.info", error="missing_scope")
    await desk.ask(ANNA, "setup")
    view = await desk.modal(ANNA, "try again")
    assert not view["state"]["values"]


async def test_who_may_change_is_asked_again_on_saving(desk: Desk) -> None:
    """A form that the lead opened is refused once somebody else leads the team."""
    number = desk.team()
    await desk.ask(LEAD, "setup")
    view = await desk.modal(LEAD, actions.NAME)
    desk.team(team_id=number, lead=ANNA, name="Kept")
    await desk.submit(LEAD, view, **FIVE_ANSWERS)
    await desk.modal(LEAD, "Only the people who answer for Kept")
    record = teams.get(desk.parts.db, number)
    assert record is not None
    assert (record.lead, record.team.name) == (ANNA, "Kept")


async def test_guests_set_nothing_up(desk: Desk) -> None:
    """A guest who presses the hint's button gets one sentence instead of the form."""
    await desk.slack.act(LEAD, "kick", channel=QUEUE, user=BOT)
    await desk.slack.act(LEAD, "invite", channel=QUEUE, user=BOT)
    assert await desk.slack.flush()
    await desk.deliver()
    await desk.click(STRANGER, (await desk.posts())[-1], actions.OPEN_SETUP)
    view = await desk.modal(STRANGER, "no guests")
    assert not view["state"]["values"]


async def test_who_is_not_in_the_channel_sets_nothing_up(desk: Desk) -> None:
    """Somebody who only looks into a public channel gets one sentence instead of the form."""
    await desk.slack.act(ASKER, "leave", channel=QUEUE)
    await desk.ask(ASKER, "setup")
    await desk.modal(ASKER, "Only full members of the channel")


async def test_a_form_that_opens_too_late_says_so(desk: Desk) -> None:
    """When Slack's three seconds are over, the person reads that, and the bot goes on."""
    await desk.slack.settings(trigger_seconds=0)
    await desk.ask(LEAD, "setup")
    await desk.whisper(LEAD, "three seconds")
    await desk.slack.settings(trigger_seconds=3)
    await desk.ask(LEAD, "setup")
    assert await desk.modal(LEAD, actions.RESPONDERS)


async def test_small_teams_are_told_what_is_left_out(desk: Desk) -> None:
    """One or two people: utilization is left out, and why is said once."""
    await desk.ask(LEAD, "setup")
    view = await desk.modal(LEAD, actions.NAME)
    values = {**FIVE_ANSWERS, actions.RESPONDERS: [ANNA], actions.TEAM_CHANNEL: None}
    await desk.submit(LEAD, view, **values)
    assert "Left out: utilization" in str((await desk.modal(LEAD, "is set up"))["blocks"])


async def test_when_slack_is_busy_the_form_stays(desk: Desk) -> None:
    """When Slack holds profiles back, the form stands there as typed and says to try again; then it is taken."""
    await desk.ask(LEAD, "setup")
    view = await desk.modal(LEAD, actions.NAME)
    await desk.slack.fault("rate_limited", method="users.info", next=2)
    await desk.submit(LEAD, view, **FIVE_ANSWERS)
    again = await desk.modal(LEAD, "try again")
    assert again["state"]["values"][actions.TEAM_CHANNEL][actions.TEAM_CHANNEL]["selected_conversation"] == CIRCLE
    await desk.submit(LEAD, again)
    await desk.modal(LEAD, "is set up")


async def test_a_busy_store_costs_no_answer(desk: Desk) -> None:
    """While another process holds the store, the form is still answered in time, and the outcome follows."""
    await desk.ask(LEAD, "setup")
    view = await desk.modal(LEAD, actions.NAME)
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with desk.parts.db.write():
            held.set()
            release.wait()

    holding = asyncio.create_task(desk.parts.run(hold))
    await desk.parts.run(held.wait)
    try:
        answer = await desk.submit(LEAD, view, **FIVE_ANSWERS)
        assert "One moment" in str(answer["view"]["blocks"])
        assert teams.all(desk.parts.db) == []
    finally:
        release.set()
        await holding
    await desk.modal(LEAD, "is set up")
    assert len(teams.all(desk.parts.db)) == 1


async def test_the_past_cannot_be_opened_after_the_announcement(desk: Desk) -> None:
    """A form opened before the queue was told cannot change what it was told, and no app of the past is looked up."""
    number = desk.team(history_days=0)
    await desk.ask(LEAD, "setup")
    view = await desk.modal(LEAD, actions.NAME)
    told = desk.parts.clock()
    teams.set_announced(desk.parts.db, number, told)
    await desk.submit(LEAD, view, **{**FIVE_ANSWERS, actions.HISTORY: "90"})
    await desk.modal(LEAD, "is changed")
    record = teams.get(desk.parts.db, number)
    assert record is not None
    assert record.history_days == 0

    await desk.ask(LEAD, "setup")
    view = await desk.modal(LEAD, actions.NAME)
    assert actions.HISTORY not in view["state"]["values"]
    assert "the past is not read" in str(view["blocks"])
    await desk.parts.run(apps_seen, desk.parts, number)
    asked = await desk.slack.calls(method="conversations.history")
    assert asked
    assert all(float(call["args"]["oldest"]) >= int(told) for call in asked)


async def test_a_channel_given_up_before_the_announcement_stays_given_up(desk: Desk) -> None:
    """After the announcement the team cannot go back to a channel that it named before and that was never told."""
    number = desk.team(queue=OPEN)
    desk.team(team_id=number)
    teams.set_announced(desk.parts.db, number, desk.parts.clock())
    await desk.ask(LEAD, "setup")
    view = await desk.modal(LEAD, actions.NAME)
    await desk.slack.act(LEAD, "click", view_id=view["id"], action_id=actions.SETUP_MORE)
    await desk.submit(LEAD, await desk.modal(LEAD, actions.HOURS), **{actions.QUEUE: OPEN})
    assert "stays" in marks(await desk.modal(LEAD, ":warning:"))[actions.QUEUE]
    assert list(teams.watched(desk.parts.db)) == [(desk.parts.workspace, QUEUE)]
