"""How long something lasts, as people type it: ``30s``, ``15m``, ``2h``, ``7d``, in French ``7j``."""

import re
from datetime import timedelta

_LENGTH = re.compile(r"([1-9]\d{0,4})(s|m|h|d|j)")
_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "j": timedelta(days=1),
}


def length(word: str) -> timedelta | None:
    """How long that is; None for any other word, and for nothing at all."""
    found = _LENGTH.fullmatch(word.casefold())
    return int(found[1]) * _UNITS[found[2]] if found else None
