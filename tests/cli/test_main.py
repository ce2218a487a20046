"""The command line as a whole: help, exit codes, and never a traceback."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager

import click
import pytest

from cli.main import main, parvis
from core.errors import StorageError
from tests.cli.office import ROOT, Terminal

HEAVY = {"sqlalchemy", "sqlmodel", "telegram", "discord", "mastodon", "requests", "aiohttp", "rich"} | {
    "pydantic",
    "jinja2",
    "apscheduler",
    "alembic",
}


def commands(group: click.Group, *above: str) -> Iterator[tuple[str, ...]]:
    """The words of every command."""
    for name, command in group.commands.items():
        yield (*above, name)
        if isinstance(command, click.Group):
            yield from commands(command, *above, name)


@contextmanager
def failing(error: BaseException) -> Iterator[None]:
    """A command that fails, for as long as the context lasts."""

    @parvis.command()
    def faulty() -> None:
        raise error

    yield
    del parvis.commands["faulty"]


EVERY = list(commands(parvis))


@pytest.mark.parametrize("words", EVERY, ids=[" ".join(words) for words in EVERY])
def test_every_command_says_what_it_does(terminal: Terminal, words: tuple[str, ...]) -> None:
    """It is the manual that is always at hand."""
    done = terminal.types(*words, "--help")

    assert done.code == 0
    assert len(done.out.splitlines()) > 4


@pytest.mark.parametrize("words", EVERY, ids=[" ".join(words) for words in EVERY])
def test_help_fits_a_terminal_of_eighty_columns(terminal: Terminal, words: tuple[str, ...]) -> None:
    """Consoles of servers are narrow."""
    done = terminal.types(*words, "--help")

    assert max(map(len, done.out.splitlines())) <= 80


LEAVES = [words for words in EVERY if words not in {("campaign",), ("database",), ("keys",)}]


@pytest.mark.parametrize("words", LEAVES, ids=[" ".join(words) for words in LEAVES])
def test_every_command_gives_an_example(terminal: Terminal, words: tuple[str, ...]) -> None:
    """People copy examples before they read options."""
    done = terminal.types(*words, "--help")

    assert "Example: parvis" in done.out


def test_help_loads_no_library_it_does_not_need() -> None:
    """A command line that takes a second to say anything is not asked again."""
    say = "import sys, cli.main; print(*{name.partition('.')[0] for name in sys.modules})"

    loaded = subprocess.run([sys.executable, "-c", say], cwd=ROOT, capture_output=True, text=True, check=True)

    assert set(loaded.stdout.split()) & HEAVY == set()


def work_of_help() -> float:
    """The seconds of processor time that it takes."""
    began = os.times()
    subprocess.run([sys.executable, "-c", "from cli.main import main; main(['--help'])"], cwd=ROOT, check=True)
    ended = os.times()
    return ended.children_user - began.children_user + ended.children_system - began.children_system


def test_help_comes_at_once() -> None:
    """Measured at 0.2 s on a quiet machine; the work is counted, not the waiting for a busy one."""
    assert any(work_of_help() < 1 for _ in range(3))


def test_an_unknown_command_is_a_mistake_of_the_command_line(terminal: Terminal) -> None:
    """Scripts tell it from a refusal by its exit code."""
    done = terminal.types("pols")

    assert (done.code, "No such command" in done.err) == (2, True)


def test_a_missing_configuration_is_a_sentence_with_its_cure(terminal: Terminal) -> None:
    """The first thing that happens to a newcomer."""
    terminal.config.unlink()

    done = terminal.types("run")

    assert done.code == 2
    assert "config.toml: no such file: copy config.example.toml there" in done.err


@pytest.mark.parametrize(
    "words",
    [("run",), ("check",), ("doctor", "--offline"), ("polls",), ("campaign", "list"), ("backup", "copy"), ("release",)],
    ids=" ".join,
)
def test_a_wrong_key_is_named_with_its_place_by_every_command(terminal: Terminal, words: tuple[str, ...]) -> None:
    """Whatever is typed first meets the mistake."""
    before, _, _ = terminal.config.read_text(encoding="utf-8").partition("token_file")
    terminal.writes("token_file", "tokenfile")

    done = terminal.types(*words)

    assert done.code == 2
    line = before.count("\n") + 1
    assert f"config.toml:{line}: accounts.0.tokenfile: unknown key; did you mean «token_file»?" in done.err


def test_a_configuration_in_another_folder_finds_its_own_files(ready: Terminal) -> None:
    """Paths are read from the folder of the file, wherever the command is typed."""
    with chdir("/"):
        done = ready.types("polls")

    assert (done.code, done.out) == (0, "No poll yet.\n")


def test_a_fault_of_ours_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """A traceback helps nobody in a town hall."""
    with failing(ZeroDivisionError("division by zero")), pytest.raises(SystemExit) as ended:
        main(["faulty"])

    assert ended.value.code == 70
    assert "a fault of Parvis itself: ZeroDivisionError" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (StorageError("the disk is full"), 1, "the disk is full"),
        (ExceptionGroup("", [StorageError("the disk is full")]), 1, "the disk is full"),
        (PermissionError(13, "Permission denied", "/var/x"), 1, "/var/x: Permission denied"),
        (KeyboardInterrupt(), 130, "Interrupted."),
    ],
    ids=["ours", "of several tasks", "of the system", "interrupted"],
)
def test_an_error_becomes_a_sentence_and_a_code(
    capsys: pytest.CaptureFixture[str], error: BaseException, code: int, said: str
) -> None:
    """The codes are documented in the module."""
    with failing(error), pytest.raises(SystemExit) as ended:
        main(["faulty"])

    assert (ended.value.code, capsys.readouterr().err.strip()) == (code, said)
