"""The documents say what is there: no command, setting or dependency is missing, and none is made up."""

import json
import re
import tomllib
from collections.abc import Iterator
from contextlib import chdir
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import click
import pytest
from click.testing import CliRunner
from pydantic import BaseModel

from app import settings
from app.charter import charter
from bots.catalogue import COMMANDS, Entry, Where
from campaigns import shape
from campaigns.durations import length_of
from campaigns.files import GRACE
from campaigns.imports.sheets import COLUMNS
from cli import main
from cli.main import parvis
from core import preflight
from core.delivery import TRANSITIONS
from core.identifiers import Locale
from core.privacy import HOLDINGS
from templates.commands import descriptions
from templates.render import template_name

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
REQUIREMENTS = ROOT / "requirements"
LISTS = ("build", "runtime", "cluster", "dev")
MOST_DEPENDENCIES = 25
ONE_PAGE = 60  # lines
HEAVIEST_PICTURE = 250_000  # bytes


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _rows(document: str) -> dict[str, list[str]]:
    """The table rows of a document: what stands in the first cell, between backticks, and the other cells."""
    rows = re.findall(r"^\| `([^`]+)` \|(.*)\|$", document, flags=re.MULTILINE)
    return {first: [cell.strip() for cell in others.split("|")] for first, others in rows}


# ── dependencies ───────────────────────────────────────────────────────────────────────────────────────────


def _wanted(name: str) -> set[str]:
    lines = (REQUIREMENTS / name).read_text(encoding="utf-8").splitlines()
    return {re.split(r"[\[<>=!~ ]", line)[0] for line in lines if line and line[0] not in "#-"}


def test_the_dependencies_are_the_documented_ones() -> None:
    """Each with its reason."""
    reasons = _rows(_read("docs/reference/dependencies.md"))

    assert set(reasons) == set().union(*(_wanted(f"{name}.in") for name in LISTS))
    assert all(len(reason.split()) > 2 for (reason,) in reasons.values())


def test_a_town_depends_on_few() -> None:
    """Each one is somebody whom every town must trust."""
    assert len(_wanted("runtime.in")) <= MOST_DEPENDENCIES


@pytest.mark.parametrize("name", LISTS)
def test_every_wanted_dependency_is_locked_with_hashes(name: str) -> None:
    """What is installed is what was tested, byte for byte."""
    locks = re.split(r"\n(?=\S)", (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8"))
    locked = {re.split(r"[=\[]", lock)[0] for lock in locks if "==" in lock and "--hash=sha256:" in lock}

    assert {re.sub(r"[-_.]+", "-", wanted).lower() for wanted in _wanted(f"{name}.in")} <= locked
    assert len(locked) == len([lock for lock in locks if not lock.startswith("#") and lock.strip()])


def test_no_lock_records_where_it_was_downloaded() -> None:
    """Any mirror that serves the same bytes will do."""
    locks = "".join(path.read_text(encoding="utf-8") for path in REQUIREMENTS.glob("*.txt"))

    assert re.findall(r"^.*(?:://|--index|--find-links).*$", locks, flags=re.MULTILINE) == []


# ── commands ───────────────────────────────────────────────────────────────────────────────────────────────


def _commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from _commands(child, f"{path} {name}")
    if not isinstance(command, click.Group) or command.invoke_without_command:
        yield path, command


TERMINAL = dict(_commands(parvis, "parvis"))


def test_every_command_of_the_terminal_is_documented() -> None:
    """And none that does not exist."""
    assert {name for name in _rows(_read("docs/reference/commands.md")) if name[0] != "/"} == set(TERMINAL)


@pytest.mark.parametrize("name", TERMINAL)
def test_every_option_is_documented_with_its_command(name: str) -> None:
    """And none that does not exist."""
    options = {option for one in TERMINAL[name].params if isinstance(one, click.Option) for option in one.opts}

    documented = _rows(_read("docs/reference/commands.md"))[name]

    assert set(re.findall(r"`(-[^`]+)`", documented[1])) == options


@pytest.mark.parametrize("name", TERMINAL)
def test_every_command_says_what_it_does_and_what_it_takes(name: str) -> None:
    """``--help`` is the first document anybody opens."""
    command = TERMINAL[name]

    assert command.help
    assert [one.name for one in command.params if isinstance(one, click.Option) and not one.help] == []


def test_the_exit_codes_are_the_documented_ones() -> None:
    """Scripts of a town rely on them."""
    promised = re.findall(r"\b\d+\b", (main.__doc__ or "").split("Exit codes:")[1])

    assert (
        re.findall(r"\b\d+\b", _read("docs/reference/commands.md").split("Exit codes:")[1].split("##")[0]) == promised
    )


def test_every_command_for_citizens_is_documented() -> None:
    """And none that does not exist."""
    documented = {name for name in _rows(_read("docs/reference/commands.md")) if name[0] == "/"}

    assert documented == {f"/{entry.name}" for entry in COMMANDS}


WHERE = {
    Where.ANYWHERE: "anywhere",
    Where.IN_PRIVATE: "in private",
    Where.IN_PRIVATE_OR_PRESSED: "in private, or by a button",
}


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name.value)
def test_a_command_for_citizens_is_documented_in_both_languages(entry: Entry) -> None:
    """With its other names, where it may be given, and the words of the menu."""
    also, where, *said = _rows(_read("docs/reference/commands.md"))[f"/{entry.name}"]

    assert also == ", ".join(f"`/{alias}`" for alias in entry.aliases)
    assert where == WHERE[entry.where]
    assert said == [descriptions(locale)[entry.name] for locale in (Locale.FR, Locale.EN)]


# ── settings, campaign files, states, what is held ─────────────────────────────────────────────────────────


def _models(annotation: Any) -> list[type[BaseModel]]:
    """The tables an annotation is made of, but for texts in two languages."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [] if annotation.__name__ == "WordingTable" else [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]


def _keys(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, str]]:
    """Every key below the tables of a file, with its default as the documents write it."""
    for name, field in model.model_fields.items():
        inner = _models(field.annotation)
        if path:
            yield f"{path}{field.alias or name}", "" if field.is_required() else _written(field.default)
        for table in inner:
            yield from _keys(table, f"{path}{name}.")


def _written(default: object) -> str:
    if default is None:
        return "none"
    return f"`{json.dumps(str(default) if isinstance(default, Path) else default)}`"


@pytest.mark.parametrize(
    ("page", "model"), [("configuration", settings.File), ("campaign-file", shape.File)], ids=["settings", "campaign"]
)
def test_every_key_of_a_file_is_documented_with_its_default(page: str, model: type[BaseModel]) -> None:
    """And none that does not exist."""
    rows = _rows(_read(f"docs/reference/{page}.md"))

    assert {key: cells[0] for key, cells in rows.items() if "." in key} == dict(_keys(model))


def test_every_column_of_an_import_is_documented_with_its_names() -> None:
    """And none that does not exist."""
    page = _read("docs/reference/import-columns.md").split("## A calendar")[0]
    rows = {first: re.findall(r"`([^`]+)`", cells[0]) for first, cells in _rows(page).items()}

    assert {first: (first, *names) for first, names in rows.items()} == {names[0]: names for names in COLUMNS.values()}


def test_the_grace_of_every_step_is_documented() -> None:
    """It decides what a town says late, and what it no longer says."""
    rows = _rows(_read("docs/reference/campaign-file.md"))

    assert {name: length_of(cells[0]) for name, cells in rows.items() if "." not in name} == GRACE


def test_everything_that_preflight_finds_is_documented() -> None:
    """By the name of its sentence, and whether it blocks a campaign."""
    rows = _rows(_read("docs/reference/preflight.md"))

    blocking = {template_name(kind): "blocks" for kind in preflight.BLOCKING}
    assert {name: cells[0] for name, cells in rows.items()} == blocking | {
        template_name(kind): "look at" for kind in preflight.WARNING
    }


def test_every_change_of_a_delivery_is_documented() -> None:
    """All states, and exactly the ways between them."""
    states, ways = _read("docs/reference/delivery-states.md").split("\n## ")

    documented = re.findall(r"^\| (\w+) \| (\w+) \|", ways, flags=re.MULTILINE)[1:]

    assert set(_rows(states)) == {state.value for state in TRANSITIONS}
    assert set(documented) == {(old.value, new.value) for old, later in TRANSITIONS.items() for new in later}


def test_everything_held_about_people_is_documented() -> None:
    """Where, for how long, and what erasing does."""
    rows = _rows(_read("docs/reference/privacy.md"))

    assert {name: (cells[0], cells[2], cells[3].split()[0]) for name, cells in rows.items()} == {
        holding.purpose: (holding.table, _length(holding.kept), "erased" if holding.erased_on_request else "stays")
        for holding in HOLDINGS
    }


def _length(kept: timedelta | None) -> str:
    if kept is None:
        return "while it serves"
    return f"{kept.days} days" if kept.days else f"{kept // timedelta(minutes=1)} minutes"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_command_a_document_shows_exists(document: Path) -> None:
    """A reader who copies a line gets what it promises."""
    text = document.read_text(encoding="utf-8")
    shown = re.findall(r"^(?:    |\$ )?(scripts/[\w-]+|parvis(?: [a-z]+)+)", text, flags=re.MULTILINE)
    shown += re.findall(r"`(scripts/[\w-]+|parvis(?: [a-z]+)+)(?: [^`]*)?`", text)

    assert [line for line in shown if not _exists(line)] == []


def _exists(line: str) -> bool:
    if line.startswith("scripts/"):
        return (ROOT / line).is_file()
    return any(line == name or name.startswith(f"{line} ") or line.startswith(f"{name} ") for name in TERMINAL)


# ── pages ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(document: Path) -> None:
    """Links inside the repository; the rest of the world is nobody's to test."""
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))

    assert [link for link in links if "://" not in link and not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_a_document_names_exists(document: Path) -> None:
    """A map with streets that were pulled down is worse than none."""
    named = re.findall(
        r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|toml|md|j2|service)|[\w-]+/)`", document.read_text(encoding="utf-8")
    )

    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_test_a_document_names_exists(document: Path) -> None:
    """A promise with the name of its proof is only worth something while the proof stands."""
    named = re.findall(r"\b(tests/[\w/]+\.py)::(\w+)", document.read_text(encoding="utf-8"))

    assert [f"{file}::{name}" for file, name in named if f"def {name}(" not in _read(file)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_picture_is_described_and_light(document: Path) -> None:
    """For those who cannot see it, and those whose connection is slow."""
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", document.read_text(encoding="utf-8"))

    assert [name for alt, name in pictures if len(alt) < 40] == []
    assert [name for _, name in pictures if (document.parent / name).stat().st_size > HEAVIEST_PICTURE] == []


# ── snippets ───────────────────────────────────────────────────────────────────────────────────────────────

TUTORIALS = sorted((ROOT / "docs" / "tutorial").glob("*.md"))
OFFLINE = re.compile(r"^    parvis ((?:check|campaign show|campaign plan) .*)$", flags=re.MULTILINE)


def _snippets(document: Path) -> dict[str, str]:
    """The TOML that a page shows, by the name in its first line; what has no name is part of a configuration."""
    shown = re.findall(r"^```toml\n(.*?)^```$", document.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    named = ((re.match(r"# (\S+\.toml)\n", text), text) for text in shown)
    return {name[1] if name else f"part {rank}": text for rank, (name, text) in enumerate(named)}


def _furnished(folder: Path, document: Path) -> Path:
    """A folder with the files that a page shows, and for the rest those of the tutorial."""
    charter = {"charter.toml": _read("campaigns/samples/charter.toml")}
    config = {"config.toml": _snippets(TUTORIALS[0])["config.toml"]}
    for name, text in (charter | config | _snippets(document)).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("document", [*TUTORIALS, ROOT / "docs/how-to/write-a-campaign.md"], ids=lambda path: path.stem)
def test_the_commands_of_a_guide_accept_the_files_it_shows(document: Path, tmp_path: Path) -> None:
    """Those that need no network: a reader who copies every line gets this far."""
    lines = OFFLINE.findall(document.read_text(encoding="utf-8"))

    with chdir(_furnished(tmp_path, document)):
        results = [CliRunner().invoke(parvis, line.split()) for line in lines]

    assert lines
    assert [(line, result.output) for line, result in zip(lines, results, strict=True) if result.exit_code] == []


def test_the_charter_that_a_guide_shows_is_one(tmp_path: Path) -> None:
    """A moderator copies it."""
    folder = _furnished(tmp_path, ROOT / "docs" / "how-to" / "moderate.md")

    assert [rule.article for rule in charter(folder / "charter.toml").rules] == ["1", "2"]


@pytest.mark.parametrize("document", sorted((ROOT / "docs" / "how-to").glob("*.md")), ids=lambda path: path.stem)
def test_every_setting_that_a_guide_shows_exists(document: Path) -> None:
    """Parts of a configuration, without a name in their first line."""
    parts = [tomllib.loads(text) for name, text in _snippets(document).items() if name.startswith("part ")]
    shown = {f"{name}.{key}" for part in parts for name, table in part.items() for key in _of(table)}

    assert shown <= dict(_keys(settings.File)).keys()


def _of(table: Any) -> Iterator[str]:
    for one in table if isinstance(table, list) else [table]:
        yield from one


# ── decisions and the map ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_why_at_what_price_and_until_when(decision: Path) -> None:
    """Four headings, one page."""
    text = decision.read_text(encoding="utf-8")

    assert re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)[1:] == [
        "Context",
        "Choice",
        "Price",
        "When to reconsider",
    ]
    assert text.startswith(f"# {decision.name[:4]} ")
    assert len(text.splitlines()) <= ONE_PAGE


def test_decisions_are_numbered_without_gaps() -> None:
    """A missing number is a lost decision."""
    assert [int(decision.name[:4]) for decision in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_the_map_names_every_package_and_every_port() -> None:
    """A newcomer finds each in under a minute."""
    packages = tomllib.loads(_read("pyproject.toml"))["tool"]["importlinter"]["root_packages"]
    ports = [f"core/ports/{path.name}" for path in (ROOT / "core" / "ports").glob("[!_]*.py")]

    chart = _read("ARCHITECTURE.md")

    assert [name for name in [*(f"{package}/" for package in packages), *ports] if f"`{name}`" not in chart] == []
