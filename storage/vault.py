"""The vault: a key per poll, and the town's two keys, in files of their own outside the database.

Whoever holds a poll's key and a list of accounts can say who voted what (the accounts of a town are few enough to try
them all): so the key is neither in the database nor in its backups, and is destroyed when the contest delay is over.

    <folder>/town.key           two keys: AES-256-GCM for sealed accounts and evidence, then HMAC-SHA-256, which finds
                                a citizen again without naming them
    <folder>/polls/<poll>.key   HMAC-SHA-256, the pseudonyms of one poll

All keys are read when the vault is opened; after that a file is read only for the key of a poll that is not yet known,
for another process may have made it. Nothing here is ever logged.
"""

import hmac
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import Finding, Misconfigured, StorageError, UnknownPoll
from core.identifiers import PersonRef, PollId, VoterKey
from storage.files import destroy, write_once

KEY_BYTES = 32
TOWN, POLLS = "town.key", "polls"
KNOWN_AS = "keys"  # the fact by which the database knows the fingerprint of its keys
_FORM = b"\x01"  # of a sealed text; also authenticated
_NONCE_BYTES = 12
_SHORT = 16
_CURE = "restore the keys of this town («parvis keys restore»)"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


class MemoryVault:
    """A vault that forgets, for tests and rehearsals. See ``core.ports.vault.Vault``."""

    def __init__(
        self, *, seal: bytes | None = None, blind: bytes | None = None, polls: Mapping[PollId, bytes] | None = None
    ) -> None:
        """New keys, unless these are given."""
        self._seal = AESGCM(seal or new_key())
        self._blind = blind or new_key()
        self._polls = dict(polls or {})

    def create_poll_key(self, poll: PollId) -> None:
        """Make a key unless there is one."""
        self._polls.setdefault(poll, new_key())

    def destroy_poll_key(self, poll: PollId) -> None:
        """Forget the key."""
        self._polls.pop(poll, None)

    def has_poll_key(self, poll: PollId) -> bool:
        """Say whether there is a key."""
        return poll in self._polls

    def voter(self, poll: PollId, person: PersonRef) -> VoterKey:
        """Say the person's pseudonym in this poll."""
        key = self._polls.get(poll)
        if key is None:
            raise UnknownPoll
        return VoterKey(_keyed(key, "v1", person))

    def blind(self, person: PersonRef) -> bytes:
        """Say the person's keyed hash."""
        return _keyed(self._blind, "b1", person)

    def seal(self, text: str) -> bytes:
        """Encrypt."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _FORM + nonce + self._seal.encrypt(nonce, text.encode("utf-8", "surrogatepass"), _FORM)

    def unseal(self, sealed: bytes) -> str:
        """Decrypt."""
        form, nonce, rest = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return self._seal.decrypt(nonce, rest, form).decode("utf-8", "surrogatepass")
        except (InvalidTag, ValueError) as error:
            raise StorageError("a sealed text does not open with the town's key") from error


class FileVault(MemoryVault):
    """The vault of a town. Opening it, making and destroying a key block, and so does asking for one not yet known.

    ``fingerprint`` tells the town's keys from others, and tells nothing else.
    """

    def __init__(self, folder: Path) -> None:
        """Open the folder, with new town keys when it is new.

        Raises Misconfigured for keys that others may read, that are damaged, or of which one is missing.
        """
        self._folder = folder / POLLS
        self._gone: set[PollId] = set()  # destroyed by this process: even a file that resists is not read again
        self._one_makes = Lock()  # looks of the planner may overlap, each in a thread of its own
        try:
            seal, blind = _town_keys(folder)
            polls = {PollId(file.stem): _read(file) for file in sorted(self._folder.glob("*.key"))}
        except OSError as error:
            raise _refused(folder, error.strerror or str(error)) from error
        super().__init__(seal=seal, blind=blind, polls=polls)
        self.fingerprint = hmac.digest(seal + blind, b"fingerprint", "sha256")[:_SHORT].hex()

    def create_poll_key(self, poll: PollId) -> None:
        """Make the key durable, then use it; a second key for a poll would let its voters vote again."""
        with self._one_makes:
            if self.has_poll_key(poll):
                return
            try:
                with suppress(FileExistsError):  # another process was first: its key is the poll's
                    write_once(self._file(poll), new_key())
                self._polls[poll] = _read(self._file(poll))
            except OSError as error:
                raise StorageError(f"the key of the poll {poll} cannot be written: {error.strerror}") from error

    def has_poll_key(self, poll: PollId) -> bool:
        """Say whether there is a key, also one that another process made."""
        return self._known(poll) or super().has_poll_key(poll)

    def voter(self, poll: PollId, person: PersonRef) -> VoterKey:
        """Say the person's pseudonym in this poll, whichever process made its key."""
        self._known(poll)
        return super().voter(poll, person)

    def refresh(self) -> None:
        """Forget the keys that another process has destroyed."""
        for poll in [poll for poll in self._polls if not self._file(poll).exists()]:
            super().destroy_poll_key(poll)

    def destroy_poll_key(self, poll: PollId) -> None:
        """Overwrite and remove the key, and forget it at once."""
        super().destroy_poll_key(poll)
        self._gone.add(poll)
        try:
            destroy(self._file(poll))
        except OSError as error:
            raise StorageError(f"the key of the poll {poll} cannot be destroyed: {error.strerror}") from error

    def _known(self, poll: PollId) -> bool:
        """Whether the key is at hand; it is fetched when it was made since the folder was opened."""
        if poll not in self._polls and poll not in self._gone and _NAME.fullmatch(poll):
            with suppress(FileNotFoundError):
                self._polls[poll] = _read(self._file(poll))
        return poll in self._polls

    def _file(self, poll: PollId) -> Path:
        if not _NAME.fullmatch(poll):
            raise StorageError(f"{poll!r} cannot be the name of a key file")
        return self._folder / f"{poll}.key"


def has_keys(folder: Path) -> bool:
    """Say whether there are keys in a folder. Blocks."""
    return (folder / TOWN).exists()


def new_key() -> bytes:
    """A key nobody has seen."""
    return secrets.token_bytes(KEY_BYTES)


def _keyed(key: bytes, purpose: str, person: PersonRef) -> bytes:
    return hmac.digest(key, f"{purpose}|{person}".encode("utf-8", "surrogatepass"), "sha256")[:_SHORT]


def _town_keys(folder: Path) -> tuple[bytes, bytes]:
    file = folder / TOWN
    (folder / POLLS).mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        if any((folder / POLLS).glob("*.key")):
            raise _refused(file, f"the key is missing: {_CURE}")
        with suppress(FileExistsError):  # another process began at the same time
            write_once(file, new_key() + new_key())
    keys = _read(file, 2 * KEY_BYTES)
    return keys[:KEY_BYTES], keys[KEY_BYTES:]


def _read(file: Path, size: int = KEY_BYTES) -> bytes:
    if file.stat().st_mode & 0o077:
        raise _refused(file, f"others may read this key: run «chmod 600 {file}»")
    key = file.read_bytes()
    if len(key) != size:
        raise _refused(file, f"the key is damaged: {_CURE}")
    return key


def _refused(file: Path, problem: str) -> Misconfigured:
    return Misconfigured(Finding(file=file, line=0, key="", problem=problem))
