"""The inbound guard: one thing that fails never stops the rest.

It keeps what went wrong without its words, because the words of an error may hold the words of a citizen.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from core.errors import Superseded


@dataclass(slots=True)
class Guard:
    """What went wrong, if anything."""

    failure: Exception | None = None


@contextmanager
def guarded() -> Iterator[Guard]:
    """Go on after an error, and keep it; being cancelled is none, and neither is that others do our work now."""
    guard = Guard()
    try:
        yield guard
    except Superseded:
        raise
    except Exception as error:  # noqa: BLE001  this is the guard: each caller sets aside, refuses or notes what failed
        guard.failure = error


def reason(error: Exception) -> str:
    """The kind of an error and the place it comes from: ``KeyError at debates.py:42``."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else "nowhere"
    return f"{type(error).__name__} at {place}"
