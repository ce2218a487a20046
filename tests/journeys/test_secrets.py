"""What must be nowhere: the token of the bot, and the link between a person and their ballot."""

import asyncio
import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.faults import Fault, Harm
from sandbox.telegram.values import Message
from tests.journeys.people import Citizen
from tests.journeys.town import Town

TROUBLES = (
    (Harm.CUT_AFTER, "sendMessage"),
    (Harm.HALF, "sendMessage"),
    (Harm.STATUS, "editMessageText"),
    (Harm.CAPTIVE, "answerCallbackQuery"),
)


def rows(database: Path) -> dict[str, str]:
    """Everything that stands in each table, written out."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as reader:
        tables = [name for (name,) in reader.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: repr(reader.execute(f'SELECT * FROM "{table}"').fetchall()) for table in tables}  # noqa: S608  names of its own tables


async def test_no_row_names_who_voted_wrote_or_subscribed(town: Town, fete: Message) -> None:
    """Telegram case 18: the vote is stored, its row has no name; and nor has any other, with what she did besides."""
    zoe = town.citizen("Zénobie Quatrevaux")
    await zoe.presses("Des jeux", under=fete)
    await zoe.writes("/subscribe")
    await zoe.says("Et le parking ?", under=town.mirror(fete))
    await zoe.says("Bande d’abrutis !", under=town.mirror(fete))

    held = await asyncio.to_thread(rows, town.database)

    assert {table for table, text in held.items() if "Quatrevaux" in text or str(zoe.id) in text} == set()
    assert all(held[table] != "[]" for table in ("ballots", "citizens", "replies", "cases"))


async def test_neither_the_log_nor_the_database_ever_holds_the_token(
    town: Town, fete: Message, anne: Citizen, caplog: pytest.LogCaptureFixture
) -> None:
    """Telegram case 35: a campaign with troubles on every road and a restart, and every logger wide open."""
    caplog.set_level(logging.DEBUG)
    for harm, method in TROUBLES:
        town.stage.server.faults.add(Fault(harm=harm, method=method))
    anne.touches("Des jeux", under=fete)
    await anne.writes("/subscribe")
    await town.reopens()
    await town.waits(days=2)

    secret = town.stage.token.partition(":")[2]
    assert not [record for record in caplog.records if secret in caplog.handler.format(record)]
    assert secret not in "".join((await asyncio.to_thread(rows, town.database)).values())
