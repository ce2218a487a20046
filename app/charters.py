"""Every charter that was ever in force here, so that the article and the version that a case cites can be shown.

They stand in one fact of the town, oldest first. A text that changed under the same version is kept beside the old one.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from core.moderation import Charter
from core.ports.store import Books

_FACT = "charters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A charter as it stood from an instant on: per article its number, its weight, and its text in both languages."""

    version: str
    since: datetime
    articles: tuple[tuple[str, str, str, str], ...]


def keep(charter: Charter, at: datetime, books: Books) -> None:
    """Remember the charter in force, unless it is the latest that is known."""
    known = editions(books)
    articles = tuple((rule.article, rule.severity.value, rule.wording.fr, rule.wording.en) for rule in charter.rules)
    latest = known[-1] if known else None
    if latest is not None and (latest.version, latest.articles) == (charter.version, articles):
        return
    kept = (*known, Edition(version=charter.version, since=at, articles=articles))
    written = [{"version": each.version, "since": each.since.isoformat(), "articles": each.articles} for each in kept]
    books.town.set_fact(_FACT, json.dumps(written, ensure_ascii=False))


def editions(books: Books) -> tuple[Edition, ...]:
    """The charters, oldest first."""
    return tuple(
        Edition(
            version=each["version"],
            since=datetime.fromisoformat(each["since"]),
            articles=tuple((number, weight, fr, en) for number, weight, fr, en in each["articles"]),
        )
        for each in json.loads(books.town.fact(_FACT) or "[]")
    )
