"""What import-linter, ruff and mypy cannot see of the house rules. Each exception stands here with its reason."""

import ast
import gc
import importlib.metadata
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("adapters", "app", "bots", "campaigns", "cli", "core", "delivery", "sandbox", "storage", "templates")
OURS = (*PACKAGES, "scheduler")
BESIDE = {"benchmarks", "docs", "requirements", "scripts", "tests"}  # Python that no town installs
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
LONG_FUNCTIONS = {
    "app/service.py: __init__": "the town is put together in one place, one part a line",
}
REVISIONS = ROOT / "storage" / "migrations" / "versions"  # run by Alembic, no package; lists of columns, no thought
A_FEW_WORDS = 4
SUPERVISORS = {
    "campaigns/planner.py": "one campaign's fault must not stop the others",
    "delivery/lanes.py": "one lane's fault must not stop the others",
    "bots/inbound.py": "one update's fault must not stop the rest",
    "delivery/dispatcher.py": "one delivery's fault must not interrupt the calls of the others",
    "delivery/aftercare.py": "one correction's fault must not interrupt those of other copies",
    "delivery/boards.py": "one board's fault must not interrupt the edits of the others",
    "delivery/natives.py": "one poll's fault must not interrupt the looks at the others",
    "delivery/courier.py": "one message that cannot be written must not stop the rest",
    "adapters/discord/line.py": "one event's fault must not end the connection",
    "scheduler.py": "one tick's fault must not stop the clock",
    "cli/main.py": "a person gets a sentence, not a traceback",
}
STAGE = {
    "sandbox/": "it plays the citizens, who speak",
    "app/demo.py": "it tells one of them what to say",
}
LATE_IMPORTS = {
    "campaigns/public_holidays.py": "holidays of the world: a sixth of a second, for campaigns that look at them",
    "app/accounts.py": "only the platforms that a town uses are loaded",
    "app/cluster.py": "only towns on several hosts have what a cluster needs",
    "storage/migrations/__init__.py": "Alembic is a seventh of the time of every start, and needed at an upgrade only",
}


def _sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))
    yield from ROOT.glob("*.py")


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(_text(path), filename=str(path))


@cache
def _nodes(path: Path) -> tuple[ast.AST, ...]:
    """Everything in it. Where a word does not stand in the text, nobody need ask: walking takes longer than reading."""
    return tuple(ast.walk(_tree(path)))


@cache
def _statements(path: Path) -> tuple[ast.AST, ...]:
    """Those in it, to any depth. What they are made of, ten times as much, is looked at where it is asked for."""
    found: list[ast.AST] = [_tree(path)]
    for node in found:  # which grows meanwhile
        for field in ("body", "orelse", "finalbody", "handlers", "cases"):
            found += below if isinstance(below := getattr(node, field, ()), list) else ()
    return tuple(found)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def _imports(path: Path) -> set[str]:
    """The dotted names a file imports, wherever in it."""
    found: set[str] = set()
    for node in _statements(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _tops(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in _imports(path)}


ALL = tuple(_sources(*PACKAGES))
EVERYWHERE = tuple(_sources(*PACKAGES, *BESIDE))


def _found(look: Callable[[Path], Iterable[str]], files: Iterable[Path]) -> list[str]:
    """What a look at each file finds, with its place."""
    return [f"{_name(path)}: {finding}" for path in files for finding in look(path)]


@pytest.fixture(scope="module", autouse=True)
def _nothing_is_garbage() -> Iterator[None]:
    """Whatever is read is kept to the end, and much of it: looking for garbage would take as long as reading."""
    gc.disable()
    yield
    for kept in (_text, _tree, _nodes, _statements, _imports):
        kept.cache_clear()
    gc.enable()


# ── who may import whom ────────────────────────────────────────────────────────────────────────────────────


def test_the_scheduler_knows_the_core_and_what_it_wakes_up() -> None:
    """It is a single module, which import-linter cannot see."""
    known = _tops(ROOT / "scheduler.py") & {*OURS, *BESIDE}

    assert known <= {"core", "campaigns", "delivery"}


def test_only_the_composition_root_knows_the_scheduler() -> None:
    """Whoever needs to be woken is called by it, and does not call it."""
    named = (path for path in ALL if "scheduler" in _text(path))

    assert {_name(path) for path in named if "scheduler" in _tops(path)} <= {_name(path) for path in _sources("app")}


def test_only_the_scheduler_knows_apscheduler() -> None:
    """The database knows what is due; the metronome is easily replaced."""
    named = (path for path in ALL if "apscheduler" in _text(path))

    assert {_name(path) for path in named if "apscheduler" in _tops(path)} == {"scheduler.py"}


def test_the_metronome_keeps_no_calendar() -> None:
    """Its cron triggers skip or double days when clocks change, and its stores would be a second truth."""
    calendars = re.compile(r"cron|calendar|jobstores\.(?!memory)")
    used = {name for name in _imports(ROOT / "scheduler.py") if calendars.search(name)}
    said = {node.value for node in ast.walk(_tree(ROOT / "scheduler.py")) if isinstance(node, ast.Constant)}

    assert (used, said & {"cron", "date", "calendarinterval"}) == (set(), set())


def test_every_package_is_declared() -> None:
    """An undeclared folder would escape the import contracts, the types and the coverage."""
    folders = {path.parent.name for path in ROOT.glob("[!.]*/*.py")}

    assert folders - BESIDE == set(PACKAGES)


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ("import contracts", PYPROJECT["tool"]["importlinter"]["root_packages"]),
        ("wheel", PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]),
        ("types", PYPROJECT["tool"]["mypy"]["files"]),
        ("order of imports", PYPROJECT["tool"]["ruff"]["lint"]["isort"]["known-first-party"]),
        ("coverage", PYPROJECT["tool"]["measuring"]["source"]),
    ],
)
def test_every_package_is_in_each_list(place: str, names: list[str]) -> None:
    """pyproject.toml names them five times; one forgotten would be one unchecked."""
    assert set(PACKAGES) <= set(names), place


def test_no_installed_distribution_has_the_name_of_one_of_our_packages() -> None:
    """``storage`` or ``templates`` of somebody else would be imported in place of ours."""
    owners = importlib.metadata.packages_distributions()

    assert {name: owners[name] for name in (*OURS, "tests") if set(owners.get(name, ())) - {"parvis"}} == {}


# ── sizes ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_holds_one_idea() -> None:
    """More than 400 lines are two ideas, without exception."""
    long = [_name(path) for path in EVERYWHERE if len(_text(path).splitlines()) > LONGEST_FILE]

    assert long == []


def test_a_function_holds_one_thought() -> None:
    """40 lines of code at most, docstring and comments not counted."""
    long = _found(_long_functions, (path for path in EVERYWHERE if path.parent != REVISIONS))

    assert set(long) == set(LONG_FUNCTIONS)


def _long_functions(path: Path) -> Iterator[str]:
    lines = _text(path).splitlines()
    spread = (
        function for function in _functions(path) if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION
    )
    return (function.name for function in spread if _length(function, lines) > LONGEST_FUNCTION)


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in _statements(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> int:
    first = function.body[1 if ast.get_docstring(function) and len(function.body) > 1 else 0]
    body = lines[first.lineno - 1 : function.end_lineno]
    return function.body[0].lineno - function.lineno + sum(bool(line.split("#")[0].strip()) for line in body)


# ── habits ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_imports_stand_at_the_top() -> None:
    """Only commands import what they need when they run: ``--help`` stays quick."""
    late = {_name(path) for path in ALL if not path.is_relative_to(ROOT / "cli") and [*_late_imports(path)]}

    assert late == set(LATE_IMPORTS)


def _late_imports(path: Path) -> Iterator[str]:
    if not any(isinstance(node, ast.Import | ast.ImportFrom) and node.col_offset for node in _statements(path)):
        return iter(())
    inside = (node for function in _functions(path) for node in ast.walk(function))
    return (ast.unparse(node) for node in inside if isinstance(node, ast.Import | ast.ImportFrom))


def test_every_task_has_an_owner() -> None:
    """A task nobody waits for fails unheard, and may be collected while it runs."""
    assert _found(_ownerless_tasks, ALL) == []


def _ownerless_tasks(path: Path) -> Iterator[str]:
    for node in _nodes(path) if re.search("ensure_future|create_task", _text(path)) else ():
        if isinstance(node, ast.Call) and _called(node) in {"ensure_future", "create_task"}:
            maker, _, name = ast.unparse(node.func).rpartition(".")
            if name == "ensure_future" or (name == "create_task" and (maker in {"", "asyncio"} or "loop" in maker)):
                yield ast.unparse(node)


def _called(call: ast.Call) -> str:
    """The last word of what is called."""
    return str(getattr(call.func, "attr", "") or getattr(call.func, "id", ""))


def test_only_supervisors_catch_everything() -> None:
    """Elsewhere the narrowest error is caught, where something can be done about it."""
    assert {_name(path) for path in ALL if [*_broad_catches(path)]} == set(SUPERVISORS)


def _broad_catches(path: Path) -> Iterator[str]:
    for node in _nodes(path) if re.search(r"Exception|except\s*:", _text(path)) else ():
        if isinstance(node, ast.ExceptHandler):
            caught: list[ast.AST] = list(ast.walk(node.type)) if node.type else [ast.Name("Exception")]
        elif isinstance(node, ast.Call) and _called(node) == "suppress":
            caught = list(node.args)
        else:
            continue
        if {"Exception", "BaseException"} & set(map(ast.unparse, caught)):
            yield f"line {node.lineno}"


def test_every_package_says_what_it_is_for() -> None:
    """The first line of ``__init__.py`` is the map's entry."""
    folders = {path.parent for path in ALL} - {ROOT, REVISIONS}

    said = {_name(folder): ast.get_docstring(_tree(folder / "__init__.py")) or "" for folder in folders}

    assert [name for name, entry in said.items() if len(entry.split()) < A_FEW_WORDS] == []


ACCENTED = re.compile(r"[àâçéèêëîïôùûœ]")
BY_NUMBER = re.compile(r"\\[xuUN]")


def test_no_sentence_for_citizens_stands_in_python() -> None:
    """Words live in templates, French and English together; accented words in a string are a sign of others."""
    silent = (path for path in ALL if not _name(path).startswith(tuple(STAGE)))

    assert _found(_accented_texts, silent) == []


def _accented_texts(path: Path) -> Iterator[str]:
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    nodes = _nodes(path) if ACCENTED.search(_text(path)) or BY_NUMBER.search(_text(path)) else ()
    docstrings = {ast.get_docstring(node, clean=False) for node in nodes if isinstance(node, documented)}
    texts = (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return (text for text in texts if text not in docstrings and ACCENTED.search(text))


EXCUSE = re.compile(r"#\s*(?:noqa: (?P<noqa>[A-Z0-9, ]+?)|type: ignore\[(?P<ignore>[a-z, -]+)\])(?P<reason>\s+\S.*)?$")


def test_every_silenced_check_has_its_reason() -> None:
    """On its line, or on an earlier line of the same file for the same check."""
    assert _found(_bare_excuses, EVERYWHERE) == []


def _bare_excuses(path: Path) -> Iterator[str]:
    excused: set[str] = set()
    for number, line in enumerate(_text(path).splitlines(), start=1):
        for excuse in EXCUSE.finditer(line):
            check = excuse["noqa"] or excuse["ignore"]
            if excuse["reason"]:
                excused.add(check)
            elif check not in excused:
                yield f"line {number}"


def test_tests_fake_ports_and_replace_nothing() -> None:
    """A patched name tests the patch."""
    assert _found(_patches, _sources("tests")) == []


def _patches(path: Path) -> Iterator[str]:
    if not re.search("mock|monkeypatch|MonkeyPatch", _text(path)):
        return
    yield from (name for name in _imports(path) if name.startswith(("unittest.mock", "pytest.MonkeyPatch")))
    for function in _functions(path):
        yield from (function.name for argument in function.args.args if argument.arg == "monkeypatch")
