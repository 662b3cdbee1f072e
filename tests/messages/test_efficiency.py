"""The efficiency equation in words: nothing is said three times, and done is never said alone."""

from dataclasses import replace

from bot.health.results import Quality, Unknown
from bot.health.theory.posterior import wilson
from bot.messages.efficiency import efficiency_message
from tests.messages.script_efficiency import FEW, KNOWN, NEW, check

SHOWN = {"team_id": 1, "currency": "", "lead": True}


def test_one_reason_is_given_once() -> None:
    """A new team reads all three names with the one reason, and what came back where the guards have no past yet."""
    a = replace(check(guards={}), quality=Quality(reopen=wilson(2, 100)))
    said = efficiency_message(a, NEW, "Deal desk", **SHOWN).text  # type: ignore[arg-type]
    assert said.count(FEW) == 1
    for name in ("Good outcomes", "cost", "cycle time"):
        assert name in said
    assert "2% (1–7%) came back" in said


def test_two_reasons_are_both_given() -> None:
    """Where only the cycle time is not known, the others keep their figures."""
    partly = replace(KNOWN, cycle=Unknown(FEW))
    said = efficiency_message(check(), partly, "Deal desk", **SHOWN).text  # type: ignore[arg-type]
    assert f"Cycle time: not known, {FEW}" in said
    assert "0.14 (0.12–0.16)" in said
