"""The names of a small town's places, the same on every network."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """``channel`` and ``group`` are Telegram's numbers of them, ``guild`` and ``news`` Discord's, ``bot`` the bot's.

    ``zone`` is the IANA name of the zone in which its clocks show the hour, ``domain`` that of its Mastodon server.
    """

    title: str = "Valmont-sur-Orge"
    username: str = "valmont"
    square: str = "Place de Valmont"
    square_username: str = "place_valmont"
    bot_title: str = "Parvis de Valmont"
    bot_username: str = "valmont_bot"
    channel: int = -1_001_000_000_001
    group: int = -1_001_000_000_002
    bot: int = 7_000_000_001
    guild: int = 1_300_000_000_000_000_001
    news: int = 1_300_000_000_000_000_002
    news_name: str = "annonces"
    domain: str = "social.valmont.example"
    zone: str = "Europe/Paris"
