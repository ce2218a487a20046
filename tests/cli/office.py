"""An operator at a terminal: a folder with a configuration, and commands typed in it."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from app.office import Office, opened
from app.settings import Settings, load
from cli.main import main
from core.audience import Recipient, RecipientKind
from core.delivery import DeliveryState, Urgency, claimed, lost
from core.identifiers import AccountName, OccurrenceId
from core.messages import Delivered, Thanks
from core.ports.store import Books
from tests.core.examples import NOON, poll

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "campaigns" / "samples"
HALLE = "campaigns/samples/halle/halle.toml"
ACCOUNT = AccountName("telegram")
PLACE = Recipient(RecipientKind.CHANNEL, "place")
THANKS = Thanks(poll=poll(), voters=3)
LOST = "the connection broke while Telegram answered (ServerDisconnectedError): nobody knows"
TOKEN = "1000001:sandbox-token-that-opens-nothing"

T = TypeVar("T")


@dataclass(frozen=True)
class Done:
    """What a command answered."""

    code: int
    out: str
    err: str


@dataclass
class Terminal:
    """Types commands in the folder of a town, and keeps everything that was ever shown."""

    folder: Path
    capture: pytest.CaptureFixture[str]
    shown: list[str] = field(default_factory=list)

    def types(self, *words: str) -> Done:
        """Give one command to the configuration of this folder."""
        self.capture.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["--config", str(self.config), *words])
        seen = self.capture.readouterr()
        self.shown += [seen.out, seen.err]
        return Done(code=int(ended.value.code or 0), out=seen.out, err=seen.err)

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.folder / "config.toml"

    @property
    def settings(self) -> Settings:
        """What it says."""
        return load(self.config)

    @property
    def campaign(self) -> str:
        """The sample campaign, in this folder."""
        return str(self.folder / HALLE)

    def writes(self, right: str, wrong: str, file: str = "config.toml") -> None:
        """Change a file by hand."""
        text = (self.folder / file).read_text(encoding="utf-8")
        assert right in text
        (self.folder / file).write_text(text.replace(right, wrong, 1), encoding="utf-8")

    def remembers(self, work: Callable[[Office], Awaitable[T]]) -> T:
        """Do something with the town's memory, as the service would."""
        return remembered(self.settings, work)


def remembered(settings: Settings, work: Callable[[Office], Awaitable[T]]) -> T:
    """Do something with the memory of the town of these settings."""

    async def visit() -> T:
        async with opened(settings) as office:
            return await work(office)

    return asyncio.run(visit())


def furnish(folder: Path) -> Path:
    """Put a configuration, the samples and a token into a folder."""
    shutil.copy(ROOT / "config.example.toml", folder / "config.toml")
    shutil.copytree(SAMPLES, folder / "campaigns" / "samples")
    (folder / "secrets").mkdir()
    (folder / "secrets" / "telegram").write_text(f"{TOKEN}\n", encoding="utf-8")
    return folder


def leave_in_doubt(
    books: Books,
    recipient: Recipient = PLACE,
    *,
    parts: int = 1,
    message: Delivered = THANKS,
    occurrence: OccurrenceId | None = None,
) -> None:
    """The message was being sent, and nobody knows what became of it."""
    books.deliveries.plan(
        occurrence=occurrence,
        message=message,
        recipients=[(ACCOUNT, recipient)],
        urgency=Urgency.CAMPAIGN,
        due_at=NOON,
        expires_at=NOON + timedelta(hours=1),
    )
    sending = replace(claimed(books.deliveries.all()[0], NOON), parts=parts)
    books.deliveries.save(sending, expected=DeliveryState.PLANNED)
    uncertain = lost(sending, at=NOON, dedupes_for=timedelta(), note=LOST)
    books.deliveries.save(uncertain, expected=DeliveryState.SENDING, claimed_at=NOON)
