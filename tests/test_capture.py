"""Capture: what each Slack event becomes, that text stays behind, and that nothing in an event can hurt."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.capture import Watch, apps_in, capture, capture_history, capture_message, emoji_in
from bot.health.seen.requests import Facts, Requests, derive
from bot.signal import Kind, Signal, slack_ts
from bot.watch import OtherApp
from bot.wordlists import is_chase, is_thanks

NOW = 1_700_100_000.0
ROOT, LATER, LATEST = "1700000000.000100", "1700000600.000200", "1700001200.000300"
ROOT_US, LATER_US, LATEST_US = 1_700_000_000_000_100, 1_700_000_600_000_200, 1_700_001_200_000_300
DESK = frozenset({"U1", "U2"})


def on_roster(user: str, at: int) -> bool:
    return user in DESK and at >= ROOT_US


def pseudonym(user: str, at: int) -> bytes:
    return f"{user:>4}{at % 10_000:04d}".encode()[-8:]


WATCH = Watch(7, on_roster, bot_user="UBOT", bot_id="BBOT")
OTHER = Watch(8, lambda user, at: user == "U9", bot_user="UBOT")


def lookup(channel: str) -> Watch | None:
    return {"C1": WATCH, "C2": OTHER}.get(channel)


def message(user: str | None = "U5", ts: str = ROOT, text: str = "please help", **more: Any) -> dict[str, Any]:
    return {"type": "message", "channel": "C1", "user": user, "ts": ts, "text": text, **more}


def heard(event: Mapping[str, Any]) -> tuple[Signal, ...]:
    return capture(event, lookup, pseudonym, NOW)


def kinds(signals: Iterable[Signal]) -> list[Kind]:
    return [s.kind for s in signals]


def reaction(name: str, user: str = "U1", ts: str = ROOT, *, removed: bool = False, **more: Any) -> dict[str, Any]:
    return {
        "type": "reaction_removed" if removed else "reaction_added",
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": "C1", "ts": ts},
        "item_user": "U5",
        "event_ts": LATEST,
        **more,
    }


def test_a_requester_s_message_is_an_arrival() -> None:
    """A top-level message by somebody off the roster is a request, under its own time and pseudonym."""
    assert heard(message()) == (Signal(7, ROOT_US, ROOT_US, Kind.ARRIVAL, pseudonym("U5", ROOT_US)),)


def test_a_responder_s_top_level_message_is_nothing() -> None:
    """What a responder posts in the channel is no request."""
    assert heard(message("U1")) == ()


def test_the_roster_counts_on_the_day_of_the_message() -> None:
    """Somebody who joined the desk later is a requester in older messages."""
    assert kinds(heard(message("U1", ts="1699000000.000000"))) == [Kind.ARRIVAL]


@pytest.mark.parametrize("subtype", [None, "file_share", "me_message", "thread_broadcast"])
def test_messages_by_people_are_heard(subtype: str | None) -> None:
    """Files, /me and thread broadcasts are messages like any other."""
    more: dict[str, Any] = {"subtype": subtype} if subtype else {}
    assert kinds(heard(message(**more))) == [Kind.ARRIVAL]


@pytest.mark.parametrize(
    "subtype",
    [
        "channel_join",
        "channel_leave",
        "channel_topic",
        "pinned_item",
        "reminder_add",
        "never_heard_of",
        "",
        3,
        [],
        {},
    ],
)
def test_other_subtypes_are_nothing(subtype: object) -> None:
    """Housekeeping, and subtypes that do not exist yet, are not requests."""
    assert heard(message(subtype=subtype)) == ()


def test_a_thread_is_known_by_its_root() -> None:
    """A reply is a message whose thread_ts differs from its ts; the root itself carries both alike."""
    assert kinds(heard(message(thread_ts=ROOT))) == [Kind.ARRIVAL]
    reply = heard(message("U1", LATER, thread_ts=ROOT))
    assert reply == (Signal(7, ROOT_US, LATER_US, Kind.REPLY, pseudonym("U1", LATER_US)),)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("any update?", Kind.CHASE),
        ("Hi all, still waiting on this", Kind.CHASE),
        ("??", Kind.CHASE),
        ("<@U1> ?", Kind.CHASE),
        ("Thanks, any news?", Kind.CHASE),
        ("Thank you so much!", Kind.THANKS),
        ("thx :pray:", Kind.THANKS),
        ("Perfect.", Kind.THANKS),
        ("here is the file you asked for", Kind.FOLLOWUP),
        ("thanks but it doesn't work", Kind.FOLLOWUP),
        ("ok great", Kind.NOD),
        (":+1:", Kind.NOD),
        ("ok, and where do I find it?", Kind.FOLLOWUP),
        ("Great, broken again", Kind.FOLLOWUP),
        ("Hello, here is the contract", Kind.FOLLOWUP),
        ("", Kind.FOLLOWUP),
    ],
)
def test_what_a_requester_says_in_a_thread(text: str, kind: Kind) -> None:
    """Asking for news, thanking, and all else are three kinds."""
    assert kinds(heard(message("U5", LATER, text, thread_ts=ROOT))) == [kind]


@pytest.mark.parametrize(
    ("text", "language", "chase", "thanks"),
    [
        ("Gibt es schon was Neues?", "de", True, False),
        ("Gibt es schon was Neues?", "en", False, False),
        ("Wie ist der Stand?", "de", True, False),
        ("Ich warte immer noch auf eine Antwort", "de", True, False),
        ("Vielen Dank!", "de", False, True),
        ("Danke, hat geklappt 🙏", "de", False, True),
        ("Danke im Voraus", "de", False, False),
        ("Danke, geht aber noch nicht", "de", False, False),
        ("thanks", "de", False, True),
        ("any updates", "fr", True, False),
        ("Thanks in advance", "en", False, False),
        ("Thanks! One more thing: can you also send the old one?", "en", False, False),
        ("thanks for the list, " + "I will go through all of it tomorrow " * 3, "en", False, False),
        ("thanksgiving is on Thursday", "en", False, False),
        ("The updates are bumpy", "en", False, False),
    ],
)
def test_word_lists(text: str, language: str, chase: bool, thanks: bool) -> None:
    """English is understood everywhere, German where it is spoken; doubt means neither."""
    assert (is_chase(text, language), is_thanks(text, language)) == (chase, thanks)


@given(st.text(max_size=200), st.sampled_from(["en", "de", "", "xx"]))
def test_word_lists_take_any_text(text: str, language: str) -> None:
    """No text breaks the lists, and none is a chase only because of blanks around it."""
    assert is_chase(text, language) == is_chase(f"  {text} ", language)
    assert not (is_thanks(text, language) and "?" in text)


def test_nothing_without_a_user() -> None:
    """A message that names nobody and is no app's is nothing."""
    assert heard(message(None)) == ()
    assert heard({k: v for k, v in message().items() if k != "user"}) == ()


APP: dict[str, Any] = {"bot_id": "B5", "bot_profile": {"id": "B5"}}


@pytest.mark.parametrize("more", [APP, {"subtype": "bot_message", "bot_id": "B5"}, {"bot_profile": {"id": "B5"}}])
def test_other_apps_are_ignored_unless_wanted(more: dict[str, Any]) -> None:
    """An app's post is nothing, or a request where the team says so, asked by the first person mentioned."""
    post = message("U8", text="<@U1> assigned, from <@U6|anna>", **more)
    assert heard(post) == ()
    wanted = capture_message(post, replace(WATCH, other_apps=True), pseudonym, NOW)
    assert wanted == (Signal(7, ROOT_US, ROOT_US, Kind.ARRIVAL, pseudonym("U6", ROOT_US)),)


def test_one_app_may_ask_while_others_do_not() -> None:
    """What was decided about an app goes before what holds for all others, both ways."""
    post = message(None, **APP)
    assert kinds(capture_message(post, replace(WATCH, apps={"B5": True}), pseudonym, NOW)) == [Kind.ARRIVAL]
    silent = replace(WATCH, other_apps=True, apps={"B5": False})
    assert capture_message(post, silent, pseudonym, NOW) == ()
    assert kinds(capture_message(message(None, bot_id="B6"), silent, pseudonym, NOW)) == [Kind.ARRIVAL]


def test_apps_in_history_are_named_and_nothing_else_is() -> None:
    """The busiest apps come first, under their own names; people, forms, e-mail, replies and we are left out."""
    seen = [
        message("UBOT", bot_id="BBOT"),
        message("U5"),
        message(None, bot_id="B7", bot_profile={"is_workflow_bot": True, "name": "Form"}),
        message("USLACKBOT", bot_id="B0", files=[{"mode": "email"}]),
        message("U8", LATER, thread_ts=ROOT, bot_id="B8"),
        message("U1", bot_id="B1", bot_profile={"name": "Pager"}),
        message(None, subtype="bot_message", bot_id="B2", username="Monitor"),
        message(None, bot_id="B2", username="  "),
        message(None, bot_id=["x"]),
        {},
    ]
    assert apps_in(seen, "UBOT") == (OtherApp("B2", "Monitor", False), OtherApp("B1", "Pager", False))
    assert apps_in(seen, "UBOT", most=1) == apps_in(seen, "UBOT")[:1]


def test_a_guest_from_another_workspace_asks_like_anybody() -> None:
    """Whoever comes through Slack Connect is a requester, and their thread is chased and thanked like any other."""
    guest = message("W7GUEST", user_team="T9", team="T9", source_team="T9")
    assert heard(guest) == (Signal(7, ROOT_US, ROOT_US, Kind.ARRIVAL, pseudonym("W7GUEST", ROOT_US)),)
    assert kinds(heard(message("W7GUEST", LATER, "any news?", thread_ts=ROOT, user_team="T9"))) == [Kind.CHASE]


def test_an_app_never_answers() -> None:
    """An app's message in a thread is no first answer, even where apps may ask."""
    post = message("U1", LATER, thread_ts=ROOT, **APP)
    assert capture_message(post, replace(WATCH, other_apps=True), pseudonym, NOW) == ()


def test_workflow_forms_and_email_are_requests() -> None:
    """A workflow's post is a request by the person it mentions; an e-mail one by nobody known."""
    form = message(None, text="New from <@U6>", bot_id="B7", bot_profile={"is_workflow_bot": True})
    assert heard(form) == (Signal(7, ROOT_US, ROOT_US, Kind.ARRIVAL, pseudonym("U6", ROOT_US)),)
    mail = message("USLACKBOT", subtype="file_share", files=[{"mode": "email", "filetype": "email"}])
    assert heard(mail) == (Signal(7, ROOT_US, ROOT_US, Kind.ARRIVAL),)
    assert heard(message("USLACKBOT", text="reminder")) == ()


def test_we_are_nothing() -> None:
    """What Headroom posts or reacts with is never a fact, wanted apps or not."""
    watch = replace(WATCH, other_apps=True)
    assert capture_message(message("UBOT", bot_id="BBOT"), watch, pseudonym, NOW) == ()
    assert capture_message(message(None, subtype="bot_message", bot_id="BBOT"), watch, pseudonym, NOW) == ()
    assert heard(reaction("repeat", "UBOT")) == ()


def test_an_edit_is_nothing_and_a_tombstone_is_a_deletion() -> None:
    """Editing and unfolding links change nothing; a root that is left as a tombstone is gone."""
    edit = {"type": "message", "subtype": "message_changed", "channel": "C1", "hidden": True, "ts": LATEST}
    assert heard({**edit, "message": message(edited={"user": "U5"})}) == ()
    gone = heard({**edit, "message": {"subtype": "tombstone", "ts": ROOT, "hidden": True, "user": "USLACKBOT"}})
    assert gone == (Signal(7, ROOT_US, ROOT_US, Kind.DELETE, b"", LATEST_US),)


def test_a_deletion_names_the_message_and_its_thread() -> None:
    """The deleted message is what counts, and when; a reply keeps its root."""
    event = {"type": "message", "subtype": "message_deleted", "channel": "C1", "hidden": True, "ts": LATEST}
    assert heard({**event, "deleted_ts": ROOT}) == (Signal(7, ROOT_US, ROOT_US, Kind.DELETE, b"", LATEST_US),)
    reply = {**event, "deleted_ts": LATER, "previous_message": message(ts=LATER, thread_ts=ROOT)}
    assert heard(reply) == (Signal(7, ROOT_US, LATER_US, Kind.DELETE, b"", LATEST_US),)


def test_a_deletion_meets_its_tombstone_in_history() -> None:
    """A deleted root heard live and one read back are the same fact, once with its time and once without."""
    event = {"type": "message", "subtype": "message_deleted", "channel": "C1", "deleted_ts": ROOT, "event_ts": LATEST}
    live = heard(event)
    read = capture_history(
        [{"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "ts": ROOT, "thread_ts": ROOT}],
        WATCH,
        pseudonym,
        NOW,
    )
    assert tuple(replace(fact, reacted=0) for fact in live) == read


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("eyes", Kind.CLAIM),
        ("eyes::skin-tone-2", Kind.CLAIM),
        (":eyes:", Kind.CLAIM),
        ("white_check_mark", Kind.DONE),
        ("repeat", Kind.REOPEN),
        ("rotating_light", Kind.ESCALATE),
        ("ticket", Kind.PROMOTE),
        ("no_bell", Kind.DISMISS),
    ],
)
def test_reactions_by_a_responder(name: str, kind: Kind) -> None:
    """Each emoji is its kind, whatever its skin tone, at the time of the reaction."""
    assert heard(reaction(name)) == (Signal(7, ROOT_US, ROOT_US, kind, pseudonym("U1", ROOT_US), LATEST_US),)


def test_a_team_s_own_emoji() -> None:
    """The team's table replaces ours, and a table cannot make a reaction into a kind that is no reaction."""
    watch = replace(WATCH, emoji={"+1": Kind.DONE, "tada": Kind.ARRIVAL})

    def found(name: str) -> list[Kind]:
        return kinds(capture(reaction(name), lambda _: watch, pseudonym, NOW))

    assert found("+1::skin-tone-3") == [Kind.DONE]
    assert found("white_check_mark") == []
    assert found("tada") == []


SEVERAL = replace(
    WATCH, emoji={"ok": Kind.DONE, "check": Kind.DONE, "tada": Kind.DONE, "a": Kind.CLAIM, "b": Kind.CLAIM}
)


@given(st.lists(st.tuples(st.sampled_from(["ok", "check", "tada", "a", "b"]), st.integers(1, 500)), max_size=14))
@example([("ok", 100), ("check", 1), ("ok", 1)])
@example([("a", 100), ("b", 100), ("a", 100), ("b", 100)])
def test_several_emoji_of_one_meaning_stand_while_one_of_them_does(toggles: list[tuple[str, int]]) -> None:
    """Whatever one person puts on and takes off, it is as with one emoji that stands while any of them does."""
    standing: set[str] = set()
    several, one = list(heard(message())), list(heard(message()))
    at = ROOT_US
    for name, later in toggles:
        at += later * 1_000_000
        kind = SEVERAL.emoji[name]
        of_kind = {other for other in SEVERAL.emoji if SEVERAL.emoji[other] is kind}
        event = reaction(name, removed=name in standing, event_ts=slack_ts(at))
        several += capture(event, lambda _: SEVERAL, pseudonym, NOW)
        before, standing = bool(standing & of_kind), standing ^ {name}
        if before != bool(standing & of_kind):
            usual = reaction(
                "eyes" if kind is Kind.CLAIM else "white_check_mark", removed=before, event_ts=slack_ts(at)
            )
            one += heard(usual)
    end = at / 1e6 + 3_600
    found, wanted = (derive(Facts.of(signals), end) for signals in (several, one))
    assert bool(found.open[0]) is not bool(standing & {"ok", "check", "tada"})
    for column in ("open", "done", "first_done", "claimed", "reopens"):
        np.testing.assert_array_equal(getattr(found, column), getattr(wanted, column))
    assert _held(found, end) == pytest.approx(_held(wanted, end))


def _held(found: Requests, end: float) -> float:
    """Seconds in which somebody had the request."""
    return float(np.nansum(np.where(found.spans.open, end, found.spans.end) - found.spans.start))


def test_reactions_are_counted_by_name_alone() -> None:
    """Names without skin tone, the most frequent first, as many as asked for; not on our own messages."""
    posts = [
        message(
            reactions=[{"name": "heavy_check_mark", "count": 2, "users": ["U1", "U2"]}, {"name": "joy", "count": 9}]
        ),
        message(reactions=[{"name": "+1::skin-tone-2", "count": 1}, {"name": "+1", "count": 3}, {"name": 4}, 7]),
        message("UBOT", reactions=[{"name": "eyes", "count": 50}]),
        message(reactions={"name": "eyes"}),
    ]
    assert emoji_in(posts, "UBOT") == {"joy": 9, "+1": 4, "heavy_check_mark": 2}
    assert emoji_in(posts, "UBOT", 1) == {"joy": 9}


def test_reactions_by_others() -> None:
    """Only responders claim, finish, promote and dismiss; anybody reopens or escalates."""
    for name in ("eyes", "white_check_mark", "ticket", "no_bell", "smile"):
        assert heard(reaction(name, "U6")) == ()
    assert kinds(heard(reaction("repeat", "U6"))) == [Kind.REOPEN]
    assert kinds(heard(reaction("rotating_light", "U6"))) == [Kind.ESCALATE]


def test_the_asker_s_own_check_mark_is_a_thank_you() -> None:
    """✅ by the asker on the own request is a thank-you with its time; without a time it is nothing."""
    assert heard(reaction("white_check_mark", "U5")) == (
        Signal(7, ROOT_US, ROOT_US, Kind.THANKS, pseudonym("U5", ROOT_US), LATEST_US),
    )
    assert heard(reaction("white_check_mark", "U5", event_ts=None)) == ()


def test_a_reaction_taken_back() -> None:
    """Taking a reaction back withdraws its kind; one that never counted withdraws nothing."""
    assert heard(reaction("eyes", removed=True)) == (
        Signal(7, ROOT_US, ROOT_US, Kind.WITHDRAW, pseudonym("U1", ROOT_US), LATEST_US, Kind.CLAIM),
    )
    assert heard(reaction("eyes", "U6", removed=True)) == ()


def test_a_reaction_without_a_credible_time_is_untimed() -> None:
    """A missing, future or too early reaction time is kept as no time, never replaced by another."""
    for when in (None, "soon", "9999999999.000000", "1600000000.000000"):
        (fact,) = heard(reaction("eyes", event_ts=when))
        assert (fact.reacted, fact.timed) == (0, False)


@pytest.mark.parametrize(
    "item", [None, [], {"type": "file"}, {"type": "message"}, {"type": "message", "channel": "C1"}]
)
def test_reactions_on_anything_else_are_nothing(item: object) -> None:
    """A reaction on a file, or on nothing that can be found, is no fact."""
    assert heard(reaction("eyes", item=item)) == ()


def test_unwatched_channels_and_other_events_are_nothing() -> None:
    """Only messages and reactions in watched channels are heard."""
    assert heard(message(channel="C3")) == ()
    assert heard({**reaction("eyes"), "item": {"type": "message", "channel": "C3", "ts": ROOT}}) == ()
    assert heard({**message(), "type": "app_mention"}) == ()


def test_a_permalink_in_another_queue_hands_a_request_over() -> None:
    """A responder who posts a request's link in another watched queue hands it over, once and by its root."""
    link = "https://acme.slack.com/archives/C1/p1700000000000100"
    reply = "https://acme.slack.com/archives/C1/p1700000600000200?thread_ts=1700000000.000100&amp;cid=C1"
    event = {**message("U1", LATEST, f"see <{link}> and <{reply}>"), "channel": "C2"}
    arrival, handoff = heard(event)
    assert arrival.kind is Kind.ARRIVAL
    assert handoff == Signal(7, ROOT_US, ROOT_US, Kind.HANDOFF, pseudonym("U1", ROOT_US), LATEST_US)
    assert kinds(heard({**event, "user": "U5"})) == [Kind.ARRIVAL]
    assert kinds(heard({**event, "channel": "C1"})) == []
    assert kinds(capture_history([event], OTHER, pseudonym, NOW, lookup)) == [Kind.ARRIVAL, Kind.HANDOFF]


def test_history_meets_what_was_heard_live() -> None:
    """Messages read back are the very same facts; reactions differ in nothing but their missing time."""
    talk = [message(), message("U1", LATER, thread_ts=ROOT), message("U5", LATEST, "thanks!", thread_ts=ROOT)]
    live = [s for m in talk for s in heard(m)]
    root = {
        **talk[0],
        "reactions": [
            {"name": "eyes", "users": ["U1"]},
            {"name": "white_check_mark", "users": ["U2", "U6", "U5"]},
        ],
    }
    read = capture_history([root, *talk[1:]], WATCH, pseudonym, NOW)
    assert [s for s in read if s.timed] == live
    untimed = [s for s in read if not s.timed]
    seen = [*heard(reaction("eyes")), *heard(reaction("white_check_mark", "U2"))]
    assert untimed == [replace(s, reacted=0) for s in seen]


def test_history_knows_the_thread_of_a_reaction() -> None:
    """A reaction on a reply that is read back belongs to the thread's root."""
    reply = {
        **message("U1", LATER, thread_ts=ROOT),
        "reactions": [{"name": "white_check_mark", "users": ["U1"]}],
    }
    done = capture_history([reply], WATCH, pseudonym, NOW)[1]
    assert (done.request, done.message, done.kind) == (ROOT_US, LATER_US, Kind.DONE)


def test_whoever_objected_has_no_actor() -> None:
    """Where the pseudonym is empty, the fact stays and nobody is attached."""
    (fact,) = capture(message(), lookup, lambda user, at: b"", NOW)
    assert (fact.kind, fact.actor) == (Kind.ARRIVAL, b"")


@pytest.mark.parametrize(
    "ts",
    [
        None,
        "",
        "now",
        "1700000000",
        "-1.000000",
        "0.000000",
        "9999999999.000000",
        17,
        1.5,
        [],
        "١٧٠٠٠٠٠٠٠٠.٠٠٠٠٠٠",
    ],
)
def test_bad_times_are_no_fact(ts: object) -> None:
    """What is no time, or lies in the future, is not kept."""
    assert heard({**message(), "ts": ts}) == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
HOSTILE = JSON | st.sampled_from(
    ["C1", "C2", "U1", "U5", "UBOT", "B5", ROOT, LATER, "message", "reaction_added", "reaction_removed",
     "eyes", "message_changed", "message_deleted", "tombstone", "file_share", "bot_message",
     "thanks", "any update?"]
)  # fmt: skip
FIELDS = ("type", "subtype", "channel", "user", "text", "ts", "thread_ts", "event_ts", "bot_id",
          "bot_profile", "files", "hidden", "message", "previous_message", "deleted_ts", "reaction",
          "item", "item_user", "reactions")  # fmt: skip
NESTED = st.dictionaries(st.sampled_from(FIELDS), HOSTILE, max_size=6)
EVENTS = st.builds(
    lambda base, fields: {**base, **fields},
    st.sampled_from([message(), message("U1", LATER, thread_ts=ROOT), reaction("eyes")]),
    st.dictionaries(st.sampled_from(FIELDS), HOSTILE | NESTED | st.lists(NESTED, max_size=2), max_size=6),
)


@given(EVENTS)
def test_no_event_can_hurt(event: dict[str, Any]) -> None:
    """Whatever an event holds, nothing is raised and every fact can be stored: 64-bit times, no text."""
    for fact in (*heard(event), *capture_history([event], WATCH, pseudonym, NOW, lookup)):
        assert fact.queue in {7, 8}
        assert 0 < fact.request < 2**62
        assert 0 < fact.message < 2**62
        assert 0 <= fact.reacted < 2**62
        assert isinstance(fact.kind, Kind)
    assert all(isinstance(name, str) for name in emoji_in([event], "UBOT"))


@given(st.text(max_size=300))
def test_no_text_survives(text: str) -> None:
    """Two messages that differ only in words that mean nothing to us leave the same fact."""
    assert heard(message(text=text)) == heard(message(text="something else"))
