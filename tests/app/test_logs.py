"""Logs: one event a line, no secret in any of them."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from app import logs

TOKEN = "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@pytest.fixture(autouse=True)
def root_handlers() -> Iterator[None]:
    """Leave the logging of the test run as it was."""
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    yield
    root.handlers[:] = kept
    root.setLevel(level)


def written(*, as_json: bool, secrets: tuple[str, ...] = ()) -> tuple[logging.Logger, io.StringIO]:
    """Logs going to memory."""
    stream = io.StringIO()
    logs.set_up(as_json=as_json, level="info", secrets=secrets, stream=stream)
    return logging.getLogger("parvis.test"), stream


def test_a_json_line_holds_the_event_and_its_fields() -> None:
    """Programs read them."""
    log, stream = written(as_json=True)

    log.info("delivery_sent", extra={"delivery": 7})

    line = json.loads(stream.getvalue())
    assert (line["event"], line["delivery"], line["level"]) == ("delivery_sent", 7, "info")


def test_a_text_line_holds_the_same() -> None:
    """People read them."""
    log, stream = written(as_json=False)

    log.info("delivery_sent", extra={"delivery": 7})

    assert stream.getvalue().endswith("info    delivery_sent delivery=7\n")


@pytest.mark.parametrize("as_json", [True, False], ids=["json", "text"])
def test_a_secret_is_blanked_even_in_a_traceback(*, as_json: bool) -> None:
    """A library may put the token in an error."""
    log, stream = written(as_json=as_json, secrets=("a-secret-value", "short"))

    log.error("failed", exc_info=ValueError(f"a-secret-value {TOKEN}"))

    assert "ValueError: [secret] [secret]" in stream.getvalue()


def test_other_libraries_are_heard_from_warnings_on() -> None:
    """Some log every address they call, with the token in it, at the level below."""
    _, stream = written(as_json=False)

    logging.getLogger("httpx").info("GET https://example.org/bot123/getMe")

    assert stream.getvalue() == ""
