"""The backup of the vault, apart from that of the database: whoever has both can say who voted what.

One file, encrypted with a passphrase: scrypt (RFC 7914) makes the key, AES-256-GCM seals names and keys together.

    PARVIS-KEYS-1 LF, 16 bytes of salt, 12 of nonce, the sealed JSON {"town.key": base64, "polls/<poll>.key": …}
"""

import base64
import json
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from core.errors import Finding, Misconfigured, StorageError
from storage.files import write_durably
from storage.vault import POLLS, TOWN, FileVault

_HEADER = b"PARVIS-KEYS-1\n"
_SALT, _NONCE = 16, 12
WORK = 2**16  # 64 MiB and about a quarter of a second per try
SHORTEST = 12


def backup_keys(folder: Path, target: Path, passphrase: str, *, work: int = WORK) -> int:
    """Write all keys of a vault to a new file. Returns how many files. ``work`` is what a try costs. Blocks.

    Raises Misconfigured for a vault that is damaged, a target that exists, a passphrase of fewer than 12 characters.
    """
    if len(passphrase) < SHORTEST:
        raise _refused(target, f"the passphrase needs {SHORTEST} characters or more")
    if target.exists():
        raise _refused(target, "the file exists: a backup never overwrites")
    if not (folder / TOWN).exists():
        raise _refused(folder, "there are no keys here")
    FileVault(folder)  # refuses a damaged one
    files = [folder / TOWN, *sorted((folder / POLLS).glob("*.key"))]
    keys = {str(file.relative_to(folder)): base64.b64encode(file.read_bytes()).decode() for file in files}
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    sealed = AESGCM(_key(passphrase, salt, work)).encrypt(nonce, json.dumps(keys).encode(), _HEADER)
    try:
        write_durably(target, _HEADER + salt + nonce + sealed)
    except OSError as error:
        raise StorageError(f"{target}: {error.strerror}") from error
    return len(files)


def restore_keys(source: Path, folder: Path, passphrase: str, *, work: int = WORK) -> int:
    """Write the keys into a vault that has none yet. Returns how many files. ``work`` is that of the backup. Blocks.

    Raises Misconfigured for a wrong passphrase, a file that is no backup of keys, or a vault with keys in it.
    """
    if (folder / TOWN).exists():
        raise _refused(folder, "there are keys here already: move them away first")
    try:
        keys = _opened(source, passphrase, work)
        (folder / POLLS).mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in sorted(keys):  # the town's key last: without it the vault is refused, not used by halves
            write_durably(folder / name, base64.b64decode(keys[name]))
    except OSError as error:
        raise StorageError(f"{error.filename}: {error.strerror}") from error
    FileVault(folder)
    return len(keys)


def _opened(source: Path, passphrase: str, work: int) -> dict[str, str]:
    content = source.read_bytes()
    if not content.startswith(_HEADER):
        raise _refused(source, "this is not a file made by «parvis keys backup»")
    rest = content[len(_HEADER) :]
    salt, nonce, sealed = rest[:_SALT], rest[_SALT : _SALT + _NONCE], rest[_SALT + _NONCE :]
    try:
        keys: dict[str, str] = json.loads(AESGCM(_key(passphrase, salt, work)).decrypt(nonce, sealed, _HEADER))
    except (InvalidTag, ValueError) as error:
        raise _refused(source, "the passphrase is wrong, or the file is damaged") from error
    return keys


def _key(passphrase: str, salt: bytes, work: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=work, r=8, p=1).derive(passphrase.encode("utf-8", "surrogateescape"))


def _refused(file: Path, problem: str) -> Misconfigured:
    return Misconfigured(Finding(file=file, line=0, key="", problem=problem))
