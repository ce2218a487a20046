"""A town on several hosts under random deaths: ``python -m tests.crash.cluster [DELIVERIES] [SEED]``.

Several real processes over PostgreSQL send to subscribers of four accounts, on a network that spoils a fifth of all
calls: tells to wait, fails, cuts the connection before or after the act. Again and again one process is killed, or
frozen and thawed: after so many deliveries, however slow the machine is, since nothing is proven by blows while nothing
is sent. Then what the network wrote down is joined with the ledger: nothing is lost, nothing doubled, what
nobody knows is shown, and each person got everything in order. Prints one line of JSON; exit 0 when nothing is wrong.
"""

import asyncio
import json
import random
import re
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import psycopg

from app.clock import SystemClock
from app.keys import opened
from app.settings import Settings, load
from core.announcement import Announcement
from core.audience import Recipient, RecipientKind
from core.delivery import Urgency
from core.identifiers import AccountName, AnnouncementId, Locale
from core.messages import AnnouncementPublished
from core.ports.store import Books
from core.wording import Wording
from sandbox.faults import Fault, Faults, Harm
from sandbox.journal import Journal, read
from sandbox.telegram.server import TelegramServer
from sandbox.telegram.world import World
from storage.migrations import upgrade
from storage.store import SqlStore
from tests.app.program import running
from tests.contracts.databases import _server
from tests.crash.doors import enter
from tests.crash.machines import Process, wait_for

ACCOUNTS = 4
PROCESSES = 3
ROUNDS = 25  # messages to each subscriber
SHARE = 0.2  # of the calls that are spoilt
CALM = (1.0, 4.0)  # seconds between two looks
STRIDE = (100, 300)  # deliveries from one blow to the next
FROZEN = (7.0, 12.0)  # seconds that a process stands still
STILL = 180.0  # seconds without any delivery settled: a lease of 90 s may have to end, on a machine that is busy
HARMS = (Harm.FLOOD, Harm.STATUS, Harm.CUT_BEFORE, Harm.CUT_AFTER)
OUT = {"done", "cut_after"}
NUMBER = re.compile(r"nouvelle (\d+)")


class Spoiling(Faults):
    """Spoils a share of all messages."""

    def strike(self, method: str, chat: int | str | None, *, only_by_name: bool = False) -> Fault | None:  # noqa: ARG002  of the sandbox
        """Spoil this one, perhaps."""
        if method != "sendMessage" or random.random() >= SHARE:
            return None
        return Fault(harm=random.choice(HARMS))


def token(account: int) -> str:
    """The token of an account."""
    return f"{1000001 + account}:AAH-a-sandbox-token-of-the-town"


def people(account: int, number: int) -> range:
    """The subscribers of an account, by their numbers on the network."""
    return range(10_000 * (account + 1), 10_000 * (account + 1) + number)


def network(folder: str, number: str) -> None:
    """Be the network."""
    asyncio.run(_listen(Path(folder), int(number)))


async def _listen(folder: Path, number: int) -> None:
    clock = SystemClock()
    world = World(clock=clock, journal=Journal(clock, folder / "journal"))
    for account in range(ACCOUNTS):
        bot = world.add_bot(token(account), username=f"ville{account}_bot")
        for person in people(account, number):
            world.add_user(person, f"P{person}", language_code="fr")
            world.start(person, bot=bot.id)
        bot.queue.clear()
    async with TelegramServer(world, pace=None, faults=Spoiling()) as server:
        (folder / "url").write_text(server.url + "\n", encoding="utf-8")
        await asyncio.Event().wait()


def configure(folder: Path, url: str, database: str) -> Settings:
    """Write the configuration that all hosts share."""
    accounts = ""
    for account in range(ACCOUNTS):
        (folder / f"token{account}").write_text(token(account), encoding="utf-8")
        accounts += f'[[accounts]]\nname = "a{account}"\nplatform = "telegram"\nbase_url = "{url}"\n'
        accounts += f'token_file = "token{account}"\n'
    (folder / "charter.toml").write_text('version = "1"\narticles = []\n', encoding="utf-8")
    (folder / "config.toml").write_text(
        f'[town]\nname.fr = "Ville"\nname.en = "Town"\n[charter]\nfile = "charter.toml"\n{accounts}'
        f'[store]\nurl = "{database}"\nkeys = "keys"\n[engine]\nkind = "cluster"\nlanes = 12\n'
        '[logs]\nformat = "json"\n',
        encoding="utf-8",
    )
    return load(folder / "config.toml")


async def plan(settings: Settings, number: int) -> dict[str, str]:
    """Subscribe everybody, and plan everything; the person behind each citizen's number."""
    store = await SqlStore.open(settings.store_url)
    vault = await opened(settings, store)
    now = SystemClock().now()
    known: dict[str, str] = {}

    def work(books: Books) -> None:
        recipients = []
        for account in range(ACCOUNTS):
            name = AccountName(f"a{account}")
            for person in people(account, number):
                reference = f"telegram:{person}"
                citizen = books.citizens.remember(
                    blind=reference.encode(),
                    sealed=vault.seal(reference),
                    account=name,
                    locale=Locale.FR,
                    subscribed=True,
                    at=now,
                )
                known[str(citizen)] = str(person)
                recipients.append((name, Recipient(RecipientKind.CITIZEN, str(citizen))))
        for rank in range(ROUNDS):
            said = Wording(fr=f"nouvelle {rank}", en=f"nouvelle {rank}")
            books.deliveries.plan(
                occurrence=None,
                message=AnnouncementPublished(
                    announcement=Announcement(id=AnnouncementId(f"n{rank}"), title=said, body=said)
                ),
                recipients=recipients,
                urgency=Urgency.CAMPAIGN,
                due_at=now + timedelta(microseconds=rank),
                expires_at=now + timedelta(days=1),
            )

    await store.write(work)
    await store.close()
    return known


@dataclass(slots=True)
class Hosts:
    """The processes, and what befalls them. ``took`` is how long each blow left a lane without a holder that lives."""

    folder: Path
    database: str
    chance: random.Random
    alive: list[Process] = field(default_factory=list)
    blows: Counter[str] = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)
    begun: int = 0

    def begin(self) -> None:
        """One more."""
        self.begun += 1
        self.alive.append(running(self.folder / "config.toml", self.folder / f"said-{self.begun}"))

    def strike(self) -> None:
        """Kill one, and begin another; or freeze one for a while."""
        victim = self.chance.choice(self.alive)
        at = time.monotonic()
        if self.chance.random() < 0.5:
            self.blows["killed"] += 1
            self.alive.remove(victim)
            number = victim.number
            victim.end()
            self._measure(number, at)
            self.begin()
            return
        self.blows["frozen"] += 1
        victim.signal(signal.SIGSTOP)
        self._measure(victim.number, at)
        time.sleep(max(0.0, self.chance.uniform(*FROZEN) - (time.monotonic() - at)))
        victim.signal(signal.SIGCONT)

    def end(self) -> None:
        """Kill all."""
        for each in self.alive:
            each.end()

    def _measure(self, number: int, since: float) -> None:
        """Wait until none of the lanes is with this process."""
        held = self._holders(number)
        if held:
            wait_for(lambda: not self._holders(number), "its lanes are taken over", longest=STILL)
            self.took.append(time.monotonic() - since)

    def _holders(self, number: int) -> int:
        return sum(str(holder).endswith(f":{number}") for (holder,) in _ask(self.database, "SELECT holder FROM lanes"))


def _ask(database: str, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database, autocommit=True) as server:
        return server.execute(question.encode()).fetchall()


def _open(database: str) -> int:
    (count,) = _ask(database, "SELECT count(*) FROM deliveries WHERE state IN ('planned', 'sending')")[0]
    return int(str(count))


def _posted(journal: Path) -> dict[str, list[int]]:
    """What each person got, in this order."""
    posted: defaultdict[str, list[int]] = defaultdict(list)
    for entry in read(journal):
        sent = entry["parameters"] if entry.get("method") == "sendMessage" and entry["outcome"] in OUT else None
        found = NUMBER.search(str(sent["text"])) if isinstance(sent, dict) else None
        if found and isinstance(sent, dict):
            posted[str(sent["chat_id"])].append(int(found[1]))
    return posted


def judge(database: str, posted: dict[str, list[int]], known: dict[str, str], number: int) -> Iterator[str]:
    """What is wrong, if anything."""
    for person, ranks in posted.items():
        if len(set(ranks)) < len(ranks):
            yield f"doubled: {person} got {sorted(rank for rank, times in Counter(ranks).items() if times > 1)} again"
        if ranks != sorted(ranks):
            yield f"order: {person} got {ranks}"
    rows = _ask(database, "SELECT d.name, m.body, d.state FROM deliveries d JOIN messages m ON m.id = d.message")
    if len(rows) != number:
        yield f"lost: the ledger has {len(rows)} deliveries, {number} were planned"
    for citizen, body, state in rows:
        rank = int((NUMBER.search(str(body)) or ["", "-1"])[1])
        out = rank in posted.get(known[str(citizen)], ())
        if state not in {"sent", "uncertain"} or (state == "sent" and not out):
            yield f"lost: {rank} to {known[str(citizen)]} is {state}, {'out' if out else 'not out'}"


def play(folder: Path, deliveries: int, seed: int) -> dict[str, object]:
    """Play it once."""
    number = deliveries // (ACCOUNTS * ROUNDS)
    database = _server()
    upgrade(database)
    telegram = Process(enter, "tests.crash.cluster", "network", str(folder), str(number))
    hosts = Hosts(folder, database, random.Random(seed))
    try:
        url = folder / "url"
        wait_for(lambda: url.exists() and url.read_text(encoding="utf-8").endswith("\n"), "the network listens")
        settings = configure(folder, url.read_text(encoding="utf-8").strip(), database)
        known = asyncio.run(plan(settings, number))
        seconds = _storm(hosts, most=ACCOUNTS * number)
    finally:
        hosts.end()
        telegram.end()
    states = {str(state): count for state, count in _ask(database, "SELECT state, count(*) FROM deliveries GROUP BY 1")}
    calls = Counter(str(each["outcome"]) for each in read(folder / "journal") if each.get("method") == "sendMessage")
    return {
        "findings": [*judge(database, _posted(folder / "journal"), known, ACCOUNTS * number * ROUNDS)][:20],
        "seconds": round(seconds),
        "states": states,
        "calls": calls,
        "blows": hosts.blows,
        "taken_over_after": sorted(round(each, 1) for each in hosts.took),
    }


def _storm(hosts: Hosts, *, most: int) -> float:
    """Let blows fall until little is left, then let the rest end: leases of those who died take their time."""
    began = moved = time.monotonic()
    for _ in range(PROCESSES):
        hosts.begin()
    left = _open(hosts.database)
    blow_at = left - hosts.chance.randint(*STRIDE)
    while left and time.monotonic() - moved < STILL:
        time.sleep(hosts.chance.uniform(*CALM))
        before, left = left, _open(hosts.database)
        if left < before:
            moved = time.monotonic()
        if most < left <= blow_at:
            hosts.strike()
            blow_at = left - hosts.chance.randint(*STRIDE)
    return time.monotonic() - began


def main(arguments: list[str]) -> int:
    """Play, print, and say how to exit."""
    deliveries, seed = (*map(int, arguments), *(10_000, 1)[len(arguments) :])
    with tempfile.TemporaryDirectory() as folder:
        told = play(Path(folder), deliveries, seed)
    sys.stdout.write(json.dumps(told) + "\n")
    return int(bool(told["findings"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
