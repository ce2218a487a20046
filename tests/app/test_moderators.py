"""Every command of moderators as they give it on each network: the real service and libraries, what they are told."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app.settings import Settings
from bots.orders import Verb
from core.identifiers import AccountName, Address, CaseNumber, MemberKey
from core.moderation import UNDER_WAY, CaseState
from core.staff import Member, Role, Staff
from sandbox.discord import permissions
from sandbox.discord.hands import DiscordHands
from sandbox.discord.values import Kind
from sandbox.mastodon.hands import MastodonHands
from sandbox.telegram.hands import TelegramHands
from tests.app.hurry import until
from tests.app.networks import DISCORD, MASTODON, NAMES, NETWORKS, TELEGRAM, Network, Square, square

pytestmark = pytest.mark.usefixtures("socket_enabled")
ANNE, BILAL, CHLOE = range(3)  # Anne and Bilal are moderators, Chloé writes
SQUARE = 1_300_000_000_000_000_010
WRITTEN = "Vendez tout"
TYPED = TELEGRAM, MASTODON  # where no menu says which commands there are
NOBODY_ASKS = "Aucune demande d’entrée"
NOT_THERE = "Ce réseau ne permet pas cette mesure"


@dataclass(frozen=True)
class Step:
    """One of the moderators gives a command, and is told something. ``about`` the message, else about no message."""

    verb: Verb
    words: str
    told: str
    about: bool = True
    rank: int = ANNE
    silent: bool = False
    on_mastodon: str = ""
    on: tuple[str, ...] = NETWORKS

    @property
    def name(self) -> str:
        """What is typed."""
        return f"{'s' if self.silent else ''}{self.verb.value}"


DIALOGUE = (
    Step(Verb.CASE, "", "Dossier 1"),
    Step(Verb.NOTE, "à suivre", "c’est noté"),
    Step(Verb.TAKE, "", "vous suivez ce dossier"),
    Step(Verb.REASON, "trop vif", "ces motifs seront donnés"),
    Step(Verb.WARN, "1 trop vif", "l’auteur est averti"),
    Step(Verb.MUTE, "1h 1", "mis en silence"),
    Step(Verb.UNMUTE, "", "la mesure est levée"),
    Step(Verb.MUTE, "1h 1", "mis en silence", silent=True),
    Step(Verb.BAN, "7d 1", "l’auteur est exclu", silent=True),
    Step(Verb.UNBAN, "", "la mesure est levée"),
    Step(Verb.BAN, "1 assez", "est proposée"),
    Step(Verb.SECOND, "", "Une autre personne doit appuyer"),
    Step(Verb.SECOND, "", "l’auteur est exclu", rank=BILAL),
    Step(Verb.UNBAN, "", "la mesure est levée"),
    Step(Verb.LIMIT, "1h 1", "Ce réseau n’a pas cette mesure", on=TYPED, on_mastodon="est limité sur le serveur"),
    Step(Verb.UNLIMIT, "", "Aucune mesure de ce genre", on=TYPED, on_mastodon="la mesure est levée"),
    Step(Verb.SUSPEND, "1", "Ce réseau n’a pas cette mesure", on=TYPED, on_mastodon="est proposée"),
    Step(Verb.UNSUSPEND, "", "Aucune mesure de ce genre", on=TYPED, on_mastodon="la mesure est levée"),
    Step(Verb.ACCEPT, "", "Aucune contestation"),
    Step(Verb.REFUSE, "non", "Aucune contestation"),
    Step(Verb.CASES, "", "Dossier 1", about=False),
    Step(Verb.LOCK, "1h", "La discussion est fermée", about=False, on_mastodon=NOT_THERE),
    Step(Verb.UNLOCK, "", "ouverte de nouveau", about=False, silent=True, on_mastodon=NOT_THERE),
    Step(Verb.SLOW_MODE, "30s", "La discussion est ralentie", about=False, on_mastodon=NOT_THERE),
    Step(Verb.SLOW_MODE, "off", "plus ralentie", about=False, on_mastodon=NOT_THERE),
    Step(Verb.DELETE, "1", "Le retrait est demandé"),
    Step(Verb.KEEP, "1", "rendu au débat", about=False, on_mastodon="reste en place"),
    Step(Verb.ADMIT, "", NOBODY_ASKS, about=False),
    Step(Verb.DECLINE, "", NOBODY_ASKS, about=False),
    Step(Verb.PURGE, "1 1", "message retiré sur 1", about=False, on_mastodon=NOT_THERE),
)


def _numbers(network: Network) -> list[str]:
    """What the network calls the accounts of its people."""
    hands = network.hands
    return [hands.accounts[one.id] if isinstance(hands, MastodonHands) else str(one.id) for one in network.people]


def _staffed(settings: Settings, networks: Mapping[str, Network]) -> Settings:
    """Anne and Bilal moderate; on Discord people debate in a channel of their own."""
    ((name, network),) = networks.items()
    account, numbers, town = AccountName(name), _numbers(network), settings.town
    members = tuple(
        Member(key=MemberKey(f"m{rank}"), name=network.people[rank].name, role=role, accounts={account: numbers[rank]})
        for rank, role in ((ANNE, Role.MODERATOR), (BILAL, Role.MODERATOR))
    )
    if isinstance(network.hands, DiscordHands):
        world = network.hands.world
        world.add_channel(NAMES.guild, SQUARE, "place", Kind.TEXT)
        role = world.add_role(NAMES.guild, 877, "Modération", permissions.USUAL | permissions.MODERATE_MEMBERS)
        guild = world.guilds[NAMES.guild]
        for rank in (ANNE, BILAL):
            world.set_member(guild, replace(guild.members[network.people[rank].id], roles=(role.id,)))
        channels = tuple(replace(each, discussion=Address(str(SQUARE))) for each in town.channels)
        town = replace(town, channels=channels)
    return replace(settings, staff=Staff(members=members), town=town)


def _writes(network: Network, text: str) -> str:
    """Chloé writes where people debate: the name of the message."""
    hands, chloe = network.hands, network.people[CHLOE].id
    if isinstance(hands, TelegramHands):
        return str(hands.world.write(chloe, NAMES.group, text))
    if isinstance(hands, DiscordHands):
        return str(hands.world.write(chloe, SQUARE, text))
    assert isinstance(hands, MastodonHands)
    return str(hands.world.mention(hands.accounts[chloe], text))


def _gives(network: Network, step: Step, message: str) -> None:
    """As it is done there: in reply in the group; by the menu, or by the number of the case; in reply in private."""
    hands, who, line = network.hands, network.people[step.rank].id, f"/{step.name} {step.words}".strip()
    if isinstance(hands, TelegramHands):
        if step.about:
            hands.world.write(who, NAMES.group, line, reply_to=int(message))
        else:
            hands.says(network.people[step.rank], line)
    elif isinstance(hands, DiscordHands):
        if step.verb is Verb.CASE:
            hands.world.report(who, SQUARE, int(message), "Case of moderation")
        else:
            words = f"1 {step.words}".strip() if step.about else step.words
            name = step.name if not step.silent else step.name[1:]  # the menu has none for silence
            hands.world.command(who, SQUARE, name, {"text": words} if words else {})
    else:
        assert isinstance(hands, MastodonHands)
        hands.world.message(hands.accounts[who], line, reply_to=message if step.about else None)


def _stands(network: Network, message: str) -> bool:
    """Whether everybody still reads the message."""
    hands = network.hands
    if isinstance(hands, TelegramHands):
        return int(message) in hands.world.chat(NAMES.group).messages
    if isinstance(hands, DiscordHands):
        return int(message) in hands.world.channels[SQUARE].messages
    assert isinstance(hands, MastodonHands)
    return message in hands.world.statuses


async def _settled(town: Square) -> CaseState:
    """What became of the message, once it is known."""
    while True:
        case = await town.service.store.read(lambda books: books.cases.get(CaseNumber(1)))
        if case is not None and case.state not in UNDER_WAY:
            return case.state
        await asyncio.sleep(0.02)


def test_the_dialogue_goes_through_every_command() -> None:
    """A new one is added, or fails."""
    assert {step.verb for step in DIALOGUE} == set(Verb)


@pytest.mark.parametrize("name", [TELEGRAM, DISCORD, MASTODON])
async def test_moderators_work_by_their_commands(tmp_path: Path, name: str) -> None:
    """Each is answered to whoever gave it, alone; what the network cannot do is said."""
    async with square(tmp_path, name, furnish=_staffed) as town:
        network = town.networks[name]
        await town.opened(name)
        hands = network.hands
        if isinstance(hands, DiscordHands):
            await until(lambda: bool(hands.world.bots[network.token].sessions))  # what is given before is not heard
        for person in network.people:
            hands.starts(person)
        await until(lambda: name != TELEGRAM or all(network.told(rank) for rank in (ANNE, BILAL)))
        _writes(network, "Bonjour")
        message = _writes(network, WRITTEN)

        for step in (each for each in DIALOGUE if name in each.on):
            await _is_told(town, network, step, message)

        assert _stands(network, message) is (name == MASTODON)


async def _is_told(town: Square, network: Network, step: Step, message: str) -> None:
    """They give it, and are told what they should be; then what follows comes to rest."""
    known, wanted = len(network.told(step.rank)), step.told
    if network.name == MASTODON and step.on_mastodon:
        wanted = step.on_mastodon
    _gives(network, step, message)
    try:
        await until(lambda: any(wanted in _read(each) for each in network.told(step.rank)[known:]))
    except TimeoutError:
        pytest.fail(f"/{step.name} {step.words}: {network.told(step.rank)[known:]}")
    async with asyncio.timeout(20):
        await _settled(town)


def _read(text: str) -> str:
    """With ordinary spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")
