"""Reports to the server of which the account is staff: heard without their makers, resolved there."""

from collections.abc import AsyncIterator

import pytest

from adapters.mastodon.outbound import EVERYBODY
from core.events import MessagePosted, ReportFiled
from core.identifiers import MessageId
from core.ports.platform import Introduction
from sandbox.mastodon.profiles import MASTODON
from tests.adapters.mastodon.conftest import TOKEN, Town, after, hear, town_on, understood

SCOPES = ("read", "write", "follow", "admin:read", "admin:write")
WHY = "Ce voisin m’insulte, moi, Bilal"


@pytest.fixture
async def staffed(socket_enabled: None) -> AsyncIterator[Town]:  # noqa: ARG001  loopback
    async with town_on(MASTODON, opened=False) as town:
        town.world.add_token(TOKEN, town.bot.id, SCOPES)
        town.world.staff.add(town.bot.id)
        await town.adapter.open(Introduction(), known=None)
        yield town


async def test_a_report_tells_whom_and_what_it_is_about_and_never_who_made_it(staffed: Town) -> None:
    """Neither in what is understood nor in what is stored."""
    post = staffed.world.write(staffed.anne, "Espèce de nigaud")
    number = staffed.world.report(staffed.bilal, staffed.anne, WHY, statuses=[post])

    updates = await staffed.adapter.fetch(None)
    (filed,) = understood(staffed, updates)

    assert isinstance(filed, ReportFiled)
    assert (filed.author.number, filed.chat, filed.message) == (staffed.anne, EVERYBODY, MessageId(post))
    assert (filed.text, filed.report) == ("Espèce de nigaud", number)
    assert filed.link == f"{staffed.server.url}/admin/reports/{number}"
    stored = b"".join(update.body for update in updates).decode()
    assert [word for word in ("bilal", "Bilal", staffed.bilal, "voisin") if word in stored] == []


async def test_a_report_of_an_account_alone_has_no_post(staffed: Town) -> None:
    """It is a case of its own; one of us, and one that is gone, are none."""
    number = staffed.world.report(staffed.bilal, staffed.anne, WHY)
    staffed.world.report(staffed.bilal, staffed.bot.id, WHY)
    staffed.world.report(staffed.bilal, staffed.anne, WHY)
    del staffed.world.reports[2]

    heard = await hear(staffed)

    assert [(each.message, each.text) for each in heard if isinstance(each, ReportFiled)] == [(f"report/{number}", "")]
    assert len(heard) == 1


async def test_a_report_that_is_dealt_with_is_resolved_on_the_server(staffed: Town) -> None:
    """Twice changes nothing; nor where it is gone."""
    number = staffed.world.report(staffed.bilal, staffed.anne, WHY)

    for report in (number, number, "99"):
        await staffed.adapter.moderator.resolve(report)

    (report_there,) = staffed.world.reports
    assert report_there.resolved_at is not None


async def test_who_is_not_of_the_staff_asks_for_no_reports(town: Town) -> None:
    """Only for what people write."""
    town.world.staff.add(town.bot.id)
    town.world.report(town.bilal, town.anne, WHY)
    town.world.mention(town.anne, "Bonjour")

    updates = await town.adapter.fetch(None)

    assert [type(each) for each in understood(town, updates)] == [MessagePosted]
    assert after(updates).number == 2
