"""What each table and column holds, why and how long: whoever adds a column says so here, or a test fails."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.jobs.retention import ABSENCE_WEEKS
from bot.wishes import WISHES
from storage.keys import LIVE_BEFORE
from storage.retention import MONTHS, WORDS_DAYS


@dataclass(frozen=True, slots=True)
class Kept:
    """One table, for people.

    Attributes:
        what: What a row is.
        why: What it is needed for.
        until: How long it is kept.
        columns: Column → what it holds.
    """

    what: str
    why: str
    until: str
    columns: Mapping[str, str]


_TEAM = "until the team is forgotten"
_AS_TEAM = f"as said at set-up, {_TEAM}"
_FACTS = f"{MONTHS} months; imported ones {_TEAM}"
_ID = "our own number"
_OF_TEAM = "the team's number"
_WORKSPACE = "Slack's id of the workspace; `import` for teams from files"

KEPT: Mapping[str, Kept] = {
    "signals": Kept(
        "one fact: something happened to a request",
        "everything this bot says is computed from these",
        _FACTS,
        {
            "id": _ID,
            "queue": "number of the channel",
            "request": "the thread's first message, by its time; for imports a hash of the ticket's id",
            "message": "the message itself, by its time",
            "kind": (
                "arrival, reply, chase, claim, done, reopen, escalate, handoff, … as a number; join: that a post was "
                "one request with another up to five minutes before, noted when their author's pseudonym is emptied, "
                "so that no count changes"
            ),
            "actor": (
                "who did it: 8 bytes of a hash (HMAC-SHA256) of the Slack user id under a secret of that month, empty "
                f"for whoever objected; emptied {LIVE_BEFORE} months after the month ends. Imports: see imports.md"
            ),
            "reacted": "when, for a reaction or a deletion",
            "at": "when it happened",
            "undoes": "which kind a taken-back reaction takes back",
        },
    ),
    "requests": Kept(
        "one request, derived from the facts",
        "what is open and how long it waits",
        "as long as its facts",
        {
            "queue": "number of the channel",
            "request": "as in signals",
            "arrived": "when it was asked",
            "answered": "when the desk first replied",
            "started": "when work began",
            "done": "when it was last done",
            "last": "when anything last happened",
            "open": "whether it is open",
        },
    ),
    "derived": Kept(
        "one row", "up to which fact requests are derived", "always", {"only": "1", "signal": "its number"}
    ),
    "stale": Kept(
        "one request to derive again",
        "its facts changed",
        "seconds",
        {"queue": "number of the channel", "request": "as in signals"},
    ),
    "teams": Kept(
        "one team, as it described itself",
        "capacity, and whom to tell",
        _AS_TEAM,
        {
            "id": _ID,
            "workspace": _WORKSPACE,
            **{wish.key: wish.holds for wish in WISHES},
            "hands_on_given": "whether the team said so itself",
            "announced": "when the channel was told what is kept",
            "basis": "what utilization rests on",
        },
    ),
    "queues": Kept(
        "one channel where requests arrive",
        "where to listen and read",
        _TEAM,
        {
            "id": _ID,
            "team": _OF_TEAM,
            "workspace": _WORKSPACE,
            "channel": "Slack id of the channel; an import's name of it",
            "watermark": "read completely up to here",
            "cursor": "thread reached while reading back, then the reply up to which threads are read",
            "threads": "how far threads are read",
            "gone": "why it is not heard, in words of ours",
        },
    ),
    "people": Kept(
        "one person on a roster, from one day to another",
        "how many are there to answer; whose posts are answers",
        "until the lead takes the person off, then as past until the team is forgotten",
        {
            "id": _ID,
            "team": _OF_TEAM,
            "person": "Slack user id",
            "since": "first day",
            "until": "last day",
            "tz": "own time zone",
            "hours": "own working hours",
            "share": "own share of working time",
            "grouped": "whether the team's user group put the person there",
        },
    ),
    "absences": Kept(
        "one day that one person is away",
        "capacity of that day",
        f"{ABSENCE_WEEKS} weeks after the day, as figures look no further back; imported ones {_TEAM}",
        {"team": _OF_TEAM, "person": "Slack user id", "day": "the day; never why", "part": "share of that day"},
    ),
    "emoji": Kept(
        "one reaction's meaning",
        "which reactions claim, close, …; when whoever sets up looks at them, those on the newest messages of the "
        "announced past are counted by name to propose some, never by person, and nothing of that count is kept",
        _TEAM,
        {"team": _OF_TEAM, "name": "the reaction", "kind": "what it means"},
    ),
    "apps": Kept(
        "one other app that posts in a team's channels",
        "whether its posts are requests",
        _TEAM,
        {
            "team": _OF_TEAM,
            "bot": "Slack's id of the app's bot",
            "name": "as it calls itself",
            "treat": "request or ignore",
        },
    ),
    "permalinks": Kept(
        "one request that the lead looked at",
        "how often what was taken for a request was none",
        _TEAM,
        {
            "team": _OF_TEAM,
            "post": "a hash of channel and message, so that it counts once",
            "wrong": "whether it was none",
            "at": "when it was looked at",
        },
    ),
    "keys": Kept(
        "one secret for pseudonyms",
        "to tell people apart within a month, and by nobody longer",
        f"emptied {LIVE_BEFORE} months after its month ends; those of imports and objections stay",
        {"workspace": _WORKSPACE, "month": "the month", "secret": "32 random bytes; empty once destroyed"},
    ),
    "optouts": Kept(
        "one person who objected",
        "so that nothing brings them back",
        "until the workspace is erased",
        {"workspace": _WORKSPACE, "person": "a keyed hash of the Slack user id"},
    ),
    "trust": Kept(
        "one row",
        "counts changes of keys and objections, so that all notice",
        "always",
        {"only": "1", "changes": "a number"},
    ),
    "coverage": Kept(
        "one stretch in which the bot was connected",
        "to say what may have been missed",
        f"{MONTHS} months",
        {"id": _ID, "workspace": _WORKSPACE, "since": "from", "until": "to"},
    ),
    "weekly": Kept(
        "one week of a team",
        "what stays of work once its actors are emptied",
        _TEAM,
        {
            "team": _OF_TEAM,
            "week": "its Monday",
            "busy_hours": "hours worked by the whole team",
            "completed": "requests closed",
        },
    ),
    "alerts": Kept(
        "one change of level",
        "to tell it once",
        _TEAM,
        {
            "id": _ID,
            "team": _OF_TEAM,
            "at": "when",
            "level": "the new level",
            "before": "the one before",
            "outbox": "key of the post, if any",
            "acknowledged": "when somebody acknowledged it; never who",
        },
    ),
    "levels": Kept(
        "how a team stood, as it was told",
        "so that what was told stands",
        _TEAM,
        {
            "team": _OF_TEAM,
            "at": "when",
            "level": "the level",
            "began": "since when, without a break",
            "grounds": "what it rested on: load, waits, backlog, drift",
            "evidence": "the team's figures behind it, of one or two people waits alone",
            "calm": "the team's figures of its calm weeks, of one or two people waits alone",
        },
    ),
    "snoozes": Kept("one wish for quiet", "not to post before", _TEAM, {"team": _OF_TEAM, "until": "when it ends"}),
    "said": Kept(
        "one thing amiss that was told",
        "to tell it once",
        f"until it is mended, or {_TEAM}",
        {"team": _OF_TEAM, "about": "a hash of what is amiss", "at": "when it was told"},
    ),
    "outbox": Kept(
        "one post or direct message of this bot's own",
        "to send it once, even if the machine stops in between",
        f"its words {WORDS_DAYS} days, the row {_TEAM}",
        {
            "key": "a hash, or random",
            "team": _OF_TEAM,
            "workspace": _WORKSPACE,
            "channel": (
                "where to: Slack id of a channel or person; emptied two days after a person was asked whether a "
                "request was solved"
            ),
            "direct": "whether it is a direct message",
            "thread": "thread to answer in",
            "body": "our own words; emptied afterwards",
            "not_before": "when it may go",
            "state": "waiting, sending, sent, failed or unknown",
            "attempted": "last attempt",
            "attempts": "how many",
            "ts": "Slack's id of the post",
            "error": "why it is held, or what Slack said against it",
            "load": "whether only responders and lead may read it",
            "hours": "whether it may leave only in working hours",
            "made": "when it was put down",
            "kind": "alert, digest, pulse, …: which rule of quiet holds for it",
        },
    ),
    "due": Kept(
        "one job to run",
        "so that none is missed",
        "until it has run for the last time",
        {
            "job": "which",
            "subject": "number of the team or channel",
            "at": "when",
            "leased": "until when another process has it",
        },
    ),
    "rhythms": Kept(
        "one team's wishes",
        "what is told and asked there, and how often",
        _AS_TEAM,
        {
            "team": _OF_TEAM,
            "digest": "weekly, monthly or off",
            "digest_day": "weekday",
            "digest_minute": "time of the team's day",
            "pulse": "weekly, fortnightly, monthly or off",
            "pulse_reminder": "whether everybody is reminded once",
            "solved": "whether requesters are asked if it was solved",
            "friction": "whether process flaws may be reported",
            "gains": "whether the ledger of gains is kept",
            "since": "when that was last changed, so that no digest from before is made up for",
        },
    ),
    "digests": Kept(
        "one digest",
        "to tell it once, and to offer fewer where nobody opens them",
        _TEAM,
        {
            "team": _OF_TEAM,
            "week": "the Monday it was told for",
            "key": "its posts' key",
            "touched": "whether anybody pressed a button of it or answered; never who",
        },
    ),
    "touches": Kept(
        "a day's taps on one kind of message",
        "what this bot costs a team",
        _TEAM,
        {"team": _OF_TEAM, "kind": "kind of message", "day": "the day", "taps": "how many; never whose"},
    ),
    "mutes": Kept(
        "one person's wish not to be asked",
        "to keep quiet",
        "until the person takes it back or removes their traces, or the workspace is erased",
        {"workspace": _WORKSPACE, "person": "Slack user id", "what": "pulse, or whether a request was solved"},
    ),
    "promises": Kept(
        "what a team said it would do about an alert",
        "to ask once how it went",
        _TEAM,
        {
            "alert": "number of the alert",
            "words": "as it was typed into the form",
            "review": "the day to look again",
            "followed": "whether that was done",
        },
    ),
    "pulses": Kept(
        "one survey",
        "to ask it once and close it once",
        _TEAM,
        {
            "id": _ID,
            "team": _OF_TEAM,
            "opened": "the day",
            "closes": "when",
            "questions": "which",
            "floor": "answers below which nothing is shown",
            "salt": "random bytes; empty once closed",
            "state": "open or closed",
        },
    ),
    "pulse_invited": Kept(
        "one person who was asked, never whether they answered",
        "no two published results may differ by a few people",
        "91 days",
        {"pulse": "number of the survey", "person": "Slack user id"},
    ),
    "pulse_used": Kept(
        "one answer button that was used, by a salted hash of its random token",
        "so that a double click counts once",
        "until the survey closes",
        {"pulse": "number of the survey", "mark": "the hash; the token itself stands nowhere but in the message"},
    ),
    "pulse_counts": Kept(
        "how many chose an answer",
        "the results",
        "until the survey closes",
        {"pulse": "number of the survey", "question": "which", "choice": "which answer", "n": "how many, plus 1,000"},
    ),
    "pulse_texts": Kept(
        "one line that somebody added",
        "shown to the team when enough people wrote one",
        "until the survey closes",
        {"pulse": "number of the survey", "place": "random, so that the order says nothing", "words": "the line"},
    ),
    "pulse_results": Kept(
        "what was published about one question",
        "what changed since last time",
        _TEAM,
        {"pulse": "number of the survey", "question": "which", "result": "in coarse words, no counts"},
    ),
    "frictions": Kept(
        "one process flaw that somebody reported, without a name",
        "so that it can be mended, and what that changed be seen",
        _TEAM,
        {
            "id": "random",
            "team": _OF_TEAM,
            "topic": "kind of flaw",
            "words": "as it was typed into the form",
            "measure": "what mending it should move",
            "shown": "the day from which the team sees it, drawn at random",
            "state": "open, looking or fixed",
            "changed": "the day of its last change",
        },
    ),
    "pledges": Kept(
        "where a team lets freed hours go",
        "to see whether it came so",
        _TEAM,
        {"team": _OF_TEAM, "goes": "buffer, learning, …", "words": "as it was typed", "since": "the day"},
    ),
    "gains": Kept(
        "one improvement of a team",
        "whether it lasts, and where its hours went",
        _TEAM,
        {
            "id": _ID,
            "team": _OF_TEAM,
            "title": "as it was typed",
            "hours": "freed a week, as the team estimates",
            "goes": "where they go",
            "depends": "what it stands on, as it was typed",
            "measure": "what it should move",
            "began": "the day",
            "people": "the team's capacity then, hours a week; empty in a team of one or two",
            "stood": "the day on which the team last said that it still stands",
            "ended": "the day since which it no longer stands",
            "form": "a random word of the form, so that a form sent twice is one gain",
        },
    ),
    "gain_checks": Kept(
        "one look at a gain",
        "told once at 4, 8, 13, 26 and 52 weeks",
        _TEAM,
        {"gain": "its number", "weeks": "how long after; 0: before", "day": "when", "found": "the team's figures then"},
    ),
    "solved": Kept(
        "how many requesters gave an answer in a week; whoever runs Headroom and copies the file again and again while "
        "few questions are out could match an answer to who was asked",
        "whether what is done is solved",
        _TEAM,
        {"team": _OF_TEAM, "week": "its Monday", "choice": "yes, partly or no", "n": "how many"},
    ),
    "solved_asked": Kept(
        "how often somebody was asked this month",
        "not to ask anybody too often",
        "as long as the month's secret",
        {
            "workspace": _WORKSPACE,
            "month": "the month",
            "person": "a keyed hash of the Slack user id",
            "n": "how often",
        },
    ),
    "solved_used": Kept(
        "one answer button that was used, by a hash of its random token",
        "so that a double click counts once",
        f"{LIVE_BEFORE} months after its month",
        {"mark": "the hash", "month": "the month"},
    ),
    "accesses": Kept(
        "how often the operator looked at something on a day",
        "the access log of the agreement",
        "always",
        {"day": "the day", "what": "which command", "n": "how often"},
    ),
    "plans": Kept(
        "one known peak",
        "so that it is no drift, and the forecast is set beside the fact",
        _TEAM,
        {
            "id": _ID,
            "team": _OF_TEAM,
            "since": "first day",
            "until": "last day",
            "demand": "share of requests that come on top",
            "made": "when it was noted",
            "predicted": "the team's figures as predicted",
        },
    ),
    "changes": Kept(
        "one dated change that a team marked",
        "before and after are compared",
        _TEAM,
        {
            "id": _ID,
            "team": _OF_TEAM,
            "day": "the day",
            "title": "as it was typed",
        },
    ),
    "shrinks": Kept(
        "one time a team became smaller",
        "what was predicted is set beside what came",
        _TEAM,
        {
            "team": _OF_TEAM,
            "day": "since when",
            "hours_before": "the team's hours a week before",
            "hours_after": "and after",
            "predicted": "the team's figures as predicted",
        },
    ),
    "links": Kept(
        "work goes on from one queue to another",
        "end-to-end time and the bottleneck",
        _TEAM,
        {
            "upstream": "number of the first channel",
            "downstream": "number of the next",
            "agreed": "whose lead agreed that both read what holds work up and what is finished: first, next or both",
        },
    ),
    "interruption_channels": Kept(
        "one channel named by a team, where mentions of the team count as interruptions",
        "focus",
        _TEAM,
        {
            "team": _OF_TEAM,
            "workspace": _WORKSPACE,
            "channel": "Slack id of the channel",
            "post": "key of the announcement there, before which nothing is counted",
            "until": "since when nothing is counted there any more",
        },
    ),
    "interruptions": Kept(
        "five minutes in which a team was interrupted",
        "focus",
        f"{MONTHS} months",
        {"team": _OF_TEAM, "slot": "which five minutes", "source": "mentioned, or said by somebody; never who"},
    ),
    "alertings": Kept(
        "how early a team wants to be warned",
        "alerts",
        _TEAM,
        {"team": _OF_TEAM, "choice": "earlier, as usual, or quieter"},
    ),
    "equations": Kept(
        "what efficiency means to a team",
        "outcomes beside their guards",
        _TEAM,
        {
            "team": _OF_TEAM,
            "outcome": "which outcome counts",
            "hourly_cost": "if given",
            "currency": "of the cost",
        },
    ),
}
