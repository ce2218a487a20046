"""Is everything there that a town depends on? Each finding says what is wrong and the cure."""

import asyncio
import shutil
import stat
from collections.abc import AsyncIterator
from dataclasses import replace

from app import keys
from app.accounts import places, platform_of
from app.clock import SystemClock
from app.settings import Account, Settings
from app.upkeep import file_of, schema_of
from core.errors import Misconfigured, ParvisError
from core.ports.platform import Finding
from storage.schema import HEAD
from storage.store import SqlStore

_ENOUGH = 200 * 1024 * 1024  # bytes free beside the database


async def examine(settings: Settings, *, offline: bool) -> tuple[Finding, ...]:
    """All findings, the machine's first; ``offline`` leaves the platforms out."""
    found = [await asyncio.to_thread(look, settings) for look in (_database, _keys, _disk)]
    found += [finding async for finding in _strange_keys(settings)]
    found += await _set_aside(settings)
    if not offline:
        for account in settings.accounts:
            found += [finding async for finding in _account(account, settings)]
    return tuple(found)


def _database(settings: Settings) -> Finding:
    file = file_of(settings)
    if file is not None and not file.exists():
        return Finding("database", ok=True, detail="none yet: it is made at the first start")
    try:
        schema = schema_of(settings)
    except ParvisError as error:
        detail = str(error).splitlines()[0]
        return Finding("database", ok=False, detail=detail, cure="see store.url in the configuration")
    if schema is None:
        return Finding("database", ok=True, detail="empty: the tables are made at the first start")
    if schema != HEAD:
        cure = "run: parvis database upgrade" if schema < HEAD else "install a newer Parvis"
        return Finding("database", ok=False, detail=f"revision {schema}", cure=cure)
    return Finding("database", ok=True, detail=f"revision {schema}")


async def _set_aside(settings: Settings) -> list[Finding]:
    """What the bots could not deal with, when there is anything."""
    aside = await _count_aside(settings) if await asyncio.to_thread(_is_ready, settings) else 0
    cure = "see what is wrong: parvis quarantine; once it is repaired: parvis quarantine retry"
    return [Finding("updates", ok=False, detail=f"{aside} set aside because of a fault", cure=cure)] if aside else []


async def _count_aside(settings: Settings) -> int:
    store = await SqlStore.open(settings.store_url)
    try:
        return await store.read(lambda books: books.inbox.quarantined())
    finally:
        await store.close()


def _is_ready(settings: Settings) -> bool:
    file = file_of(settings)
    try:
        return (file is None or file.exists()) and schema_of(settings) == HEAD
    except ParvisError:
        return False  # said already


def _keys(settings: Settings) -> Finding:
    if not settings.keys.is_dir():
        return Finding("keys", ok=True, detail=f"{settings.keys} is made at the first start")
    open_to_others = [file for file in settings.keys.rglob("*") if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if open_to_others:
        cure = f"chmod -R go= {settings.keys}"
        return Finding("keys", ok=False, detail=f"{open_to_others[0]} can be read by others", cure=cure)
    return Finding("keys", ok=True, detail=str(settings.keys))


async def _strange_keys(settings: Settings) -> AsyncIterator[Finding]:
    """What is wrong between the database and the keys, as far as both can be read."""
    if not await asyncio.to_thread(lambda: _is_ready(settings) and _keys(settings).ok):
        return
    store, clock = await SqlStore.open(settings.store_url), SystemClock()
    try:
        vault = await keys.found(settings, store)
        if vault is not None:
            await keys.refuse_lost(settings, store, vault, clock.now())
    except Misconfigured as error:
        detail, _, cure = error.findings[0].problem.partition(": ")
        yield Finding("keys", ok=False, detail=detail, cure=cure)
    finally:
        await store.close()


def _disk(settings: Settings) -> Finding:
    folder = next(parent for parent in (settings.keys, *settings.keys.parents) if parent.is_dir())
    free = shutil.disk_usage(folder).free
    detail = f"{free // 2**20} MiB free at {folder}"
    return Finding("disk", ok=free > _ENOUGH, detail=detail, cure="" if free > _ENOUGH else "make room")


async def _account(account: Account, settings: Settings) -> AsyncIterator[Finding]:
    try:
        platform = await asyncio.to_thread(platform_of, account, settings, SystemClock())
    except Misconfigured as error:
        yield Finding(account.name, ok=False, detail=str(error), cure="see accounts in the configuration")
        return
    try:
        for finding in await platform.check(places(settings.town, account.name)):
            yield replace(finding, subject=f"{account.name}, {finding.subject}")
    finally:
        await platform.close()
