"""The town's own copies of pictures, in its folder and in its backups."""

from pathlib import Path

import pytest

from core.errors import StorageError
from storage.backup import backup, restore
from storage.pictures import keep
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
