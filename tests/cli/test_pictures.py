"""Pictures from the campaign file to the call, whatever becomes of the folder they came from."""

import shutil
from pathlib import Path

from app.office import Office
from core.campaign import Campaign
from core.identifiers import Locale
from core.messages import AnnouncementPublished
from templates.render import JinjaWords
from tests.cli.office import Terminal
from tests.fakes import CAPABILITIES


def published(terminal: Terminal) -> Path:
    """The picture that the started campaign will send."""

    async def started(office: Office) -> Campaign:
        (running,) = await office.store.read(lambda books: books.campaigns.all())
        return running.campaign

    announcement = terminal.remembers(started).announcements[0]
    words = JinjaWords(town=terminal.settings.town.name, pictures=terminal.settings.pictures)
    (picture,) = words.post(AnnouncementPublished(announcement=announcement), Locale.FR, CAPABILITIES).pictures
    return picture.path


def test_the_folder_of_a_started_campaign_is_needed_no_more(ready: Terminal) -> None:
    """It was on a stick, or was tidied up before the announcement."""
    content = Path(ready.campaign).with_name("halle.png").read_bytes()
    ready.types("campaign", "start", ready.campaign)

    shutil.rmtree(Path(ready.campaign).parent)

    assert published(ready).read_bytes() == content


def test_a_restored_town_has_its_pictures(ready: Terminal) -> None:
    """In another place, too: its paths are not those of the old machine."""
    ready.types("campaign", "start", ready.campaign)
    ready.types("backup", str(ready.folder / "copy"))
    (ready.folder / "var" / "keys").rename(ready.folder / "keys")
    shutil.rmtree(ready.folder / "var")
    ready.writes('# keys = "var/keys"', 'keys = "keys"')
    ready.writes('# url = "sqlite:///var/parvis.db"', 'url = "sqlite:///new/parvis.db"')

    ready.types("restore", str(ready.folder / "copy"))

    assert (published(ready).parent, published(ready).exists()) == (ready.folder / "pictures", True)


def test_a_picture_changed_since_makes_another_campaign(ready: Terminal) -> None:
    """Starting the file again must not pretend that the new picture will be seen."""
    ready.types("campaign", "start", ready.campaign)
    picture = Path(ready.campaign).with_name("halle.png")
    picture.write_bytes(picture.read_bytes()[:-12] + b"\0\0\0\0tEXt\0\0\0\0" + picture.read_bytes()[-12:])

    done = ready.types("campaign", "start", ready.campaign)

    assert (done.code, "differs from what was started" in done.err) == (1, True)
