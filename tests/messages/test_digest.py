"""The digest in every state: Slack takes it, it fits a screen, says what it may, and leaves out what is empty."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from bot.health.outcomes import Change, Outcome
from bot.health.results import Assessment, Effect, Estimate
from bot.messages import actions
from bot.messages.changes import brief, change, figure
from bot.messages.digest import Digest, details, digest
from bot.messages.effects import predicted
from bot.messages.message import Message
from bot.messages.readable import readable
from bot.messages.rhythm import DAYS, SWITCHES, rhythm_line, rhythm_view, saved, saved_view, standing
from sandbox.blocks import check_blocks, check_view
from tests.messages.examples import EVERY, HOSTILE, advised, busy, calm, unknown

SCREEN = 25
"""Lines of text."""
ARABIC = "مكتب الصفقات والعقود والمراجعات القانونية للمنطقة الشمالية والجنوبية والشرقية كلها"
NAMES = ["Deal desk", HOSTILE, ARABIC[:80], "x" * 500, ""]
FORBIDDEN = re.compile(r"(?i:fewer people|lay ?off|ranking|slow(?:er)? work)|\bnan\b|\binf\b|\bNone\b")
LOAD_WORDS = re.compile(r"utilization|capacity|\bslack\b|surge|of the hours", re.IGNORECASE)

UP, DOWN, FLAT = Change(4.0, 1.5, 0.4, 2.6, 8), Change(4.0, -1.5, -2.6, -0.4, 8), Change(4.0, 0.2, -0.9, 1.3, 8)
SHARE_UP, NOTHING = Change(0.78, 0.13, 0.02, 0.24, 8), Change(0.0, 0.0, -0.001, 0.001, 8)
HUGE = Change(1e6, 1e6, 1.0, 9e8, 8)


def outcomes(c: Change | None = UP, share: Change | None = SHARE_UP) -> tuple[Outcome, ...]:
    """Every measure."""
    return (
        Outcome("flow", "wait", 5.5, 52, 0, c, -1),
        Outcome("flow", "arrivals", 52, 52, 0, c, 0),
        Outcome("quality", "reopen", 0.08, 48, 4, share, -1),
        Outcome("resilience", "utilization", 0.91, 52, 0, share, -1),
        Outcome("capacity", "capacity", 190, 0, 0, c, 1),
    )


EFFECTS = (
    Effect("add_cover", 4.0, 6.0, Estimate(4.0, 2.0, 9.0)),
    Effect("add_cover", 4.0, None, Estimate(4.0, 2.0, float("inf"))),
    Effect("add_cover", 4.0, None, None),
    Effect("add_cover", 32.0, None, Estimate(1.0, 0.5, 2.0), True, Estimate(32.0, 0.0, 60.0)),
    Effect("pause_intake", 0.1, 6.0, Estimate(0.4, 0.001, 2.0)),
    Effect("office_hours", 0.1, 6.0, Estimate(3.0, 1.0, 8.0)),
    Effect("keep_slack", 1.0, 0.4, Estimate(0.7, 0.5, 1.2)),
    Effect("keep_slack", 1.0, 0.4, None),
    Effect("keep_slack", 1.0, None, None),
)


def whole(a: Assessment, name: str = "Deal desk", **more: object) -> Digest:
    """A digest with something in every part that the team's size allows."""
    shown = outcomes()[:2] if a.capacity.people <= 2 else outcomes()
    said = {"week": date(2026, 5, 18), "outcomes": shown, "look_at": shown[:2], "better": shown[-1:], **more}
    return Digest(a, name, 3, **said)  # type: ignore[arg-type]


def every(name: str) -> Iterator[Message]:
    """Every digest, and its details."""
    for a in EVERY:
        for d in (
            Digest(a, name, 3),
            whole(advised(a, EFFECTS[0]), name, learning="most say they learned something", offer=True),
            whole(a, name, outcomes=outcomes(None, None), better=(), look_at=()),
            whole(a, name, outcomes=outcomes(HUGE, HUGE), extras=["Pulse: one line.", "Gains: one line."]),
        ):
            yield digest(d)
            yield details(d)


@pytest.mark.parametrize("name", NAMES)
def test_slack_takes_every_digest(name: str) -> None:
    """No limit is broken, no number is broken, a chart has its words, a name is only a name."""
    for message in every(name):
        assert check_blocks(list(message.blocks), "message") == []
        assert check_blocks(list(message.fallback or ()), "message") == []
        assert 0 < len(message.text) <= 4000
        assert sum(b["type"] == "data_visualization" for b in message.blocks) <= 1
        said = " ".join((message.text, readable(message)))
        assert not FORBIDDEN.search(said), said
        assert not re.search("<[!@]|<http|[\u202a-\u202e\u2066-\u2069]", message.text)


def test_every_digest_fits_a_screen() -> None:
    """With everything in it, at most 25 lines of text, none of them long enough to be a page of its own."""
    for a in EVERY:
        d = whole(advised(a, EFFECTS[0]), learning="x " * 40, extras=["y " * 40] * 4, offer=True)
        lines = digest(d).text.splitlines()
        assert len(lines) <= SCREEN
        assert max(map(len, lines)) <= 500


def test_a_digest_reads_in_order() -> None:
    """Verdict, outcomes, chart, what changed, one thing to do with its effect, further lines, basis, buttons."""
    said = readable(digest(whole(advised(busy(), EFFECTS[0]), extras=["Pulse: fine."])))
    parts = ["is in the danger zone", "Flow:", "Quality:", "Resilience:", "Capacity:", "Utilization by week",
             "Got better:", "Worth a look:", "One thing to do:", "would take the mean wait", "Pulse: fine.",
             "Week of 18–24 May", "[Details]"]  # fmt: skip
    places = [said.index(part) for part in parts]
    assert places == sorted(places)


def test_what_is_empty_is_left_out() -> None:
    """Learning, changes and further lines are not mentioned where there are none; nothing is invented."""
    said = readable(digest(whole(calm(), better=(), look_at=())))
    assert not re.search("Learning|Got better|Worth a look|Pulse|Gains", said)
    assert "Learning: we did" in readable(digest(whole(calm(), learning="we did")))


def test_an_unknown_level_has_no_outcomes_to_invent() -> None:
    """A team that was just set up reads why, and what is known, and no change."""
    said = readable(digest(Digest(unknown(), "Desk", 3)))
    assert "not known yet: only 7 requests so far" in said
    assert "Waiting time" in said
    assert "80%" not in said


@pytest.mark.parametrize("people", [1, 2])
def test_one_or_two_people_read_of_requests_alone(people: int) -> None:
    """No load, no quality, no hours; what is left out and why; and still flow, a chart and something to do."""
    for a in (busy(people=people), calm(people)):
        for message in (digest(whole(advised(a, EFFECTS[0]))), details(whole(a))):
            said = readable(message).replace("Left out: utilization and slack", "")
            assert not LOAD_WORDS.search(said), said
            assert "would describe a person" in said
            assert "Flow: mean wait 5.5 h" in said
            assert "One thing to do" in said
        assert "Waiting time by week" in readable(digest(whole(a)))


@pytest.mark.parametrize(("people", "asked"), [(1, False), (3, False), (4, False), (5, True)])
def test_below_five_nothing_is_asked_and_that_is_said(people: int, asked: bool) -> None:
    """The button for flaws is there from five people on; below, one sentence says what is left out and why."""
    message = digest(whole(busy(people=people)))
    assert (actions.FRICTION_OPEN in str(message.blocks)) is asked
    assert ("They take five people" in readable(message)) is not asked
    assert actions.GAIN_OPEN in str(message.blocks)


def test_switches_take_their_buttons_away() -> None:
    """What a team switched off is not offered."""
    message = digest(whole(busy(), friction=False, gains=False))
    assert actions.DIGEST_DETAILS in str(message.blocks)
    assert actions.FRICTION_OPEN not in str(message.blocks)
    assert actions.GAIN_OPEN not in str(message.blocks)


def test_monthly_is_offered_in_words_and_buttons() -> None:
    """Only where it should be; every button carries the team's number."""
    offered = digest(whole(busy(), offer=True))
    assert "Would once a month be better?" in offered.text
    assert actions.DIGEST_MONTHLY in str(offered.blocks)
    assert actions.DIGEST_MONTHLY not in str(digest(whole(busy())).blocks)
    values = [e["value"] for b in offered.blocks if b["type"] == "actions" for e in b["elements"]]
    assert set(values) == {"3"}


@pytest.mark.parametrize(
    ("o", "said"),
    [
        (outcomes()[0], "mean wait 5.5 h, up 1.5 h (+0.4 to +2.6 h)"),
        (outcomes(DOWN)[0], "mean wait 5.5 h, down 1.5 h (−2.6 to −0.4 h)"),
        (outcomes(FLAT)[0], "mean wait 5.5 h, no clear change (−0.9 to +1.3 h)"),
        (outcomes(Change(0.5, 0.2, 0.1, 0.4, 8))[0], "mean wait 5.5 h, up 12 min (+6 to +24 min)"),
        (outcomes(Change(40, 12, 4, 20, 8))[1], "52 requests arrived, up 12 (+4 to +20)"),
        (outcomes()[2], "4 of 48 finished requests came back (8%), up 13 points (+2 to +24 points)"),
        (outcomes()[3], "91% of the hours were asked for, up 13 points (+2 to +24 points)"),
        (outcomes(Change(202, -12, -20, -4, 8))[4], "190 person-hours on duty, down 12 h (−20 to −4 h)"),
        (outcomes(UP, NOTHING)[2], "4 of 48 finished requests came back (8%), as usual"),
    ],
)
def test_an_outcome_in_words(o: Outcome, said: str) -> None:
    """Figure with its unit, change with its direction and range; minus is a minus sign."""
    assert f"{figure(o)}, {change(o)}" == said


def test_a_change_in_a_few_words() -> None:
    """Each measure, either way, without blame."""
    said = [brief(o) for c in (UP, DOWN) for o in outcomes(c, c)]
    assert said[0] == "requests wait longer (up 1.5 h)"
    assert said[5] == "requests wait less (down 1.5 h)"
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("e", EFFECTS)
def test_an_effect_is_a_would(e: Effect) -> None:
    """Never a promise; with its range wherever there is one; endless waits are called growth."""
    said = predicted(e)
    assert "inf" not in said
    assert not said or "would" in said
    if e.after is not None and e.before is not None:
        assert "80% range" in said


def rhythm_views(name: str) -> Iterator[dict[str, object]]:
    wishes = {"digest": "weekly", "day": "0", "time": "09:00", "pulse": "fortnightly"}
    for asks in (True, False):
        for on in ([], list(SWITCHES)):
            yield rhythm_view(name, 3, wishes, on, asks=asks)
    yield rhythm_view(name, 3, {"digest": "off", "day": "6", "time": "23:59", "pulse": "off"}, [], asks=True)
    yield saved_view(saved(name, "weekly", 0, 540, 1_780_000_000.0, "Europe/Berlin"))


@pytest.mark.parametrize("name", NAMES)
def test_slack_takes_the_form_of_settings(name: str) -> None:
    """The form and its answers break no limit, whatever the team's name."""
    for view in rhythm_views(name):
        assert check_view(view) == []
    for how_often in ("weekly", "monthly", "off"):
        for day in range(7):
            for message in (
                standing(name, 3, how_often, day, 540, 1_780_000_000.0, "Europe/Berlin"),
                saved(name, how_often, day, 540, None, "Asia/Kathmandu"),
            ):
                assert check_blocks(list(message.blocks), "message") == []


def test_the_rhythm_in_a_sentence() -> None:
    """How often, when, and the next one, in team time."""
    at = 1_780_293_600.0  # Monday 2026-06-01 08:00 in Berlin
    said = rhythm_line("Desk", "weekly", 0, 540, at, "Europe/Berlin")
    assert said == "The digest of Desk comes once a week, on Monday at 09:00 team time; the next on Mon 1 Jun."
    assert "on the first Friday at 14:30" in rhythm_line("Desk", "monthly", 4, 870, None, "UTC")
    assert "gets no digest" in rhythm_line("Desk", "off", 0, 540, None, "UTC")
    assert len(DAYS) == 7


def test_below_five_the_form_asks_for_no_pulse() -> None:
    """It says why, and offers what holds for teams of any size."""
    wishes = {"digest": "weekly", "day": "0", "time": "09:00", "pulse": "fortnightly"}
    small = rhythm_view("Desk", 3, wishes, [], asks=False)
    assert actions.RHYTHM_PULSE not in str(small)
    assert "everybody would know who answered" in readable(small)
    assert "Keep a ledger of gains" in str(small)
