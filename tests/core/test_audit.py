"""The chain of the audit log: what breaks it, and where."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from core.audit import ROOT, TOWN, Deed, Entry, break_in, digest_after
from core.identifiers import MemberKey
from core.staff import Act
from tests.core.examples import NOON

ANNE = MemberKey("amartin")


def chain(length: int = 4) -> list[Entry]:
    """So many entries, each after the one before; numbers may be missing."""
    entries: list[Entry] = []
    previous = ROOT
    for rank in range(length):
        deed = Deed(who=ANNE, at=NOON + timedelta(minutes=rank), act=Act.THAW, about=TOWN, content="c0")
        entries.append(Entry(number=2 * rank + 1, deed=deed, previous=previous, digest=digest_after(previous, deed)))
        previous = entries[-1].digest
    return entries


def test_what_was_written_in_turn_is_whole() -> None:
    """Also where it begins in the middle, after a digest that is known; and where there is nothing."""
    whole = chain()

    assert [break_in(whole), break_in(whole[2:], after=whole[1].digest), break_in(())] == [None, None, None]


@pytest.mark.parametrize(
    "change",
    [
        {"who": MemberKey("bpetit")},
        {"at": NOON},
        {"act": Act.FREEZE},
        {"about": "campaign:halle"},
        {"content": "c1"},
    ],
    ids=["who", "when", "act", "about", "content"],
)
def test_whatever_is_changed_in_an_entry_breaks_the_chain_there(change: dict[str, object]) -> None:
    """Nothing in it is free to be changed."""
    entries = chain()
    entries[1] = replace(entries[1], deed=replace(entries[1].deed, **change))  # type: ignore[arg-type]  # each by its name

    assert break_in(entries) == entries[1]


def test_an_entry_changed_with_its_digest_breaks_the_chain_at_the_next() -> None:
    """Who changes one must change all that follow, and the last is known elsewhere."""
    entries = chain()
    deed = replace(entries[1].deed, who=MemberKey("bpetit"))
    entries[1] = replace(entries[1], deed=deed, digest=digest_after(entries[0].digest, deed))

    assert break_in(entries) == entries[2]


@pytest.mark.parametrize("order", [(0, 2, 3), (1, 2, 3), (0, 2, 1, 3)], ids=["taken out", "the first", "elsewhere"])
def test_an_entry_taken_out_or_put_elsewhere_breaks_the_chain(order: tuple[int, ...]) -> None:
    """At the first that does not follow."""
    entries = chain()

    assert break_in([entries[rank] for rank in order]) is not None


def test_the_same_instant_in_another_zone_is_the_same_deed() -> None:
    """Databases give instants back in a zone of their own."""
    deed = chain(1)[0].deed
    there = replace(deed, at=deed.at.astimezone(ZoneInfo("Indian/Reunion")))

    assert digest_after(ROOT, there) == digest_after(ROOT, deed)
