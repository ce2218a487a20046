"""Who gives a command: proven by a personal token, which is in a variable or in a file that nobody else can read."""

import asyncio
import os
import stat
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from app.office import Office
from core.audit import Deed, of_member
from core.errors import ParvisError
from core.identifiers import MemberKey
from core.ports.store import Books
from core.staff import CONSOLE, RIGHTS, Act, Staff, bearer, digest_of, is_proven, new_token

VARIABLE = "PARVIS_TOKEN"
_KEPT = "token:{}"  # the fact that holds what is kept of somebody's token


class NotAllowed(ParvisError):
    """Nobody has proven who they are, or they may not do this: nothing was changed."""


async def acting(office: Office, act: Act) -> MemberKey:
    """Who gives this command, and may. Raises NotAllowed."""
    staff = office.settings.staff
    if not staff.is_named:
        return CONSOLE
    token = await asyncio.to_thread(_shown, os.environ)
    who = await office.store.read(partial(_proven, token, staff))
    if not staff.may(who, act):
        raise NotAllowed(f"{who} may not do this: it takes the role {RIGHTS[act].value} (see: parvis staff)")
    return who


async def seconding(office: Office, token: Path, *, asked_by: MemberKey) -> MemberKey:
    """Who else approves it, proven by the file of their token. Raises NotAllowed."""
    staff = office.settings.staff
    shown = await asyncio.to_thread(_in_file, token)
    who = await office.store.read(partial(_proven, shown, staff))
    if not staff.may_approve(who, asked_by=asked_by):
        raise NotAllowed(f"{who} may not approve this: it takes another person, an officer (see: parvis staff)")
    return who


async def give_token(office: Office, key: MemberKey) -> str:
    """Give somebody a token, in place of the one before; it is shown now and never again. Raises NotAllowed."""
    deed = await _giving(office, Act.GIVE_TOKEN, key)
    _known(key, office.settings.staff)
    token = new_token(key)

    def given(books: Books) -> None:
        books.town.set_fact(_KEPT.format(key), digest_of(token))
        books.audit.record(deed)

    await office.store.write(given)
    return token


async def revoke_token(office: Office, key: MemberKey) -> bool:
    """Let somebody's token prove nothing any more, also when they are no longer named; False when they had none."""
    deed = await _giving(office, Act.REVOKE_TOKEN, key)

    def revoked(books: Books) -> bool:
        if not has_token(books, key):
            return False
        books.town.set_fact(_KEPT.format(key), None)
        books.audit.record(deed)
        return True

    return await office.store.write(revoked)


def has_token(books: Books, key: MemberKey) -> bool:
    """Whether somebody can prove at a terminal who they are."""
    return books.town.fact(_KEPT.format(key)) is not None


async def _giving(office: Office, act: Act, key: MemberKey) -> Deed:
    """Who gives or takes tokens: while no administrator has one, whoever is at the machine."""
    staff = office.settings.staff

    def is_begun(books: Books) -> bool:
        return any(has_token(books, each.key) for each in staff.those_who_may(act))

    who = await acting(office, act) if await office.store.read(is_begun) else CONSOLE
    return Deed(who=who, at=office.clock.now(), act=act, about=of_member(key))


def _known(key: MemberKey, staff: Staff) -> None:
    if staff.member(key) is None:
        raise NotAllowed(f"nobody of the staff has the key «{key}»: name them in the configuration, [[staff.people]]")


def _proven(token: str, staff: Staff, books: Books) -> MemberKey:
    if not token:
        cure = f"put yours into {file_of_token(os.environ)}, mode 600, or into the variable {VARIABLE}"
        raise NotAllowed(f"this town names its staff, and you have shown no token: {cure} (see: parvis staff token)")
    key = bearer(token)
    if staff.member(key) is None or not is_proven(token, books.town.fact(_KEPT.format(key))):
        raise NotAllowed("this token proves nothing here, or not any more (see: parvis staff token)")
    return key


def _shown(environment: Mapping[str, str]) -> str:
    """The token in the variable, else in the file; empty where there is none. Raises NotAllowed for an open file."""
    if given := environment.get(VARIABLE, "").strip():
        return given
    return _in_file(file_of_token(environment))


def _in_file(file: Path) -> str:
    if not file.is_file():
        return ""
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise NotAllowed(f"others can read your token: chmod 600 {file}")
    return file.read_text(encoding="ascii", errors="replace").strip()


def file_of_token(environment: Mapping[str, str]) -> Path:
    """Where somebody keeps their token on this machine."""
    folder = environment.get("XDG_CONFIG_HOME", "")
    return (Path(folder) if folder else Path.home() / ".config") / "parvis" / "token"
