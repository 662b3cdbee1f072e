"""The sandbox's page is whole and stays on this machine."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "sandbox" / "page"
FILES = sorted(PAGE.iterdir())
INDEX = (PAGE / "index.html").read_text(encoding="utf-8")
IMPORTED = re.compile(r"""(?:^|\s)import\s[^"']*["']([^"']+)["']""", re.MULTILINE)
EXPORTED = re.compile(r"^export (?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)
NAMES = re.compile(r"""^import \{([^}]+)\} from "\./([\w.]+)";""", re.MULTILINE)
ADDRESS = re.compile(r"""(?:https?:|wss?:)?//(?=[\w-]+\.)[^\s"'<>]+""")
# An XML namespace is a name, not a place to fetch from.
NAMESPACE = "http://www.w3.org/2000/svg"


def without_comments(path: Path) -> str:
    """The text of a page file without what only its readers see."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/|<!--.*?-->", "", text, flags=re.DOTALL)
    return re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)


def test_index_names_files_that_exist() -> None:
    """Every file that the index page asks for is served from the page folder."""
    named = re.findall(r"""(?:src|href)="(/[^"]+)\"""", INDEX)
    assert "/page/app.js" in named
    for path in named:
        assert path.startswith("/page/")
        assert (PAGE / path.removeprefix("/page/")).is_file(), f"index.html asks for {path}"


@pytest.mark.parametrize("path", [p for p in FILES if p.suffix == ".js"], ids=lambda p: p.name)
def test_modules_import_what_their_neighbours_export(path: Path) -> None:
    """Every import of a module is a neighbouring file that exports the names asked for."""
    text = path.read_text(encoding="utf-8")
    sources = IMPORTED.findall(text)
    assert all(source.startswith("./") for source in sources), f"{path.name} imports {sources}"
    found = NAMES.findall(text)
    assert len(found) == len(sources)
    for names, neighbour in found:
        exported = set(EXPORTED.findall((PAGE / neighbour).read_text(encoding="utf-8")))
        wanted = {name.strip() for name in names.split(",") if name.strip()}
        assert wanted <= exported, f"{path.name} wants {wanted - exported} of {neighbour}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_no_file_names_another_host(path: Path) -> None:
    """No page file holds the address of another host to load from or send to."""
    text = without_comments(path).replace(NAMESPACE, "")
    assert ADDRESS.findall(text) == []


def test_policy_forbids_other_hosts() -> None:
    """The index page's content policy lets the browser talk to the sandbox only."""
    policy = re.search(r'Content-Security-Policy"\s+content="([^"]+)"', INDEX)
    assert policy is not None
    rules = dict(part.strip().split(" ", 1) for part in policy[1].split(";"))
    assert rules["default-src"] == "'none'"
    sources = {source for rule in rules.values() for source in rule.split()}
    assert sources <= {"'none'", "'self'", "data:"}


@pytest.mark.parametrize("path", [p for p in FILES if p.suffix == ".js"], ids=lambda p: p.name)
def test_no_module_reads_text_as_html(path: Path) -> None:
    """No module turns text into HTML or code, whoever wrote that text."""
    danger = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function"
    assert re.findall(danger, without_comments(path)) == []
