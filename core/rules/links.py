"""Links: domains that are denied, or all but those allowed; messages that are nothing but links; look-alikes."""

from dataclasses import dataclass

from core.rules.addresses import is_only_links
from core.rules.context import Message
from core.rules.hit import Hit, Sign
from core.rules.lookalikes import looks_like


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Domains with all that is below them. ``allowed`` empty: all but the denied ones; ``only_links``: not alone."""

    denied: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    only_links: bool = False

    def look(self, message: Message) -> Hit | None:
        """The first link that is not allowed, else that there is nothing else."""
        for link in message.links:
            if any(map(link.is_under, self.denied)):
                return Hit(sign=Sign.DENIED_LINK, found=link.host)
            if self.allowed and not any(map(link.is_under, self.allowed)):
                return Hit(sign=Sign.OTHER_LINK, found=link.host)
        if self.only_links and message.links and is_only_links(message.text):
            return Hit(sign=Sign.ONLY_LINKS, found=message.links[0].host)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookalikes:
    """Domains that can be taken for one of ``ours``: the town's, and others that people trust.

    Anybody may have a domain with the town's name in it; only one that hides the name in letters of other alphabets or
    in figures is a look-alike of the name.
    """

    ours: tuple[str, ...] = ()

    def look(self, message: Message) -> Hit | None:
        """The first link that is one."""
        for link in message.links:
            if any(map(link.is_under, self.ours)):
                continue
            if looks_like(link.host, self.ours, message.around.town):
                return Hit(sign=Sign.LOOKALIKE, found=link.host)
            if link.before and looks_like(link.before, self.ours, message.around.town):
                return Hit(sign=Sign.LOOKALIKE, found=f"{link.before}@{link.host}")
        return None
