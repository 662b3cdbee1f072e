"""One way to not know: a figure or why there is none, told apart also where the figure is 0."""

from bot.health.results import Estimate, Guarded, Unknown, or_none, or_why


def test_a_figure_that_is_not_known_is_false_and_one_of_zero_is_told_apart() -> None:
    """A record is there or not by its truth; of a number, 0 is known and `Unknown` is not."""
    assert not Unknown("too few")
    assert Estimate(0.0, 0.0, 0.0)
    assert or_none(0.0) == 0.0
    assert or_none(Unknown("too few")) is None
    assert or_why(0.0, "too few") == 0.0
    assert or_why(None, "too few") == Unknown("too few")


def test_what_follows_from_an_unknown_has_its_reason() -> None:
    """Whether speed was paid for is not known for the reason that throughput is not."""
    assert Guarded.unknown("too early").false_efficiency == Unknown("too early")
