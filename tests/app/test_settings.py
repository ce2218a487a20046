"""The configuration file: every setting loads, every mistake is named."""

import re
from pathlib import Path

import pytest

from app import people, rooms, settings
from app.feed_settings import FeedTable
from core.errors import Misconfigured
from core.identifiers import AccountName

ROOT = Path(__file__).parents[2]
EXAMPLE = (ROOT / "config.example.toml").read_text(encoding="utf-8")


def configured(folder: Path, text: str = EXAMPLE) -> Path:
    """Write a configuration, with the sample charter where the example expects it."""
    charter = folder / "campaigns" / "samples" / "charter.toml"
    charter.parent.mkdir(parents=True)
    charter.write_text((ROOT / "campaigns" / "samples" / "charter.toml").read_text(encoding="utf-8"), encoding="utf-8")
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_example_is_a_working_configuration(tmp_path: Path) -> None:
    """People start by copying it."""
    loaded = settings.load(configured(tmp_path))

    assert [channel.name for channel in loaded.town.channels] == ["place"]


def test_the_example_shows_every_setting() -> None:
    """It is the reference: a setting that is not in it does not exist for an operator."""
    uncommented = re.sub(r"^# ?(\w+ = )", r"\1", EXAMPLE, flags=re.MULTILINE)
    shown = set(re.findall(r"^(\w+)(?:\.fr|\.en)? =", uncommented, flags=re.MULTILINE))

    known = {
        name
        for table in (
            settings.TownTable,
            settings.StoreTable,
            settings.EngineTable,
            settings.CharterTable,
            settings.AccountTable,
            settings.ChannelTable,
            settings.NetworkTable,
            settings.LogsTable,
            settings.CalendarTable,
            settings.DraftsTable,
            FeedTable,
            people.StaffTable,
            people.PersonTable,
            rooms.RoomTable,
            rooms.MailTable,
        )
        for name in table.model_fields
    } - {"people", "email"}  # whose tables are shown whole

    assert shown == known


def test_the_values_shown_behind_a_mark_are_the_defaults(tmp_path: Path) -> None:
    """Uncommenting a line that says the default changes nothing."""
    spoken = re.sub(r"^# \[\[.*?\n\n", "", EXAMPLE, flags=re.MULTILINE | re.DOTALL)  # whole tables are examples
    for name in ("zone", "url", "keys", "base_url", "language", "format", "level", "folder"):
        spoken = re.sub(rf"^# ({name} = )", r"\1", spoken, flags=re.MULTILINE)
    as_written, spelt_out = configured(tmp_path / "a"), configured(tmp_path / "b", spoken)

    first, second = settings.load(as_written), settings.load(spelt_out)

    assert (first.town, first.log_format, first.log_level) == (second.town, second.log_format, second.log_level)
    assert second.drafts == second.file.resolve().parent / first.drafts.relative_to(first.file.resolve().parent)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (
            "token_file = ",
            "tokenfile = ",
            "config.toml:26: accounts.0.tokenfile: unknown key; did you mean «token_file»?",
        ),
        ("[town]", "[twon]", "config.toml:5: twon: unknown key; did you mean «town»?"),
        ('account = "telegram"', 'account = "tg"', "channels.0.account: no account is named «tg»"),
        ('# zone = "Europe/Paris"', 'zone = "Paris"', "is not a zone of the IANA database"),
        ('# contact = "mairie@', 'contact = "mairie', "town.contact: is no address of mail"),
        (
            '# kind = "embedded"',
            'kind = "cluster"',
            "engine.kind: a cluster needs a PostgreSQL database",
        ),
        ('# url = "sqlite:///var/parvis.db"', 'url = "mysql://x"', "must begin with sqlite:/// or postgresql://"),
        ("name.fr = ", "name.fr = = ", "not valid TOML"),
        ("name.fr = ", "name.de = ", "config.toml:6: town.name.fr: is missing"),
        ('name.fr = "', 'name.fr = 7 # "', "town.name.fr: is not a text in quotes"),
        ('platform = "telegram"', 'platform = "minitel"', "accounts.0.platform: is none of 'telegram'"),
        ('platform = "telegram" ', 'platform = "discord" #', "channels.0.address: is no channel: on Discord"),
        ('platform = "telegram" ', 'platform = "mastodon" #', "say which Mastodon server the account is on: base_url"),
        ('platform = "telegram" ', 'platform = "mastodon" #', "channels.0.address: on Mastodon, write public or"),
        ('platform = "telegram" ', 'platform = "mastodon" #', "channels.0.discussion: on Mastodon, write public or"),
        ("# automod = true", "automod = true", "accounts.0.automod: is a feature of Discord"),
        ('name = "telegram"', 'name = "Télégram"', "accounts.0.name: is no short name: 1 to 24 of a-z, 0-9 and -"),
        ('address = "@valmont"', 'address = "valmont"', "channels.0.address: is no address of a chat"),
        ('address = "@valmont"', "address = true", "channels.0.address: is no address of a chat"),
        ('address = "@valmont"', 'address = "https://t.me/valmont"', "a public name such as «@valmont», or a number"),
        ('# base_url = "https://', 'base_url = "', "accounts.0.base_url: is no address of a server"),
        ('# base_url = "https://api.telegram.org', 'base_url = "http://[::1', "is no address of a server"),
        ('/charter.toml"', '/chart.toml"', "charter.file: there is no file"),
        ('# ca_file = "ca.pem"', 'ca_file = "ca.pem"', "network.ca_file: there is no file"),
    ],
    ids=[
        *(
            "key",
            "table",
            "account",
            "zone",
            "contact",
            "cluster",
            "database",
            "syntax",
            "missing",
            "a number",
            "platform",
        ),
        *("number on Discord", "server on Mastodon", "place on Mastodon", "discussion on Mastodon", "automod", "name"),
        *("address", "address that is none", "address of a page", "server", "half a server", "charter", "authority"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    """An operator mends the line without reading the source."""
    file = configured(tmp_path, EXAMPLE.replace(right, wrong, 1))

    with pytest.raises(Misconfigured) as refused:
        settings.load(file)

    assert said in str(refused.value)


def test_no_word_of_a_library_is_in_a_sentence(tmp_path: Path) -> None:
    """They are in no language of a town hall."""
    wrong = EXAMPLE.replace("name.fr = ", "name.de = ").replace('address = "@valmont"', "address = 1.5")
    file = configured(tmp_path, wrong.replace("[charter]", "[[charter]]"))

    with pytest.raises(Misconfigured) as refused:
        settings.load(file)

    words = ("Value error", "Field required", "Input should", "str", "valid")
    assert [word for word in words if word in str(refused.value)] == []
    assert len(refused.value.findings) == 4


@pytest.mark.parametrize("address", ["-1001234567890", '"-1001234567890"', '"@valmont_sur_orge"'])
def test_an_address_is_a_name_or_a_number(tmp_path: Path, address: str) -> None:
    """With quotes or without."""
    file = configured(tmp_path, EXAMPLE.replace('address = "@valmont"', f"address = {address}"))

    assert settings.load(file).town.channels[0].address == address.strip('"')


def test_a_token_is_read_from_its_file_when_needed(tmp_path: Path) -> None:
    """The configuration can be checked on a machine that has no secrets."""
    loaded = settings.load(configured(tmp_path))
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "telegram").write_text("123:abc\n", encoding="utf-8")

    assert loaded.accounts[0].token() == "123:abc"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "No such file or directory"),
        (b"\n", "is empty or missing"),
        (b"\x89PNG\xff\xfe", "is not text"),
        (b"Done! Congratulations on your new bot. 123:abc", "holds more than one word"),
    ],
    ids=["missing", "empty", "a picture of it", "the whole message of @BotFather"],
)
def test_a_missing_token_is_a_sentence_with_its_cure(tmp_path: Path, content: bytes | None, problem: str) -> None:
    """The most common first mistake."""
    loaded = settings.load(configured(tmp_path))
    if content is not None:
        (tmp_path / "secrets").mkdir()
        (tmp_path / "secrets" / "telegram").write_bytes(content)

    with pytest.raises(Misconfigured, match=f"{problem}; put the token the platform gave you there"):
        loaded.accounts[0].token()


def test_a_token_may_come_from_the_environment(tmp_path: Path) -> None:
    """Containers hand secrets over so."""
    text = EXAMPLE.replace('token_file = "secrets/telegram"', 'token_variable = "TOKEN"')
    account = settings.load(configured(tmp_path, text)).accounts[0]

    assert account.name == AccountName("telegram")
    assert account.token({"TOKEN": "123:abc"}) == "123:abc"


def test_two_places_for_one_token_are_refused(tmp_path: Path) -> None:
    """Nobody should wonder which one is used."""
    text = EXAMPLE.replace("# token_variable", "token_variable")

    with pytest.raises(Misconfigured, match="either token_file or token_variable"):
        settings.load(configured(tmp_path, text))


def test_a_town_on_mastodon_names_its_server(tmp_path: Path) -> None:
    """There are thousands; what the others have in common is one address."""
    there = (
        '[[accounts]]\nname = "fedi"\nplatform = "mastodon"\ntoken_file = "t"\nbase_url = "https://ville.example/"\n'
    )
    place = '[[channels]]\nname = "fedi"\naccount = "fedi"\naddress = "unlisted"\ndiscussion = "public"\n'

    loaded = settings.load(configured(tmp_path, f"{EXAMPLE}\n{there}{place}"))

    assert [account.base_url for account in loaded.accounts] == ["https://api.telegram.org", "https://ville.example"]
    assert [channel.platform for channel in loaded.town.channels] == ["telegram", "mastodon"]


@pytest.mark.parametrize("table", ["accounts", "channels"])
def test_a_name_given_twice_is_refused(tmp_path: Path, table: str) -> None:
    """Campaign files could not say which is meant."""
    start = EXAMPLE.index(f"[[{table}]]")
    block = EXAMPLE[start : EXAMPLE.index("\n\n", start)]

    with pytest.raises(Misconfigured, match=f"two {table} are named"):
        settings.load(configured(tmp_path, EXAMPLE + "\n" + block + "\n"))


def test_a_configuration_without_an_account_is_refused(tmp_path: Path) -> None:
    """There would be nothing to do."""
    text = "accounts = []\n" + EXAMPLE[: EXAMPLE.index("[[accounts]]")]

    with pytest.raises(Misconfigured, match="name at least one account"):
        settings.load(configured(tmp_path, text))
