"""Refused tokens, lost lines, strange answers: what becomes of them. Acceptance case 28 and the further ones."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from mastodon.errors import MastodonRatelimitError

from adapters.mastodon.adapter import MastodonAdapter
from adapters.mastodon.errors import as_ours
from adapters.mastodon.limits import Limits
from core.errors import Misconfigured, Rejected, Unauthorised, Unavailable, Uncertain
from core.identifiers import Address
from core.ports.platform import Introduction
from sandbox.faults import Harm
from sandbox.listening import listening
from sandbox.mastodon.profiles import GOTOSOCIAL, MASTODON
from tests.adapters.mastodon.conftest import (
    ACCOUNT,
    PUBLIC,
    TOKEN,
    LeapingClock,
    Town,
    connected,
    publish,
    text,
    town_on,
)

STAFF = ("read", "write", "follow", "admin:read", "admin:write")


def adapter_at(url: str, ca_file: Path | None = None) -> MastodonAdapter:
    """An adapter for this server."""
    return MastodonAdapter(account=ACCOUNT, token=TOKEN, base_url=url, clock=LeapingClock(), ca_file=ca_file)


async def test_a_revoked_token_stops_everything_after_a_few_requests(town: Town) -> None:
    """Case 28: a human must act; asking again would look like an attack."""
    town.world.revoke(TOKEN)
    before = len(town.world.journal.entries)

    with pytest.raises(Unauthorised):
        await town.adapter.fetch(None)
    with pytest.raises(Unauthorised):
        await publish(town, text("Bonjour"))
    with pytest.raises(Unauthorised):
        await town.adapter.open(Introduction(), known=None)

    assert len(town.world.journal.entries) - before <= 3


async def test_private_messages_are_let_in_when_the_account_is_opened(town: Town) -> None:
    """Further case: by default no ballot of a stranger would ever arrive."""
    assert town.world.policy(town.bot.id)["for_private_mentions"] == "accept"


async def test_a_server_without_a_policy_is_no_trouble(socket_enabled: None, caplog: pytest.LogCaptureFixture) -> None:  # noqa: ARG001  loopback
    """Further case: it hides nothing."""
    caplog.set_level("INFO")
    async with town_on(GOTOSOCIAL):
        assert "no_notification_policy" in caplog.text


async def test_a_token_that_may_not_let_them_in_is_told(socket_enabled: None, caplog: pytest.LogCaptureFixture) -> None:  # noqa: ARG001  loopback
    """The account goes on: public replies still arrive."""
    async with town_on(MASTODON, opened=False) as town:
        town.world.add_token(TOKEN, town.bot.id, ("read",))
        await town.adapter.open(Introduction(), known=None)

        assert "private_messages_may_be_hidden" in caplog.text


async def test_nobody_at_the_address_is_nothing_done(socket_enabled: None) -> None:  # noqa: ARG001  opens loopback
    """The post may go out later without any doubt."""
    async with town_on(MASTODON) as town:
        part, *_ = town.adapter.plan(text("Bonjour"), PUBLIC)
    alone = adapter_at(town.server.url)

    with pytest.raises(Unavailable):
        await alone.send(part, key="1", before=())
    await alone.close()


@pytest.mark.parametrize(
    ("harm", "error"),
    [(Harm.CUT_BEFORE, Uncertain), (Harm.STATUS, Uncertain), (Harm.CAPTIVE, Uncertain), (Harm.FLOOD, Unavailable)],
)
async def test_what_becomes_of_a_post_is_never_guessed(town: Town, harm: Harm, error: type[Exception]) -> None:
    """Only a 429 surely did nothing: a page of somebody else, or of a gateway, may stand before a post that is out."""
    town.misbehave(harm)

    with pytest.raises(error):
        await publish(town, text("Bonjour"))


async def test_a_right_that_is_missing_is_no_citizen_who_left(town: Town) -> None:
    """A 403 would else take people out of the address book, who did nothing."""
    town.world.add_token(TOKEN, town.bot.id, ("read",))

    with pytest.raises(Rejected) as refused:
        await publish(town, text("Bonjour"))

    assert type(refused.value) is Rejected
    town.world.violations.clear()  # on purpose


async def test_a_closed_adapter_takes_no_call_and_may_be_closed_again(town: Town) -> None:
    """The service closes what a test has closed, and the reverse."""
    await town.adapter.close()
    await town.adapter.close()

    with pytest.raises(Unavailable):
        await town.adapter.fetch(None)


def test_headers_that_the_library_cannot_read_leave_a_doubt() -> None:
    """It then raises as for a 429, after the post is out."""
    error = MastodonRatelimitError("Rate limit time calculations failed: x")

    assert type(as_ours(error)) is Uncertain
    assert type(as_ours(MastodonRatelimitError("Hit rate limit."), retry_after=timedelta(1))) is Unavailable


async def test_no_token_is_ever_said(town: Town) -> None:
    """Errors end in logs and in the ledger."""
    adapter = MastodonAdapter(account=ACCOUNT, token="x" * 40, base_url=town.server.url, clock=town.clock)
    with pytest.raises(Unauthorised) as refused:
        await adapter.fetch(None)
    await adapter.close()

    assert "x" * 40 not in f"{refused.value!r} {adapter!r}"


def test_an_authority_that_is_none_is_told(tmp_path: Path) -> None:
    """With the setting that names it."""
    (tmp_path / "ca.pem").write_text("none")

    with pytest.raises(Misconfigured, match=r"network\.ca_file"):
        adapter_at("https://ville.example", tmp_path / "ca.pem")


def test_what_a_server_says_strangely_is_as_usual() -> None:
    """Null, texts and tables where numbers belong."""
    odd = {"configuration": {"statuses": {"max_characters": None}, "media_attachments": []}, "api_versions": None}

    assert Limits.of({}) == replace(Limits(), most_options=0)
    assert Limits.of(odd) == Limits.of({"configuration": {"statuses": {"max_characters": "9"}}}) == Limits.of({})


@asynccontextmanager
async def answering(body: object, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """A server that gives one answer to everything."""

    async def answer(_request: web.BaseRequest) -> web.Response:
        return web.Response(text=json.dumps(body), content_type="application/json")

    runner = web.ServerRunner(web.Server(answer, access_log=None), shutdown_timeout=0.1)
    async with listening(runner, tls=tls) as port:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{port}"


async def test_a_private_authority_is_trusted_when_named(
    socket_enabled: None,  # noqa: ARG001  opens loopback
    authority: tuple[Path, ssl.SSLContext],
) -> None:
    """A town hall's network may have its own; else nothing is sent to whoever pretends."""
    ca_file, tls = authority
    async with answering([{"id": "1"}], tls) as url:
        trusting, wary = adapter_at(url, ca_file), adapter_at(url)
        assert len(await trusting.fetch(None)) == 1
        with pytest.raises(Unavailable, match=r"(?i)certificate"):
            await wary.fetch(None)
        await trusting.close()
        await wary.close()


@pytest.mark.parametrize("body", [[], {}, 7, None])
async def test_an_answer_of_another_shape_is_asked_for_again(socket_enabled: None, body: object) -> None:  # noqa: ARG001  loopback
    """A server of another time, or none at all; asking did nothing."""
    async with answering(body) as url:
        adapter = adapter_at(url)
        with pytest.raises(Unavailable):
            await adapter.open(Introduction(), known=None)
        await adapter.close()


async def test_a_post_that_is_answered_by_no_post_leaves_a_doubt(socket_enabled: None) -> None:  # noqa: ARG001  loopback
    """It may be out."""
    async with answering([]) as url:
        adapter = adapter_at(url)
        part, *_ = adapter.plan(text("Bonjour"), PUBLIC)
        with pytest.raises(Uncertain):
            await adapter.send(part, key="1", before=())
        await adapter.close()


async def test_the_doctor_finds_nothing_wrong_with_an_account_that_is_ready(town: Town) -> None:
    """As the how-to says."""
    town.world.accounts[town.bot.id] = replace(town.bot, bot=True)

    findings = await town.adapter.check((await town.adapter.resolve(Address("unlisted")),))

    assert [(found.subject, found.cure) for found in findings if not found.ok] == []
    assert [found.subject for found in findings] == [
        "account", "limits", "presentation", "followers", "scopes", "moderation", "private messages", "stream",
        "public",
    ]  # fmt: skip


async def test_the_doctor_says_what_is_wrong_with_its_cure(socket_enabled: None) -> None:  # noqa: ARG001  opens loopback
    """Before people depend on it; it needs no open account."""
    async with town_on(MASTODON, opened=False) as town:
        town.world.add_token(TOKEN, town.bot.id, ("read", "write:statuses"))
        town.world.accounts[town.bot.id] = replace(town.bot, locked=True)

        findings = await town.adapter.check((Address("@ville"),))

    wrong = {found.subject: found for found in findings if not found.ok}
    assert set(wrong) == {"presentation", "followers", "scopes", "moderation", "private messages", "@ville"}
    assert "write:blocks" in wrong["moderation"].cure
    assert all(found.cure for found in wrong.values())
    assert "write:media" in wrong["scopes"].detail


async def test_the_doctor_tells_what_of_the_measures_can_be_carried_out(socket_enabled: None) -> None:  # noqa: ARG001  loopback
    """For ourselves, or for the server; its scopes without a place among its staff are of no use."""
    told = []
    async with town_on(MASTODON) as town:
        for scopes, staff in ((("read", "write", "follow"), False), (STAFF, False), (STAFF, True)):
            town.world.add_token(TOKEN, town.bot.id, scopes)
            town.world.staff = {town.bot.id} if staff else set()
            found = {each.subject: each for each in await town.adapter.check(())}["moderation"]
            told.append((found.ok, found.detail.split(";")[0]))

    assert told == [
        (True, "mute and ban"),
        (False, "the account is not of the server's staff"),
        (True, "mute, ban, limit and suspend"),
    ]


async def test_the_doctor_believes_a_server_that_tells_no_scopes(socket_enabled: None) -> None:  # noqa: ARG001  loopback
    """Some do not have the question."""
    async with town_on(MASTODON) as town:
        town.misbehave(Harm.STATUS, "GET /api/v1/apps/verify_credentials", status=404)

        findings = {found.subject: found for found in await town.adapter.check(())}

    assert findings["scopes"].detail == "this server does not say"


async def test_the_doctor_takes_servers_as_they_are(socket_enabled: None) -> None:  # noqa: ARG001  opens loopback
    """GoToSocial tells no scopes and has no policy."""
    async with town_on(GOTOSOCIAL, opened=False) as town:
        findings = {found.subject: found for found in await town.adapter.check(())}

    assert findings["private messages"].ok
    assert findings["scopes"].ok
    assert "not recognised" in findings["limits"].detail


async def test_two_waits_of_a_closed_line_end_with_it(town: Town) -> None:
    """Nothing is left running behind a town that stops."""
    other = connected(town.server, town.clock)
    await other.open(Introduction(), known=None)
    assert list(await other.fetch(None)) == []  # a stream began: who knows what was before
    waiting = asyncio.ensure_future(other.fetch(None))
    await asyncio.wait([waiting], timeout=0.2)
    waiting.cancel()
    await asyncio.wait([waiting])
    await other.close()

    assert waiting.cancelled()
