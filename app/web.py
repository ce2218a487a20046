"""Who follows the links of campaigns, and reads the feeds of the town's site: by one safe way."""

import ssl
from functools import cache
from urllib.request import getproxies

from adapters.tls import trusting
from adapters.web.fetcher import Fetcher
from adapters.web.follower import Follower
from adapters.web.wires import SystemConnector, SystemResolver
from app.settings import Settings
from core.ports.web import Reader, Web


def web_of(settings: Settings) -> Web | None:
    """Somebody who follows links; None behind a proxy, which would choose the address in our place. Blocks.

    Raises Misconfigured when the town's own certificate authority cannot be read.
    """
    connector = _connector(settings)
    return None if connector is None else Follower(resolver=SystemResolver(), connector=connector)


def reader_of(settings: Settings) -> Reader | None:
    """Somebody who reads pages, likewise."""
    connector = _connector(settings)
    return None if connector is None else Fetcher(resolver=SystemResolver(), connector=connector)


@cache
def _system() -> ssl.SSLContext:
    """The authorities of the system, read once for all who follow and read: there are more than a hundred."""
    return ssl.create_default_context()


def _connector(settings: Settings) -> SystemConnector | None:
    if {"http", "https", "all"} & getproxies().keys():
        return None
    trusted = trusting(settings.ca_file) if settings.ca_file is not None else _system()
    return SystemConnector(trusted)
