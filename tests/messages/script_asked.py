"""What the people of a team are asked, what they set, and what they keep, example by example."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from bot.health.ledger import Found, Hours, Went
from bot.health.pulse import Part
from bot.messages import gain_form, gains, pulse, pulse_notes, pulse_results, rhythm, roster
from bot.team import Person
from tests.messages.said import Said, said
from tests.messages.script_people import TEAM, TODAY, better, nothing, unclear

MONDAY = 1_774_252_800.0  # 23 March 2026, 09:00 in Berlin


def features() -> Iterator[tuple[str, list[Said]]]:
    """(Feature, what it says)."""
    yield "Pulse", list(_pulse())
    yield "Why a pulse waits", list(_notes())
    yield "Gains", list(_gains())
    yield "What a team is told and asked", list(_rhythm())
    yield "Roster", list(_roster())


def _pulse() -> Iterator[Said]:
    asked = (TEAM, 7, ("load", "focus", "safe"))
    token = "x" * 22
    yield said("at a quiet hour of each one's day; everyone in the team", pulse.ask, *asked, floor=5)
    yield said("one tap later", pulse.ask, *asked, floor=5, token=token, noted={"load"})
    yield said("a second tap", pulse.ask, *asked, floor=5, token=token, noted={"load"}, said=pulse.ALREADY)
    yield said("everything is answered", pulse.ask, *asked, floor=5, noted=(*asked[2], pulse.TEXT), token=token)
    yield said("Add a line is pressed", pulse.text_view, 7, token, 5)
    yield said("the form is sent", pulse.text_result, pulse.TEXT_NOTED)
    yield said("a second line", pulse.text_result, pulse.TEXT_ALREADY)
    yield said("a line after closing", pulse.text_result, pulse.TEXT_CLOSED)
    yield said("a tap after closing", pulse.closed)
    yield said("the one reminder, where a team wants it; everyone", pulse.reminder, TEAM)
    before = date(2026, 3, 4)
    found = (
        pulse_results.Found("load", Part.SOME, Part.HALF, (Part.HALF, Part.SOME, before)),
        pulse_results.Found("focus", Part.HALF, Part.SOME, (Part.HALF, Part.SOME, before)),
        pulse_results.Found("safe", Part.MOST, Part.FEW),
    )
    told = {"floor": 5, "asked": 9, "opened": TODAY}
    yield said("after closing; everyone at the same time", pulse_results.results, TEAM, found, **told)
    yield said("one question could not be shown", pulse_results.results, TEAM, found[:2], **told, hidden=1)
    yield said("too few answered", pulse_results.results, TEAM, (), **told)
    lines = ("Fridays are too full", "The new form helps", "More time for the hard ones", "Thanks", "Fewer tools")
    yield said("at least five added a line; everyone, apart from the results", pulse_results.lines, TEAM, lines)
    stands = {"next_day": TODAY + timedelta(days=12)}
    yield said("`/headroom pulse`", pulse.standing, TEAM, often="fortnightly", is_open=True, **stands)
    yield said("`/headroom pulse`, switched off", pulse.standing, TEAM, often="off", is_open=False, next_day=None)
    yield said("`/headroom pulse mute`", pulse.muted)
    yield said("`/headroom pulse unmute`", pulse.unmuted)


def _notes() -> Iterator[Said]:
    soon = TODAY + timedelta(days=5)
    yield said("`/headroom pulse now`; the lead", pulse_notes.begun, TEAM, 3)
    yield said("a team of four", pulse_notes.too_small, TEAM, 5)
    yield said("too many are away", pulse_notes.too_few, TEAM, 5)
    yield said("hardly anybody new since the last one", pulse_notes.repeated, TEAM, soon)
    yield said("the same, no day is known", pulse_notes.repeated, TEAM, None)
    yield said("one is open", pulse_notes.running, TEAM)
    yield said("less than a week after the last one", pulse_notes.too_soon, TEAM, soon)
    yield said("Slack refused some messages; the lead", pulse_notes.undelivered, TEAM)
    yield said("Slack refused nearly all; the lead", pulse_notes.unreached, TEAM, 5)


def _gains() -> Iterator[Said]:
    kept = Found(better(), Hours(Went.KEPT, seen=5.0, back=1.0, more=0.5, visible=2.0))
    eaten = Found(better(), Hours(Went.EATEN, seen=1.0, back=5.0, more=5.2, visible=2.0))
    fewer = Found(unclear(), Hours(Went.FEWER, seen=1.0, back=5.0, fewer=12.0, visible=2.0))
    hidden = Found(
        nothing(), Hours(Went.UNKNOWN, visible=9.0, reason="weeks differ among themselves by more than that")
    )
    began = TODAY - timedelta(weeks=13)
    measures = tuple(gain_form.MEASURES)
    form = {"team_id": 3, "form": "nonce", "today": TODAY, "measures": measures}
    yield said("`/headroom gain`", gain_form.gain_view, TEAM, **form, goes="learning")
    again = TODAY + timedelta(weeks=4)
    yield said("the form is sent", gain_form.thanks_view, gain_form.kept_sentence(TEAM, again))
    yield said("`/headroom gain`, the pledge", gain_form.pledge_view, TEAM, team_id=3, goes=None, words="")
    yield said("the pledge is sent", gain_form.thanks_view, gain_form.pledged_sentence(TEAM, "learning"))
    one = gains.Entry(5, "One approval form instead of three", 6.0, "learning", "the new form stays", began)
    looked = replace(one, looks=((13, kept),), next_look=TODAY + timedelta(weeks=13))
    yield said("it lasts, the hours are there; the team", gains.result, looked, TEAM, team_id=3)
    for when, found in (("new requests took the hours", eaten), ("the roster has fewer hours", fewer)):
        yield said(when, gains.result, replace(looked, looks=((13, found),)), TEAM, team_id=3)
    unknown = replace(looked, looks=((4, hidden),))
    yield said("too little to say, and it stands on something", gains.result, unknown, TEAM, team_id=3, ask=True)
    lost = replace(looked, looks=((13, kept), (26, replace(kept, moved=unclear()))))
    yield said("it was better, and no longer shows", gains.result, lost, TEAM, team_id=3)
    yield said("It still stands is pressed", gains.answered, one.title, stands=True, asked_again=TODAY)
    yield said("It still stands, after the last look", gains.answered, one.title, stands=True, asked_again=None)
    yield said("It no longer does is pressed", gains.answered, one.title, stands=False, asked_again=None)
    pledge = gains.pledge_sentence("learning", "two hours a week for the new product", began)
    ended = replace(looked, id=6, title="Templates for quotes", hours=2.0, ended=TODAY)
    yield said("`/headroom gain list`; the team", gains.gain_list, [looked, ended], pledge, TEAM, team_id=3)
    yield said("nothing is written down", gains.gain_list, [], "", TEAM, team_id=3)
    yield said("in the digest", gains.digest_line, [looked, ended])


def _rhythm() -> Iterator[Said]:
    wishes = {"digest": "weekly", "day": "0", "time": "09:00", "pulse": "fortnightly"}
    on = ["solved", "friction", "gains"]
    yield said("All settings is pressed; the lead", rhythm.rhythm_view, TEAM, 3, wishes, on, asks=True)
    yield said("the same, a team of four", rhythm.rhythm_view, TEAM, 3, wishes, on, asks=False)
    stands = ("weekly", 0, 540, MONDAY, "Europe/Berlin")
    yield said("`/headroom digest`", rhythm.standing, TEAM, 3, *stands)
    yield said("`/headroom digest`, switched off", rhythm.standing, TEAM, 3, "off", 0, 540, None, "Europe/Berlin")
    yield said("`/headroom digest monday 09:00`", rhythm.saved, TEAM, *stands)
    monthly = rhythm.saved(TEAM, "monthly", *stands[1:])
    yield said("the form is sent", rhythm.saved_view, monthly)


def _roster() -> Iterator[Said]:
    people = (
        Person("U2ANNA"),
        Person("U3BEN", since=date(2026, 2, 1), share=0.5, hours="Mon-Thu 09:00-13:00"),
        Person("U4CLEO", until=date(2026, 3, 31), off=frozenset({TODAY})),
    )
    shown = (3, TEAM, people, TODAY)
    yield said("the roster opens; the lead", roster.roster_view, *shown, follows=True)
    for what, label in roster.WHAT:
        yield said(f"{label}", roster.roster_view, *shown, what=what)
    yield said("saved", roster.roster_view, *shown, said="<@U5DAN> answers from 19 March on.")
