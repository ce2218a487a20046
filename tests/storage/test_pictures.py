"""The town's own copies of pictures, in its folder and in its backups."""

import os
from pathlib import Path

import pytest

from core.errors import StorageError
from storage.backup import backup, restore
from storage.pictures import keep, tidy
from tests.campaigns.plans import PIXEL


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture of an officer."""
    file = tmp_path / "Halle.PNG"
    file.write_bytes(PIXEL)
    return file


def test_a_copy_outlives_the_picture(picture: Path, tmp_path: Path) -> None:
    """What was approved is what is published."""
    name = keep(picture, tmp_path / "kept")
    picture.write_bytes(b"another one")

    assert ((tmp_path / "kept" / name).read_bytes(), name.suffix) == (PIXEL, ".png")


def test_the_same_picture_has_one_copy(picture: Path, tmp_path: Path) -> None:
    """A campaign that is started twice is the same one."""
    names = {keep(picture, tmp_path / "kept") for _ in range(2)}

    assert {file.name for file in (tmp_path / "kept").iterdir()} == {str(name) for name in names}


def test_a_picture_that_cannot_be_copied_is_said(tmp_path: Path) -> None:
    """Before anything is started."""
    with pytest.raises(StorageError, match=r"none\.png: No such file"):
        keep(tmp_path / "none.png", tmp_path / "kept")


def aged(file: Path, *, days: int) -> Path:
    """The file, last needed so many days ago."""
    then = file.stat().st_mtime - days * 86400
    os.utime(file, (then, then))
    return file


def test_a_copy_goes_a_month_after_it_was_last_needed(tmp_path: Path) -> None:
    """A year of announcements would fill the disk; and nothing else that lies there is touched."""
    folder = tmp_path / "kept"
    folder.mkdir()
    for name, days in (("a" * 64, 31), ("b" * 64, 29), ("c" * 64, 99), ("notes", 99)):
        (folder / f"{name}.png").write_bytes(PIXEL)
        aged(folder / f"{name}.png", days=days)

    gone = tidy(folder, {"c" * 64 + ".png"})

    assert (gone, sorted(file.stem[:5] for file in folder.iterdir())) == (1, ["bbbbb", "ccccc", "notes"])


def test_what_was_just_needed_stays_for_a_month_more(picture: Path, tmp_path: Path) -> None:
    """A backup of the books as they are now must find it, and so must a campaign that is being started."""
    folder = tmp_path / "kept"
    name = keep(picture, folder)
    aged(folder / name, days=99)
    tidy(folder, {str(name)})

    assert (tidy(folder, ()), (folder / name).exists()) == (0, True)


def test_a_picture_that_is_copied_again_is_as_good_as_new(picture: Path, tmp_path: Path) -> None:
    """Its campaign is about to be started, and nothing says so yet."""
    folder = tmp_path / "kept"
    aged(folder / keep(picture, folder), days=99)
    name = keep(picture, folder)

    assert (tidy(folder, ()), (folder / name).exists()) == (0, True)


def test_a_town_without_pictures_has_nothing_to_tidy(tmp_path: Path) -> None:
    """Its folder was never made."""
    assert tidy(tmp_path / "kept", ()) == 0


def test_a_folder_that_cannot_be_tidied_is_said(tmp_path: Path) -> None:
    """It is no folder."""
    (tmp_path / "kept").write_text("notes", encoding="utf-8")

    with pytest.raises(StorageError, match="Not a directory"):
        tidy(tmp_path / "kept", ())


def test_a_backup_brings_the_pictures_back(picture: Path, sqlite_url: str, tmp_path: Path) -> None:
    """And nothing else that lies in their folder."""
    name = keep(picture, tmp_path / "kept")
    (tmp_path / "kept" / "notes.txt").write_text("mine", encoding="utf-8")
    backup(sqlite_url, tmp_path / "town.bak", folder=tmp_path / "kept")

    counts = restore(tmp_path / "town.bak", f"sqlite:///{tmp_path}/new.db", folder=tmp_path / "new")

    assert {file.name: file.read_bytes() for file in (tmp_path / "new").iterdir()} == {str(name): PIXEL}
    assert counts["pictures"] == 1


def test_a_town_without_pictures_is_restored_too(sqlite_url: str, tmp_path: Path) -> None:
    """Its folder was never made."""
    backup(sqlite_url, tmp_path / "town.bak", folder=tmp_path / "kept")

    restore(tmp_path / "town.bak", f"sqlite:///{tmp_path}/new.db", folder=tmp_path / "new")

    assert not (tmp_path / "new").exists()


def test_a_backup_made_without_pictures_is_restored_too(sqlite_url: str, tmp_path: Path) -> None:
    """The one that an upgrade makes stays beside them."""
    backup(sqlite_url, tmp_path / "town.bak")

    assert "pictures" in restore(tmp_path / "town.bak", f"sqlite:///{tmp_path}/new.db", folder=tmp_path / "new")
