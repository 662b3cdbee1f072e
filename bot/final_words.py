"""Which of Slack's words of refusal are final, of what, and where Slack says so.

Each method's page lists its errors, and says that "other errors can be returned in the case where the service is down
or other unexpected factors affect processing" (https://docs.slack.dev/reference/methods/conversations.history#errors).
So a reading call that is refused by a word which is not here has learned nothing, ends nothing, and is made again.
"""

from collections.abc import Mapping
from enum import Enum


class Ends(Enum):
    """What a final refusal is the end of, until a person changes something."""

    TOKEN = "all calls with this token"  # noqa: S105  # no secret
    SCOPE = "this kind of call with this token; what comes as an event is still heard"
    CHANNEL = "everything in that channel"
    MESSAGE = "that message or thread alone"
    PERSON = "that account"
    GROUP = "that user group"


ANY: Mapping[str, tuple[Ends, str]] = {
    "not_authed": (Ends.TOKEN, "no token came along"),
    "invalid_auth": (Ends.TOKEN, "the token is none, or may not be used from this address"),
    "account_inactive": (Ends.TOKEN, "the token's account or workspace was deleted"),
    "token_revoked": (Ends.TOKEN, "the app was removed"),
    "token_expired": (Ends.TOKEN, "the token has expired"),
    "not_allowed_token_type": (Ends.TOKEN, "a token of another kind is asked for"),
    "no_permission": (Ends.TOKEN, "the token lacks the permissions"),
    "access_denied": (Ends.TOKEN, "access is denied"),
    "team_access_not_granted": (Ends.TOKEN, "the token has no access to this workspace"),
    "two_factor_setup_required": (Ends.TOKEN, "the workspace asks for a second factor first"),
    "missing_scope": (Ends.SCOPE, "the token was not granted the scope"),
}
"""In the table of errors on every method's page, such as
https://docs.slack.dev/reference/methods/users.info#errors ."""

_NO_CHANNEL = {"channel_not_found": (Ends.CHANNEL, "the token sees no channel of that id")}
_WRONG_KIND = {"method_not_supported_for_channel_type": (Ends.SCOPE, "such a channel has none of it")}

OF: Mapping[str, Mapping[str, tuple[Ends, str]]] = {
    # https://docs.slack.dev/reference/methods/conversations.history#errors
    "conversations.history": {
        **_NO_CHANNEL,
        "not_in_channel": (Ends.CHANNEL, "the bot is not in it"),
        "channel_is_limited_access": (Ends.CHANNEL, "the bot has no access to it"),
        "restricted_action": (Ends.SCOPE, "the bot has no permission to do so"),
    },
    # https://docs.slack.dev/reference/methods/conversations.replies#errors
    "conversations.replies": {
        **_NO_CHANNEL,
        **_WRONG_KIND,
        "thread_not_found": (Ends.MESSAGE, "no message has that `ts`"),
    },
    # https://docs.slack.dev/reference/methods/conversations.info#errors
    "conversations.info": _NO_CHANNEL,
    # https://docs.slack.dev/reference/methods/conversations.members#errors
    "conversations.members": {**_NO_CHANNEL, **_WRONG_KIND},
    # https://docs.slack.dev/reference/methods/users.info#errors
    "users.info": {
        "user_not_found": (Ends.PERSON, "nobody has that id"),
        "user_not_visible": (Ends.PERSON, "the bot may not see that person"),
    },
    # https://docs.slack.dev/reference/methods/usergroups.users.list#errors
    "usergroups.users.list": {
        "no_such_subteam": (Ends.GROUP, "no group has that id"),
        "plan_upgrade_required": (Ends.GROUP, "the workspace's plan has no groups"),
        "permission_denied": (Ends.SCOPE, "the bot may not read groups"),
    },
    # https://docs.slack.dev/reference/methods/chat.getPermalink#errors
    "chat.getPermalink": {**_NO_CHANNEL, "message_not_found": (Ends.MESSAGE, "no message has that `ts`")},
}
"""Reading method → word → what it ends, and why."""

LIMITED = frozenset({"ratelimited", "rate_limited"})
"""Too many calls: https://docs.slack.dev/apis/web-api/rate-limits and
https://docs.slack.dev/reference/methods/chat.postMessage#errors ."""

MAYBE_DONE = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
"""Something broke, and what was asked for may have been done: https://docs.slack.dev/reference/methods/chat.postMessage
says so of the first two."""

PASSING = frozenset({"team_added_to_org", "org_login_required"})
"""The workspace is being moved into an organization: "intermittently unavailable until the transition is complete"
(the same page). Nothing was done."""


def ended_by(method: str, word: str) -> Ends | None:
    """What a refusal of a reading method is the end of; None: of nothing that Slack would have defined."""
    found = OF.get(method, {}).get(word) or ANY.get(word)
    return None if found is None else found[0]
