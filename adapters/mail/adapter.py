"""Mail to the staff behind ``core.ports.platform.Sender``: it goes out, and can be neither changed nor answered."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from adapters.mail.server import Server
from core.capabilities import Capabilities
from core.delivery import Urgency
from core.errors import PlatformError, Rejected
from core.identifiers import AccountName, Address, MessageId
from core.ports.clock import Clock
from core.ports.platform import Finding
from core.post import Part, Post, Receipt

MAIL = AccountName("@mail")  # no account of a town can be called so
CALL = "mail"
_LONGEST_SUBJECT = 120  # characters: what a list of mails shows
_KEYS = uuid.UUID("7d1f7d0a-8f0e-4b0c-9a55-2f1f0c6e7a12")  # ours: turns a delivery's key into a Message-ID
_LONG = 1_000_000  # mail has no limit of its own
CAPABILITIES = Capabilities(
    title="E-mail",
    presses=False,
    longest_text=_LONG,
    longest_caption=_LONG,
    longest_button=0,
    most_buttons=0,
    most_pictures_together=0,
    longest_toast=0,
    dedupes_for=timedelta(),
    private_answers=False,
    edits=False,
    hears=False,
)


class MailAdapter:
    """Writes to the staff from one address, to all of theirs together."""

    def __init__(self, server: Server, *, sender: str, clock: Clock) -> None:
        self._server = server
        self._sender = sender
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()

    def __repr__(self) -> str:
        """The server, never its password."""
        return f"<MailAdapter {self._server!r}>"

    @property
    def account(self) -> AccountName:
        """What deliveries by mail say in place of an account."""
        return MAIL

    @property
    def capabilities(self) -> Capabilities:
        """What mail can do."""
        return CAPABILITIES

    def plan(self, post: Post, address: Address, *, topic: int | None = None) -> tuple[Part, ...]:  # noqa: ARG002  no topics
        """One message; its subject is the first line. Raises Rejected for an empty post."""
        text = post.text.plain.strip()
        if not text:
            raise Rejected("there is nothing to say in this post")
        subject = " ".join(text.splitlines()[0].split())[:_LONGEST_SUBJECT]
        return (Part(call=CALL, parameters={"to": address, "subject": subject}, text=text),)

    @asynccontextmanager
    async def turn(self, address: Address, urgency: Urgency) -> AsyncIterator[None]:  # noqa: ARG002  one server, few mails
        """One mail at a time."""
        async with self._one_at_a_time:
            yield

    async def send(self, part: Part, *, key: str, before: Sequence[Receipt]) -> tuple[Receipt, ...]:  # noqa: ARG002  one part
        """Hand it in. Raises PlatformError. Its number is the same each time, so that mail programs show it once."""
        address = Address(str(part.parameters["to"]))
        number = f"<{uuid.uuid5(_KEYS, f'{self._sender}:{key}')}@{self._sender.rpartition('@')[2]}>"
        message = self._letter(part, number)
        to = [each.strip() for each in address.split(",")]
        await asyncio.to_thread(self._server.take, message.as_bytes(policy=SMTP), sender=self._sender, to=to)
        return (Receipt(address=address, message=MessageId(number), call=CALL),)

    async def find(self, part: Part, *, before: Sequence[Receipt], since: datetime) -> tuple[Receipt, ...]:  # noqa: ARG002  of the port
        """Nothing can be looked for. Raises Rejected."""
        raise Rejected("nobody shows what was mailed")

    async def check(self) -> Finding:
        """Whether the server lets us in."""
        try:
            return Finding("e-mail", ok=True, detail=await asyncio.to_thread(self._server.look))
        except PlatformError as error:
            cure = "see staff.email in the configuration: host, port, security, user, password_file"
            return Finding("e-mail", ok=False, detail=error.detail, cure=cure, stops=True)

    def _letter(self, part: Part, number: str) -> EmailMessage:
        letter = EmailMessage()
        letter["From"] = self._sender
        letter["To"] = str(part.parameters["to"])
        letter["Subject"] = str(part.parameters["subject"])
        letter["Date"] = format_datetime(self._clock.now())
        letter["Message-ID"] = number
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice is sent back
        letter.set_content(part.text)
        return letter
