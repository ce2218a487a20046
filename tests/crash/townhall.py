"""The town of the story: how it is laid out on a disk, configured, and how its officer cancels a campaign."""

import asyncio
from datetime import timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from app.settings import Settings, load
from app.upkeep import make_home, make_ready
from campaigns import planner
from core.audience import Audience
from core.campaign import After, Campaign, Question, Step, StepKind, named
from core.correction import CorrectionKind
from core.identifiers import AccountName, CampaignId, ChannelName, MemberKey, PollId
from core.localtime import ClockPolicy
from core.poll import Showing
from core.ports.engine import listening, sending
from core.ports.store import Books
from core.wording import Wording
from delivery.ordering import Wish, ordered
from storage.store import SqlStore
from storage.vault import FileVault
from tests.crash.networks import PLACES, TELEGRAM, TOKEN
from tests.crash.story import GRACE, OPEN_FOR, OPTIONS, OURS, POLL, PUBLIC, START, point_at
from tests.crash.storytime import hours, told

ERRATUM = "Le compte est faux."


def campaign(*, public: bool = False) -> Campaign:
    """The campaign: a poll for an hour, then its result. A ``public`` one is asked by the network's own poll."""
    subject = PollId(POLL)
    steps = (
        (StepKind.OPEN_POLL, timedelta(), GRACE),
        (StepKind.CLOSE_POLL, OPEN_FOR, GRACE),
        (StepKind.PUBLISH_RESULTS, timedelta(), GRACE),
    )
    return Campaign(
        id=CampaignId("essai"),
        title=Wording(fr="Essai", en="Trial"),
        zone=ZoneInfo("Europe/Paris"),
        policy=ClockPolicy(),
        audience=Audience(channels=tuple(map(ChannelName, PLACES))),
        announcements=(),
        questions=(
            Question(
                id=subject,
                question=Wording(fr="Quel arbre pour la place ?", en="Which tree for the square?"),
                options=tuple(Wording(fr=option, en=option) for option in OPTIONS),
                showing=Showing.LIVE,
                public=public,
            ),
        ),
        steps=named(Step(kind=kind, subject=subject, when=After(delay), grace=grace) for kind, delay, grace in steps),
    )


def settings_in(folder: Path) -> Settings:
    """The configuration of a town laid out by ``lay_out``."""
    return load(folder / "config.toml")


async def lay_out(folder: Path, *, public: bool) -> None:
    """Write a town that has never run, with its campaign started at ``START``."""
    folder.mkdir()
    (folder / "charter.toml").write_text('version = "1"\narticles = []\n', encoding="utf-8")
    (folder / "token").write_text(TOKEN, encoding="utf-8")
    point_at(folder, TELEGRAM, "http://127.0.0.1:9")  # which network it is to be is said when it begins
    settings = settings_in(folder)
    make_home(settings)
    make_ready(settings)
    FileVault(settings.keys)
    store = await SqlStore.open(settings.store_url)
    await store.write(lambda books: planner.begin(campaign(public=public), START, books))
    await store.close()


def lay_out_both(folder: str) -> None:
    """Be the process that does it, for a poll of ours and for one that is the network's own."""
    asyncio.run(lay_out(Path(folder) / OURS, public=False))
    asyncio.run(lay_out(Path(folder) / PUBLIC, public=True))


def cancel(folder: str) -> None:
    """Be the process that cancels the campaign, as the command does."""
    asyncio.run(_cancel(Path(folder)))


def take_over(folder: str) -> None:
    """Be another process that takes every lane over, and says nothing yet."""
    asyncio.run(_take_over(Path(folder)))


def correct(folder: str, kind: str) -> None:
    """Be the process in which an officer orders something about the result."""
    asyncio.run(_correct(Path(folder), CorrectionKind(kind)))


async def _correct(folder: Path, kind: CorrectionKind) -> None:
    store, at = await SqlStore.open(settings_in(folder).store_url), told(hours(folder))
    (*_, result) = campaign().steps
    said = Wording(fr=ERRATUM, en=ERRATUM)
    wish = Wish(kind=kind, campaign=CampaignId("essai"), step=result.name, said=said)
    await store.write(lambda books: ordered(wish, by=MemberKey("anne"), at=at, books=books))
    await store.close()


async def _take_over(folder: Path) -> None:
    store = await SqlStore.open(settings_in(folder).store_url)
    account, at = AccountName("town"), told(hours(folder))

    def take(books: Books) -> None:
        for lane in (listening(account), sending(account)):
            books.lanes.take(lane, holder="another", at=at)

    await store.write(take)
    await store.close()


async def _cancel(folder: Path) -> None:
    store = await SqlStore.open(settings_in(folder).store_url)
    await store.write(partial(planner.stop, CampaignId("essai"), told(hours(folder))))
    await store.close()
