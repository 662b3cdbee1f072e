"""Who works in the demo's workspace, and what they ask for."""

from dataclasses import dataclass

TZ = "Europe/Berlin"
HOURS = "Mon-Fri 09:00-17:00"
NOW = "2026-03-11T10:00:00+01:00"
"""When the demo plays: a Wednesday, 10:00 in Berlin, no public holiday in the eight weeks before."""

WEEKS = 8


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk of the demo.

    Attributes:
        name: The team's name.
        preset: Key of its preset.
        queue: Id and name of the channel where requests arrive.
        team: Id and name of the team's own channel.
        people: User ids of those who answer; the first one leads.
        load: Planned utilization, week by week.
        service_hours: Mean hands-on time of one request.
        asks: What people ask for.
    """

    name: str
    preset: str
    queue: tuple[str, str]
    team: tuple[str, str]
    people: tuple[str, ...]
    load: tuple[float, ...]
    service_hours: float
    asks: tuple[str, ...]


PEOPLE = {
    "U0LENA": "Lena Vogt",
    "U0TOMAS": "Tomás Rivas",
    "U0AISHA": "Aisha Bello",
    "U0KENJI": "Kenji Mori",
    "U0MARTA": "Marta Nowak",
    "U0OMAR": "Omar Haddad",
    "U0INGRID": "Ingrid Solberg",
    "U0PRIYA": "Priya Raman",
    "U0LUCAS": "Lucas Meyer",
    "U0CHLOE": "Chloé Martin",
}
SELLERS = {
    "U0SAM": "Sam Carter",
    "U0NINA": "Nina Petrova",
    "U0DIEGO": "Diego Alves",
    "U0HANA": "Hana Kim",
    "U0JONAS": "Jonas Weber",
    "U0FATIMA": "Fatima Zahra",
    "U0ERIK": "Erik Lund",
    "U0GRACE": "Grace Okafor",
}

ENABLEMENT = Desk(
    name="Enablement desk",
    preset="enablement",
    queue=("C0ENABLE", "ask-enablement"),
    team=("G0ENABLE", "team-enablement"),
    people=("U0LENA", "U0TOMAS", "U0AISHA", "U0KENJI", "U0MARTA"),
    load=(0.60, 0.62, 0.66, 0.74, 0.88, 1.02, 1.12, 1.18),
    service_hours=2.0,
    asks=(
        "Content tweak: can slide 7 of the pricing deck use the new tiers?",
        "Deck review please, customer call on Thursday. Draft is in the shared folder.",
        "Onboarding ask: two new account executives start Monday, which path should they take?",
        "Certification coaching: could someone run me through the negotiation module?",
        "Could we get the one-pager in French? Prospect asked this morning.",
        "Battlecard looks out of date on integrations, who can update it?",
        "Deck review: discovery slides for the public sector team.",
        "Content tweak: logo wall needs the new reference customers.",
        "Certification coaching for three people before the quarter closes, any slots?",
        "Onboarding ask: what is the latest demo script for partners?",
    ),
)
DEAL_DESK = Desk(
    name="Deal desk",
    preset="deal-desk",
    queue=("C0DEALS", "ask-deal-desk"),
    team=("G0DEALS", "team-deal-desk"),
    people=("U0OMAR", "U0INGRID", "U0PRIYA", "U0LUCAS", "U0CHLOE"),
    load=(0.52, 0.50, 0.53, 0.51, 0.52, 0.50, 0.53, 0.51),
    service_hours=1.6,
    asks=(
        "Approval please: 12% discount on a two-year renewal.",
        "Non-standard payment terms, 60 days instead of 30. OK?",
        "Can we add a ramp to the order form? Draft attached to the opportunity.",
        "Customer wants their own paper for the order form, how do we proceed?",
        "Approval for a pilot at list price, three months.",
        "Which legal entity signs for a customer in Norway?",
    ),
)
DESKS = (ENABLEMENT, DEAL_DESK)

BEGINNINGS = ("On it.", "Looking at this now.", "Taking this one.", "Got it, starting now.")
MIDDLES = ("Quick question: which region is this for?", "First draft is up, have a look.", "Halfway through.")
ENDS = ("Done, link is in the folder.", "All set, have a look.", "Finished, shout if anything is off.")
THANKS = ("Thank you!", "Thanks, perfect.", "Great, thanks a lot!")
CHASES = ("Any update on this?", "Still waiting on this one, any news?")
