"""Instants as networks write them."""

from datetime import datetime


def instant(told: object) -> datetime | None:
    """The instant of an ISO 8601 text with its offset; None for anything else."""
    try:
        read = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None
    return read if read is not None and read.tzinfo is not None else None
