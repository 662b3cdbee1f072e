"""The set-up form as plain values: read, checked, filled, turned into a team."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.emoji import completed
from bot.jobs.roster import MOST_RESPONDERS
from bot.messages import actions
from bot.messages.setup import SetupDraft, draft_of, setup_view
from bot.signal import Kind
from bot.slack import Channel, Profile
from bot.team import Person, Team
from handlers.setup_form import (
    FIELDS,
    country_of,
    fill,
    left_out,
    mistakes,
    name_from,
    of_record,
    read,
    to_team,
)
from storage.teams import TeamRecord
from tests.handlers.forms import state_of

NOW = 1_795_000_000.0
GOOD = SetupDraft(queue="C1", name="Deal desk", responders=("U1", "U2"), lead="U1", tz="Europe/Berlin")


def person(user: str, tz: str | None = "Europe/Berlin") -> Profile:
    return Profile(user, user, tz, is_bot=False, deleted=False, guest=False)


def state(field: str, value: Any) -> dict[str, Any]:
    return {field: {field: {"type": "plain_text_input", "value": value}}}


def test_a_good_form_has_no_mistakes() -> None:
    """Nothing is found where nothing is wrong."""
    assert mistakes(GOOD) == {}


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": ""}, actions.NAME, "name"),
        ({"name": "x" * 81}, actions.NAME, "81 characters"),
        ({"queue": ""}, actions.QUEUE, "Choose the channel"),
        ({"responders": ()}, actions.RESPONDERS, "at least one"),
        ({"responders": tuple(map(str, range(MOST_RESPONDERS + 1)))}, actions.RESPONDERS, "201 people"),
        ({"lead": ""}, actions.LEAD, "who leads"),
        ({"team_channel": "C1"}, actions.TEAM_CHANNEL, "another one"),
        ({"hours": "when I like"}, actions.HOURS, "when I like"),
        ({"tz": "../../etc/passwd"}, actions.TZ, "Europe/Berlin"),
        ({"tz": "x" * 3_000}, actions.TZ, "Europe/Berlin"),
        ({"country": "ZZ"}, actions.COUNTRY, "ISO country code"),
    ],
)
def test_each_mistake_stands_at_its_field(changes: dict[str, Any], field: str, sentence: str) -> None:
    """One wrong value gives one sentence, at its own field."""
    found = mistakes(replace(GOOD, **changes))
    assert list(found) == [field]
    assert sentence in found[field]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (actions.SHARE_OF_TIME, "0"),
        (actions.SHARE_OF_TIME, "101"),
        (actions.SHARE_OF_TIME, "nan"),
        (actions.UNSEEN, "-1"),
        (actions.UNSEEN, "91"),
        (actions.UNSEEN, "nan"),
        (actions.HANDS_ON, "0"),
        (actions.HANDS_ON, "-5"),
        (actions.HANDS_ON, "inf"),
        (actions.USUALLY_AWAY, "-1"),
        (actions.USUALLY_AWAY, ""),
        (actions.PRESET, "gardening"),
        (actions.HISTORY, "3650"),
        (actions.LANGUAGE, "xx"),
        (actions.ALERTING, "louder"),
    ],
)
def test_values_out_of_range_are_not_taken(field: str, value: str) -> None:
    """What cannot be used is named at its field, and the draft keeps what it had."""
    draft, wrong = read(GOOD, state(field, value))
    assert list(wrong) == [field]
    assert draft == GOOD


@pytest.mark.parametrize(
    ("meaning", "value", "sentence"),
    [
        ("done", "the green tick", "emoji is 'the': write it as :eyes:"),
        ("done", ":not an emoji:", "emoji is"),
        ("done", "Done!", "emoji is 'Done!'"),
        ("claim", "🦄", "emoji is '🦄'"),
        ("claim", " ".join(f":e{n}:" for n in range(11)), "at most 10"),
    ],
)
def test_what_is_no_emoji_is_refused_at_its_field(meaning: str, value: str, sentence: str) -> None:
    """Words and pictures that cannot be read are named at the field where they stand, and the draft keeps its own."""
    field = actions.of_meaning(meaning)
    draft, wrong = read(GOOD, state(field, value))
    assert list(wrong) == [field]
    assert sentence in wrong[field]
    assert draft == GOOD


def test_one_emoji_under_two_meanings_is_refused() -> None:
    """It is named at the field that was filled in, also where the other one is left as usual; empty is the usual."""
    done, claim = actions.of_meaning("done"), actions.of_meaning("claim")
    assert list(mistakes(read(GOOD, state(done, "✅ 👀"))[0])) == [done]
    assert list(mistakes(read(GOOD, state(claim, "✔️"))[0])) == [claim]
    (both,) = mistakes(read(GOOD, {**state(claim, ":wip:"), **state(done, ":wip: ✅")})[0]).values()
    assert both == ":wip: stands for “I take this request” already: an emoji has one meaning."
    assert mistakes(read(GOOD, {**state(claim, ":wip:"), **state(done, "👀")})[0]) == {}
    assert read(read(GOOD, state(done, ":done:"))[0], state(done, None))[0] == GOOD


def test_values_in_range_are_taken() -> None:
    """Percent becomes a share, an empty time means the preset's, country codes are upper case."""
    values = {
        **state(actions.SHARE_OF_TIME, "62.5"),
        **state(actions.UNSEEN, "12.5"),
        **state(actions.HANDS_ON, None),
        **state(actions.COUNTRY, " at "),
        **state(actions.USUALLY_AWAY, "0"),
        **state(actions.NAME, "  Deal \n desk "),
    }
    draft, wrong = read(replace(GOOD, hands_on_minutes=9.0), values)
    assert wrong == {}
    assert (draft.share, draft.hands_on_minutes, draft.country, draft.name) == (0.625, None, "AT", "Deal desk")
    assert draft.unseen_share == 0.125
    assert read(draft, state(actions.UNSEEN, None))[0].unseen_share == 0.0


@given(st.dictionaries(st.sampled_from(sorted(FIELDS)), st.one_of(st.none(), st.text(), st.integers().map(str))))
def test_whatever_is_typed_is_taken_or_named(values: dict[str, str | None]) -> None:
    """No text makes reading or checking fail; each ends in the draft or in a sentence."""
    typed = {field: {field: {"value": value}} for field, value in values.items() if field != actions.RESPONDERS}
    draft, wrong = read(GOOD, typed)
    assert set(wrong) <= set(typed)
    assert all(mistakes(draft).values())


@given(
    st.builds(
        SetupDraft,
        queue=st.sampled_from(["", "C1"]),
        name=st.text(min_size=1, max_size=40).map(lambda text: " ".join(text.split()) or "x"),
        preset=st.sampled_from(["support", "legal"]),
        responders=st.lists(st.sampled_from(["U1", "U2", "U3"]), unique=True).map(tuple),
        share=st.sampled_from([0.25, 0.5, 1.0]),
        hands_on_minutes=st.sampled_from([None, 5.0, 90.0]),
        history_days=st.sampled_from([0, 90]),
        country=st.sampled_from([None, "DE"]),
        alerting=st.sampled_from(["earlier", "usual", "quieter"]),
        emoji=st.sampled_from([{}, {"done": ("done", "white_check_mark")}, {"claim": ("+1",), "reopen": ("x",)}]),
    ),
    st.sampled_from([{}, {"more": True}, {"emoji": True}]),
)
def test_a_form_gives_back_what_it_was_filled_with(draft: SetupDraft, page: dict[str, Any]) -> None:
    """A view made from a draft and read without a change is that draft, on each of its pages."""
    view = setup_view(draft, **page)
    again, wrong = read(draft_of(view["private_metadata"]), state_of(view))
    assert wrong == {}
    assert again == draft


def test_the_most_common_zone_is_proposed_until_somebody_chooses() -> None:
    """A new team gets its people's zone and holidays; a choice, or a team that exists, is left alone."""
    people = [person("U1", "America/New_York"), person("U2", "America/New_York"), person("U3")]
    opened = SetupDraft(queue="C1", tz="Europe/Berlin", country="DE")
    channel = Channel("C1", "deal_desk-eu", is_private=False, is_member=True, is_archived=False)
    asker = person("U9")
    filled = fill(opened, channel, people, asker, {})
    assert (filled.tz, filled.country, filled.name) == ("America/New_York", "US", "Deal desk eu")
    for kept in (replace(opened, tz="Asia/Tokyo"), replace(opened, team_id=3), replace(opened, country=None)):
        assert fill(kept, None, people, asker, {}).tz == kept.tz
    assert fill(opened, None, people, asker, state(actions.TZ, "Europe/Berlin")).tz == "Europe/Berlin"


def test_countries_come_from_the_zone() -> None:
    """A zone names its country where one is known; others give none."""
    assert (country_of("Europe/Amsterdam"), country_of("UTC"), country_of("Nowhere/Land")) == ("NL", None, None)


def test_a_name_comes_from_the_channel() -> None:
    """Dashes become blanks; a long channel name is cut to what a team may be called."""
    assert name_from("deal-desk") == "Deal desk"
    assert len(name_from("x" * 200)) == 80


def test_what_the_form_shows_of_a_team_stays() -> None:
    """Saved as it opened, it keeps what the team said, its own target with another kind of work too."""
    team = Team(
        "Deal desk",
        tz="Europe/Berlin",
        people=(Person("U1"), Person("U2", until=date(2020, 1, 1))),
        hands_on_minutes=45.0,
        target_wait_hours=3.0,
        unseen_share=0.2,
    )
    record = TeamRecord(
        id=7,
        workspace="T1",
        team=team,
        name=team.name,
        preset="deal-desk",
        target_wait_hours=3.0,
        unseen_share=0.2,
        emoji=completed({"ok": Kind.DONE}),
        queues=(),
    )
    draft = of_record(record, "C1", NOW)
    assert (draft.responders, draft.hands_on_minutes) == (("U1",), None)
    same = to_team(draft, "T1", draft.responders, [])
    assert (same.emoji, same.unseen_share, same.target_wait_hours) == (record.emoji, 0.2, 3.0)
    other = to_team(replace(draft, preset="legal"), "T1", draft.responders, [])
    assert other.target_wait_hours == 3.0
    assert other.preset == "legal"


def test_own_zones_are_kept_where_they_differ() -> None:
    """Only people who live by another clock than the team get one of their own; nonsense is dropped."""
    people = [person("U1"), person("U2", "Asia/Tokyo"), person("U3", "Nowhere/Land"), person("U4", None)]
    made = to_team(GOOD, "T1", GOOD.responders, people)
    assert made.person_tz == {"U2": "Asia/Tokyo"}


def test_small_teams_are_told_what_is_left_out_and_why() -> None:
    """Two sizes have a line of their own; from five people on there is none."""
    lines = [left_out(n) for n in range(1, 7)]
    assert lines[0] == lines[1]
    assert lines[2] == lines[3]
    assert lines[0] != lines[2]
    assert lines[4:] == [None, None]
