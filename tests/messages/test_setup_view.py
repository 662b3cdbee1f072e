"""The set-up form: Slack takes it, it shows what stands in the draft, and carries what it does not show."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.emoji import MEANINGS, names, shown
from bot.errors import BadInputError
from bot.messages import actions
from bot.messages.readable import readable
from bot.messages.setup import LONGEST_EMOJI, SetupDraft, draft_of, setup_view
from bot.presets import PRESETS
from bot.watch import OtherApp
from bot.wordlists import LANGUAGES
from sandbox.blocks import check_view
from tests.budget import examples
from tests.messages.examples import HOSTILE

FULL = SetupDraft(
    team_id=4,
    queue="C1",
    name="Deal desk",
    preset="legal",
    responders=tuple(f"U{n:09d}" for n in range(60)),
    lead="U1",
    team_channel="C2",
    user_group="S1",
    tz="Europe/Berlin",
    hours="Mon-Thu 09:00-17:00, Fri 09:00-14:00",
    country="DE",
    share=0.5,
    unseen_share=0.2,
    hands_on_minutes=45,
    usually_away=2.5,
    other_apps="request",
    language="de",
    alerting="quieter",
    history_days=0,
    apps=(OtherApp("B1", "Forms & Co", True), OtherApp("B2", HOSTILE[:40], False)),
    emoji={"done": ("white_check_mark", "done"), "claim": ("looking",)},
)
SEEN = {"claim": [("eye", 1)], "done": [("heavy_check_mark", 31), ("solved", 4)]}

FIRST = (
    *(actions.NAME, actions.PRESET, actions.RESPONDERS, actions.USER_GROUP, actions.LEAD, actions.TEAM_CHANNEL),
    *(actions.of_wish("target_wait_hours"), actions.HISTORY),
)
MORE = (
    *(actions.QUEUE, actions.HOURS, actions.TZ, actions.COUNTRY, actions.SHARE_OF_TIME, actions.UNSEEN),
    *(actions.HANDS_ON, actions.USUALLY_AWAY, actions.APPS, actions.OTHER_APPS, actions.LANGUAGE, actions.ALERTING),
)


FIRST_FIELDS = (
    *(actions.NAME, actions.PRESET, actions.RESPONDERS, actions.USER_GROUP, actions.LEAD),
    *(actions.TEAM_CHANNEL, actions.of_wish("target_wait_hours"), actions.HISTORY),
)
MORE_FIELDS = (
    *(actions.QUEUE, actions.HOURS, actions.TZ, actions.COUNTRY, actions.SHARE_OF_TIME, actions.UNSEEN),
    *(actions.HANDS_ON, actions.USUALLY_AWAY, actions.APPS, actions.OTHER_APPS, actions.LANGUAGE, actions.ALERTING),
)


def field_ids(view: dict[str, Any]) -> tuple[str, ...]:
    return tuple(b["block_id"] for b in view["blocks"] if b["type"] == "input")


def block(view: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [b for b in view["blocks"] if b.get("block_id") == name]
    return dict(found)


def element(view: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = block(view, name)["element"]
    assert found["action_id"] == name
    return found


@pytest.mark.parametrize("draft", [SetupDraft(), FULL, replace(FULL, name=HOSTILE * 2)])
@pytest.mark.parametrize("page", [{}, {"more": True}, {"emoji": True, "seen": SEEN}])
@pytest.mark.parametrize("problem", [None, HOSTILE * 99])
def test_slack_takes_the_form(draft: SetupDraft, page: dict[str, Any], problem: str | None) -> None:
    """Empty, full and with hostile words, folded and on each of its pages, the form keeps Slack's limits."""
    groups = [(f"S{n}", f"{HOSTILE} {n}") for n in range(150)]
    view = setup_view(draft, groups=groups, problem=problem, **page)
    assert check_view(view) == []
    assert "None" not in readable(view)


def test_six_questions_and_the_rest() -> None:
    """The six questions first, in their order; the rest after the button; groups only where they can be read."""
    assert field_ids(setup_view(FULL)) == tuple(f for f in FIRST if f != actions.USER_GROUP)
    shown = field_ids(setup_view(FULL, more=True, groups=[("S1", "desk")]))
    assert shown[: len(FIRST)] == FIRST
    assert set(MORE) <= set(shown[len(FIRST) :])
    assert len(shown) == len(set(shown))
    without = field_ids(setup_view(FULL, more=True))
    assert set(shown) - set(without) == {actions.USER_GROUP}


def test_people_or_a_group_answer() -> None:
    """Naming people is required only where no user group can be named instead."""
    assert "optional" not in block(setup_view(FULL), actions.RESPONDERS)
    assert block(setup_view(FULL, groups=[("S1", "desk")]), actions.RESPONDERS)["optional"] is True


def test_an_unknown_channel_is_asked_for_first() -> None:
    """Opened where the channel is not known, the form begins with it."""
    assert field_ids(setup_view(replace(FULL, queue="")))[0] == actions.QUEUE


def test_the_form_shows_the_draft() -> None:
    """Every field opens with what stands in the draft."""
    view = setup_view(FULL, more=True, groups=[("S1", "desk")])
    chosen = {
        name: element(view, name)["initial_option"]["value"]
        for name in (
            actions.PRESET,
            actions.HISTORY,
            actions.OTHER_APPS,
            actions.LANGUAGE,
            actions.ALERTING,
            actions.USER_GROUP,
        )
    }
    assert list(chosen.values()) == ["legal", "0", "request", "de", "quieter", "S1"]
    assert element(view, actions.QUEUE)["initial_conversation"] == "C1"
    assert element(view, actions.TEAM_CHANNEL)["initial_conversation"] == "C2"
    assert element(view, actions.RESPONDERS)["initial_users"] == list(FULL.responders)
    assert element(view, actions.LEAD)["initial_user"] == "U1"
    assert element(view, actions.SHARE_OF_TIME)["initial_value"] == "50"
    assert element(view, actions.UNSEEN)["initial_value"] == "20"
    assert "initial_value" not in element(setup_view(replace(FULL, unseen_share=0.0), more=True), actions.UNSEEN)
    assert element(view, actions.HANDS_ON)["initial_value"] == "45"
    assert element(view, actions.HOURS)["initial_value"] == FULL.hours


@pytest.mark.parametrize(("days", "said"), [(0, "the past is not read"), (90, "the last 90 days")])
def test_the_past_is_not_asked_for_twice(days: int, said: str) -> None:
    """Once the queue was told, the form says in a line what holds of the past, and carries it."""
    view = setup_view(replace(FULL, history_days=days, announced=True))
    assert actions.HISTORY not in field_ids(view)
    assert said in readable(view)
    assert "Four questions" in readable(view)
    carried = draft_of(view["private_metadata"])
    assert (carried.history_days, carried.announced) == (days, True)


def test_apps_that_posted_can_be_ticked() -> None:
    """Each app that posted has a box, ticked where its posts are requests; without such apps there is no field."""
    shown = element(setup_view(FULL, more=True), actions.APPS)
    assert [option["value"] for option in shown["options"]] == ["B1", "B2"]
    assert [option["value"] for option in shown["initial_options"]] == ["B1"]
    many = tuple(OtherApp(f"B{n}", "x" * 40, True) for n in range(30))
    view = setup_view(replace(FULL, apps=many[:10]), more=True)
    assert check_view(view) == []
    assert actions.APPS not in field_ids(setup_view(replace(FULL, apps=()), more=True))


def test_six_languages_can_be_chosen() -> None:
    """Every language that has word lists is offered."""
    shown = element(setup_view(FULL, more=True), actions.LANGUAGE)
    assert [option["value"] for option in shown["options"]] == list(LANGUAGES)


def test_the_toggles_say_what_comes_next() -> None:
    """Each button's value is what to show when it is pressed."""
    for more, emoji, values in ((False, False, "more emoji"), (True, False, "less emoji"), (False, True, "more less")):
        (row,) = [b for b in setup_view(FULL, more=more, emoji=emoji)["blocks"] if b["type"] == "actions"]
        assert [button["action_id"] for button in row["elements"]] == [actions.SETUP_MORE, actions.SETUP_EMOJI]
        assert [button["value"] for button in row["elements"]] == values.split()


def test_emoji_have_a_page_of_their_own() -> None:
    """A field a meaning, with what the team chose or what is usual, and what was seen that fits; on no other page."""
    view = setup_view(FULL, emoji=True, seen=SEEN)
    fields = [actions.of_meaning(meaning.key) for meaning in MEANINGS]
    assert list(field_ids(view)[-len(fields) :]) == fields
    assert actions.HOURS not in field_ids(view)
    assert not set(fields) & {*field_ids(setup_view(FULL)), *field_ids(setup_view(FULL, more=True))}
    assert element(view, actions.of_meaning("done"))["initial_value"] == ":white_check_mark: :done:"
    assert element(view, actions.of_meaning("reopen"))["initial_value"] == ":repeat:"
    hint = block(view, actions.of_meaning("done"))["hint"]["text"]
    assert hint.endswith("Seen here: :heavy_check_mark: 31 times, :solved: 4 times – add them?")
    assert "1 time – add it?" in block(view, actions.of_meaning("claim"))["hint"]["text"]
    assert "Seen" not in block(view, actions.of_meaning("reopen"))["hint"]["text"]


def test_the_fullest_emoji_fit_into_what_slack_carries() -> None:
    """As many and as long as the fields take, in every meaning, and the view still carries the draft."""
    fullest = {m.key: names("".join(f":{m.key}{n}_{'x' * 4}:" for n in range(8))) for m in MEANINGS}
    assert all(len(shown(chosen)) <= LONGEST_EMOJI + 20 for chosen in fullest.values())
    view = setup_view(replace(FULL, emoji=fullest), emoji=True)
    assert draft_of(view["private_metadata"]).emoji == fullest


@pytest.mark.parametrize("preset", [p.key for p in PRESETS])
def test_every_kind_of_work_can_be_chosen(preset: str) -> None:
    """Each preset is offered, and its usual hands-on time is said."""
    view = setup_view(SetupDraft(preset=preset), more=True)
    assert element(view, actions.PRESET)["initial_option"]["value"] == preset


@given(
    st.builds(
        SetupDraft,
        team_id=st.none() | st.integers(1, 9),
        name=st.text(max_size=200),
        tz=st.text(max_size=50),
        hours=st.text(max_size=100),
        country=st.none() | st.text(max_size=5),
        share=st.floats(0, 1),
        hands_on_minutes=st.none() | st.floats(1, 500),
        usually_away=st.floats(0, 50),
        responders=st.just(()),
        emoji=st.dictionaries(st.sampled_from([m.key for m in MEANINGS]), st.just(("done", "+1"))),
    ),
    st.booleans(),
    st.booleans(),
)
@examples(60)
def test_the_view_carries_the_draft(draft: SetupDraft, more: bool, emoji: bool) -> None:
    """What the form does not show comes back from the view unchanged."""
    metadata = setup_view(draft, more=more, emoji=emoji)["private_metadata"]
    assert draft_of(metadata) == draft


def test_the_people_are_not_carried() -> None:
    """Responders are always visible, so the view's state tells them; hundreds would not fit."""
    assert draft_of(setup_view(FULL)["private_metadata"]) == replace(FULL, responders=())


def test_too_much_text_is_refused_in_one_sentence() -> None:
    """A draft that Slack cannot carry is refused by the name of its longest field."""
    with pytest.raises(BadInputError, match=r"^hours is .* write it shorter$"):
        setup_view(replace(FULL, hours="Mon 09:00-17:00, " * 200))


def test_a_form_that_was_open_while_headroom_changed_is_refused() -> None:
    """A form that carries other settings than today's is opened again, instead of losing what it did not show."""
    carried = json.loads(setup_view(FULL)["private_metadata"])
    assert draft_of(json.dumps(carried)).unseen_share == 0.2
    renamed = {key.removesuffix("_share"): value for key, value in carried.items()}
    fewer = {key: value for key, value in carried.items() if key != "usually_away"}
    for older in (renamed, fewer):
        with pytest.raises(BadInputError, match="open it again"):
            draft_of(json.dumps(older))


@pytest.mark.parametrize("metadata", ["", "[]", "{", "null", "3", '{"apps":[3]}', '{"apps":[{"x":1}]}', '{"apps":7}'])
def test_a_strange_form_is_refused(metadata: str) -> None:
    """Metadata that we did not write is refused with what to do."""
    with pytest.raises(BadInputError, match="open it again"):
        draft_of(metadata)
