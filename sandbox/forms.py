"""Submitting and closing modals, with what the app may answer to it.

Source: https://docs.slack.dev/surfaces/modals/#response_actions
"""

from sandbox import views
from sandbox.blocks import with_children
from sandbox.config import Json, SlackError
from sandbox.inputs import elements, entry, problems
from sandbox.interactions import Interactions
from sandbox.records import View
from sandbox.sandbox import Sandbox

TROUBLE = "We had some trouble connecting. Try again?"


class Forms:
    """A person's dealings with an open modal."""

    def __init__(self, sandbox: Sandbox, interactions: Interactions) -> None:
        self._sandbox = sandbox
        self._interactions = interactions

    async def submit(self, view: View, values: dict[str, dict[str, object]], origin: str) -> Json:
        """Fill in and submit a modal.

        Args:
            view: The modal.
            values: Plain values by block id and action id; what is not named keeps its state.
            origin: Where response URLs point to.

        Returns:
            `{"shown": "errors", "errors": {block_id: text}}`, or `closed`, `cleared`, `updated`, `pushed`
            (the last two with `view`).
        """
        self._fill(view, values)
        errors = problems(view.body["blocks"], view.state)
        if errors:
            return {"shown": "errors", "errors": errors}
        payload = {
            "type": "view_submission",
            **self._interactions.who(view.user),
            "trigger_id": self._sandbox.triggers.issue(view.user, view.id),
            "view": views.shown(self._sandbox, view),
            "response_urls": self._response_urls(view, origin),
        }
        try:
            ack = await self._interactions.ask("interactive", payload)
            return self._respond(view, ack or {})
        except SlackError as error:
            detail = {**error.fields, "text": TROUBLE}
            audience = frozenset([view.user])
            self._sandbox.changes.add("toast", None, view.user, audience, text=TROUBLE)
            raise SlackError(error.code, **detail) from None

    def _fill(self, view: View, values: dict[str, dict[str, object]]) -> None:
        found = {(b["block_id"], e["action_id"]): e for b, e in elements(view.body["blocks"])}
        for block_id, actions in values.items():
            for action_id, value in actions.items():
                element = found.get((block_id, action_id))
                if element is None:
                    note = f"no element has block_id {block_id!r} and action_id {action_id!r}"
                    raise SlackError("no_such_element", detail=note)
                view.state.setdefault(block_id, {})[action_id] = entry(element, value)

    def _response_urls(self, view: View, origin: str) -> list[Json]:
        urls: list[Json] = []
        for block, element in elements(view.body["blocks"]):
            if not element.get("response_url_enabled"):
                continue
            held = view.state[block["block_id"]][element["action_id"]]
            channel = held.get("selected_conversation") or held.get("selected_channel")
            if channel:
                path = self._sandbox.responses.issue(view.user, channel)
                ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
                urls.append({"response_url": origin + path, "channel_id": channel, **ids})
        return urls

    def _respond(self, view: View, ack: Json) -> Json:
        action = ack.get("response_action")
        if action is None:
            views.pop(self._sandbox, view)
            return {"shown": "closed"}
        if action == "clear":
            views.clear(self._sandbox, view.user)
            return {"shown": "cleared"}
        if action == "errors":
            return {"shown": "errors", "errors": self._field_errors(view, ack.get("errors"))}
        if action not in ("update", "push"):
            raise SlackError("invalid_response_action")
        body = views.checked_view(self._sandbox, ack.get("view"), "modal")
        if action == "update":
            views.replace(self._sandbox, view, body)
            return {"shown": "updated", "view": views.shown(self._sandbox, view)}
        pushed = views.open_modal(self._sandbox, view.user, body, push=True)
        return {"shown": "pushed", "view": views.shown(self._sandbox, pushed)}

    @staticmethod
    def _field_errors(view: View, errors: object) -> Json:
        inputs = {b["block_id"] for b, _ in with_children(view.body["blocks"]) if b["type"] == "input"}
        if not isinstance(errors, dict) or not errors or set(errors) - inputs:
            note = f"errors must name input blocks of the view, which are {sorted(inputs)}"
            raise SlackError("invalid_errors", detail=note)
        return errors

    async def close(self, view: View, everything: bool) -> Json:
        """Close a modal, or all of the stack; the app hears of it when it asked to.

        Args:
            view: The modal closed.
            everything: Close those below too, as the X does when `clear_on_close` is set.
        """
        cleared = everything or bool(view.body.get("clear_on_close"))
        payload = {
            "type": "view_closed",
            **self._interactions.who(view.user),
            "view": views.shown(self._sandbox, view),
            "is_cleared": cleared,
        }
        if cleared:
            views.clear(self._sandbox, view.user)
        else:
            views.pop(self._sandbox, view)
        if view.body.get("notify_on_close"):
            await self._interactions.ask("interactive", payload)
        return {"shown": "cleared" if cleared else "closed"}
