"""What systemd wants to hear: ready, alive, stopping (sd_notify(3), read 2026-11). Silent where there is no systemd."""

import logging
import os
import socket

log = logging.getLogger("parvis.app")


def notify(*states: str) -> None:
    """Send states such as ``READY=1`` to the supervisor named by NOTIFY_SOCKET, if there is one; never waits for it.

    A supervisor that does not listen is told in the log: a town is not stopped for that.
    """
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.setblocking(False)
        try:
            channel.connect("\0" + address[1:] if address.startswith("@") else address)
            channel.send("\n".join(states).encode())
        except OSError as error:
            log.warning("supervisor_not_told", extra={"states": " ".join(states), "detail": error.strerror})
