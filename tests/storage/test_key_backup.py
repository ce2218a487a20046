"""The keys come back as they were, and only to whoever knows the passphrase."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from core.errors import Misconfigured, StorageError
from core.identifiers import PersonRef, PollId
from storage import key_backup
from storage.vault import FileVault

BRIDGE = PollId("town_bridge")
ALIX = PersonRef("telegram:711")
PHRASE = "correct horse battery"
QUICK = 2**8  # the tests of the commands pay the whole price, a quarter of a second a try
backup_keys = partial(key_backup.backup_keys, work=QUICK)
restore_keys = partial(key_backup.restore_keys, work=QUICK)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The keys of a town with one poll, in «keys», and beside them their backup."""
    folder = tmp_path_factory.mktemp("town")
    FileVault(folder / "keys").create_poll_key(BRIDGE)
    backup_keys(folder / "keys", folder / "keys.bak", PHRASE)
    return folder


@pytest.fixture
def folder(town: Path, tmp_path: Path) -> Path:
    """A copy of both."""
    shutil.copytree(town, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def vault(folder: Path) -> FileVault:
    """The vault."""
    return FileVault(folder / "keys")


def test_restored_keys_are_the_same_keys(vault: FileVault, folder: Path) -> None:
    """Pseudonyms, keyed hashes and sealed accounts all depend on them."""
    sealed = vault.seal(ALIX)

    restore_keys(folder / "keys.bak", folder / "again", PHRASE)

    again = FileVault(folder / "again")
    assert (again.voter(BRIDGE, ALIX), again.blind(ALIX)) == (vault.voter(BRIDGE, ALIX), vault.blind(ALIX))
    assert again.unseal(sealed) == ALIX


def test_the_file_is_private_and_shows_no_key(town: Path) -> None:
    """It may lie on a USB stick for years."""
    keys = [file.read_bytes()[:32] for file in (town / "keys").rglob("*.key")]

    content = (town / "keys.bak").read_bytes()

    assert oct((town / "keys.bak").stat().st_mode & 0o777) == "0o600"
    assert [key in content for key in keys] == [False, False]
    assert b"town_bridge" not in content


def test_lost_town_keys_can_be_brought_back_beside_the_polls(vault: FileVault, folder: Path) -> None:
    """The cure that a vault without its town key names must work."""
    (folder / "keys" / "town.key").unlink()

    restore_keys(folder / "keys.bak", folder / "keys", PHRASE)

    assert FileVault(folder / "keys").blind(ALIX) == vault.blind(ALIX)


def test_keys_are_never_restored_over_keys(folder: Path) -> None:
    """The wrong order of two arguments must not make every citizen a stranger."""
    with pytest.raises(Misconfigured, match="keys here already"):
        restore_keys(folder / "keys.bak", folder / "keys", PHRASE)


def _flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:20])


def _replace(file: Path) -> None:
    file.write_bytes(b"something else")


@pytest.mark.parametrize(
    ("harm", "said"), [(_flip, "the file is damaged"), (_cut, "the file is damaged"), (_replace, "not a file made by")]
)
def test_a_damaged_file_is_refused(folder: Path, harm: Callable[[Path], None], said: str) -> None:
    """Half a set of keys would be worse than none."""
    harm(folder / "keys.bak")

    with pytest.raises(Misconfigured, match=said):
        restore_keys(folder / "keys.bak", folder / "again", PHRASE)

    assert not (folder / "again").exists()


def test_a_wrong_passphrase_is_refused(folder: Path) -> None:
    """One sentence that says so."""
    with pytest.raises(Misconfigured, match="passphrase is wrong"):
        restore_keys(folder / "keys.bak", folder / "again", "a wrong passphrase")


@pytest.mark.parametrize(
    ("source", "target", "phrase", "said"),
    [
        ("keys", "new.bak", "short", "12 characters"),
        ("keys", "keys.bak", PHRASE, "the file exists"),
        ("nowhere", "new.bak", PHRASE, "no keys here"),
    ],
)
def test_a_backup_that_would_be_no_good_is_refused(
    folder: Path, source: str, target: str, phrase: str, said: str
) -> None:
    """Better now than on the day it is needed."""
    with pytest.raises(Misconfigured, match=said):
        backup_keys(folder / source, folder / target, phrase)


def test_a_folder_that_is_not_there_is_said_so(folder: Path) -> None:
    """For both directions."""
    with pytest.raises(StorageError):
        backup_keys(folder / "keys", folder / "nowhere" / "keys.bak", PHRASE)
    with pytest.raises(StorageError):
        restore_keys(folder / "nowhere.bak", folder / "again", PHRASE)
