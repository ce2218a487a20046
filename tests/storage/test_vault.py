"""The vault, in memory and in files: pseudonyms, keyed hashes, sealed texts, and keys that can be lost for good."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Misconfigured, StorageError, UnknownPoll
from core.identifiers import PersonRef, PollId
from core.ports.vault import Vault
from storage.files import write_once
from storage.vault import FileVault, MemoryVault

BRIDGE, SQUARE = PollId("town_bridge"), PollId("town_square")
ALIX, BILAL = PersonRef("telegram:711"), PersonRef("telegram:712")


@pytest.fixture(params=["memory", "files"])
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Vault:
    """A new vault with the key of one poll."""
    opened: Vault = MemoryVault() if request.param == "memory" else FileVault(tmp_path / "keys")
    opened.create_poll_key(BRIDGE)
    return opened


# ── what every vault promises ──────────────────────────────────────────────────────────────────────────────


def test_a_person_has_one_pseudonym_per_poll(vault: Vault) -> None:
    """A second press must find the first ballot."""
    assert vault.voter(BRIDGE, ALIX) == vault.voter(BRIDGE, ALIX)
    assert len(vault.voter(BRIDGE, ALIX)) == 16


def test_two_people_have_two_pseudonyms(vault: Vault) -> None:
    """Nobody's ballot replaces another's."""
    assert vault.voter(BRIDGE, ALIX) != vault.voter(BRIDGE, BILAL)


def test_a_pseudonym_means_nothing_in_another_poll(vault: Vault) -> None:
    """Nobody can be followed from one poll to the next."""
    vault.create_poll_key(SQUARE)

    assert vault.voter(BRIDGE, ALIX) != vault.voter(SQUARE, ALIX)


def test_making_a_key_again_keeps_the_key(vault: Vault) -> None:
    """The planner may come back after a crash; ballots must not lose their voters."""
    before = vault.voter(BRIDGE, ALIX)

    vault.create_poll_key(BRIDGE)

    assert vault.voter(BRIDGE, ALIX) == before


def test_a_key_that_several_ask_for_at_once_is_made_once(tmp_path: Path) -> None:
    """Two looks of the planner may overlap: under a second key, whoever voted could vote again."""
    vault, together = FileVault(tmp_path), Barrier(8)

    def ask(poll: PollId) -> bytes:
        together.wait()
        vault.create_poll_key(poll)
        return vault.voter(poll, ALIX)

    with ThreadPoolExecutor(8) as hands:
        pseudonyms = [set(hands.map(ask, [poll] * 8)) for poll in (BRIDGE, SQUARE)]

    restarted = FileVault(tmp_path)
    assert pseudonyms == [{restarted.voter(BRIDGE, ALIX)}, {restarted.voter(SQUARE, ALIX)}]


def test_a_destroyed_key_links_nobody_any_more(vault: Vault) -> None:
    """After the contest delay nothing leads from a ballot to an account."""
    vault.destroy_poll_key(BRIDGE)
    vault.destroy_poll_key(BRIDGE)

    assert not vault.has_poll_key(BRIDGE)
    with pytest.raises(UnknownPoll):
        vault.voter(BRIDGE, ALIX)


@pytest.mark.parametrize("name", ["nowhere", "../../etc/passwd", "", "a/b", "x" * 300])
def test_a_poll_that_never_was_has_no_key(vault: Vault, name: str) -> None:
    """The name comes from outside, in a button's data: it reaches no file."""
    assert not vault.has_poll_key(PollId(name))
    with pytest.raises(UnknownPoll):
        vault.voter(PollId(name), ALIX)


def test_a_keyed_hash_finds_a_person_again(vault: Vault) -> None:
    """16 bytes, the same each time, another for each person and no pseudonym of a poll."""
    assert vault.blind(ALIX) == vault.blind(ALIX)
    assert len({vault.blind(ALIX), vault.blind(BILAL), bytes(vault.voter(BRIDGE, ALIX))}) == 3


@pytest.mark.parametrize("text", ["telegram:711", "", "«œuf» 👩‍👩‍👧", "half \ud83d of a pair", "NUL \0"])
def test_a_sealed_text_opens_again(vault: Vault, text: str) -> None:
    """Whatever people write, to the character."""
    assert vault.unseal(vault.seal(text)) == text


def test_the_same_text_is_never_sealed_alike(vault: Vault) -> None:
    """Two equal columns would tell that they are the same person."""
    assert vault.seal(ALIX) != vault.seal(ALIX)
    assert ALIX.encode() not in vault.seal(ALIX)


@pytest.mark.parametrize("place", [0, 1, 13, -1], ids=["form", "nonce", "text", "tag"])
def test_an_altered_text_is_refused(vault: Vault, place: int) -> None:
    """A changed byte anywhere is noticed."""
    sealed = bytearray(vault.seal(ALIX))
    sealed[place] ^= 1

    with pytest.raises(StorageError):
        vault.unseal(bytes(sealed))


@given(st.binary(max_size=40))
def test_noise_is_refused(noise: bytes) -> None:
    """However short or long, it is a StorageError and no other."""
    with pytest.raises(StorageError):
        MemoryVault().unseal(noise)


# ── what the files promise ─────────────────────────────────────────────────────────────────────────────────


def test_keys_survive_a_restart(tmp_path: Path) -> None:
    """The same people must be found again."""
    before = FileVault(tmp_path / "keys")
    before.create_poll_key(BRIDGE)
    sealed = before.seal(ALIX)

    after = FileVault(tmp_path / "keys")

    assert after.voter(BRIDGE, ALIX) == before.voter(BRIDGE, ALIX)
    assert (after.blind(ALIX), after.unseal(sealed)) == (before.blind(ALIX), ALIX)


def test_a_destroyed_key_leaves_no_file(tmp_path: Path) -> None:
    """It must not come back with a restart."""
    vault = FileVault(tmp_path / "keys")
    vault.create_poll_key(BRIDGE)

    vault.destroy_poll_key(BRIDGE)

    assert list((tmp_path / "keys" / "polls").iterdir()) == []
    assert not FileVault(tmp_path / "keys").has_poll_key(BRIDGE)


def test_only_the_owner_can_read_the_keys(tmp_path: Path) -> None:
    """From the first byte: mode 0600 in folders of mode 0700."""
    FileVault(tmp_path / "keys").create_poll_key(BRIDGE)

    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in (tmp_path / "keys").rglob("*")}

    assert modes == {"town.key": "0o600", "polls": "0o700", "town_bridge.key": "0o600"}


def _make_readable(folder: Path) -> None:
    (folder / "town.key").chmod(0o640)


def _truncate(folder: Path) -> None:
    (folder / "polls" / "town_bridge.key").write_bytes(b"short")


def _lose_the_town_key(folder: Path) -> None:
    (folder / "town.key").unlink()


def _block(folder: Path) -> None:
    (folder / "town.key").unlink()
    (folder / "town.key").mkdir(mode=0o700)


@pytest.mark.parametrize(
    ("harm", "cure"),
    [
        (_make_readable, "chmod 600"),
        (_truncate, "parvis keys restore"),
        (_lose_the_town_key, "parvis keys restore"),
        (_block, "directory"),
    ],
)
def test_a_damaged_vault_is_refused_with_its_cure(tmp_path: Path, harm: Callable[[Path], None], cure: str) -> None:
    """New keys in place of lost ones would make every citizen a stranger without anybody noticing."""
    FileVault(tmp_path).create_poll_key(BRIDGE)
    harm(tmp_path)

    with pytest.raises(Misconfigured, match=cure):
        FileVault(tmp_path)


def test_a_key_that_cannot_be_written_is_not_used(tmp_path: Path) -> None:
    """A ballot under a key that dies with the process could never be found again."""
    vault = FileVault(tmp_path / "keys")
    (tmp_path / "keys" / "polls").rmdir()

    with pytest.raises(StorageError):
        vault.create_poll_key(BRIDGE)

    assert not vault.has_poll_key(BRIDGE)


def test_a_key_that_cannot_be_destroyed_is_reported_and_forgotten(tmp_path: Path) -> None:
    """The operator must know; the program links nobody any more in any case."""
    vault = FileVault(tmp_path)
    vault.create_poll_key(BRIDGE)
    file = tmp_path / "polls" / "town_bridge.key"
    file.unlink()
    file.mkdir()

    with pytest.raises(StorageError):
        vault.destroy_poll_key(BRIDGE)

    assert not vault.has_poll_key(BRIDGE)


def test_a_name_that_is_no_file_name_is_refused(tmp_path: Path) -> None:
    """Campaign files are checked before; this is the last door."""
    with pytest.raises(StorageError):
        FileVault(tmp_path).create_poll_key(PollId("../escaped"))


# ── several processes, one folder ──


def test_a_key_that_another_process_made_is_known(tmp_path: Path) -> None:
    """Who plans a poll need not be who hears its voters."""
    here, there = FileVault(tmp_path), FileVault(tmp_path)

    there.create_poll_key(BRIDGE)

    assert here.has_poll_key(BRIDGE)
    assert FileVault(tmp_path).voter(BRIDGE, ALIX) == there.voter(BRIDGE, ALIX) == here.voter(BRIDGE, ALIX)


def test_a_poll_has_one_key_whichever_process_makes_it(tmp_path: Path) -> None:
    """With two, somebody who is heard by both would vote twice."""
    here, there = FileVault(tmp_path), FileVault(tmp_path)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda vault: vault.create_poll_key(BRIDGE), (here, there)))

    assert here.voter(BRIDGE, ALIX) == there.voter(BRIDGE, ALIX)
    assert [file.name for file in (tmp_path / "polls").iterdir()] == [f"{BRIDGE}.key"]


def test_a_key_that_another_process_destroyed_is_forgotten(tmp_path: Path) -> None:
    """Then nobody links a ballot to anyone, whatever a process had in memory."""
    here, there = FileVault(tmp_path), FileVault(tmp_path)
    there.create_poll_key(BRIDGE)
    assert here.has_poll_key(BRIDGE)

    there.destroy_poll_key(BRIDGE)
    here.refresh()

    assert not here.has_poll_key(BRIDGE)


def test_a_key_that_appears_between_a_look_and_the_making_is_the_polls(tmp_path: Path) -> None:
    """The file itself says who was first."""
    file = tmp_path / "once"

    write_once(file, b"first")
    with pytest.raises(FileExistsError):
        write_once(file, b"second")

    assert file.read_bytes() == b"first"
    assert [*tmp_path.iterdir()] == [file]
