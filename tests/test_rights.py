"""Nobody gets at somebody else's traces: one caller, and Slack's own payload says whose they are."""

import ast

from tests.test_house import ALL

GUARDED = {"storage.traces", "storage.keys.facts_of", "storage.solved.times_asked", "storage.mutes.of"}
"""What tells of one person."""

MAY_ASK = {"handlers.trust", "storage.traces", "storage.keys"}
"""Who may call it: the page that a person opens on themselves, and storage itself."""


def _uses(tree: ast.Module) -> set[str]:
    """Every function of ours that a module names, as `package.module.function` and as `package.module`."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            known.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
        elif isinstance(node, ast.Import):
            known.update({alias.name: alias.name for alias in node.names})
    named = {known[node.id] for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in known}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
            named.add(f"{known[node.value.id]}.{node.attr}")
    return named | set(known.values())


def test_only_the_trust_page_asks_for_traces() -> None:
    """No job, message, command line or other handler can come by what is kept of a person."""
    asked = {name: _uses(tree) & GUARDED for name, tree in ALL if name not in MAY_ASK}
    assert not {name: used for name, used in asked.items() if used}


def test_the_person_comes_from_slacks_payload() -> None:
    """In the trust page's listeners every person is `body["user"]["id"]`; no value, text or option names one."""
    tree = next(tree for name, tree in ALL if name == "handlers.trust")
    listeners = [
        node for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef) and node.name != "open_trust"
    ]
    handed = []
    for listener in listeners:
        for call in ast.walk(listener):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in {"parts.run", "open_trust"}:
                work = ast.unparse(call.args[0])
                place = {"open_trust": 3}.get(ast.unparse(call.func), 2)
                handed.append((work, ast.unparse(call.args[place])))
    assert len(handed) >= 6
    assert {person for _, person in handed} == {"body['user']['id']"}
