"""What is kept: docs/privacy.md, made from the schema and the manifest.

Each table and column is described once, in `columns`. `text` refuses to speak of a schema that has a column nobody
described, so a new column comes with its sentence or not at all.
"""

from collections.abc import Iterator, Mapping, Sequence

from bot.manifest import OPTIONAL, SCOPES, Trust, scopes
from bot.privacy.columns import KEPT
from storage import schema
from storage.keys import LIVE_BEFORE
from storage.retention import MONTHS

_NEVER = (
    "**The text of a message, or a file.** Text is looked at in memory to tell a request, a question for news and a "
    "thank-you apart, and dropped there; no column can hold it, and the log does not carry it.",
    "**A figure about one person.** No function takes a person and returns a figure. In a team of one or two even "
    "the team's utilization is not computed, because it would be a person's.",
    "**Names, addresses, pictures, status, presence.** A person is a Slack id where a roster, a lead or a direct "
    "message needs one, and a pseudonym elsewhere.",
    "**Direct messages, and channels that no team set up or named.** Not read, not counted. In a channel named for "
    "interruptions only the five minutes are kept in which a team was mentioned: no person, no message.",
    "**Anything from before set-up that nobody asked for.** The channel is told first; reading the past is a choice.",
    "**Anything to anybody else.** No telemetry: the bot talks to Slack and to nobody.",
)

_REMOVAL = (
    "**Your own traces:** `/headroom trust`, *Remove my traces*. Your pseudonym is emptied in every fact of every "
    "month whose secret still lives (older ones are empty already), and in imported exports. A keyed hash of your id "
    "stays, so that no event, no reading back and no import of an export makes a new one. The times stay, and which "
    "posts were one request (what somebody posts within five minutes is one), with nobody attached. Your days away, "
    "your wishes not to be asked, and to whom messages of this bot went are deleted; whoever removed their traces is "
    "asked nothing any more. In the list of who was asked to a pulse a random word takes the place of your id, since "
    "the rule against reading single answers from two results needs the number. If you are on a roster you stay there "
    "until the lead takes you off with `/headroom setup`.",
    "**What is kept of you:** `/headroom trust`, *What is kept of me*, shows it to you alone, as text to copy: a file "
    "would need the scope `files:write`, which is not asked for. Nobody can look up somebody else: no lead, no admin, "
    "no command of the operator.",
    "**A team:** `headroom forget --team NAME`. Every row below that carries its number goes.",
    "**The workspace:** uninstall the app. All its teams, keys, objections and posts go.",
    f"**By itself:** every day, facts older than {MONTHS} months go; {LIVE_BEFORE} months after a month has ended its "
    "actors are emptied and its secret is destroyed; which posts were one request stays noted, not whose. Deleted rows "
    "are overwritten in the file (`secure_delete`).",
    "**Backups** are copies that the operator made; what they hold goes when they do.",
)

_HONEST = (
    "Until a month's secret is destroyed, whoever can read the database file could compute a person's pseudonym "
    "from the Slack id and the secret, and so find that person's facts of that month. The file is readable for its "
    "owner alone. After that nobody can. Imported logs have one secret of their own, which stays: forget the team "
    "when its history has served."
)


def text() -> str:
    """docs/privacy.md, whole.

    Raises:
        LookupError: A table or column that nobody described, or one described that is not there.
    """
    return "\n".join(_lines()).rstrip("\n") + "\n"


def _lines() -> Iterator[str]:
    yield "# What is kept\n"
    yield "<!-- Made by bot/privacy/page.py from the schema and the manifest; a test compares them. -->\n"
    yield "For everybody whose messages pass a channel that Headroom listens to, and whoever has to approve it."
    yield "Inside Slack the same is told by `/headroom trust`.\n"
    yield from sections()


def sections() -> Iterator[str]:
    """What is never kept, how removal works, what Slack lets it hear, and every table and column.

    Raises:
        LookupError: A table or column that nobody described, or one described that is not there.
    """
    tables = schema.columns()
    _agree(tables)
    yield from ("## Never kept\n", *bullets(_NEVER))
    yield from ("## How removal works\n", *bullets(_REMOVAL))
    yield from ("## What a pseudonym can and cannot do\n", f"{_HONEST}\n")
    yield from ("## What Slack lets it hear\n", *_scopes())
    yield from (
        "## Every table and column\n",
        "One SQLite file; the running bot writes to no other. Times are Unix time.\n",
    )
    for name in KEPT:
        yield from _table(name, tables[name])


def _agree(tables: Mapping[str, Sequence[str]]) -> None:
    there = {(table, column) for table, columns in tables.items() for column in columns}
    described = {(table, column) for table, kept in KEPT.items() for column in kept.columns}
    if there != described:
        wrong = ", ".join(f"{table}.{column}" for table, column in sorted(there ^ described))
        raise LookupError(f"describe in bot/privacy/columns.py what is kept, no more and no less: {wrong}")


def _scopes() -> Iterator[str]:
    yield "A team chooses how much at installation, by the manifest it uses (`headroom manifest --…`).\n"
    yield from row("scope", *(f"`--{trust.value}`" for trust in Trust), "for")
    yield from row(*["---"] * (len(Trust) + 2))
    for name, _, reason in SCOPES:
        asked = "if you like" if name in OPTIONAL else "yes"
        yield from row(f"`{name}`", *(asked if name in scopes(trust) else "–" for trust in Trust), reason)
    yield ""


def _table(name: str, columns: Sequence[str]) -> Iterator[str]:
    kept = KEPT[name]
    yield f"### `{name}`\n"
    yield f"{_capital(kept.what)}. **Why:** {kept.why}. **How long:** {kept.until}.\n"
    yield from row("column", "holds")
    yield from row("---", "---")
    for column in columns:
        yield from row(f"`{column}`", kept.columns[column])
    yield ""


def row(*cells: str) -> Iterator[str]:
    """A row of a table."""
    yield f"| {' | '.join(cells)} |"


def bullets(sentences: Sequence[str]) -> Iterator[str]:
    """A list, and an empty line."""
    yield from (f"- {sentence}" for sentence in sentences)
    yield ""


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
