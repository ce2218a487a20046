"""``parvis database``, ``backup``, ``restore``, ``keys``: what a town's IT person does with its memory."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.settings import load
from app.upkeep import backup_keys
from cli.main import parvis
from storage.schema import HEAD
from tests.cli.office import Terminal, remembered
from tests.cli.test_doctor import becomes

PASSPHRASE = "trois petits tours et puis s’en vont"


@pytest.fixture(scope="module")
def kept(made_ready: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a town with keys and their backup, «keys.parvis», to be copied: making one takes a while."""
    folder = shutil.copytree(made_ready, tmp_path_factory.mktemp("kept"), dirs_exist_ok=True)
    settings = load(folder / "config.toml")
    remembered(settings, lambda office: office.store.read(lambda books: books.town.fact("keys")))
    backup_keys(settings, folder / "keys.parvis", PASSPHRASE)
    return folder


@pytest.fixture
def safe(terminal: Terminal, kept: Path) -> Terminal:
    """A terminal in a copy of it."""
    shutil.copytree(kept, terminal.folder, dirs_exist_ok=True)
    return terminal


def test_the_tables_of_a_new_town_are_made(terminal: Terminal) -> None:
    """The folder of the database too: the example configuration works in an empty folder."""
    done = terminal.types("database", "upgrade")

    assert (done.code, done.out) == (0, f"The database is now of revision {HEAD}.\n")


def test_an_upgrade_of_what_is_up_to_date_changes_nothing(ready: Terminal) -> None:
    """It can stand in every start script."""
    assert ready.types("database", "upgrade").out == f"The database is up to date (revision {HEAD}).\n"


READING = [("polls",), ("deliveries",), ("replies",), ("cases",), ("campaign", "list"), ("release",)]


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_town_without_database_is_told_how_to_make_one(terminal: Terminal, words: tuple[str, ...]) -> None:
    """And looking at it makes none."""
    done = terminal.types(*words)

    assert (done.code, "there is no database yet: run «parvis database upgrade»" in done.err) == (2, True)
    assert not (terminal.folder / "var").exists()


@pytest.mark.parametrize("words", [*READING, ("run",), ("backup", "copy")], ids=" ".join)
def test_a_newer_database_is_left_alone(ready: Terminal, words: tuple[str, ...]) -> None:
    """An older program would damage it."""
    becomes(ready, "9999")

    done = ready.types(*words)

    assert (done.code, "install a newer Parvis" in done.err) == (2, True)


@pytest.mark.parametrize("words", [*READING, ("run",)], ids=" ".join)
def test_an_older_database_waits_for_its_upgrade(ready: Terminal, words: tuple[str, ...]) -> None:
    """Nothing upgrades behind the operator's back: the backup comes first."""
    becomes(ready, "0000")

    done = ready.types(*words)

    assert (done.code, "back it up, then run «parvis database upgrade»" in done.err) == (2, True)


@pytest.mark.parametrize("words", [*READING, ("run",), ("database", "upgrade")], ids=" ".join)
def test_what_is_no_database_is_named(ready: Terminal, words: tuple[str, ...]) -> None:
    """With its path: the configuration may be another one than people think."""
    (ready.folder / "var" / "parvis.db").write_text("These are the minutes of the last council.", encoding="utf-8")

    done = ready.types(*words)

    assert (done.code, "parvis.db: file is not a database" in done.err) == (1, True)


def test_a_database_that_does_not_answer_is_a_sentence(terminal: Terminal) -> None:
    """The server may be down, or the URL wrong."""
    terminal.writes('# url = "sqlite:///var/parvis.db"', 'url = "postgresql://town@127.0.0.1:9/parvis"')

    done = terminal.types("polls")

    assert (done.code, "connection" in done.err) == (1, True)


def test_a_folder_that_cannot_be_made_is_named(terminal: Terminal) -> None:
    """Only the last folder is made: a longer path is more likely a slip."""
    terminal.writes('# url = "sqlite:///var/parvis.db"', 'url = "sqlite:///some/where/parvis.db"')

    done = terminal.types("run")

    assert (done.code, "the folder of the database cannot be made" in done.err) == (2, True)


def test_a_backup_fills_an_empty_town(ready: Terminal) -> None:
    """The whole way, as after a fire."""
    ready.types("campaign", "start", ready.campaign)
    backup = str(ready.folder / "copy")
    ready.types("backup", backup)
    loses_its_database(ready)

    done = ready.types("restore", backup)

    assert (done.code, "Nothing goes out until you have looked around" in done.out) == (0, True)
    assert "halle" in ready.types("campaign", "list").out


def test_a_restored_town_is_held(ready: Terminal) -> None:
    """It was sent things since the backup was taken, which only people can tell."""
    ready.types("backup", str(ready.folder / "copy"))
    loses_its_database(ready)
    ready.types("restore", str(ready.folder / "copy"))

    done = ready.types("release")

    assert done.out == "Released (was held: restored from copy).\n"


def test_a_restore_into_a_town_is_refused(ready: Terminal) -> None:
    """It would mix two memories."""
    ready.types("campaign", "start", ready.campaign)
    ready.types("backup", str(ready.folder / "copy"))

    done = ready.types("restore", str(ready.folder / "copy"))

    assert (done.code, "restore into an empty one" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("name", "said"),
    [("taken", "a backup never overwrites"), ("no/such", "the folder does not exist")],
    ids=["a file that exists", "a missing folder"],
)
def test_a_backup_goes_to_a_new_file_in_a_folder_that_exists(ready: Terminal, name: str, said: str) -> None:
    """A backup that replaces another is none."""
    (ready.folder / "taken").touch()

    done = ready.types("backup", str(ready.folder / name))

    assert (done.code, said in done.err) == (2, True)


@pytest.mark.parametrize("content", [None, b"", b"not a backup"], ids=["missing", "empty", "another file"])
def test_only_a_backup_can_be_restored(terminal: Terminal, content: bytes | None) -> None:
    """And the town stays as it was."""
    source = terminal.folder / "copy"
    if content is not None:
        source.write_bytes(content)

    done = terminal.types("restore", str(source))

    assert done.code in {1, 2}
    assert str(source) in done.err


def test_the_keys_have_a_backup_of_their_own(ready: Terminal) -> None:
    """Whoever has both can say who voted what: they travel apart."""
    ready.types("hold", "to make the keys")
    copy = str(ready.folder / "keys.parvis")
    ready.types("keys", "backup", copy, "--passphrase", PASSPHRASE)
    (ready.folder / "var" / "keys").rename(ready.folder / "var" / "lost")

    done = ready.types("keys", "restore", copy, "--passphrase", PASSPHRASE)

    assert (done.code, "1 key files restored" in done.out) == (0, True)


def test_a_passphrase_may_stand_in_a_file(ready: Terminal) -> None:
    """A nightly backup has no keyboard, and other users can read command lines and variables."""
    ready.types("hold", "to make the keys")
    copy = str(ready.folder / "keys.parvis")
    (ready.folder / "passphrase").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    ready.types("keys", "backup", copy, "--passphrase-file", str(ready.folder / "passphrase"))
    (ready.folder / "var" / "keys").rename(ready.folder / "var" / "lost")

    done = ready.types("keys", "restore", copy, "--passphrase", PASSPHRASE)

    assert (done.code, "1 key files restored" in done.out) == (0, True)


@pytest.mark.parametrize(
    ("content", "code"), [("", 2), ("\n", 2), (None, 1)], ids=["empty", "an empty line", "missing"]
)
def test_a_file_without_a_passphrase_is_named(ready: Terminal, content: str | None, code: int) -> None:
    """Nothing is sealed with nothing."""
    file = ready.folder / "passphrase"
    if content is not None:
        file.write_text(content, encoding="utf-8")

    done = ready.types("keys", "backup", str(ready.folder / "keys.parvis"), "--passphrase-file", str(file))

    assert (done.code, str(file) in done.err) == (code, True)


@pytest.mark.parametrize(("typed", "code"), [((PASSPHRASE, PASSPHRASE), 0), ((PASSPHRASE, "a slip of the hand"), 1)])
def test_a_passphrase_is_asked_for_twice(ready: Terminal, typed: tuple[str, str], code: int) -> None:
    """A slip would lock the keys up for ever."""
    ready.types("hold", "to make the keys")
    words = ["--config", str(ready.config), "keys", "backup", str(ready.folder / "keys.parvis")]

    done = CliRunner().invoke(parvis, words, input="\n".join(typed) + "\n")

    assert (done.exit_code, (ready.folder / "keys.parvis").exists()) == (code, code == 0)
    assert PASSPHRASE not in done.output


@pytest.mark.parametrize("passphrase", ["short", f"{PASSPHRASE}!"], ids=["too short", "another one"])
def test_keys_do_not_come_back_with_a_wrong_passphrase(safe: Terminal, passphrase: str) -> None:
    """A sentence, and the key folder stays as it was."""
    (safe.folder / "var" / "keys").rename(safe.folder / "var" / "lost")

    done = safe.types("keys", "restore", str(safe.folder / "keys.parvis"), "--passphrase", passphrase)

    assert done.code in {1, 2}
    assert "passphrase" in done.err


def test_keys_are_not_backed_up_under_a_short_passphrase(ready: Terminal) -> None:
    """It would be guessed."""
    ready.types("hold", "to make the keys")

    done = ready.types("keys", "backup", str(ready.folder / "keys.parvis"), "--passphrase", "short")

    assert (done.code, "12 characters or more" in done.err) == (2, True)


def test_keys_are_never_overwritten(safe: Terminal) -> None:
    """The keys that are there may be the only ones that open the database."""
    done = safe.types("keys", "restore", str(safe.folder / "keys.parvis"), "--passphrase", PASSPHRASE)

    assert (done.code, "there are keys here already" in done.err) == (2, True)


def loses_its_database(terminal: Terminal) -> None:
    """The disk died; the configuration is in the drawer."""
    for file in (terminal.folder / "var").glob("parvis.db*"):
        file.unlink()
