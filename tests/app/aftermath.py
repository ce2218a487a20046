"""A whole small campaign, played once by people whom nobody could overlook, and everything that is left of it.

They vote by button and by typing, withdraw, ask what is held about them, ask for news and stop them, and reply; one
breaks the charter, and a moderator gives the message back; one does something that nothing here understands. Names,
user names, accounts and the token are such that a look at raw bytes finds them.
"""

import asyncio
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app import logs
from app.lifetime import opened
from app.moderation import restore
from app.office import Office
from app.service import Service
from app.settings import Settings
from app.story import Story
from app.upkeep import make_home
from cli.main import main
from core.audience import Audience
from core.campaign import Campaign
from core.identifiers import CaseNumber, ChannelName
from sandbox.crowd import CrowdPlan, Remark, Typist
from sandbox.inhabitants import FIRST_ID
from sandbox.stage import Stage
from storage.store import SqlStore
from storage.vault import FileVault
from tests.app.consultation import CHARTER, INSULT, campaign
from tests.app.town import LONGEST, TOWN, account, configured

MINUTE = timedelta(minutes=1)
MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
FIRST_WORD = "Zorglubine"
FIRST_USER_NAME = "quidam_canari_"
REPLY = "Un banc, quelle bonne idée !"
ASKS_EVERYTHING = ("/start", "/vote {poll} 2", "/myvote", "/mydata", "/subscribe", "/language fr", "/stop")
LEAVES = ("/vote {poll} 1", "/withdraw {poll}", "/vote {poll} 1", "/mydata", "/forgetme")
UNREADABLE = {"id": FIRST_ID, "first_name": f"{FIRST_WORD}0", "username": f"{FIRST_USER_NAME}0"}
COMMANDS = (("campaign", "list"), ("polls",), ("deliveries",), ("replies",), ("cases",), ("quarantine",))

PLAN = CrowdPlan(
    turnout=1,
    median=20 * MINUTE,
    spread=0.3,
    rhythm=20 * MINUTE,
    subscribers=2,
    late=0,
    typists=tuple(Typist(tuple((10 * MINUTE, line) for line in lines)) for lines in (ASKS_EVERYTHING, LEAVES)),
    remarks=((Remark(REPLY, 20 * MINUTE),),),
    breach=Remark(f"Quelle {INSULT} !", 20 * MINUTE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """What is left: the log as text and as JSON, what terminals showed, the files of the database, the journal.

    ``canaries`` are the names, user names and accounts of people, and the token; ``events`` those of the log;
    ``evidence`` is what a moderator is shown of the case on purpose.
    """

    canaries: tuple[str, ...]
    log: str
    json_log: str
    events: tuple[str, ...]
    terminal: str
    evidence: str
    database: bytes
    journal: Path


def play(folder: Path) -> Aftermath:
    """Play the campaign in this folder, then look at it with every command that lists something."""
    heard, terminal, evidence = _Log(), io.StringIO(), io.StringIO()
    with heard.as_it_was():
        with redirect_stdout(terminal), redirect_stderr(terminal):
            canaries, settings, database = asyncio.run(_campaign(folder, heard))
            for words in COMMANDS:
                _types(settings, *words)
        with redirect_stdout(evidence):
            _types(settings, "cases", "show", "1")
    return Aftermath(
        canaries=canaries,
        log=heard.text.getvalue(),
        json_log=heard.json.getvalue(),
        events=tuple(heard.events),
        terminal=terminal.getvalue(),
        evidence=evidence.getvalue(),
        database=database,
        journal=folder / "journal.jsonl",
    )


def _types(settings: Settings, *words: str) -> None:
    with suppress(SystemExit):
        main(["--config", str(settings.file), *words])


class _Log(logging.Handler):
    """The log of the service at every level, in both forms."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.json = io.StringIO(), io.StringIO()
        self.events: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Remember the name of the event."""
        self.events.append(record.getMessage())

    @contextmanager
    def as_it_was(self) -> Iterator[None]:
        """Put everything back at the end."""
        root, ours = logging.getLogger(), logging.getLogger("parvis")
        kept, levels = root.handlers[:], (root.level, ours.level)
        yield
        root.handlers[:] = kept
        root.setLevel(levels[0])
        ours.setLevel(levels[1])

    def begin(self, token: str) -> None:
        """Log as ``serve`` does, twice."""
        logs.set_up(as_json=False, level="debug", secrets=[token], stream=self.text)
        as_json = logging.StreamHandler(self.json)
        as_json.setFormatter(logs.Redacting(as_json=True, secrets=[token]))
        logging.getLogger().addHandler(as_json)
        logging.getLogger().addHandler(self)


async def _campaign(folder: Path, heard: _Log) -> tuple[tuple[str, ...], Settings, bytes]:
    stage = Stage(MONDAY, inhabitants=8, plan=PLAN, quiet=timedelta(milliseconds=3), journal=folder / "journal.jsonl")
    canaries = [stage.token.partition(":")[2]]
    for rank, person in enumerate(stage.people):
        name, user_name = f"{FIRST_WORD}{rank}", f"{FIRST_USER_NAME}{rank}"
        stage.world.add_user(person.id, name, username=user_name, language_code=person.language)
        canaries += [name, user_name, str(person.id)]
    async with stage:
        settings = await _settings(stage, folder)
        heard.begin(stage.token)
        async with opened(settings, stage.clock, lambda: True) as service:
            await _perform(stage, service, await asyncio.to_thread(_read, folder), settings)
            assert isinstance(service.store, SqlStore)
            await service.store.housekeep()  # as the upkeep does every ten minutes: the log of the database forgets
            left = await asyncio.to_thread(_files, folder)
        left += await asyncio.to_thread(_files, folder)
    return tuple(canaries), settings, left


async def _settings(stage: Stage, folder: Path) -> Settings:
    settings = await configured(
        folder, account(stage.url, channel=stage.town.channel, discussion=stage.town.group), charter=CHARTER
    )
    (folder / f"token-{TOWN}").write_text(stage.token, encoding="utf-8")
    await asyncio.to_thread(make_home, settings)
    return settings


async def _perform(stage: Stage, service: Service, consultation: Campaign, settings: Settings) -> None:
    async with asyncio.timeout(LONGEST), asyncio.TaskGroup() as group:
        work = group.create_task(service.run())
        await service.receptions[next(iter(service.receptions))].opened.wait()
        await service.planner.start(consultation)
        await service.planner.look()
        stage.clock.idle_when(lambda: not service.busy)
        stage.world.inject(stage.world.the_bot(), {"callback_query": {"from": UNREADABLE, "data": 7}})
        stage.play()
        story = Story(service=service, stage=stage, live=True)
        await story.tell(consultation)
        vault = await asyncio.to_thread(FileVault, settings.keys)
        await restore(Office(settings=settings, store=service.store, vault=vault, clock=stage.clock), CaseNumber(1))
        service.wake_lanes()
        await story.tell(consultation)
        await service.drain()
        work.cancel()


def _read(folder: Path) -> Campaign:
    audience = Audience(channels=(ChannelName(TOWN),), subscribers=True)
    return replace(campaign(folder, MONDAY), audience=audience)


def _files(folder: Path) -> bytes:
    """The bytes of the database, of its log and of its index, as they stand."""
    return b"".join(file.read_bytes() for file in sorted((folder / "var").glob("parvis.db*")))
