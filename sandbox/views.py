"""Modals and App Home: checked, kept in a stack of at most three, closed.

Source: https://docs.slack.dev/surfaces/modals/, https://docs.slack.dev/reference/methods/views.open/
"""

import secrets

from sandbox.blocks import check_view, view_is_too_large
from sandbox.config import Json, SlackError
from sandbox.inputs import initial_state, with_block_ids
from sandbox.records import View
from sandbox.sandbox import Sandbox

STACK = 3


def checked_view(sandbox: Sandbox, view: object, kind: str) -> Json:
    """A view as the app sent it, refused as Slack refuses it.

    Raises:
        SlackError: `view_too_large`, or `invalid_arguments` with `response_metadata.messages`.
    """
    if not isinstance(view, dict):
        raise _refused(["must provide an object [json-pointer:/view]"])
    if view_is_too_large(view):
        raise SlackError("view_too_large")
    if view.get("type") != kind:
        raise _refused(["must be a valid enum value [json-pointer:/view/type]"])
    errors = check_view(view)
    if not errors:
        line = sandbox.faults.refused_block(view["blocks"])
        errors = [line] if line else []
    if errors:
        raise _refused(errors)
    return {**view, "blocks": with_block_ids(view["blocks"]) or []}


def _refused(errors: list[str]) -> SlackError:
    notes = [f"[ERROR] {line}" for line in errors]
    return SlackError("invalid_arguments", response_metadata={"messages": notes})


def shown(sandbox: Sandbox, view: View) -> Json:
    """The view object as payloads and answers carry it."""
    app = sandbox.workspace.app
    return view.api(sandbox.workspace.team_id, app.app_id, app.bot_id)


def _tell(sandbox: Sandbox, view: View, kind: str) -> None:
    sandbox.changes.add(kind, None, view.user, frozenset([view.user]), view_id=view.id)


def stack_of(sandbox: Sandbox, user: str) -> list[View]:
    """A person's open modals, the visible one last."""
    workspace = sandbox.workspace
    return [workspace.views[view_id] for view_id in workspace.stacks.get(user, [])]


def open_modal(sandbox: Sandbox, user: str, body: Json, push: bool = False) -> View:
    """Show a modal: alone, or on top of the one that is open.

    Raises:
        SlackError: `push_limit_reached` beyond three.
    """
    workspace = sandbox.workspace
    stack = workspace.stacks.get(user, []) if push else []
    if len(stack) >= STACK:
        raise SlackError("push_limit_reached")
    if not push:
        clear(sandbox, user)
    _unique_external_id(sandbox, body)
    view = View("V" + secrets.token_hex(5).upper(), user, body, initial_state(body["blocks"]))
    view.root_id = stack[0] if stack else view.id
    view.previous_id = stack[-1] if stack else None
    view.touch(workspace.now())
    workspace.views[view.id] = view
    workspace.stacks[user] = [*stack, view.id]
    _tell(sandbox, view, "modal")
    return view


def _unique_external_id(sandbox: Sandbox, body: Json) -> None:
    external = body.get("external_id")
    if external and any(v.body.get("external_id") == external for v in sandbox.workspace.views.values()):
        raise SlackError("duplicate_external_id")


def find(sandbox: Sandbox, view_id: str, external_id: str = "") -> View:
    """An open view; `not_found` once it was closed."""
    views = sandbox.workspace.views
    if view_id in views:
        return views[view_id]
    for view in views.values():
        if external_id and view.body.get("external_id") == external_id:
            return view
    raise SlackError("not_found")


def replace(sandbox: Sandbox, view: View, body: Json, seen_hash: str = "") -> View:
    """Give a view new content; what was typed under the same ids stays.

    Raises:
        SlackError: `hash_conflict` when the view changed since `seen_hash`.
    """
    if seen_hash and seen_hash != view.hash:
        raise SlackError("hash_conflict")
    view.body = body
    view.state = initial_state(body["blocks"], view.state)
    view.touch(sandbox.workspace.now())
    _tell(sandbox, view, "home" if body["type"] == "home" else "modal")
    return view


def publish(sandbox: Sandbox, user: str, body: Json, seen_hash: str = "") -> View:
    """Set a person's App Home."""
    workspace = sandbox.workspace
    workspace.user(user)
    if user in workspace.homes:
        return replace(sandbox, workspace.views[workspace.homes[user]], body, seen_hash)
    view = View("V" + secrets.token_hex(5).upper(), user, body, initial_state(body["blocks"]))
    view.root_id = view.id
    view.touch(workspace.now())
    workspace.views[view.id] = view
    workspace.homes[user] = view.id
    _tell(sandbox, view, "home")
    return view


def pop(sandbox: Sandbox, view: View) -> None:
    """Close one modal; the one below is visible again."""
    workspace = sandbox.workspace
    workspace.stacks[view.user] = [v for v in workspace.stacks.get(view.user, []) if v != view.id]
    workspace.views.pop(view.id, None)
    _tell(sandbox, view, "modal")


def clear(sandbox: Sandbox, user: str) -> None:
    """Close all modals of a person."""
    for view in reversed(stack_of(sandbox, user)):
        pop(sandbox, view)
