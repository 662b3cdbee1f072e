"""What is said about a desk and its load, example by example, in the order in which people meet it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import handlers
from bot.errors import BadInputError
from bot.health.results import Effect, Estimate, Level, WeekAhead
from bot.messages import (
    alerts,
    announcement,
    away,
    load,
    permalinks,
    problem,
    promises,
    refusals,
    report,
    setup,
    traces,
    trust,
    waiting,
)
from bot.messages import help as helping
from bot.messages import home as tab
from bot.watch import OtherApp
from handlers.rows import Word
from tests.messages.examples import advised, busy, calm, elsewhere, explained, out_of_date, unknown
from tests.messages.said import Said, said
from tests.messages.script_people import TODAY, better, nothing

TEAM = "Deal desk"
COMMANDS = tuple(row.command for row in handlers.ROWS if isinstance(row, Word))


def features() -> Iterator[tuple[str, list[Said]]]:
    """(Feature, what it says)."""
    yield "Set-up", list(_setup())
    yield "The numbers", list(_numbers())
    yield "Alerts", list(_alerts())
    yield "Checking what is captured", list(_permalinks())
    yield "Home tab", list(_home())
    yield "Something went away", list(_away())
    yield "Trust", list(_trust())
    yield "Help, and when something fails", list(_help())


def _setup() -> Iterator[Said]:
    draft = setup.SetupDraft(queue="C1DESK", name=TEAM, preset="deal-desk", lead="U1LEAD", responders=("U2", "U3"))
    apps = (OtherApp("B7", "Pager", True),)
    yield said("the bot was invited, no team yet; everybody in the channel", announcement.hint, "C1DESK")
    yield said("once a team is set up, in its place", announcement.hint_answered, TEAM)
    yield said("the form, as it opens", setup.setup_view, draft)
    yield said("the form, with More", setup.setup_view, replace(draft, apps=apps), more=True)
    seen = {"claim": [("looking", 1)], "done": [("ballot_box_with_check", 31), ("solved", 4)]}
    chosen = replace(draft, emoji={"done": ("white_check_mark", "done")})
    yield said("the form, with Emoji", setup.setup_view, chosen, emoji=True, seen=seen)
    yield said("saved, to whoever saved", setup.saved, TEAM, queue="C1DESK", history_days=90)
    yield said("changed, to whoever saved", setup.saved, TEAM, queue="C1DESK", history_days=0, changed=True)
    yield said("before anything is read; everybody in the channel", announcement.announcement, TEAM, history_days=90)
    yield said("the same, no past, other apps count", announcement.announcement, TEAM, history_days=0, other_apps=True)
    yield said("the past is read; the team", report.first_report, busy(), TEAM, team_id=3, history_days=90)
    yield said("the same, too little is known", report.first_report, unknown(), TEAM, team_id=3, history_days=0)


def _numbers() -> Iterator[Said]:
    yield said("`/headroom` in danger; responders and lead", load.load_view, busy(), TEAM, team_id=3)
    coming = replace(calm(), forecast=WeekAhead(0.6, 0.0, 1.2))
    yield said("`/headroom` with room", load.load_view, coming, TEAM, team_id=3)
    yield said("the same, waits tell of work not seen here", load.load_view, elsewhere(), TEAM, team_id=3)
    yield said("`/headroom` of a team of two", load.load_view, busy(people=2), TEAM, team_id=3)
    yield said("`/headroom` just set up", load.load_view, unknown(), TEAM, team_id=3)
    yield said("`/headroom`; somebody who asks", waiting.waiting_view, busy(), waiting=7, yours=True)
    yield said("`/headroom`; too little is known", waiting.waiting_view, unknown(), waiting=0)
    asked = {"team_id": 3, "channel": "sales", "members": 14}
    yield said("Share is pressed", load.share_audience, calm(), TEAM, **asked)
    yield said("Share is pressed, team of four", load.share_audience, calm(people=3), TEAM, **asked)
    yield said("it is shared; everybody in the channel", load.shared, busy(), TEAM)
    yield said("it is not shared", load.share_dropped)


def _alerts() -> Iterator[Said]:
    posted = alerts.alert(busy(), TEAM, team_id=3, alert_id=41)
    place = promises.Place(41, 3, "C1", "1.1")
    yield said("the level rose to danger; the team", alerts.alert, busy(), TEAM, team_id=3, alert_id=41)
    yield said("the same, a team of two", alerts.alert, busy(people=2), TEAM, team_id=3, alert_id=41)
    yield said(
        "the same, what changed is known",
        alerts.alert,
        advised(explained(), Effect("pause_intake", 0.1, 6.2, Estimate(3.9, 2.1, 9.0))),
        TEAM,
        team_id=3,
        alert_id=41,
        queues={7: "C7"},
    )
    yield said(
        "the same, the roster is out of date and the wait has doubled",
        alerts.alert,
        advised(out_of_date(), Effect("add_cover", 4.0, 6.2, Estimate(3.9, 2.1, 9.0))),
        TEAM,
        team_id=3,
        alert_id=41,
    )
    yield said("the level rose to watch", alerts.alert, busy(Level.WATCH), TEAM, team_id=3, alert_id=41)
    yield said("somebody acknowledged", alerts.acknowledged, posted.blocks, posted.text)
    until = {"until": 1_780_000_000.0, "tz": "Europe/Berlin"}
    yield said("somebody snoozed", alerts.snoozed, posted.blocks, posted.text, **until)
    yield said("We'll do … is pressed", promises.promise_view, place, words="", review=TODAY)
    yield said("the form is sent", promises.noted_view, TODAY)
    yield said(
        "the alert after a promise",
        promises.promised,
        posted.blocks,
        posted.text,
        words="move the Friday batch to Tuesday",
        review=TODAY,
    )
    looked = {"team_id": 3, "told": date(2026, 1, 14), "words": "move the Friday batch to Tuesday"}
    yield said("the day to look again; the team", promises.follow_up, TEAM, **looked, comparisons=[better()])
    yield said("the same, too little is known", promises.follow_up, TEAM, **looked, comparisons=[nothing()])
    yield said("the level fell", alerts.all_clear, calm(), TEAM, team_id=3, before=Level.DANGER)


def _permalinks() -> Iterator[Said]:
    link = "https://example.slack.com/archives/C1/p1"
    yield said("`/headroom check`; the lead", permalinks.one, permalinks.Round(3, ((1, 1), (1, 2), (1, 3))), link)
    yield said("the last one, some wrong", permalinks.ended, permalinks.Round(3, (), 10, 2), TEAM)
    yield said("the last one, all right", permalinks.ended, permalinks.Round(3, (), 10, 0), TEAM)
    yield said("nothing to look at", permalinks.ended, permalinks.Round(3, ()), TEAM)


def _home() -> Iterator[Said]:
    own = tab.OwnTeam(TEAM, busy(), 7, "C1DESK", lead=True)
    legal = [tab.QueueWait("C2LEGAL", "Legal", calm(), 3)]
    yield said("a lead", tab.home_view, [own], legal, away=True, days_away="Tue 3 Mar (half the day)")
    yield said("somebody without a team", tab.home_view, [], [])


def _away() -> Iterator[Said]:
    for why in (away.Loss.REMOVED, away.Loss.ARCHIVED, away.Loss.UNREADABLE):
        yield said(f"the queue is {why}; the lead", away.queue_lost, TEAM, "C1DESK", why)
    for why in away.Loss:
        lost = (TEAM, "C2TEAM", why, "C1DESK")
        yield said(f"the team channel: {why}; the lead", away.team_channel_lost, *lost)
    for cause in away.GroupLoss:
        yield said(f"the user group: {cause}; the lead", away.group_lost, TEAM, cause, "C1DESK")
    yield said("the lead's account is gone; the responders", away.lead_left, TEAM, "C1DESK")
    yield said("responders' accounts are gone; the lead", away.responders_left, TEAM, 2, "C1DESK")


def _trust() -> Iterator[Said]:
    yield said("`/headroom trust`; a responder", trust.trust_view, on_roster=True, history_days=90)
    yield said("`/headroom trust`; somebody else", trust.trust_view, on_roster=False)
    own = {"removed": False, "leads": [], "away": [["Deal desk", "2026-03-19", 1.0]], "not_asked": ["pulse"]}
    yield said("what is kept of me is pressed; that person alone", traces.traces_view, own)
    yield said("the same; who wished not to be asked", trust.trust_view, on_roster=False, solved_muted=True)
    yield said("traces are removed", trust.removal_result, on_roster=True)


def _help() -> Iterator[Said]:
    for role in helping.Role:
        yield said(f"`/headroom help`; {role}", helping.help_message, role, COMMANDS)
    yield said("a word with a slip in it", helping.unknown_command, "setpu", helping.Role.LEAD, COMMANDS)
    yield said("a word that is none", helping.unknown_command, "xyzzy", helping.Role.REQUESTER, COMMANDS)
    own = [refusals.Own("Legal", "C0LEGAL", "legal"), refusals.Own("Onboarding", "C0ONBOARD", "onboarding")]
    yield said("typed where another team is asked", refusals.not_yours, TEAM, own[:1], "gain")
    yield said("a button of a team that is not theirs", refusals.not_yours, TEAM)
    yield said("typed by somebody of no team, in a channel of none", refusals.no_team, "gain")
    yield said("a shortcut of somebody of no team", refusals.no_team_at_all)
    yield said("typed in a channel of no team by somebody of several", refusals.which_team, own, "gain")
    yield said("what is the lead's", refusals.only_lead, TEAM, "change its roster")
    yield said("`/headroom interrupted` of a lead who answers no requests", refusals.only_responders, TEAM)
    yield said("a button of a team that was forgotten", refusals.gone)
    yield said("what needs more than a moment is opened", refusals.moment_view, "name")
    wrong = BadInputError("hours", "9 to 5", "write days and times such as Mon-Fri 09:00-17:00")
    yield said("something could not be done", problem.problem, wrong)
    yield said("the same, in a form", problem.problem_view, wrong)
    yield said("the same, asked for in the Home tab", problem.message_view, problem.problem(wrong))
