"""What systemd wants to hear: ready, alive, stopping (sd_notify(3), read 2026-11). Silent where there is no systemd."""

import os
import socket


def notify(*states: str) -> None:
    """Send states such as ``READY=1`` to the supervisor named by NOTIFY_SOCKET, if there is one."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.connect("\0" + address[1:] if address.startswith("@") else address)
        channel.sendall("\n".join(states).encode())
