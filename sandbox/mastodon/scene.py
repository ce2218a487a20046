"""A small town on Mastodon: the town hall's account, and people on its server and on others who follow it."""

import secrets
import unicodedata
from dataclasses import replace

from sandbox.clock import StageClock
from sandbox.faults import Fault, Harm
from sandbox.inhabitants import Person
from sandbox.journal import Journal
from sandbox.mastodon.hands import MastodonHands
from sandbox.mastodon.phone import MastodonPhone
from sandbox.mastodon.server import MastodonServer
from sandbox.mastodon.world import World
from sandbox.scene import Scene
from sandbox.town import Town

ELSEWHERE = "ailleurs.example"
_PER_STRANGER = 3  # one of so many has an account on another server


def staged(town: Town, people: tuple[Person, ...], clock: StageClock, journal: Journal) -> Scene[MastodonServer]:
    """The town with these people, not yet listening."""
    world = World(clock=clock, journal=journal, domain=town.domain)
    token, accounts = found(world, town, people)
    return Scene(
        network="mastodon",
        server=MastodonServer(world),
        hands=MastodonHands(world, accounts),
        token=token,
        address="public",
        discussion="public",
        phone=MastodonPhone(world),
        spoken=Fault(harm=Harm.CUT_AFTER, method="POST /api/v1/statuses"),
    )


def found(world: World, town: Town, people: tuple[Person, ...]) -> tuple[str, dict[int, str]]:
    """Build the town; the bot's token, and the accounts of the people by their numbers."""
    token = secrets.token_urlsafe(32)
    bot = world.add_bot(token, username=town.username, display_name=town.bot_title)
    world.accounts[bot.id] = replace(bot, bot=True)
    accounts: dict[int, str] = {}
    for rank, person in enumerate(people):
        name = _user_name(person.name)
        known = sum(account.username.rstrip("0123456789") == name for account in world.accounts.values())
        acct = f"{name}{known + 1 if known else ''}"
        where = f"@{ELSEWHERE}" if rank % _PER_STRANGER == _PER_STRANGER - 1 else ""
        accounts[person.id] = world.add_user(f"{acct}{where}", person.name, language=person.language).id
        world.follows.add((accounts[person.id], bot.id))
    return token, accounts


def _user_name(name: str) -> str:
    """A name as servers write it: «Élodie B.» is elodie_b."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "_".join("".join(sign if sign.isalnum() else " " for sign in plain).split()) or "habitant"
