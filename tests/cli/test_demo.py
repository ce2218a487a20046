"""``parvis demo``: what is asked of it is checked, and a port that is taken is a sentence."""

import logging
import os
import socket
from collections.abc import Iterator
from urllib.request import proxy_bypass

import pytest

from tests.cli.office import Terminal

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture
def taken() -> Iterator[int]:
    """A port where somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        yield somebody.getsockname()[1]


def test_a_port_that_is_taken_is_said_with_the_cure(terminal: Terminal, taken: int) -> None:
    """The first demo is still running in another window."""
    done = terminal.types("demo", "--port", str(taken))

    assert (done.code, done.err) == (1, f"Error: port {taken} is taken: parvis demo --port 0\n")


def test_only_errors_stand_between_the_lines_of_the_story_and_they_are_whole(
    terminal: Terminal, taken: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """A visitor writes nothing to the bot, so no private word reaches them: the name of that event says nothing."""
    log = logging.getLogger("parvis.delivery")
    terminal.types("demo", "--port", str(taken))

    log.warning("delivery_settled", extra={"delivery": 3})
    log.error("tick_failing", extra={"tick": "ledger"})

    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("error   tick_failing tick=ledger")


def test_a_proxy_for_elsewhere_does_not_stand_between_the_demo_and_its_sandbox(terminal: Terminal, taken: int) -> None:
    """The proxy of a town hall knows no way to a port of the machine in front of it: the demo waited for ever."""
    os.environ["http_proxy"] = os.environ["HTTPS_PROXY"] = "http://proxy.mairie.example:3128"

    terminal.types("demo", "--port", str(taken))

    assert proxy_bypass("127.0.0.1")


@pytest.mark.parametrize(
    "words",
    [("--port", "99999"), ("--port", "-1"), ("--citizens", "0"), ("--citizens", "-3"), ("--pace", "-1")],
    ids=" ".join,
)
def test_figures_that_make_no_sense_are_refused(terminal: Terminal, words: tuple[str, ...]) -> None:
    """Before anything is started."""
    done = terminal.types("demo", *words)

    assert (done.code, "is not in the range" in done.err) == (2, True)
