"""What a team wishes to be told and asked, and how often."""

from dataclasses import dataclass

from storage.database import Database

DIGEST = ("weekly", "monthly", "off")
"""How often a team may be told how its week went."""

PULSE = ("weekly", "fortnightly", "monthly", "off")
"""How often a team may be asked."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What a team wishes; as built, what holds until it says otherwise.

    Attributes:
        digest: One of `DIGEST`.
        digest_day: Weekday of the digest, Monday 0.
        digest_minute: Minute of the team's day at which it is posted.
        pulse: One of `PULSE`.
        pulse_reminder: The pulse is followed by one reminder to everyone.
        solved: Requesters are asked whether a done request was solved.
        friction: Process flaws may be reported.
        gains: The ledger of gains is kept.
        since: Unix second of the last change of the digest: one that was due before is not made up for.
    """

    digest: str = "weekly"
    digest_day: int = 0
    digest_minute: int = 540
    pulse: str = "fortnightly"
    pulse_reminder: bool = False
    solved: bool = True
    friction: bool = True
    gains: bool = True
    since: int = 0

    def __post_init__(self) -> None:
        """Refuse what no team can wish for.

        Raises:
            ValueError: Naming the field and its value.
        """
        for name, value, right in (
            ("digest", self.digest, self.digest in DIGEST),
            ("digest_day", self.digest_day, 0 <= self.digest_day <= 6),
            ("digest_minute", self.digest_minute, 0 <= self.digest_minute < 1440),
            ("pulse", self.pulse, self.pulse in PULSE),
        ):
            if not right:
                raise ValueError(f"{name} cannot be {value!r}")


_SWITCHES = ("pulse_reminder", "solved", "friction", "gains")
_COLUMNS = ("digest", "digest_day", "digest_minute", "pulse", "since", *_SWITCHES)


def get(db: Database, team: int) -> Rhythm:
    """What a team wishes; the defaults when it never said."""
    row = db.read(f"select {', '.join(_COLUMNS)} from rhythms where team = ?", (int(team),)).fetchone()
    if row is None:
        return Rhythm()
    said = dict(zip(_COLUMNS, row, strict=True))
    return Rhythm(**{**said, **{name: bool(said[name]) for name in _SWITCHES}})


def save(db: Database, team: int, rhythm: Rhythm) -> None:
    """Keep what a team wishes, in place of what it wished before."""
    values = (getattr(rhythm, name) for name in _COLUMNS)
    with db.write() as connection:
        connection.execute(
            f"insert or replace into rhythms (team, {', '.join(_COLUMNS)}) values (?{', ?' * len(_COLUMNS)})",
            (int(team), *(int(value) if isinstance(value, bool) else value for value in values)),
        )
