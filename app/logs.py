"""Logs for operators: one event a line, as text or JSON, on standard error; no secret ever reaches them.

The filter works on the secrets themselves, wherever they appear: in a message, a field, or a traceback. Personal data
is kept out at the source (a log call has a fixed event name and fields that hold no one's words, name or account).
"""

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TextIO

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_LIKE_A_TOKEN = re.compile(r"\b\d{5,}:[A-Za-z0-9_-]{20,}")  # a Telegram token, even one we were never given


class Redacting(logging.Formatter):
    """Formats a record, then blanks every secret in the result."""

    def __init__(self, *, as_json: bool, secrets: Iterable[str] = ()) -> None:
        """``secrets`` are the values to blank; shorter than 8 characters are ignored."""
        super().__init__()
        self._as_json = as_json
        self._secrets = sorted((secret for secret in secrets if len(secret) >= 8), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """One line, without secrets."""
        line = self._json(record) if self._as_json else self._text(record)
        for secret in self._secrets:
            line = line.replace(secret, "[secret]")
        return _LIKE_A_TOKEN.sub("[secret]", line)

    def _json(self, record: logging.LogRecord) -> str:
        fields: dict[str, object] = {"at": _instant(record), "level": record.levelname.lower(), "logger": record.name}
        fields |= {"event": record.getMessage()} | _extra(record)
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False, default=str)

    def _text(self, record: logging.LogRecord) -> str:
        extra = " ".join(f"{name}={value}" for name, value in _extra(record).items())
        line = f"{_instant(record)} {record.levelname.lower():7} {record.getMessage()} {extra}".rstrip()
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def set_up(*, as_json: bool, level: str, secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Send Parvis' own events at ``level`` and everybody else's warnings to the stream."""
    handler = logging.StreamHandler(stream if stream is not None else sys.stderr)
    handler.setFormatter(Redacting(as_json=as_json, secrets=secrets))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("parvis").setLevel(level.upper())


def _extra(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in record.__dict__.items() if name not in _STANDARD}


def _instant(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
