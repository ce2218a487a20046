"""The networks' own polls in the story: what was voted in them, and what must be known of it."""

import re
from collections.abc import Iterator, Mapping, Sequence

from sandbox.journal import Entry
from tests.crash.ledger import Ledger
from tests.crash.records import History
from tests.crash.story import OPTIONS

_OWN = re.compile(r"^(?:{})\s: (\d+) voix$".format("|".join(OPTIONS)), re.MULTILINE)
_PROVISIONAL, _UNKNOWN = "provisoires", "Nous ne connaissons pas"
_CHOICES = ("options", "choices", "answers")


def totals(journal: Sequence[Entry]) -> dict[str, tuple[int, ...]]:
    """What was voted in each poll, by its name: on Discord that of its message. Nobody votes twice in this story."""
    counts: dict[str, list[int]] = {}
    for entry in journal:
        chosen = next((entry[name] for name in _CHOICES if name in entry), None)
        if entry["kind"] in {"vote", "voted"} and isinstance(chosen, list):
            first = int(chosen[0]) - ("answers" in entry)
            counts.setdefault(str(entry.get("poll", entry["message"])), [0] * len(OPTIONS))[first] += 1
    return {message: tuple(each) for message, each in counts.items()}


def all_is_seen(voted: Mapping[str, tuple[int, ...]], ledger: Ledger, *, final: bool) -> bool:
    """Whether the totals of all polls that are known to be out are those of the votes."""
    return all(
        own.counts == voted.get(own.name, (0,) * len(OPTIONS)) and (own.final or not final) for own in ledger.natives
    )


def own_polls_are_known(voted: Mapping[str, tuple[int, ...]], ledger: Ledger) -> Iterator[str]:
    """P7: a poll that is known to be out was ended, and its final totals are those of the votes."""
    followed = {own.delivery: own for own in ledger.natives}
    for row in ledger.deliveries:
        if row.opening and row.state == "sent" and row.id not in followed:
            yield f"P7 the poll of delivery {row.id} is out and not followed"
    for own in ledger.natives:
        expected = voted.get(own.name, (0,) * len(OPTIONS))
        if not own.final or own.counts != expected:
            yield f"P7 of the poll {own.name} {own.counts} is known, final: {own.final}; the votes say {expected}"


def own_totals_are_published(voted: Mapping[str, tuple[int, ...]], history: History, ledger: Ledger) -> Iterator[str]:
    """P7: what is published is what is known, and says of a poll in doubt that nobody knows its totals."""
    known = [voted.get(own.name, (0,) * len(OPTIONS)) for own in ledger.natives]
    expected = tuple(map(sum, zip(*known, strict=True)))
    doubt = any(row.opening and row.state == "uncertain" for row in ledger.deliveries)
    for post in history.posted:
        if not post.opening and (found := tuple(map(int, _OWN.findall(post.text)))) != expected:
            yield f"P7 {found} was published in {post.chat}, the votes say {expected}"
        if not post.opening and (_PROVISIONAL in post.text) is not (doubt and bool(known)):
            yield f"P7 {'final' if doubt else 'provisional'} totals were published in {post.chat}"
        if not post.opening and (_UNKNOWN in post.text) is not doubt:
            yield f"P7 a poll in doubt is {'hidden' if doubt else 'made up'} in {post.chat}"
