"""``parvis demo``: what is asked of it is checked, and a port that is taken is a sentence."""

import socket
from collections.abc import Iterator

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


@pytest.mark.parametrize(
    "words",
    [("--port", "99999"), ("--port", "-1"), ("--citizens", "0"), ("--citizens", "-3"), ("--pace", "-1")],
    ids=" ".join,
)
def test_figures_that_make_no_sense_are_refused(terminal: Terminal, words: tuple[str, ...]) -> None:
    """Before anything is started."""
    done = terminal.types("demo", *words)

    assert (done.code, "is not in the range" in done.err) == (2, True)
