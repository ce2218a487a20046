"""Invitations to other groups: links of the networks that let whoever follows them join."""

from dataclasses import dataclass

from core.rules.addresses import Link
from core.rules.context import Message
from core.rules.hit import Hit, Sign

_JOINING = frozenset(
    {
        "t.me",
        "discord.gg",
        "discord.me",
        "dsc.gg",
        "wa.me",
        "chat.whatsapp.com",
        "signal.group",
        "signal.me",
        "invite.gg",
        "telegram.dog",
    }
)  # all below them
_WITH_PATH = {
    "telegram.me": ("/+", "/joinchat/", "/addlist/"),
    "discord.com": ("/invite/",),
    "discordapp.com": ("/invite/",),
    "whatsapp.com": ("/channel/",),
    "facebook.com": ("/groups/",),
    "m.me": ("/j/", "/ch/"),
    "matrix.to": ("/#/",),
    "snapchat.com": ("/add/", "/g/"),
    "mastodon.social": ("/invite/",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitations:
    """``allowed`` are beginnings such as «t.me/saint_aubin»: the town's own groups."""

    allowed: tuple[str, ...] = ()

    def look(self, message: Message) -> Hit | None:
        """The first invitation that the town does not give itself."""
        for link in message.links:
            if _invites(link) and not self._is_allowed(link):
                return Hit(sign=Sign.INVITATION, found=f"{link.host}{link.path.rstrip('/')}"[:80])
        return None

    def _is_allowed(self, link: Link) -> bool:
        address = f"{link.host}{link.path}".lower().removeprefix("www.").rstrip("/")
        return any(address == own or address.startswith((f"{own}/", f"{own}?")) for own in self.allowed)


def _invites(link: Link) -> bool:
    host = link.host.removeprefix("www.")
    if any(map(link.is_under, _JOINING)):
        return len(link.path) > 1
    return link.path.lower().startswith(_WITH_PATH.get(host, ("\n",)))
