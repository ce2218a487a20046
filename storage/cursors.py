"""Where the reading of an account stands, for every store alike."""

from core.ports.platform import Cursor


def moved(stands: Cursor | None, to: Cursor) -> Cursor:
    """The further of two places: a batch that comes again does not move the reading back."""
    return to if stands is None or to.number > stands.number else stands
