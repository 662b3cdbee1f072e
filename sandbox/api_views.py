"""views.* methods. Source: https://docs.slack.dev/reference/methods/views.open/ ."""

from sandbox import views
from sandbox.config import Json, SlackError
from sandbox.ratelimits import TIER_4
from sandbox.records import View
from sandbox.webapi import Call, Method


def _body(call: Call, kind: str) -> Json:
    return views.checked_view(call.sandbox, call.structure("view", "invalid_arguments"), kind)


def _answer(call: Call, view: View) -> Json:
    return {"view": views.shown(call.sandbox, view)}


async def open_view(call: Call) -> Json:
    """views.open: the trigger id is used up, whatever comes of it."""
    body = _body(call, "modal")
    user, _ = call.sandbox.triggers.redeem(call.required("trigger_id"))
    return _answer(call, views.open_modal(call.sandbox, user, body))


async def push_view(call: Call) -> Json:
    """views.push: only with a trigger id that came from an open modal."""
    body = _body(call, "modal")
    user, view_id = call.sandbox.triggers.redeem(call.required("trigger_id"))
    if view_id is None or view_id not in call.workspace.stacks.get(user, []):
        raise SlackError("invalid_trigger_id")
    return _answer(call, views.open_modal(call.sandbox, user, body, push=True))


async def update_view(call: Call) -> Json:
    """views.update, by `view_id` or `external_id`."""
    view = views.find(call.sandbox, call.text("view_id"), call.text("external_id"))
    body = _body(call, view.body["type"])
    return _answer(call, views.replace(call.sandbox, view, body, call.text("hash")))


async def publish_view(call: Call) -> Json:
    """views.publish."""
    body = _body(call, "home")
    view = views.publish(call.sandbox, call.required("user_id"), body, call.text("hash"))
    return _answer(call, view)


METHODS = {
    "views.open": Method(open_view, (), TIER_4),
    "views.push": Method(push_view, (), TIER_4),
    "views.update": Method(update_view, (), TIER_4),
    "views.publish": Method(publish_view, (), TIER_4),
}
