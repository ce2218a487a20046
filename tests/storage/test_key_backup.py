"""The keys come back as they were, and only to whoever knows the passphrase."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import Misconfigured, StorageError
from core.identifiers import PersonRef, PollId
from storage.key_backup import backup_keys, restore_keys
from storage.vault import FileVault

BRIDGE = PollId("town_bridge")
ALIX = PersonRef("telegram:711")
PHRASE = "correct horse battery"


@pytest.fixture
def vault(tmp_path: Path) -> FileVault:
    """A vault with one poll, in «keys»."""
    opened = FileVault(tmp_path / "keys")
    opened.create_poll_key(BRIDGE)
    return opened


def test_restored_keys_are_the_same_keys(vault: FileVault, tmp_path: Path) -> None:
    """Pseudonyms, keyed hashes and sealed accounts all depend on them."""
    sealed = vault.seal(ALIX)
    backup_keys(tmp_path / "keys", tmp_path / "keys.bak", PHRASE)

    restore_keys(tmp_path / "keys.bak", tmp_path / "again", PHRASE)

    again = FileVault(tmp_path / "again")
    assert (again.voter(BRIDGE, ALIX), again.blind(ALIX)) == (vault.voter(BRIDGE, ALIX), vault.blind(ALIX))
    assert again.unseal(sealed) == ALIX


def test_the_file_is_private_and_shows_no_key(vault: FileVault, tmp_path: Path) -> None:
    """It may lie on a USB stick for years."""
    assert vault.has_poll_key(BRIDGE)

    backup_keys(tmp_path / "keys", tmp_path / "keys.bak", PHRASE)

    content = (tmp_path / "keys.bak").read_bytes()
    assert oct((tmp_path / "keys.bak").stat().st_mode & 0o777) == "0o600"
    assert not any(file.read_bytes()[:32] in content for file in (tmp_path / "keys").rglob("*.key"))
    assert b"town_bridge" not in content


def test_lost_town_keys_can_be_brought_back_beside_the_polls(vault: FileVault, tmp_path: Path) -> None:
    """The cure that a vault without its town key names must work."""
    backup_keys(tmp_path / "keys", tmp_path / "keys.bak", PHRASE)
    (tmp_path / "keys" / "town.key").unlink()

    restore_keys(tmp_path / "keys.bak", tmp_path / "keys", PHRASE)

    assert FileVault(tmp_path / "keys").blind(ALIX) == vault.blind(ALIX)


@pytest.mark.usefixtures("vault")
def test_keys_are_never_restored_over_keys(tmp_path: Path) -> None:
    """The wrong order of two arguments must not make every citizen a stranger."""
    backup_keys(tmp_path / "keys", tmp_path / "keys.bak", PHRASE)

    with pytest.raises(Misconfigured, match="keys here already"):
        restore_keys(tmp_path / "keys.bak", tmp_path / "keys", PHRASE)


def _flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:20])


def _replace(file: Path) -> None:
    file.write_bytes(b"something else")


@pytest.mark.usefixtures("vault")
@pytest.mark.parametrize(
    ("harm", "said"), [(_flip, "the file is damaged"), (_cut, "the file is damaged"), (_replace, "not a file made by")]
)
def test_a_damaged_file_is_refused(tmp_path: Path, harm: Callable[[Path], None], said: str) -> None:
    """Half a set of keys would be worse than none."""
    backup_keys(tmp_path / "keys", tmp_path / "keys.bak", PHRASE)
    harm(tmp_path / "keys.bak")

    with pytest.raises(Misconfigured, match=said):
        restore_keys(tmp_path / "keys.bak", tmp_path / "again", PHRASE)

    assert not (tmp_path / "again").exists()


@pytest.mark.usefixtures("vault")
def test_a_wrong_passphrase_is_refused(tmp_path: Path) -> None:
    """One sentence that says so."""
    backup_keys(tmp_path / "keys", tmp_path / "keys.bak", PHRASE)

    with pytest.raises(Misconfigured, match="passphrase is wrong"):
        restore_keys(tmp_path / "keys.bak", tmp_path / "again", "a wrong passphrase")


@pytest.mark.usefixtures("vault")
@pytest.mark.parametrize(
    ("source", "target", "phrase", "said"),
    [
        ("keys", "keys.bak", "short", "12 characters"),
        ("keys", "taken", PHRASE, "the file exists"),
        ("nowhere", "keys.bak", PHRASE, "no keys here"),
    ],
)
def test_a_backup_that_would_be_no_good_is_refused(
    tmp_path: Path, source: str, target: str, phrase: str, said: str
) -> None:
    """Better now than on the day it is needed."""
    (tmp_path / "taken").touch()

    with pytest.raises(Misconfigured, match=said):
        backup_keys(tmp_path / source, tmp_path / target, phrase)


@pytest.mark.usefixtures("vault")
def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    """For both directions."""
    with pytest.raises(StorageError):
        backup_keys(tmp_path / "keys", tmp_path / "nowhere" / "keys.bak", PHRASE)
    with pytest.raises(StorageError):
        restore_keys(tmp_path / "nowhere.bak", tmp_path / "again", PHRASE)
