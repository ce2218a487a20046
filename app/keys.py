"""The town's keys, used only when they are this town's: other keys would make every person a stranger.

The database knows the fingerprint of its keys, from the first time they are used. New keys are made only where there
is nothing yet that others made.
"""

import asyncio
from datetime import datetime
from functools import partial
from pathlib import Path

from app.settings import Settings
from core.errors import Finding, Misconfigured
from core.ports.store import Books, Store
from storage.vault import KNOWN_AS, FileVault, has_keys

_CURE = (
    "restore them («parvis keys restore»), or name their folder in store.keys; without them only an empty database"
    " can be used"
)


async def found(settings: Settings, store: Store) -> FileVault | None:
    """The vault of this town; None in a new town that has none yet. Raises Misconfigured when it is another one."""
    known, is_new = await store.read(lambda books: (books.town.fact(KNOWN_AS), _is_new(books)))
    if not await asyncio.to_thread(has_keys, settings.keys):
        if is_new:
            return None
        raise _refused(settings.keys, f"the keys of this town are not here: {_CURE}")
    vault = await asyncio.to_thread(FileVault, settings.keys)
    if known not in {None, vault.fingerprint}:
        raise _refused(settings.keys, f"these are not the keys of this town: {_CURE}")
    return vault


async def opened(settings: Settings, store: Store) -> FileVault:
    """The vault of this town, made in a new town. Raises Misconfigured when it is another one."""
    vault = await found(settings, store)
    if vault is None:
        vault = await asyncio.to_thread(FileVault, settings.keys)
    mine = vault.fingerprint
    if await store.write(partial(_agreed, mine)) != mine:  # two hosts began at once, each with keys of its own
        raise _refused(settings.keys, f"these are not the keys of this town: {_CURE}")
    return vault


async def refuse_lost(settings: Settings, store: Store, vault: FileVault, at: datetime) -> None:
    """Raise Misconfigured when citizens could not vote in a poll that is open at this instant: its key is missing."""
    for poll in await store.read(lambda books: books.polls.all()):
        if poll.is_open(at) and not await asyncio.to_thread(vault.has_poll_key, poll.id):
            cure = f"restore the keys («parvis keys restore»), or give it up: parvis campaign cancel {poll.campaign}"
            raise _refused(settings.keys, f"the key of the open poll {poll.id} is missing: {cure}")


def _agreed(mine: str, books: Books) -> str:
    """The fingerprint that the town goes by: the first one told."""
    known = books.town.fact(KNOWN_AS)
    if known is None:
        books.town.set_fact(KNOWN_AS, mine)
    return known or mine


def _is_new(books: Books) -> bool:
    """Whether nothing here was made with any keys."""
    held = (books.town.fact(KNOWN_AS), books.citizens.subscribers(), books.cases.all(limit=1), books.polls.all())
    return not any(held)


def _refused(folder: Path, problem: str) -> Misconfigured:
    return Misconfigured(Finding(file=folder, line=0, key="", problem=problem))
