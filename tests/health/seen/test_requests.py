"""Requests and jobs from facts: every disorder that Slack and people can make."""

import math
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.facts import Facts
from bot.health.seen.requests import Requests, derive
from bot.health.seen.rest import USUAL, quiet_hours, settle
from bot.signal import MESSAGE_KINDS, Kind, Signal
from tests.budget import examples
from tests.health.desk import START, clock

ROOT = int(START + 10 * 3600) * 10**6  # a Monday, 10:00
ANN, BOB, ASKER = b"a" * 8, b"b" * 8, b"c" * 8
MINUTE = 60 * 10**6
HOUR = 60 * MINUTE


def root(at: int = 0, actor: bytes = ASKER, queue: int = 1) -> Signal:
    """A request, so many microseconds after the first."""
    return Signal(queue, ROOT + at, ROOT + at, Kind.ARRIVAL, actor)


def said(kind: Kind, at: int, actor: bytes = ANN, thread: int = 0) -> Signal:
    """A message in the thread."""
    return Signal(1, ROOT + thread, ROOT + at, kind, actor)


def react(
    kind: Kind, at: int | None, actor: bytes = ANN, on: int = 0, thread: int = 0, undoes: Kind | None = None
) -> Signal:
    """A reaction on a message of the thread, untimed where `at` is None."""
    return Signal(1, ROOT + thread, ROOT + on, kind, actor, 0 if at is None else ROOT + at, int(undoes or 0))


def of(*signals: Signal) -> Requests:
    """What these facts say."""
    return derive(Facts.of(signals), math.inf)


def after(times: np.ndarray) -> list[float | None]:
    """Hours after the first request, None where there is no time."""
    return [None if math.isnan(t) else round((t - ROOT / 1e6) / 3600, 4) for t in times.tolist()]


def test_a_plain_request() -> None:
    """Arrival, claim, reply and ✅ are read as what they are, and one span holds the work."""
    r = of(root(), react(Kind.CLAIM, HOUR), said(Kind.REPLY, 2 * HOUR), react(Kind.DONE, 3 * HOUR))
    assert after(r.arrived) == [0]
    assert after(r.claimed) == after(r.started) == [1]
    assert after(r.answered) == [2]
    assert after(r.first_done) == after(r.done) == [3]
    assert not r.open[0]
    assert after(r.spans.start) == [1]
    assert after(r.spans.end) == [3]


def test_a_reply_starts_work_where_nobody_claims() -> None:
    """Without a claim, waiting ends at the first reply, and the request stays open."""
    r = of(root(), said(Kind.REPLY, HOUR))
    assert after(r.started) == [1]
    assert r.open[0]


def test_done_before_arrival_counts_from_the_arrival() -> None:
    """Clocks that disagree by minutes give no negative times."""
    r = of(root(), react(Kind.DONE, -300), react(Kind.CLAIM, -600))
    assert after(r.done) == [0]
    assert after(r.started) == [0]
    assert not r.open[0]


def test_done_long_before_arrival_was_done_at_an_unknown_time() -> None:
    """Hours before it came nothing was begun or finished: that it was is known, when is not."""
    r = of(root(), react(Kind.DONE, -HOUR), react(Kind.CLAIM, -2 * HOUR))
    assert after(r.done) == [None]
    assert after(r.started) == [None]
    assert not r.open[0]
    begun = of(root(), react(Kind.DONE, -HOUR), react(Kind.CLAIM, 2 * HOUR))
    assert after(begun.started) == [2]
    assert not begun.open[0]


def test_a_claim_without_arrival_is_work_but_no_request_that_came() -> None:
    """Work on what arrived before the facts begin counts; its arrival stays unknown."""
    r = of(react(Kind.CLAIM, HOUR), react(Kind.DONE, 2 * HOUR))
    assert after(r.arrived) == [None]
    assert after(r.spans.end) == [2]


def test_replies_under_a_message_that_is_no_request_make_none() -> None:
    """A responder's own thread is not a request."""
    assert len(of(said(Kind.REPLY, HOUR), react(Kind.DONE, 2 * HOUR))) == 0


def test_a_takeover_cuts_the_first_span() -> None:
    """Who takes over ends the other's span; ✅ by either ends both."""
    r = of(root(), react(Kind.CLAIM, HOUR), react(Kind.CLAIM, 2 * HOUR, BOB), react(Kind.DONE, 4 * HOUR, ANN))
    assert after(r.spans.start) == [1, 2]
    assert after(r.spans.end) == [2, 4]
    assert after(r.claimed) == [1]


def test_two_claims_at_once_are_one_persons_work() -> None:
    """Two people's claims at the same moment make one span with length."""
    r = of(root(), react(Kind.CLAIM, HOUR), react(Kind.CLAIM, HOUR, BOB), react(Kind.DONE, 3 * HOUR, BOB))
    assert sorted((r.spans.end - r.spans.start).tolist()) == [0, 7200]


def test_a_misclick_never_happened() -> None:
    """A claim taken back within a minute leaves the request waiting."""
    r = of(root(), react(Kind.CLAIM, HOUR), react(Kind.WITHDRAW, HOUR + MINUTE // 2, undoes=Kind.CLAIM))
    assert after(r.claimed) == [None]
    assert len(r.spans.job) == 0


def test_a_claim_given_back_was_work_until_then() -> None:
    """A claim held for hours and given back ends there, and work had started."""
    r = of(root(), react(Kind.CLAIM, HOUR), react(Kind.WITHDRAW, 3 * HOUR, undoes=Kind.CLAIM))
    assert after(r.spans.end) == [3]
    assert not r.spans.open[0]
    assert r.open[0]


def test_a_claim_is_held_until_the_last_of_its_emoji_goes() -> None:
    """Of two claims by one person the first that goes ends nothing; by people nobody knows, each that goes ends one."""
    claims = (react(Kind.CLAIM, HOUR), react(Kind.CLAIM, 2 * HOUR))
    gone = [react(Kind.WITHDRAW, at * HOUR, undoes=Kind.CLAIM) for at in (4, 6)]
    assert of(root(), *claims, gone[0]).spans.open.tolist() == [True]
    assert after(of(root(), *claims, *gone).spans.end) == [6]
    unknown = [replace(signal, actor=b"") for signal in (*claims, gone[0])]
    assert after(of(root(), *unknown).spans.end) == [2, 4]


def test_a_withdrawn_done_is_none_and_a_later_one_counts() -> None:
    """✅ taken back reopens nothing, it was never given; the same ✅ given again counts."""
    back = react(Kind.WITHDRAW, 3 * HOUR, undoes=Kind.DONE)
    gone = of(root(), react(Kind.DONE, 2 * HOUR), back)
    assert gone.open[0]
    assert after(gone.done) == [None]
    again = of(root(), react(Kind.DONE, 2 * HOUR), back, react(Kind.DONE, 5 * HOUR))
    assert after(again.first_done) == [5]


def test_an_untimed_reaction_gives_no_time() -> None:
    """A ✅ of unknown time closes the request at the desk's last reply; an untimed 👀 starts nothing."""
    r = of(root(), react(Kind.CLAIM, None), said(Kind.REPLY, 2 * HOUR), react(Kind.DONE, None))
    assert not r.open[0]
    assert after(r.done) == [2]
    assert after(r.claimed) == [None]
    unanswered = of(root(), react(Kind.DONE, None))
    assert not unanswered.open[0]
    assert after(unanswered.done) == [None]


def test_a_live_fact_replaces_its_untimed_twin() -> None:
    """The same reaction known with and without its time counts once, with it."""
    r = of(root(), said(Kind.REPLY, HOUR), react(Kind.DONE, None), react(Kind.DONE, 3 * HOUR))
    assert after(r.done) == [3]


def test_a_deleted_message_is_gone() -> None:
    """A request deleted within minutes leaves nothing, as one deleted nobody knows when; a reply leaves no answer."""
    for when in (5 * MINUTE, None):
        assert len(of(root(), said(Kind.REPLY, MINUTE), react(Kind.CLAIM, MINUTE), react(Kind.DELETE, when))) == 0
    unsaid = Signal(1, ROOT, ROOT + HOUR, Kind.DELETE, b"", ROOT + 5 * HOUR)
    assert after(of(root(), said(Kind.REPLY, HOUR), unsaid).answered) == [None]


def test_a_request_deleted_after_it_waited_was_given_up() -> None:
    """It is open no more and not done, and how long it waited is known; what was done before stays done."""
    given_up = of(root(), react(Kind.DELETE, 5 * HOUR))
    assert not given_up.open[0]
    assert (after(given_up.done), after(given_up.jobs.gave_up)) == ([None], [5])
    begun = of(root(), react(Kind.CLAIM, HOUR), react(Kind.DELETE, 5 * HOUR))
    assert (after(begun.jobs.started), after(begun.spans.end)) == ([1], [5])
    done = of(root(), react(Kind.DONE, HOUR), react(Kind.DELETE, 5 * HOUR))
    assert (after(done.done), after(done.jobs.gave_up)) == ([1], [None])


def test_who_says_so_gave_up_and_may_ask_again() -> None:
    """What whoever asked does not want any more is over, not done; 🔁 opens it again."""
    never_mind = react(Kind.CANCEL, 2 * HOUR)
    r = of(root(), never_mind, react(Kind.DONE, 3 * HOUR))
    assert (r.open.tolist(), after(r.done), after(r.jobs.gave_up)) == ([False], [None], [2])
    again = of(root(), never_mind, react(Kind.REOPEN, 4 * HOUR))
    assert (again.open.tolist(), after(again.jobs.opened)) == ([True], [0, 4])


def test_a_post_that_still_stands_is_not_given_up() -> None:
    """Of two posts that are one request, deleting one leaves the request waiting from the first on."""
    both = (root(), root(2 * MINUTE))
    one = of(*both, react(Kind.DELETE, HOUR))
    assert (one.open.tolist(), after(one.arrived)) == ([True], [0])
    other = Signal(1, ROOT + 2 * MINUTE, ROOT + 2 * MINUTE, Kind.DELETE, b"", ROOT + 2 * HOUR)
    assert after(of(*both, react(Kind.DELETE, HOUR), other).jobs.gave_up) == [2]


def test_dismiss_and_promote() -> None:
    """A dismissed message is no request; one promoted is, from when it was written, whoever wrote it."""
    assert len(of(root(), react(Kind.CLAIM, HOUR), react(Kind.DISMISS, 2 * HOUR))) == 0
    assert len(of(root(), react(Kind.DISMISS, HOUR), react(Kind.PROMOTE, 2 * HOUR))) == 1
    assert after(of(react(Kind.PROMOTE, 2 * HOUR)).arrived) == [0]
    taken_back = of(root(), react(Kind.DISMISS, HOUR), react(Kind.WITHDRAW, 2 * HOUR, undoes=Kind.DISMISS))
    assert len(taken_back) == 1


def test_a_promoted_reply_is_a_request_of_its_own() -> None:
    """🎫 on a message inside a thread makes it a second request."""
    r = of(root(), said(Kind.FOLLOWUP, HOUR, ASKER), react(Kind.PROMOTE, 2 * HOUR, on=HOUR))
    assert after(r.arrived) == [0, 1]


def test_a_reaction_on_a_reply_belongs_to_its_request() -> None:
    """✅ set on the desk's answer, seen without its thread, closes the request."""
    on_reply = Signal(1, ROOT + HOUR, ROOT + HOUR, Kind.DONE, ANN, ROOT + 2 * HOUR)
    r = of(root(), said(Kind.REPLY, HOUR), on_reply)
    assert after(r.done) == [2]


def test_posts_within_five_minutes_are_one_request() -> None:
    """One author's posts are one request for five minutes from the first; another author's, or a later one, are not."""
    r = of(root(), root(2 * MINUTE), root(5 * MINUTE), react(Kind.DONE, HOUR, on=5 * MINUTE, thread=5 * MINUTE))
    assert len(r) == 1
    assert after(r.done) == [1]
    assert len(of(root(), root(5 * MINUTE + 1))) == 2
    assert len(of(root(), root(MINUTE, BOB))) == 2
    assert len(of(root(actor=b""), root(MINUTE, actor=b""))) == 2


def test_five_minutes_are_counted_from_the_first_post() -> None:
    """Who keeps posting every four minutes asks something new each time the five minutes are over."""
    every = [root(n * 4 * MINUTE) for n in range(6)]
    r = of(*every, root(1, BOB), root(9 * MINUTE, BOB))
    assert sorted(((r.request - ROOT) // MINUTE).tolist()) == [0, 0, 8, 9, 16]
    without_the_first = of(*every, react(Kind.DELETE, MINUTE))
    assert ((without_the_first.request - ROOT) // MINUTE).tolist() == [4, 12, 20]


def test_what_was_one_request_stays_one_without_an_author() -> None:
    """Where it is written down, posts of nobody known are one; without the first, the rest of them are still one."""
    posts = [root(n * MINUTE, actor=b"") for n in range(4)]
    written = [Signal(1, ROOT, ROOT + n * MINUTE, Kind.JOIN) for n in (1, 2)]
    r = of(*posts, *written, react(Kind.DONE, HOUR, on=2 * MINUTE, thread=2 * MINUTE))
    assert ((r.request - ROOT) // MINUTE).tolist() == [0, 3]
    assert r.open.tolist() == [False, True]
    r = of(*posts, *written, react(Kind.DELETE, MINUTE))
    assert ((r.request - ROOT) // MINUTE).tolist() == [1, 3]


def test_imported_tickets_never_merge() -> None:
    """Tickets that a person filed one after the other stay apart: their key is no time."""
    tickets = [Signal(1, key, key, Kind.ARRIVAL, ASKER, ROOT + key) for key in (7, 8)]
    assert len(of(*tickets)) == 2


def test_a_thank_you_closes_at_the_last_reply() -> None:
    """Thanks after an answer close; thanks in advance do not; a later question reopens, and after ✅ it came back."""
    thanks = said(Kind.THANKS, 5 * HOUR, ASKER)
    assert after(of(root(), said(Kind.REPLY, 2 * HOUR), thanks).done) == [2]
    assert of(root(), said(Kind.THANKS, HOUR, ASKER), said(Kind.REPLY, 2 * HOUR)).open[0]
    question = said(Kind.FOLLOWUP, 6 * HOUR, ASKER)
    asked = of(root(), said(Kind.REPLY, 2 * HOUR), thanks, question)
    assert asked.open[0]
    assert len(asked.jobs.opened) == 2
    assert asked.reopens[0] == 0
    back = of(root(), said(Kind.REPLY, 2 * HOUR), react(Kind.DONE, 3 * HOUR), thanks, question)
    assert (back.open.tolist(), back.reopens.tolist(), after(back.first_done)) == ([True], [1], [3])


DONE = (said(Kind.REPLY, HOUR), react(Kind.DONE, 2 * HOUR))


@pytest.mark.parametrize("kind", [Kind.FOLLOWUP, Kind.CHASE])
def test_who_writes_again_after_done_reopens(kind: Kind) -> None:
    """Once, however many lines they write: a job of its own, which the next ✅ closes; it came back."""
    again = [said(kind, at, ASKER) for at in (26 * HOUR, 26 * HOUR + MINUTE)]
    r = of(root(), *DONE, *again)
    assert (r.open.tolist(), r.reopens.tolist(), after(r.jobs.opened)) == ([True], [1], [0, 26])
    r = of(root(), *DONE, *again, react(Kind.DONE, 28 * HOUR, BOB))
    assert (r.open.tolist(), r.reopens.tolist(), after(r.jobs.done)) == ([False], [1], [2, 28])


def test_a_question_at_once_after_done_reopens() -> None:
    """Within a minute as well: whoever set ✅ thought it was over."""
    r = of(root(), *DONE, said(Kind.FOLLOWUP, 2 * HOUR + MINUTE // 2, ASKER))
    assert (r.open.tolist(), r.reopens.tolist()) == ([True], [1])


@pytest.mark.parametrize("kind", [Kind.THANKS, Kind.NOD, Kind.REPLY])
def test_thanks_nods_and_remarks_of_the_desk_reopen_nothing(kind: Kind) -> None:
    """Nobody asks for anything in them."""
    r = of(root(), *DONE, said(kind, 26 * HOUR, ANN if kind is Kind.REPLY else ASKER))
    assert (r.open.tolist(), r.reopens.tolist(), after(r.done)) == ([False], [0], [2])


def test_a_nod_closes_nothing_and_asks_for_nothing() -> None:
    """An "ok" answers "we look into it" as well, so the request stays open; and it is no asking again."""
    r = of(root(), said(Kind.NOD, HOUR, ASKER), said(Kind.REPLY, 2 * HOUR), said(Kind.NOD, 3 * HOUR, ASKER))
    assert (r.open.tolist(), r.chases.tolist()) == ([True], [0])


def test_thanks_close_what_was_reopened() -> None:
    """After "still fails" a "sorry, works now, thanks!": it came back, and is over, answered in between or not."""
    again, thanks = said(Kind.FOLLOWUP, 5 * HOUR, ASKER), said(Kind.THANKS, 9 * HOUR, ASKER)
    r = of(root(), *DONE, again, said(Kind.REPLY, 7 * HOUR), thanks)
    assert (r.open.tolist(), r.reopens.tolist(), after(r.jobs.done)) == ([False], [1], [2, 7])
    unanswered = of(root(), react(Kind.DONE, 2 * HOUR), again, thanks)
    assert (unanswered.open.tolist(), after(unanswered.jobs.done)) == ([False], [2, 5])


def test_a_complaint_and_the_sign_for_it_are_one_reopening() -> None:
    """🔁 after the asker wrote again says the same once more, 👀 between or not; after an answer it is another one."""
    again, sign = said(Kind.FOLLOWUP, 5 * HOUR, ASKER), react(Kind.REOPEN, 6 * HOUR, BOB)
    assert of(root(), *DONE, again, sign).reopens.tolist() == [1]
    assert of(root(), *DONE, react(Kind.REOPEN, 4 * HOUR), again).reopens.tolist() == [1]
    looked_at = of(root(), *DONE, again, react(Kind.CLAIM, 5 * HOUR + MINUTE, BOB), sign)
    assert (looked_at.reopens.tolist(), looked_at.open.tolist(), len(looked_at.jobs.opened)) == ([1], [True], 2)
    answered = of(root(), *DONE, again, said(Kind.REPLY, 5 * HOUR + MINUTE), sign)
    assert answered.reopens.tolist() == [2]
    twice = of(root(), *DONE, again, react(Kind.DONE, 5 * HOUR + MINUTE, BOB), sign)
    assert twice.reopens.tolist() == [2]


def test_a_done_set_anew_was_given_before() -> None:
    """Whoever takes their ✅ off after the asker wrote again, and sets it anew, does not undo that it came back."""
    again, off = said(Kind.FOLLOWUP, 5 * HOUR, ASKER), react(Kind.WITHDRAW, 6 * HOUR, undoes=Kind.DONE)
    taken_off = of(root(), *DONE, again, off)
    assert (taken_off.open.tolist(), taken_off.reopens.tolist(), after(taken_off.first_done)) == ([True], [1], [2])
    anew = of(root(), *DONE, again, off, react(Kind.DONE, 7 * HOUR))
    assert (anew.open.tolist(), anew.reopens.tolist(), after(anew.jobs.done)) == ([False], [1], [2, 7])
    on_the_reply = Signal(1, ROOT + HOUR, ROOT + HOUR, Kind.DONE, ANN, ROOT + 2 * HOUR)
    gone = replace(on_the_reply, kind=Kind.WITHDRAW, reacted=ROOT + 6 * HOUR, undoes=int(Kind.DONE))
    assert of(root(), said(Kind.REPLY, HOUR), on_the_reply, again, gone).reopens.tolist() == [1]
    before = of(root(), *DONE, react(Kind.WITHDRAW, 4 * HOUR, undoes=Kind.DONE), again)
    assert (before.open.tolist(), before.reopens.tolist(), len(before.jobs.opened)) == ([True], [0], 1)


def test_who_gave_up_may_write_on() -> None:
    """After "never mind" a remark, with or without thanks before it, opens nothing."""
    never_mind = react(Kind.CANCEL, 2 * HOUR)
    remark = said(Kind.FOLLOWUP, 4 * HOUR, ASKER)
    for between in ((), (said(Kind.THANKS, 3 * HOUR, ASKER),)):
        assert of(root(), said(Kind.REPLY, HOUR), never_mind, *between, remark).open.tolist() == [False]


@pytest.mark.parametrize("actor", [ASKER, BOB, b""])
def test_any_asker_reopens_whoever_is_known(actor: bytes) -> None:
    """Who wrote is not compared with who asked: it counts the same after actors are emptied."""
    unknown = [replace(s, actor=b"") for s in (root(), *DONE, said(Kind.FOLLOWUP, 26 * HOUR))]
    assert of(*unknown).reopens.tolist() == of(root(), *DONE, said(Kind.FOLLOWUP, 26 * HOUR, actor)).reopens.tolist()
    assert of(*unknown).reopens.tolist() == [1]


def test_read_back_nobody_knows_whether_it_came_back() -> None:
    """✅ without a time, and the asker wrote on: not known. Before the first answer, or with 🔁, it is."""
    closed = (root(), said(Kind.REPLY, HOUR), react(Kind.DONE, None))
    wrote = said(Kind.FOLLOWUP, 5 * HOUR, ASKER)
    r = of(*closed, wrote)
    assert (r.unsure.tolist(), r.reopens.tolist(), r.open.tolist(), r.ticked.tolist()) == ([True], [0], [False], [-1])
    assert of(root(), wrote, react(Kind.DONE, None)).unsure.tolist() == [True]
    known = (
        [*closed],
        [*closed, said(Kind.THANKS, 5 * HOUR, ASKER), said(Kind.NOD, 6 * HOUR, ASKER)],
        [*closed, said(Kind.FOLLOWUP, HOUR // 2, ASKER)],
        [*closed, wrote, react(Kind.REOPEN, None, ASKER)],
        [*closed, wrote, react(Kind.DONE, 9 * HOUR)],
    )
    assert [of(*facts).unsure.tolist() for facts in known] == [[False]] * len(known)


def test_reopening_makes_a_second_job() -> None:
    """🔁 opens a job of its own with its own wait and span; two people's 🔁 in a row count once."""
    r = of(
        root(),
        react(Kind.CLAIM, HOUR),
        react(Kind.DONE, 2 * HOUR),
        react(Kind.REOPEN, 4 * HOUR, ASKER),
        react(Kind.REOPEN, 4 * HOUR + MINUTE, BOB),
        react(Kind.CLAIM, 5 * HOUR, BOB),
        react(Kind.DONE, 7 * HOUR, BOB),
    )
    assert r.reopens.tolist() == [1]
    assert after(r.jobs.opened) == [0, 4]
    assert after(r.jobs.started) == [1, 5]
    assert after(r.jobs.done) == [2, 7]
    assert after(r.first_done) == [2]
    assert after(r.done) == [7]


def test_reopened_without_done_was_done_at_the_last_reply() -> None:
    """A missing ✅ before a reopening is dated at the desk's last reply before it."""
    r = of(root(), react(Kind.CLAIM, HOUR), said(Kind.REPLY, 2 * HOUR), react(Kind.REOPEN, 9 * HOUR))
    assert after(r.first_done) == [2]
    assert after(r.spans.end) == [2]
    assert r.open[0]


def test_chases() -> None:
    """Asking for news counts; adding to an unanswered thread counts after the first minutes, else not."""
    r = of(
        root(),
        said(Kind.FOLLOWUP, 2 * MINUTE, ASKER),
        said(Kind.FOLLOWUP, HOUR, ASKER),
        said(Kind.REPLY, 2 * HOUR),
        said(Kind.FOLLOWUP, 3 * HOUR, ASKER),
        said(Kind.CHASE, 4 * HOUR, ASKER),
    )
    assert r.chases.tolist() == [2]


def test_later_facts_are_not_known_yet() -> None:
    """Deriving as of a moment gives what was known then."""
    facts = Facts.of([root(), react(Kind.CLAIM, HOUR), react(Kind.DONE, 3 * HOUR)])
    r = derive(facts, (ROOT + 2 * HOUR) / 1e6)
    assert r.open[0]
    assert r.spans.open[0]


def test_queues_do_not_mix() -> None:
    """The same key in two queues is two requests, and neither closes the other."""
    r = of(root(queue=1), root(queue=2), react(Kind.DONE, HOUR))
    assert r.queue.tolist() == [1, 2]
    assert r.open.tolist() == [False, True]


def test_no_facts_no_requests() -> None:
    """Nothing in, nothing out."""
    assert len(of()) == 0


def test_a_quiet_request_is_done_at_the_last_reply() -> None:
    """A thread answered on Monday and silent since is done by Thursday; one never answered still waits."""
    hours = clock(1)
    facts = Facts.of([root(), said(Kind.REPLY, HOUR), react(Kind.CLAIM, HOUR // 2), root(2 * HOUR, BOB)])
    now = START + 3 * 86400 + 15 * 3600
    r = derive(facts, now)
    assert quiet_hours(r, hours) == USUAL
    settled = settle(r, hours, now, USUAL)
    assert settled.open.tolist() == [False, True]
    assert after(settled.done) == after(settled.first_done) == [1, None]
    assert after(settled.spans.end) == [1]
    assert settle(r, hours, START + 86400 + 12 * 3600, USUAL).open.tolist() == [True, True]


KINDS = [k for k in Kind if k not in (Kind.INTERRUPTION, Kind.HANDOFF)]


@st.composite
def _signal(draw: st.DrawFn) -> Signal:
    """Any fact on one of three threads, also impossible ones."""
    kind = draw(st.sampled_from(KINDS))
    thread = draw(st.integers(0, 2)) * 3 * MINUTE
    message = thread if kind is Kind.ARRIVAL else thread + draw(st.integers(0, 3)) * HOUR
    borne = kind in MESSAGE_KINDS
    when = 0 if borne or draw(st.booleans()) else ROOT + draw(st.integers(0, 12)) * HOUR // 2
    known = borne or draw(st.booleans())
    return Signal(
        1,
        ROOT + (thread if known else message),
        ROOT + message,
        kind,
        draw(st.sampled_from([ANN, BOB, ASKER, b""])),
        when,
        int(draw(st.sampled_from(KINDS))) if kind is Kind.WITHDRAW else 0,
    )


def _same(a: object, b: object) -> bool:
    for f in fields(a):  # type: ignore[arg-type]
        x, y = getattr(a, f.name), getattr(b, f.name)
        if isinstance(x, np.ndarray):
            if not np.array_equal(x, y, equal_nan=x.dtype.kind == "f"):
                return False
        elif not _same(x, y):
            return False
    return True


@examples(400)
@given(st.lists(_signal(), max_size=24), st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_matters(signals: list[Signal], dice: object) -> None:
    """Shuffled and doubled facts give the same requests, jobs, spans and replies."""
    mixed = signals + signals[::2]
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    assert _same(of(*signals), of(*mixed))


@examples(400)
@given(st.lists(_signal(), max_size=24))
def test_whatever_comes_holds_together(signals: list[Signal]) -> None:
    """No times before the arrival, no span that ends before it begins, closings only for what is closed."""
    r = of(*signals)
    for times in (r.answered, r.claimed, r.started, r.first_done, r.done):
        assert not (times < r.arrived).any()
    assert not (r.spans.end < r.spans.start).any()
    assert np.isnan(r.jobs.done[r.jobs.open]).all()
    assert np.isnan(r.spans.end[r.spans.open]).all()
    assert len(r.jobs.opened) >= len(r)
    assert (np.diff(r.jobs.request) >= 0).all()
    assert r.open.sum() == r.jobs.open.sum()


@pytest.mark.parametrize("kind", list(Kind))
def test_any_single_fact_is_borne(kind: Kind) -> None:
    """No single fact, of whatever kind, breaks derivation."""
    assert len(of(Signal(1, ROOT, ROOT, kind, ANN, ROOT + HOUR, 0))) <= 1
