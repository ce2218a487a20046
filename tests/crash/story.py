"""The story that every kill point interrupts: one campaign, three channels, six citizens, one poll.

The town's clock begins at ``START`` in every process and is given to each of them, so that a lease ends, or a poll
closes, without anybody waiting for it. Opening: the poll goes out to three channels, six citizens vote, three of them
again. Closing: the poll closes, its result goes out to three channels.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from app.settings import Settings, load
from app.upkeep import make_home, make_ready
from campaigns.planner import begin
from core.audience import Audience
from core.campaign import After, Campaign, Question, Step, StepKind
from core.identifiers import CampaignId, ChannelName, PollId
from core.localtime import ClockPolicy
from core.wording import Wording
from storage.store import SqlStore
from storage.vault import FileVault

START = datetime(2027, 3, 1, 9, tzinfo=UTC)
OPEN_FOR = timedelta(hours=1)
A_MOMENT = timedelta(seconds=1)
AFTER_A_LEASE = timedelta(seconds=100)
GRACE = timedelta(minutes=30)
TOO_LATE = GRACE + timedelta(minutes=5)  # for the opening; the poll is still open
CLOSING = START + OPEN_FOR + A_MOMENT

CITIZENS = (101, 102, 103, 104, 105, 106)
# Those who do not vote again come first: a first vote that is lost is not covered by a second.
FIRST_VOTES = {104: 0, 105: 1, 106: 2, 101: 0, 102: 1, 103: 2}
SECOND_VOTES = {101: 1, 102: 2, 103: 2}
CHANNELS = {"place": -1001, "marche": -1002, "gare": -1003}
TOKEN = "1000001:sandbox-token-that-opens-nothing"
POLL = PollId("essai_banc")
OPTIONS = ("Chêne", "Tilleul", "Frêne")

WORLD = {
    "bots": [{"token": TOKEN, "username": "ville_bot"}],
    "users": [{"id": citizen, "name": f"Citoyen {citizen}", "language": "fr"} for citizen in CITIZENS],
    "chats": [
        {"id": number, "kind": "channel", "title": name, "administrators": [1000001], "members": list(CITIZENS)}
        for name, number in CHANNELS.items()
    ],
}


def campaign() -> Campaign:
    """The campaign: a poll for an hour, then its result."""
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
        audience=Audience(channels=tuple(map(ChannelName, CHANNELS))),
        announcements=(),
        questions=(
            Question(
                id=POLL,
                question=Wording(fr="Quel arbre pour la place ?", en="Which tree for the square?"),
                options=tuple(Wording(fr=option, en=option) for option in OPTIONS),
            ),
        ),
        steps=tuple(Step(kind=kind, subject=POLL, when=After(delay), grace=grace) for kind, delay, grace in steps),
    )


def settings_in(folder: Path) -> Settings:
    """The configuration of a town laid out by ``lay_out``."""
    return load(folder / "config.toml")


async def lay_out(folder: Path) -> None:
    """Write a town that has never run, with its campaign started at ``START``."""
    (folder / "charter.toml").write_text('version = "1"\narticles = []\n', encoding="utf-8")
    (folder / "token").write_text(TOKEN, encoding="utf-8")
    (folder / "world.json").write_text(json.dumps(WORLD), encoding="utf-8")
    point_at(folder, "http://127.0.0.1:9")
    settings = settings_in(folder)
    make_home(settings)
    make_ready(settings)
    FileVault(settings.keys)
    store = await SqlStore.open(settings.store_url)
    await store.write(lambda books: begin(campaign(), START, books))
    await store.close()


def point_at(folder: Path, url: str) -> None:
    """Write the configuration, with this platform."""
    channels = "".join(
        f'[[channels]]\nname = "{name}"\naccount = "telegram"\naddress = {number}\n'
        for name, number in CHANNELS.items()
    )
    (folder / "config.toml").write_text(
        '[town]\nname.fr = "Ville"\nname.en = "Town"\n[charter]\nfile = "charter.toml"\n'
        f'[[accounts]]\nname = "telegram"\nplatform = "telegram"\ntoken_file = "token"\nbase_url = "{url}"\n'
        f'{channels}[store]\nurl = "sqlite:///parvis.db"\nkeys = "keys"\n[logs]\nformat = "json"\n',
        encoding="utf-8",
    )
