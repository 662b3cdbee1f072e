"""The schema, step by step. A step that has landed is never edited; a change is a new step at the end."""

from sqlite_utils import Database as Tables
from sqlite_utils import Migrations

migrations = Migrations("headroom")

FIRST = """
create table teams (
    id integer primary key,
    workspace text not null,            -- Slack's team_id; 'import' for imported teams
    name text not null,
    preset text not null default 'support',
    tz text not null default 'UTC',
    hours text not null default 'Mon-Fri 09:00-17:00',
    country text,
    hands_on_minutes real,
    hands_on_given integer not null default 0,
    target_wait_hours real,
    unseen_share real not null default 0,
    usually_away real not null default 0,
    share real not null default 1,      -- of working time, for people without one of their own
    other_apps text not null default 'ignore' check (other_apps in ('ignore', 'request')),
    language text not null default 'en',
    lead text,                          -- Slack user id
    team_channel text,                  -- where load may be told
    user_group text,                    -- Slack user group followed for the roster
    history_days integer not null default 0,  -- how much past was asked for at set-up
    announced integer,                  -- Unix seconds at which the queue was told what is kept
    basis text,                         -- the basis in use
    unique (workspace, name)
) strict;
create table queues (
    id integer primary key,
    team integer not null references teams(id) on delete cascade,
    workspace text not null,
    channel text not null,              -- Slack channel id; an import's queue name
    watermark integer not null default 0,   -- microseconds: read completely up to here
    cursor integer not null default 0,      -- root reached, newest first; later the newest reply read
    threads text not null default 'none' check (threads in ('none', 'reading', 'read', 'refused')),
    gone text,                          -- why it can no longer be read
    unique (workspace, channel)
) strict;
create table people (
    id integer primary key,
    team integer not null references teams(id) on delete cascade,
    person text not null,               -- Slack user id, or the id of an imported log
    since text, until text,             -- ISO dates, inclusive, team time
    tz text, hours text, share real
) strict;
create index people_by_team on people(team);
create table absences (
    team integer not null references teams(id) on delete cascade,
    person text not null,
    day text not null,
    primary key (team, person, day)
) strict, without rowid;
create table emoji (
    team integer not null references teams(id) on delete cascade,
    name text not null,
    kind integer not null,
    primary key (team, name)
) strict, without rowid;
create table signals (
    id integer primary key autoincrement,   -- never used twice, or `derived.signal` would skip a new fact
    queue integer not null references queues(id) on delete cascade,
    request integer not null,
    message integer not null,
    kind integer not null,
    actor blob not null default x'',
    reacted integer not null default 0,
    at integer not null,                -- reacted, or the message's time
    undoes integer not null default 0
) strict;
create unique index signals_fact on signals(queue, message, kind, actor, reacted, undoes);
create index signals_at on signals(queue, at);
create index signals_request on signals(queue, request);
create table requests (
    queue integer not null references queues(id) on delete cascade,
    request integer not null,
    arrived integer not null,           -- microseconds, as all times here
    answered integer,                   -- first reply by a responder
    started integer,                    -- claim, else first reply
    done integer,                       -- last done
    last integer not null,              -- newest fact
    open integer not null,
    primary key (queue, request)
) strict, without rowid;
create index requests_open on requests(queue, open, arrived);
create table derived (only integer primary key check (only = 1), signal integer not null) strict;
insert into derived values (1, 0);
create table stale (                    -- requests whose older facts changed since they were derived
    queue integer not null references queues(id) on delete cascade,
    request integer not null,
    primary key (queue, request)
) strict, without rowid;
create table keys (
    workspace text not null,
    month text not null,                -- 2026-11; 'opt-out' and 'import' for the two that are kept
    secret blob not null,               -- empty once destroyed, so that it is not made anew
    primary key (workspace, month)
) strict, without rowid;
create table optouts (
    workspace text not null,
    person blob not null,               -- keyed hash
    primary key (workspace, person)
) strict, without rowid;
create table trust (                    -- counts changes of keys and optouts, so that nobody uses old ones
    only integer primary key check (only = 1),
    changes integer not null
) strict;
insert into trust values (1, 0);
create table coverage (
    id integer primary key,
    workspace text not null,
    since integer not null,             -- microseconds: connected from … to
    until integer not null
) strict;
create table weekly (
    team integer not null references teams(id) on delete cascade,
    week text not null,                 -- its Monday
    busy_hours real not null,           -- the team's, never a person's
    completed integer not null,
    primary key (team, week)
) strict, without rowid;
create table alerts (
    id integer primary key,
    team integer not null references teams(id) on delete cascade,
    at integer not null,                -- Unix seconds
    level integer not null,
    before integer not null,
    outbox text,                        -- key of the post, None for a silent change
    acknowledged integer
) strict;
create index alerts_by_team on alerts(team, at);
create table snoozes (
    team integer primary key references teams(id) on delete cascade,
    until integer not null
) strict;
create table outbox (
    key text primary key,               -- opaque
    team integer references teams(id) on delete cascade,
    workspace text not null,
    channel text not null,              -- a user id for a direct message
    direct integer not null default 0,
    thread text,
    body text not null,                 -- JSON: text, blocks, fallback
    not_before integer not null default 0,  -- Unix seconds
    state text not null default 'waiting'
        check (state in ('waiting', 'sending', 'sent', 'failed', 'unknown')),
    attempted integer,                  -- Unix seconds of the last attempt
    attempts integer not null default 0,
    ts text,                            -- Slack's, once known
    error text
) strict;
create index outbox_waiting on outbox(state, not_before);
create table due (
    job text not null,
    subject integer not null,           -- team or queue id; 0 for the whole installation
    at integer not null,                -- Unix seconds
    leased integer not null default 0,  -- nobody else may take it before this
    primary key (job, subject)
) strict, without rowid;
"""


@migrations()
def first(tables: Tables) -> None:
    """Everything the main job needs."""
    for statement in FIRST.split(";\n"):
        if statement.strip():
            tables.execute(statement)


SAID = """
create table said (                     -- told once, for as long as it is so
    team integer not null references teams(id) on delete cascade,
    about text not null,                -- opaque
    at integer not null,                -- Unix seconds
    primary key (team, about)
) strict, without rowid
"""


@migrations()
def said_once(tables: Tables) -> None:
    """What is amiss with a team (a lost channel, a lead who left) is said once."""
    tables.execute(SAID)


LOOKED_AT = """
create table apps (                     -- other apps that post in a team's queues, as set-up treats them
    team integer not null references teams(id) on delete cascade,
    bot text not null,                  -- Slack's bot_id
    name text not null,                 -- as it calls itself
    treat text not null check (treat in ('ignore', 'request')),
    primary key (team, bot)
) strict, without rowid;
create table permalinks (               -- captured requests that the lead looked at
    team integer not null references teams(id) on delete cascade,
    post blob not null,                 -- hash of the message, so that it counts once
    wrong integer not null check (wrong in (0, 1)),
    at integer not null,                -- Unix seconds
    primary key (team, post)
) strict, without rowid
"""


@migrations()
def second(tables: Tables) -> None:
    """Which other apps ask, and how many captured requests were none."""
    for statement in LOOKED_AT.split(";\n"):
        tables.execute(statement)


GUARDED = (
    "alter table outbox add column load integer not null default 0",  # only for responders and lead
    "alter table outbox add column hours integer not null default 0",  # only in the team's working hours
    "alter table outbox add column made integer not null default 0",  # Unix seconds
)


@migrations()
def guarded_posts(tables: Tables) -> None:
    """What is looked at once more when a post leaves: who would read it, and when."""
    for statement in GUARDED:
        tables.execute(statement)


PEOPLE = """
alter table outbox add column kind text not null default 'other';
alter table absences add column part real not null default 1 check (part > 0 and part <= 1);
alter table people add column grouped integer not null default 0 check (grouped in (0, 1));
create table rhythms (                  -- what a team wishes to be told and asked, and how often
    team integer primary key references teams(id) on delete cascade,
    digest text not null default 'weekly' check (digest in ('weekly', 'monthly', 'off')),
    digest_day integer not null default 0 check (digest_day between 0 and 6),  -- Monday is 0
    digest_minute integer not null default 540 check (digest_minute between 0 and 1439),  -- of the team's day
    pulse text not null default 'fortnightly' check (pulse in ('weekly', 'fortnightly', 'monthly', 'off')),
    pulse_reminder integer not null default 0 check (pulse_reminder in (0, 1)),
    solved integer not null default 1 check (solved in (0, 1)),      -- requesters are asked
    friction integer not null default 1 check (friction in (0, 1)),  -- process flaws may be reported
    gains integer not null default 1 check (gains in (0, 1)),        -- the ledger is kept
    since integer not null default 0    -- Unix seconds: a digest that was due before is not made up for
) strict;
create table digests (
    team integer not null references teams(id) on delete cascade,
    week text not null,                 -- the Monday it was told for
    key text not null,                  -- of the post; its copies' keys are made from it
    touched integer not null default 0, -- a button of it was pressed or its thread was answered; never by whom
    primary key (team, week)
) strict, without rowid;
create table touches (                  -- taps on what Headroom posted; never whose
    team integer not null references teams(id) on delete cascade,
    kind text not null,
    day text not null,
    taps integer not null,
    primary key (team, kind, day)
) strict, without rowid;
create table mutes (
    workspace text not null,
    person text not null,               -- Slack user id
    what text not null check (what in ('pulse', 'solved')),
    primary key (workspace, person, what)
) strict, without rowid;
create table promises (                 -- "We'll do …" under an alert
    alert integer primary key references alerts(id) on delete cascade,
    words text not null,
    review text not null,               -- the day on which it is looked at again
    followed integer not null default 0 check (followed in (0, 1))
) strict;
create table pulses (
    id integer primary key autoincrement,
    team integer not null references teams(id) on delete cascade,
    opened text not null,               -- a day
    closes integer not null,            -- Unix seconds
    questions text not null,            -- JSON list of question keys
    floor integer not null,             -- answers below which nothing is shown
    salt blob not null,                 -- empty once closed
    state text not null default 'open' check (state in ('open', 'closed'))
) strict;
create index pulses_by_team on pulses(team, id);
create table pulse_invited (            -- who was asked, never who answered; for the rule on differences
    pulse integer not null references pulses(id) on delete cascade,
    person text not null,
    primary key (pulse, person)
) strict, without rowid;
create table pulse_used (               -- salted hashes of the one-time tokens that were used; dropped at closing
    pulse integer not null references pulses(id) on delete cascade,
    mark blob not null,
    primary key (pulse, mark)
) strict, without rowid;
create table pulse_counts (             -- answers as counts alone; dropped at closing
    pulse integer not null references pulses(id) on delete cascade,
    question text not null,
    choice integer not null,
    n integer not null,                 -- 1,000 more than that: a row is then always as long
    primary key (pulse, question, choice)
) strict, without rowid;
create table pulse_texts (              -- dropped at closing
    pulse integer not null references pulses(id) on delete cascade,
    place blob not null,                -- random, so that the order says nothing
    words text not null,
    primary key (pulse, place)
) strict, without rowid;
create table pulse_results (            -- what was published, in coarse words
    pulse integer not null references pulses(id) on delete cascade,
    question text not null,
    result text not null,               -- JSON
    primary key (pulse, question)
) strict, without rowid;
create table frictions (
    id integer primary key,             -- random, so that the order says nothing
    team integer not null references teams(id) on delete cascade,
    topic text not null,
    words text not null,
    measure text not null,              -- which it should move once mended
    shown text not null,                -- the day from which the team sees it, drawn at random
    state text not null default 'open' check (state in ('open', 'looking', 'fixed')),
    changed text                        -- the day of its last change of state
) strict;
create index frictions_by_team on frictions(team, topic);
create table pledges (
    team integer primary key references teams(id) on delete cascade,
    goes text not null,                 -- where freed hours go
    words text not null,
    since text not null                 -- a day
) strict;
create table gains (
    id integer primary key autoincrement,
    team integer not null references teams(id) on delete cascade,
    title text not null,
    hours real not null,                -- freed a week, as the team estimates
    goes text not null check (goes in ('buffer', 'learning', 'better_work', 'more_volume')),
    depends text not null default '',   -- what it stands on
    measure text not null,              -- which it should move
    began text not null,                -- a day
    people real,                        -- capacity when it began, person-hours a week; none in a team of one or two
    stood text,                         -- the day on which the team last said that it still stands
    ended text,                         -- the day since which it no longer stands
    form text not null,                 -- a random word of the form, so that a form sent twice is one gain
    unique (team, form)
) strict;
create table gain_checks (
    gain integer not null references gains(id) on delete cascade,
    weeks integer not null,             -- 4, 8, 13, 26 or 52 after it began; 0: the weeks before it
    day text not null,                  -- looked at
    found text not null,                -- JSON
    primary key (gain, weeks)
) strict, without rowid;
create table solved (                   -- "did this solve it?", as counts alone
    team integer not null references teams(id) on delete cascade,
    week text not null,                 -- its Monday
    choice integer not null,
    n integer not null,
    primary key (team, week, choice)
) strict, without rowid;
create table solved_asked (             -- how often somebody was asked this month
    workspace text not null,
    month text not null,
    person blob not null,               -- keyed hash, with the month's secret
    n integer not null,
    primary key (workspace, month, person)
) strict, without rowid;
create table solved_used (              -- one-time tokens that were used
    mark blob primary key,
    month text not null
) strict, without rowid;
create table accesses (                 -- how often the operator looked at something
    day text not null,
    what text not null,
    n integer not null,
    primary key (day, what)
) strict, without rowid
"""


@migrations()
def people(tables: Tables) -> None:
    """Pulse, digest, gains, frictions, half days away, the requester's answer, and quiet by design."""
    for statement in PEOPLE.split(";\n"):
        tables.execute(statement)


FORESIGHT = """
create table plans (                    -- known peaks, so that they are no drift
    id integer primary key autoincrement,
    team integer not null references teams(id) on delete cascade,
    since text not null,                -- first day
    until text not null,                -- last day
    demand real not null,               -- share of demand that comes on top; .4 is 40% more
    made text not null,                 -- a day
    predicted text not null default '{}'  -- JSON: what was said
) strict;
create index plans_by_team on plans(team, since);
create table changes (                  -- dated changes that the team marked
    id integer primary key autoincrement,
    team integer not null references teams(id) on delete cascade,
    day text not null,
    title text not null,
    unique (team, day, title)
) strict;
create table shrinks (                  -- fewer people than before: prediction beside fact for 13 digests
    team integer not null references teams(id) on delete cascade,
    day text not null,
    hours_before real not null,         -- person-hours a week
    hours_after real not null,
    predicted text not null,            -- JSON
    primary key (team, day)
) strict, without rowid;
create table links (                    -- work goes on from one queue to the next
    upstream integer not null references queues(id) on delete cascade,
    downstream integer not null references queues(id) on delete cascade,
    agreed integer not null default 0,  -- whose lead agreed to share load: 1 the first one's, 2 the next one's, 3 both
    primary key (upstream, downstream)
) strict, without rowid;
create table interruption_channels (    -- named by the team; only mentions of the team are counted there
    team integer not null references teams(id) on delete cascade,
    workspace text not null,
    channel text not null,
    post text not null,                 -- key of the announcement: nothing is counted before it stands
    until integer,                      -- Unix second since which nothing is counted there any more
    primary key (team, channel)
) strict, without rowid;
create table interruptions (            -- five minutes in which the team was interrupted; never who
    team integer not null references teams(id) on delete cascade,
    slot integer not null,              -- Unix seconds ÷ 300
    source text not null check (source in ('mention', 'said')),
    primary key (team, slot, source)
) strict, without rowid;
create table alertings (                -- how early a team wants to be warned; no row: as usual
    team integer primary key references teams(id) on delete cascade,
    choice text not null check (choice in ('earlier', 'usual', 'quieter'))
) strict;
create table equations (                -- what efficiency means to a team
    team integer primary key references teams(id) on delete cascade,
    outcome text not null default 'done_not_reopened',
    hourly_cost real,                   -- in the team's currency; None: not given
    currency text not null default ''
) strict
"""


@migrations()
def foresight(tables: Tables) -> None:
    """Known peaks, dated changes, fewer people, linked queues, interruptions, and what efficiency means to a team."""
    for statement in FORESIGHT.split(";\n"):
        tables.execute(statement)


WORDS_FROM_OUTSIDE = """
update queues set gone = null where gone not in (  -- asked again at the next start, and noted anew where it is so
    'the bot was removed from the channel', 'the channel was archived', 'not named at set-up', 'forgotten');
update outbox set error = 'no_word' where error like 'Received a response in a non-JSON format%'
"""


@migrations()
def no_words_from_outside(tables: Tables) -> None:
    """An answer that was no JSON, with words of people in it, could stand where a queue says why it is not heard.

    A step rather than the next daily look: the words must go also where no look comes, and a queue that an odd answer
    made deaf is heard from the first start on. Slack's own words go with them; whoever is refused again is noted.
    """
    for statement in WORDS_FROM_OUTSIDE.split(";\n"):
        tables.execute(statement)


TOLD_LEVELS = """
create table levels (                   -- how a team stood, as it was told: never rewritten
    team integer not null references teams(id) on delete cascade,
    at integer not null,                -- Unix seconds
    level integer not null,             -- bot.health.results.Level
    began integer not null,             -- Unix second of the first day of that level without a break
    grounds text not null,              -- what it rests on, words of bot.health.results.Ground
    evidence text not null,             -- JSON: the figures behind it
    calm text not null,                 -- JSON: what they were held against
    primary key (team, at)
) strict, without rowid
"""


@migrations()
def told_levels(tables: Tables) -> None:
    """A level that was told stands, whatever becomes known of its day later."""
    tables.execute(TOLD_LEVELS)


@migrations()
def from_the_first(tables: Tables) -> None:
    """Posts are one request within five minutes of the first, no longer of the one before: derived anew, bit by bit.

    From here on it is also written down which posts were one request when their authors are forgotten, which an older
    Headroom cannot read.
    """
    tables.execute("update derived set signal = 0")


@migrations()
def written_after_done(tables: Tables) -> None:
    """Who writes again after ✅ and does not thank reopened the request: derived anew, bit by bit.

    An older Headroom cannot read the kind of fact that says no more than "ok".
    """
    tables.execute("update derived set signal = 0")
