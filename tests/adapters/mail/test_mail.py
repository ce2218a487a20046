"""Mail to the staff: what the server says of it is what is known of it."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from adapters.mail.adapter import CAPABILITIES, MAIL, MailAdapter
from adapters.mail.server import Server
from core.delivery import Urgency
from core.errors import PlatformError, Rejected, Unauthorised, Unavailable, Uncertain
from core.identifiers import Address
from core.post import Post
from core.richtext import RichText
from tests.adapters.certificates import vouched_for
from tests.fakes import NOON, StoppedClock

pytestmark = pytest.mark.usefixtures("socket_enabled")
TO = Address("mairie@valmont.example, garde@valmont.example")
ALERT = Post(text=RichText.of("Publié ou non ? Personne ne le sait.\n\nMessage : « La halle »"))


@dataclass
class PostOffice:
    """A mail server that does what the test says, and keeps what it took."""

    answers: dict[str, str] = field(default_factory=dict)
    hangs_up: bool = False
    taken: list[Envelope] = field(default_factory=list)

    async def handle_MAIL(self, _s: SMTP, _o: Session, envelope: Envelope, address: str, _p: list[str]) -> str:  # noqa: N802  aiosmtpd's name
        """Take the sender, or answer as told."""
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, _s: SMTP, _o: Session, envelope: Envelope, address: str, _p: list[str]) -> str:  # noqa: N802
        """Take who gets it, or answer as told."""
        said = self.answers.get(address, self.answers.get("RCPT", "250 OK"))
        if said.startswith("25"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: SMTP, _o: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the message, or answer as told, or take it and say nothing."""
        self.taken.append(envelope)
        if self.hangs_up:
            assert server.transport is not None
            server.transport.close()
        return self.answers.get("DATA", "250 Taken")

    async def handle_QUIT(self, _s: SMTP, _o: Session, _e: Envelope) -> str:  # noqa: N802
        """Part as told."""
        return self.answers.get("QUIT", "221 Bye")


def _knows(*told: object) -> AuthResult:
    data = told[-1]
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (b"parvis", b"hunter2")
    return AuthResult(success=known, handled=False)


@asynccontextmanager
async def opened(
    office: PostOffice, *, tls: ssl.SSLContext | None = None, wrapped: bool = False, login: bool = False
) -> AsyncIterator[int]:
    """The server at work; its port."""
    loop = asyncio.get_running_loop()

    def made() -> SMTP:
        context = None if wrapped else tls
        authenticator: Callable[..., AuthResult] | None = _knows if login else None
        return SMTP(
            office,
            hostname="valmont.example",
            loop=loop,
            tls_context=context,
            require_starttls=context is not None,
            authenticator=authenticator,
            auth_require_tls=login,
            auth_required=login,
        )

    server = await loop.create_server(made, "127.0.0.1", 0, ssl=tls if wrapped else None)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


def server_at(port: int, security: str = "none", *, user: str = "", password: str = "") -> Server:
    """How the town reaches it."""
    return Server(host="127.0.0.1", port=port, security=security, user=user, password=password, longest=5)


async def sent(server: Server, post: Post = ALERT) -> None:
    """Mail it as a lane does."""
    adapter = MailAdapter(server, sender="parvis@valmont.example", clock=StoppedClock())
    (part,) = adapter.plan(post, TO)
    async with adapter.turn(TO, Urgency.ANSWER):
        (receipt,) = await adapter.send(part, key="7:0", before=())
    assert (receipt.address, receipt.call) == (TO, "mail")


async def test_a_mail_says_all_in_plain_words_and_its_first_line_as_the_subject() -> None:
    """Nobody answers it by a holiday notice, and a repeated one has the same number."""
    office = PostOffice()
    async with opened(office) as port:
        await sent(server_at(port))
        await sent(server_at(port))

    first, again = (message_from_bytes(each.content, policy=default) for each in office.taken)  # type: ignore[arg-type]  # bytes, as asked
    assert office.taken[0].rcpt_tos == ["mairie@valmont.example", "garde@valmont.example"]
    assert (first["Subject"], first["From"]) == ("Publié ou non ? Personne ne le sait.", "parvis@valmont.example")
    assert first.get_content().splitlines() == ALERT.text.plain.splitlines()
    assert first["Message-ID"] == again["Message-ID"]
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Date"].datetime == NOON


async def test_the_connection_is_sealed_before_the_password_is_said(tmp_path: Path) -> None:
    """By an authority that the town trusts."""
    authority, tls = vouched_for(tmp_path)
    office = PostOffice()
    async with opened(office, tls=tls, login=True) as port:
        server = replace(server_at(port, "starttls", user="parvis", password="hunter2"), ca_file=authority)
        await sent(server)
        found = await MailAdapter(server, sender="a@b", clock=StoppedClock()).check()

    assert len(office.taken) == 1
    assert (found.ok, found.detail) == (True, f"127.0.0.1:{port}, starttls, logged in")


async def test_a_connection_may_be_sealed_from_its_beginning(tmp_path: Path) -> None:
    """As on port 465."""
    authority, tls = vouched_for(tmp_path)
    office = PostOffice()
    async with opened(office, tls=tls, wrapped=True) as port:
        await sent(replace(server_at(port, "tls"), ca_file=authority))

    assert len(office.taken) == 1


async def test_a_server_that_nobody_vouches_for_is_out_of_reach(tmp_path: Path) -> None:
    """Nothing was said to it."""
    _, tls = vouched_for(tmp_path)
    async with opened(PostOffice(), tls=tls) as port:
        with pytest.raises(Unavailable):
            await sent(server_at(port, "starttls"))


async def test_a_wrong_password_stops_the_lane(tmp_path: Path) -> None:
    """A human must act; the password is in no word of it."""
    authority, tls = vouched_for(tmp_path)
    async with opened(PostOffice(), tls=tls, login=True) as port:
        server = replace(server_at(port, "starttls", user="parvis", password="wrong"), ca_file=authority)
        with pytest.raises(Unauthorised) as refused:
            await sent(server)
        found = await MailAdapter(server, sender="a@b", clock=StoppedClock()).check()

    assert "wrong" not in refused.value.detail
    assert (found.ok, "password_file" in found.cure) == (False, True)


async def test_a_server_without_the_security_that_is_asked_for_is_refused() -> None:
    """A password is never said in clear because somebody took STARTTLS out."""
    async with opened(PostOffice()) as port:
        with pytest.raises(Unauthorised):
            await sent(server_at(port, "starttls"))


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(("answer", "error"), [("451 Later", Unavailable), ("554 Never", Rejected)])
async def test_what_the_server_refuses_is_not_out(step: str, answer: str, error: type[PlatformError]) -> None:
    """For now, or for ever."""
    async with opened(PostOffice(answers={step: answer})) as port:
        with pytest.raises(error, match=answer):
            await sent(server_at(port))


async def test_one_address_of_two_is_enough() -> None:
    """Somebody learns of it; the other one is the server's to report."""
    office = PostOffice(answers={"garde@valmont.example": "550 Unknown"})
    async with opened(office) as port:
        await sent(server_at(port))

    assert office.taken[0].rcpt_tos == ["mairie@valmont.example"]


async def test_what_was_taken_is_out_whatever_the_server_says_when_we_leave() -> None:
    """Some servers are gone by then, others answer that they are."""
    office = PostOffice(answers={"QUIT": "421 Too late"})
    async with opened(office) as port:
        await sent(server_at(port))

    assert len(office.taken) == 1


async def test_an_address_that_is_forwarded_is_reached() -> None:
    """The server takes charge of it: 251 and 252 are promises like 250."""
    office = PostOffice(answers={"RCPT": "251 I forward it"})
    async with opened(office) as port:
        await sent(server_at(port))

    assert len(office.taken) == 1


async def test_a_password_that_cannot_be_said_stops_the_lane_and_is_in_no_word(tmp_path: Path) -> None:
    """Mail servers read plain letters; a human must choose another one."""
    authority, tls = vouched_for(tmp_path)
    async with opened(PostOffice(), tls=tls, login=True) as port:
        server = replace(server_at(port, "starttls", user="parvis", password="Forêt-2026"), ca_file=authority)
        with pytest.raises(Unauthorised) as refused:
            await sent(server)

    assert "ê" not in refused.value.detail


async def test_an_answer_that_is_lost_leaves_a_doubt() -> None:
    """The data were all there: the server may have taken them."""
    async with opened(PostOffice(hangs_up=True)) as port:
        with pytest.raises(Uncertain):
            await sent(server_at(port))


async def test_a_server_out_of_reach_took_nothing() -> None:
    """It is tried again later."""
    async with opened(PostOffice()) as port:
        pass

    with pytest.raises(Unavailable):
        await sent(server_at(port))


async def test_mail_cannot_be_empty_and_cannot_be_looked_for() -> None:
    """Nothing shows what was mailed."""
    adapter = MailAdapter(server_at(25), sender="a@b", clock=StoppedClock())
    (part,) = adapter.plan(ALERT, TO)

    with pytest.raises(Rejected):
        adapter.plan(Post(text=RichText.of(" ")), TO)
    with pytest.raises(Rejected):
        await adapter.find(part, before=(), since=NOON)
    assert (adapter.account, adapter.capabilities) == (MAIL, CAPABILITIES)
    assert repr(adapter) == "<MailAdapter <Server 127.0.0.1:25>>"
