"""Who follows the links of campaigns."""

import ssl
from urllib.request import getproxies

from adapters.tls import trusting
from adapters.web.follower import Follower
from adapters.web.wires import SystemConnector, SystemResolver
from app.settings import Settings
from core.ports.web import Web


def web_of(settings: Settings) -> Web | None:
    """Somebody who follows links; None behind a proxy, which would choose the address in our place. Blocks.

    Raises Misconfigured when the town's own certificate authority cannot be read.
    """
    if {"http", "https", "all"} & getproxies().keys():
        return None
    trusted = trusting(settings.ca_file) if settings.ca_file is not None else ssl.create_default_context()
    return Follower(resolver=SystemResolver(), connector=SystemConnector(trusted))
