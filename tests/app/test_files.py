"""Files that others read while they are written."""

from pathlib import Path

from app.files import write


def test_a_link_that_somebody_laid_where_the_new_file_is_made_leads_nowhere(tmp_path: Path) -> None:
    """Whoever may write into the folder of the calendar overwrites no file of Parvis by it."""
    keys, calendar = tmp_path / "keys", tmp_path / "town.ics"
    keys.write_text("secret", encoding="utf-8")
    (tmp_path / "town.ics.parvis-new").symlink_to(keys)

    write({calendar: "events"})

    assert (keys.read_text(encoding="utf-8"), calendar.read_text(encoding="utf-8")) == ("secret", "events")
    assert not calendar.is_symlink()
