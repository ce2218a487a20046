"""A server that takes mail, spoken to step by step: so that it is known at which step a connection broke.

RFC 5321, read 2026-11-28: a server that answers 250 to the end of the data has taken charge of the message (4.2.5);
4yz may succeed later, 5yz never (4.2.1). What breaks before the data were sent has done nothing.
"""

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from adapters.tls import trusting
from core.errors import PlatformError, Rejected, Unauthorised, Unavailable, Uncertain

LONGEST = 20.0  # seconds for each step
_DONE = frozenset({250, 251, 252})  # done; forwarded; taken without being verified (4.2.3)
_NEVER = 500
_BROKEN = (OSError, smtplib.SMTPException)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where mail is handed in. ``security`` is ``starttls``, ``tls`` or ``none``; without ``user`` nobody logs in."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""
    ca_file: Path | None = None
    longest: float = LONGEST

    def __repr__(self) -> str:
        """The server, never its password."""
        return f"<Server {self.host}:{self.port}>"

    def take(self, message: bytes, *, sender: str, to: Sequence[str]) -> None:
        """Hand a message in. Blocks. Raises PlatformError: Uncertain when the connection broke after the data."""
        with self._opened() as smtp:
            try:
                _agreed(*smtp.mail(sender))
                answers = [smtp.rcpt(each) for each in to]
                if all(code not in _DONE for code, _ in answers):
                    _agreed(*answers[0])
            except _BROKEN as error:
                raise Unavailable(f"the connection broke: {type(error).__name__}") from error
            _hand_over(smtp, message)

    def look(self) -> str:
        """What the server calls itself, once it has let us in. Blocks. Raises PlatformError."""
        with self._opened() as smtp:
            try:
                _agreed(*smtp.noop())
            except _BROKEN as error:
                raise Unavailable(f"the connection broke: {type(error).__name__}") from error
        return f"{self.host}:{self.port}, {self.security}{', logged in' if self.user else ''}"

    @contextmanager
    def _opened(self) -> Iterator[smtplib.SMTP]:
        """A connection on which mail may be handed in. How the server parts from us changes nothing."""
        smtp = self._let_in()
        try:
            yield smtp
        finally:
            with suppress(*_BROKEN):
                smtp.quit()
            smtp.close()

    def _let_in(self) -> smtplib.SMTP:
        try:
            with ExitStack() as to_close:
                smtp = self._connected()
                to_close.callback(smtp.close)
                self._log_in(smtp)
                to_close.pop_all()
                return smtp
        except smtplib.SMTPAuthenticationError as error:
            raise Unauthorised(f"the mail server refuses user or password: {error.smtp_code}") from error
        except smtplib.SMTPNotSupportedError as error:
            raise Unauthorised(f"the mail server does not offer what the configuration asks for: {error}") from error
        except UnicodeError:  # which would quote them
            raise Unauthorised("user or password hold letters that cannot be said to a mail server") from None
        except _BROKEN as error:
            raise Unavailable(f"the mail server cannot be reached: {type(error).__name__}") from error

    def _connected(self) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.longest, context=self._trust())
        return smtplib.SMTP(self.host, self.port, timeout=self.longest)

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        if self.security == "starttls":
            smtp.starttls(context=self._trust())
        smtp.ehlo_or_helo_if_needed()
        if self.user:
            smtp.login(self.user, self.password)

    def _trust(self) -> ssl.SSLContext:
        return trusting(self.ca_file) if self.ca_file is not None else ssl.create_default_context()


def _hand_over(smtp: smtplib.SMTP, message: bytes) -> None:
    try:
        code, said = smtp.data(message)
    except smtplib.SMTPDataError as error:  # it did not want the data: nothing was sent
        raise _refused(error.smtp_code, error.smtp_error) from error
    except _BROKEN as error:
        raise Uncertain(f"the connection broke: {type(error).__name__}") from error
    _agreed(code, said)


def _agreed(code: int, said: bytes) -> None:
    if code not in _DONE:
        raise _refused(code, said)


def _refused(code: int, said: bytes | str) -> PlatformError:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    detail = f"{code} {words}"
    return Rejected(detail) if code >= _NEVER else Unavailable(detail)
