"""So many processes share the sending of some accounts, each as fast as its network allows."""

import asyncio
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from adapters.telegram.limits import PACE
from app.keys import opened
from app.settings import Settings, load
from benchmarks.hosts import Account, Host, configured, ended, holders, listening, wait_for
from benchmarks.rounds import Measures
from benchmarks.workers.network import people, token
from core.announcement import Announcement
from core.audience import Recipient, RecipientKind
from core.delivery import DeliveryState, Urgency
from core.identifiers import AccountName, AnnouncementId, Locale
from core.messages import AnnouncementPublished
from core.ports.store import Books
from core.ports.vault import Vault
from core.wording import Wording
from sandbox.journal import read
from storage.store import SqlStore

_LANES = 3  # of each account: sending, looking back, keeping order
_OTHERS = 2  # lanes that serve all accounts
_OPEN = (DeliveryState.PLANNED, DeliveryState.SENDING)


def measured(url: str, folder: Path, *, workers: int, accounts: int, number: int) -> Measures:
    """Send one message to ``number`` people of each account, on so many workers."""
    hosts: list[Host] = []
    journal = folder / "journal"
    with ExitStack() as open_:
        network = ("-m", "benchmarks.workers.network", str(journal), str(accounts), str(number))
        there = str(open_.enter_context(listening(*network))["url"])
        lanes = accounts * _LANES + _OTHERS
        named = [
            Account(name=f"a{rank}", platform="telegram", url=there, token=token(rank)) for rank in range(accounts)
        ]
        config = configured(folder, url, named, lanes=-(-lanes // workers) if workers > 1 else 0)
        settings = load(config)
        asyncio.run(_prepared(settings))
        open_.enter_context(ended(hosts))
        hosts += [Host(config, "worker") for _ in range(workers)]
        wait_for(lambda: len(holders(url)) == lanes, "every lane is run")
        wait_for(lambda: {host.number for host in hosts} <= set(holders(url).values()), "every worker has lanes")
        before = sum(host.processor_time() for host in hosts)
        asyncio.run(_planned(settings, accounts, number))
        wait_for(lambda: asyncio.run(_left(url)) == 0, "everything is sent")
        used = sum(host.processor_time() for host in hosts) - before
        return {**_told(journal, accounts, number), "CPU ms/delivery": used * 1000 / (accounts * number)}


def _told(journal: Path, accounts: int, number: int) -> Measures:
    """What the network wrote down. Raises ValueError when something is lost or doubled."""
    calls = [each for each in read(journal) if each.get("method") == "sendMessage"]
    done = [each for each in calls if each["outcome"] == "done"]
    got = Counter(str(each["parameters"]["chat_id"]) for each in done if isinstance(each["parameters"], dict))
    if len(got) != accounts * number or max(got.values()) > 1:
        raise ValueError(f"{len(got)} of {accounts * number} got it, one of them {max(got.values())} times")
    began, over = (datetime.fromisoformat(str(each["at"])) for each in (done[0], done[-1]))
    rate = accounts * number / (over - began).total_seconds()
    allowed = accounts * PACE.overall.calls / PACE.overall.period.total_seconds()
    return {"deliveries/s": rate, "of the rate": rate / allowed, "refused": float(len(calls) - len(done))}


async def _prepared(settings: Settings) -> None:
    """Make the keys before several processes would."""
    store = await SqlStore.open(settings.store_url)
    await opened(settings, store)
    await store.close()


async def _planned(settings: Settings, accounts: int, number: int) -> None:
    store = await SqlStore.open(settings.store_url)
    vault = await opened(settings, store)
    await store.write(partial(_plan, vault, accounts, number))
    await store.close()


def _plan(vault: Vault, accounts: int, number: int, books: Books) -> None:
    now, said = datetime.now(UTC), Wording(fr="Les travaux commencent lundi.", en="Works begin on Monday.")
    recipients = []
    for rank in range(accounts):
        account = AccountName(f"a{rank}")
        for person in people(rank, number):
            known = f"telegram:{person}"
            citizen = books.citizens.remember(
                blind=known.encode(),
                sealed=vault.seal(known),
                account=account,
                locale=Locale.FR,
                subscribed=True,
                at=now,
            )
            recipients.append((account, Recipient(RecipientKind.CITIZEN, str(citizen))))
    books.deliveries.plan(
        occurrence=None,
        message=AnnouncementPublished(announcement=Announcement(id=AnnouncementId("pont"), title=said, body=said)),
        recipients=recipients,
        urgency=Urgency.CAMPAIGN,
        due_at=now,
        expires_at=now + timedelta(hours=1),
    )


async def _left(url: str) -> int:
    store = await SqlStore.open(url)
    count = await store.read(lambda books: books.deliveries.count())
    await store.close()
    return sum(count.get(state, 0) for state in _OPEN)
