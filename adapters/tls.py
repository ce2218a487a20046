"""Whom a connection trusts: the authorities of the system, and the town's own where the configuration names one."""

import ssl
from pathlib import Path

from core.errors import Finding, Misconfigured


def trusting(ca_file: Path) -> ssl.SSLContext:
    """The authorities of the system and those of this file. Raises Misconfigured when it holds none."""
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(cafile=ca_file)
    except OSError as error:  # ssl.SSLError is one
        problem = f"no certificate authority can be read there ({error.strerror or error}); give a PEM file"
        raise Misconfigured(Finding(file=ca_file, line=0, key="network.ca_file", problem=problem)) from error
    return context
