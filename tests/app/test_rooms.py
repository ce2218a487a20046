"""Where the staff is told what needs a human: as the configuration says, and what is wrong with it."""

from pathlib import Path

import pytest

from app.lifetime import secrets_of
from app.rooms import sender_of, warning
from app.settings import load
from core.errors import Misconfigured
from core.identifiers import Address, Locale
from tests.app.test_settings import EXAMPLE, configured
from tests.fakes import StoppedClock

GROUP = '[[staff.channels]]\naccount = "telegram"\naddress = -100123\n'
ANNE = '[[staff.channels]]\naccount = "telegram"\naddress = "101"\nlanguage = "en"\n'
MAIL = '[staff.email]\nhost = "127.0.0.1"\nsender = "parvis@valmont.example"\nto = ["mairie@valmont.example"]\n'
LOGIN = 'user = "parvis"\npassword_file = "mail-password"\n'


def told(folder: Path, *tables: str) -> Path:
    """A configuration with these ways to the staff."""
    return configured(folder, EXAMPLE + "".join(tables))


def test_channels_of_the_staff_are_named_after_their_accounts(tmp_path: Path) -> None:
    """A group is read by several, a person alone."""
    group, anne, mail = load(told(tmp_path, GROUP, ANNE, MAIL)).town.staff_channels

    assert (group.name, group.address, group.private, group.locale) == ("telegram", "-100123", False, Locale.FR)
    assert (anne.name, anne.address, anne.private, anne.locale) == ("telegram-2", "101", True, Locale.EN)
    assert (mail.name, mail.address, mail.private) == ("@mail", Address("mairie@valmont.example"), True)


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ((GROUP.replace('"telegram"', '"minitel"'),), "no account is named «minitel»"),
        ((GROUP.replace("-100123", '"@mairie"'),), "on Telegram, write the number of the group or of the person"),
        ((GROUP.replace("-100123", "true"),), "is no address of a chat"),
        ((GROUP, GROUP), "the staff is told there already"),
        ((MAIL.replace("mairie@", "mairie"),), "is no address of mail"),
        ((MAIL.replace("mairie@", "maïrie@"),), "is no address of mail"),
        ((MAIL + 'user = "parvis"\n',), "user and password_file go together"),
        (
            (MAIL.replace("127.0.0.1", "mail.example") + LOGIN + 'security = "none"\n',),
            'a password is not sent in clear: write "starttls" or "tls"',
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_cure(tmp_path: Path, tables: tuple[str, ...], said: str) -> None:
    """Before anybody relies on it."""
    with pytest.raises(Misconfigured) as refused:
        load(told(tmp_path, *tables))

    assert said in str(refused.value)


@pytest.mark.parametrize("place", ["address", "discussion"])
def test_the_staff_is_not_told_where_citizens_read_it(tmp_path: Path, place: str) -> None:
    """Neither alerts nor what is only shown on trial are for them."""
    square = f'[[channels]]\nname = "groupe"\naccount = "telegram"\naddress = -100456\n{place} = -100123\n'
    square = square.replace("address = -100456\n", "") if place == "address" else square

    with pytest.raises(Misconfigured) as refused:
        load(told(tmp_path, square, GROUP))

    assert "citizens read this: it belongs to the channel «groupe»" in str(refused.value)


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_port_is_that_of_the_security(tmp_path: Path, security: str, port: int) -> None:
    """Unless another is named."""
    usual = load(told(tmp_path / "usual", MAIL + f'security = "{security}"\n')).mail
    other = load(told(tmp_path / "other", MAIL + "port = 2525\n")).mail

    assert usual is not None and other is not None  # noqa: PT018  both or neither
    assert (usual.port, other.port) == (port, 2525)


def test_the_password_is_read_from_its_file(tmp_path: Path) -> None:
    """It stands in no representation of anything."""
    (tmp_path / "mail-password").write_text("hunter2\n", encoding="utf-8")
    mail = load(told(tmp_path, MAIL + LOGIN)).mail

    assert mail is not None
    assert mail.password() == "hunter2"
    assert "hunter2" not in f"{mail!r} {sender_of(mail, StoppedClock())!r}"


def test_the_password_of_the_mail_is_blanked_in_the_log_like_every_token(tmp_path: Path) -> None:
    """Wherever a library would say it."""
    (tmp_path / "secrets").mkdir(exist_ok=True)
    (tmp_path / "secrets" / "telegram").write_text("123:abc\n", encoding="utf-8")
    (tmp_path / "mail-password").write_text("hunter2hunter2\n", encoding="utf-8")

    assert set(secrets_of(load(told(tmp_path, MAIL + LOGIN)))) == {"123:abc", "hunter2hunter2"}


@pytest.mark.parametrize("content", [None, " \n"], ids=["no file", "an empty file"])
def test_a_password_that_is_missing_is_said(tmp_path: Path, content: str | None) -> None:
    """With the place where it belongs."""
    if content is not None:
        (tmp_path / "mail-password").write_text(content, encoding="utf-8")
    mail = load(told(tmp_path, MAIL + LOGIN)).mail
    assert mail is not None

    with pytest.raises(Misconfigured, match="put the one of parvis there"):
        mail.password()


def test_who_does_not_log_in_needs_no_password(tmp_path: Path) -> None:
    """A server of the town's own, on the same machine."""
    mail = load(told(tmp_path, MAIL)).mail

    assert mail is not None
    assert mail.password() == ""


@pytest.mark.parametrize(
    ("tables", "known"),
    [((), "in no way"), ((GROUP,), "only by telegram"), ((MAIL,), "only by e-mail"), ((GROUP, MAIL), "")],
    ids=["nothing", "one network", "mail alone", "two ways"],
)
def test_a_town_that_has_one_way_only_is_warned(tmp_path: Path, tables: tuple[str, ...], known: str) -> None:
    """It is the network that is down of which the staff must learn."""
    settings = load(told(tmp_path, *tables))

    said = warning(settings.town.staff_channels, {each.name: each.platform for each in settings.accounts})

    assert (known in said, bool(said)) == (True, bool(known))
