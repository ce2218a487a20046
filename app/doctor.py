"""Is everything there that a town depends on? Each finding says what is wrong and the cure."""

import asyncio
import shutil
import stat
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

from app import keys
from app.accounts import places, platform_of
from app.clock import SystemClock
from app.rooms import sender_of
from app.settings import Account, Settings
from app.standstill import standstills
from app.upkeep import file_of, is_ready, schema_of
from core.delivery import DeliveryState
from core.errors import Misconfigured, ParvisError, PlatformError, Unauthorised
from core.ports.platform import Finding
from core.ports.store import Books, Store
from storage.schema import HEAD
from storage.store import SqlStore

_ENOUGH = 200 * 1024 * 1024  # bytes free beside the database
_STORE = "see store.url in the configuration"
_REFUSED = "put the token that the network gave into the file that token_file names"
_REACHED = "check that the server can be reached from here: base_url, proxy, certificate authority, firewall"


async def examine(settings: Settings, *, offline: bool) -> tuple[Finding, ...]:
    """All findings, the machine's first; ``offline`` leaves the platforms out."""
    found = [await asyncio.to_thread(look, settings) for look in (_database, _keys, _disk)]
    if all(finding.ok for finding in found) and await asyncio.to_thread(is_ready, settings):
        found += await _memory(settings)
    found += _contact(settings)
    if not offline:
        for account in settings.accounts:
            found += [finding async for finding in _account(account, settings)]
        found += [finding async for finding in _mail(settings)]
    return tuple(found)


def _database(settings: Settings) -> Finding:
    file = file_of(settings)
    if file is not None and (why := _unwritable(file.parent if file.parent.exists() else file.parent.parent)):
        return Finding("database", ok=False, detail=why, cure=_STORE)
    if file is not None and not file.exists():
        return Finding("database", ok=True, detail="none yet: it is made at the first start")
    try:
        schema = schema_of(settings)
    except ParvisError as error:
        return _troubled(error)
    if schema is None:
        return Finding("database", ok=True, detail="empty: the tables are made at the first start")
    if schema != HEAD:
        cure = "run: parvis database upgrade" if schema < HEAD else "install a newer Parvis"
        return Finding("database", ok=False, detail=f"revision {schema}", cure=cure)
    return Finding("database", ok=True, detail=f"revision {schema}")


def _troubled(error: ParvisError) -> Finding:
    return Finding("database", ok=False, detail=str(error).splitlines()[0], cure=_STORE)


def _unwritable(folder: Path) -> str:
    """Why nothing can be written there; empty when it can. Leaves nothing behind."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return f"nothing can be written in {folder}: {error.strerror}"


async def _memory(settings: Settings) -> list[Finding]:
    """What the town's own memory tells, opened and written as the service would."""
    try:
        store = await SqlStore.open(settings.store_url)
        try:
            await store.write(_try)
            return [
                *[finding async for finding in _strange_keys(settings, store)],
                *await store.read(lambda books: (*standstills(books, settings), *_waiting(books))),
            ]
        finally:
            await store.close()
    except ParvisError as error:
        return [_troubled(error)]


def _try(books: Books) -> None:
    books.town.set_fact("doctor", "was here")
    books.town.set_fact("doctor", None)


def _waiting(books: Books) -> Iterator[Finding]:
    """What waits for a human."""
    uncertain, aside = books.deliveries.count().get(DeliveryState.UNCERTAIN, 0), books.inbox.quarantined()
    if uncertain:
        cure = "look whether they are out, then say so: parvis deliveries --state uncertain"
        yield Finding("deliveries", ok=False, detail=f"{uncertain} uncertain", cure=cure)
    if aside:
        cure = "see what is wrong: parvis quarantine; once it is repaired: parvis quarantine retry"
        yield Finding("updates", ok=False, detail=f"{aside} set aside because of a fault", cure=cure)


def _keys(settings: Settings) -> Finding:
    if why := _unwritable(next(place for place in (settings.keys, *settings.keys.parents) if place.exists())):
        return Finding("keys", ok=False, detail=why, cure="see store.keys in the configuration")
    if not settings.keys.is_dir():
        return Finding("keys", ok=True, detail=f"{settings.keys} is made at the first start")
    open_to_others = [file for file in settings.keys.rglob("*") if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if open_to_others:
        cure = f"chmod -R go= {settings.keys}"
        return Finding("keys", ok=False, detail=f"{open_to_others[0]} can be read by others", cure=cure)
    return Finding("keys", ok=True, detail=str(settings.keys))


async def _strange_keys(settings: Settings, store: Store) -> AsyncIterator[Finding]:
    """What is wrong between the database and the keys."""
    try:
        vault = await keys.found(settings, store)
        if vault is not None:
            await keys.refuse_lost(settings, store, vault, SystemClock().now())
    except Misconfigured as error:
        detail, _, cure = error.findings[0].problem.partition(": ")
        yield Finding("keys", ok=False, detail=detail, cure=cure)


def _contact(settings: Settings) -> Iterator[Finding]:
    """Whether whoever is banned can appeal: a bot of Discord is written to from its servers only."""
    if not settings.town.contact and any(account.platform == "discord" for account in settings.accounts):
        cure = "name a mail address in the configuration: town.contact"
        yield Finding("contact", ok=False, detail="who is banned on Discord cannot appeal", cure=cure)


def _disk(settings: Settings) -> Finding:
    folder = next(parent for parent in (settings.keys, *settings.keys.parents) if parent.is_dir())
    free = shutil.disk_usage(folder).free
    detail = f"{free // 2**20} MiB free at {folder}"
    return Finding("disk", ok=free > _ENOUGH, detail=detail, cure="" if free > _ENOUGH else "make room")


async def _mail(settings: Settings) -> AsyncIterator[Finding]:
    """Whether the staff can be written to by mail, where the configuration says so."""
    if settings.mail is None:
        return
    try:
        yield await (await asyncio.to_thread(sender_of, settings.mail, SystemClock())).check()
    except Misconfigured as error:
        yield Finding("e-mail", ok=False, detail=str(error), cure="see staff.email in the configuration")


async def _account(account: Account, settings: Settings) -> AsyncIterator[Finding]:
    try:
        platform = await asyncio.to_thread(platform_of, account, settings, SystemClock())
    except Misconfigured as error:
        yield Finding(account.name, ok=False, detail=str(error), cure="see accounts in the configuration")
        return
    try:
        for finding in await platform.check(places(settings.town, account.name)):
            yield replace(finding, subject=f"{account.name}, {finding.subject}")
    except PlatformError as error:
        cure = _REFUSED if isinstance(error, Unauthorised) else _REACHED
        yield Finding(f"{account.name}, account", ok=False, detail=error.detail, cure=cure)
    finally:
        await platform.close()
