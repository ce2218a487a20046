"""An officer reads on a phone what a colleague submitted, sends it back, then approves it; only then it goes out."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from app.preflight import registrar_of
from app.settings import Settings
from core.audience import Audience
from core.identifiers import AccountName, ChannelName, MemberKey
from core.staff import Act, Member, Role, Staff
from tests.app.consultation import NEWS, campaign
from tests.app.networks import TELEGRAM, Network, Square, square

pytestmark = pytest.mark.usefixtures("socket_enabled")
ANNE, BILAL, CHLOE = range(3)


def _staffed(settings: Settings, networks: Mapping[str, Network]) -> Settings:
    """Anne and Bilal are officers."""
    account = AccountName(TELEGRAM)
    people = networks[TELEGRAM].people[: BILAL + 1]
    members = tuple(
        Member(key=MemberKey(f"officer-{rank}"), name=each.name, role=Role.OFFICER, accounts={account: str(each.id)})
        for rank, each in enumerate(people)
    )
    return replace(settings, staff=Staff(members=members))


async def _submits(town: Square) -> str:
    """Anne does; the code."""
    now = town.clock.now()
    small = await asyncio.to_thread(campaign, town.settings.file.parent, now)
    whole = replace(small, audience=Audience(channels=(ChannelName(TELEGRAM),)))
    by = MemberKey("officer-0")
    review = await town.service.store.write(lambda books: books.reviews.submit(whole, by=by, at=now))
    return review.code


async def _schedules(town: Square) -> None:
    """What the service does every few seconds."""
    service = town.service
    registrar = registrar_of(
        town.settings, lambda: service.receptions, store=service.store, clock=town.clock, wake=service.wake, web=None
    )
    await registrar.look()
    await town.service.planner.look()


async def test_a_campaign_is_sent_back_and_approved_on_a_phone(tmp_path: Path) -> None:
    """Who submitted it cannot approve it; to a citizen the command does not exist."""
    async with square(tmp_path, TELEGRAM, furnish=_staffed) as town:
        telegram = town.networks[TELEGRAM]
        await town.opened(TELEGRAM)
        first = await _submits(town)

        telegram.types(BILAL, "/approuver")
        shown = await telegram.tells(BILAL, "Proposé par Anne")
        telegram.types(BILAL, f"/rejeter {first} Le marché est le samedi")
        await telegram.tells(BILAL, "Refusé.")
        second = await _submits(town)
        telegram.types(ANNE, f"/approuver {second} oui")
        await telegram.tells(ANNE, "une autre personne doit l’approuver")
        telegram.types(CHLOE, f"/approuver {second} oui")
        await telegram.tells(CHLOE, "pas compris")
        await _schedules(town)
        before = telegram.words()
        telegram.types(BILAL, f"/approuver {second} oui")
        await telegram.tells(BILAL, "Approuvé.")
        await _schedules(town)
        await town.says(TELEGRAM, NEWS)

        log = await town.service.store.read(lambda books: books.audit.last(limit=9))
        assert f"/approve {first}" in shown
        assert before == []
        assert {(each.deed.who, each.deed.act) for each in log} == {
            ("officer-1", Act.REJECT),
            ("officer-1", Act.APPROVE),
            ("service", Act.SCHEDULE),
        }
