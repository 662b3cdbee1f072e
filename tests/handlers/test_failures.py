"""What the log and the person learn when a listener fails."""

import pytest
from slack_sdk.errors import SlackApiError

from bot.errors import BadInputError
from bot.messages import actions
from bot.messages.setup import SetupDraft
from bot.slack import SlackUnknownError
from handlers.failures import SLACK_REFUSED, TOO_LATE, UNEXPECTED, place, sentence
from handlers.setup_form import read


def refusal(word: str) -> SlackApiError:
    return SlackApiError("xoxb-secret", {"error": word})  # type: ignore[no-untyped-call]  # slack_sdk leaves it bare


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BadInputError("tz", "Mars", "write Europe/Berlin"), "tz is 'Mars': write Europe/Berlin"),
        (refusal("expired_trigger_id"), TOO_LATE),
        (refusal("fatal_error"), SLACK_REFUSED),
        (SlackUnknownError("TimeoutError"), SLACK_REFUSED),
        (RuntimeError("somebody's words"), UNEXPECTED),
    ],
)
def test_people_read_our_sentences_only(error: Exception, said: str) -> None:
    """Errors of ours are shown as they are; of all others neither word nor token."""
    assert str(sentence(error)) == said


def test_the_place_is_in_our_own_code() -> None:
    """The innermost frame of ours is named, with file and line; libraries below it are not."""
    with pytest.raises(KeyError) as caught:
        read(SetupDraft(), {actions.NAME: {}})
    assert place(caught.value).startswith("setup_form.py:")
    assert place(RuntimeError()) == "an unknown place"
