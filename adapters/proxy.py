"""The way out of the town's network: found once for an address, by the variables that every program obeys.

aiohttp's ``trust_env`` looks it up for each request, in two threads, and finds none for ``ws`` and ``wss``; discord.py
asks for it.
"""

import urllib.request
from urllib.parse import urlsplit

_AS = {"ws": "http", "wss": "https"}


def proxy_for(url: str) -> str | None:
    """The proxy that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name for this address."""
    parts = urlsplit(url)
    if parts.hostname is None or urllib.request.proxy_bypass(parts.hostname):
        return None
    return urllib.request.getproxies().get(_AS.get(parts.scheme, parts.scheme))
