"""What a pretended network says when it cannot begin, alike on all three: one sentence."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.__main__ import main as telegram
from sandbox.discord.__main__ import main as discord
from sandbox.mastodon.__main__ import main as mastodon

pytestmark = [
    pytest.mark.usefixtures("socket_enabled"),
    pytest.mark.parametrize("main", [telegram, discord, mastodon], ids=["telegram", "discord", "mastodon"]),
]
Main = Callable[[list[str]], None]


def test_a_port_that_is_taken_is_one_sentence(main: Main) -> None:
    """The sandbox is still running in another window."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(SystemExit) as ended:
            main(["--port", str(port)])

    assert ended.value.code == f"port {port} is taken: choose another one with --port, and name it in base_url"


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_a_port_that_there_is_not_is_one_sentence(main: Main, port: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As of any other option."""
    with pytest.raises(SystemExit):
        main(["--port", port])

    assert "a number from 0 to 65535" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "{file} cannot be read as JSON: [Errno 2]"),
        ("{", "{file} cannot be read as JSON: Expecting"),
        ("[]", "{file} holds no JSON object"),
        ('{"users": {}, "bots": 7}', "{file} describes no world: TypeError: "),
    ],
    ids=["absent", "broken", "list", "senseless"],
)
def test_a_world_that_cannot_be_read_is_one_sentence(main: Main, tmp_path: Path, text: str | None, said: str) -> None:
    """Somebody wrote it by hand."""
    file = tmp_path / "world.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")

    with pytest.raises(SystemExit) as ended:
        main(["--world", str(file)])

    assert str(ended.value.code).startswith(said.format(file=file))


def test_a_journal_that_cannot_be_written_is_one_sentence(main: Main, tmp_path: Path) -> None:
    """Nobody shall look for another port because of a file that is not theirs."""
    with pytest.raises(SystemExit) as ended:
        main(["--journal", str(tmp_path)])

    assert ended.value.code == f"{tmp_path} cannot be written: Is a directory"
