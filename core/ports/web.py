"""The web pages that a town's texts point to."""

from dataclasses import dataclass
from typing import Protocol

from core.preflight import Trouble


@dataclass(frozen=True, slots=True)
class Dead:
    """Why a link leads nowhere. ``detail`` is a number, or the words of whoever refused."""

    trouble: Trouble
    detail: str = ""


class Web(Protocol):
    """Follows links as a citizen would, and never to a place inside."""

    async def look(self, url: str) -> Dead | None:
        """Why the link is dead; None when there is a page."""
        ...
