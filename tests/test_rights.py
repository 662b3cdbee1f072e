"""Nobody gets at somebody else's traces: one caller, and Slack's own payload says whose they are."""

import ast
from collections.abc import Iterator

from tests.test_house import modules

GUARDED = {"storage.traces", "storage.keys.facts_of", "storage.solved.times_asked", "storage.mutes.of"}
"""What tells of one person."""

MAY_ASK = {"handlers.trust", "storage.traces", "storage.keys"}
"""Who may call it: the page that a person opens on themselves, and storage itself."""

PERSON = {"traces.of": 2, "traces.remove": 2, "mutes.of": 2, "mutes.unmute": 2, "teams_of": 1}
"""What the trust page asks or changes of one person → where the person stands among what it hands over."""


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
    asked = {name: _uses(tree) & GUARDED for name, tree in modules() if name not in MAY_ASK}
    assert not {name: used for name, used in asked.items() if used}


def _tree(module: str) -> ast.Module:
    return next(tree for name, tree in modules() if name == module)


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call, with the words that are called."""
    yield from ((ast.unparse(node.func), node) for node in ast.walk(tree) if isinstance(node, ast.Call))


def test_the_trust_page_is_about_whoever_calls() -> None:
    """In the trust page's functions every person is `call.user`; no value, text or option names one."""
    tree = _tree("handlers.trust")
    persons = [
        (called, ast.unparse(node.args[PERSON[called]]))
        for called, node in _calls(tree)
        if called in PERSON or called.split(".")[0] in {"traces", "mutes"}
    ]
    assert len(persons) >= 7
    assert {person for _, person in persons} == {"call.user"}
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    assert "call" not in stored, "the call is the one that the front gave"
    taken = [
        [arg.arg for arg in ast.walk(node.args) if isinstance(arg, ast.arg)]
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
    ]
    assert set(map(tuple, taken)) == {("call",)}, "nothing but the call reaches a function"


def test_the_caller_comes_from_slacks_payload() -> None:
    """Only the front makes a `Call`, for the user of Slack's payload; nobody changes whose it is."""
    ours = [(name, *call) for name, tree in modules() if name.startswith("handlers.") for call in _calls(tree)]
    made = [(name, node) for name, called, node in ours if called.split(".")[-1] == "Call"]
    assert [name for name, _ in made] == ["handlers.front"]
    front = _tree("handlers.front")
    maker = next(node for node in ast.walk(front) if isinstance(node, ast.FunctionDef) and node.name == "_call")
    assert made[0][1] in set(ast.walk(maker))
    assert ast.unparse(made[0][1].args[2]) == "user"
    names = [node for node in ast.walk(maker) if isinstance(node, ast.Name) and node.id == "user"]
    assert all(isinstance(node.ctx, ast.Load) for node in names)
    heard = {ast.unparse(node.args[0]) for called, node in _calls(front) if called == "self._call"}
    assert heard == {"body['user_id']", "body['user']['id']"}
    replaced = [node for _, called, node in ours if called.split(".")[-1] == "replace"]
    words = [(ast.unparse(node.args[0]), word.arg) for node in replaced for word in node.keywords]
    assert not [word for of, word in words if word == "user" or (of == "call" and word is None)]
    assert ("call", "team") in words
