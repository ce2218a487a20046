"""The real names and connections, on this machine."""

import asyncio
import datetime as dt
import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adapters.web.wires import SystemConnector, SystemResolver
from core.ports.web import Dead, LinkIsDead
from core.preflight import Trouble
from tests.adapters.web.internet import LOOPBACK, SITE, internet

HOST = "ville.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What the site presents, and who trusts it."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Mairie")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder: Path = tmp_path_factory.mktemp("certificate")
    pem = folder / "site.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    presents = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    presents.load_cert_chain(pem)
    return presents, ssl.create_default_context(cafile=str(pem))


async def test_a_secure_page_is_reached_by_its_name_at_the_address_that_was_judged(
    certificate: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    """The certificate is that of the name, whose last dot is no part of it; the connection goes to the address."""
    presents, trusted = certificate
    async with internet(secure=presents, trusted=trusted) as web:
        assert await web.follower().look(f"https://{HOST}/") is None
        assert await web.follower().look(f"https://{HOST}./") is None
        assert web.connected == [(str(SITE), 443)] * 2


@pytest.mark.parametrize("url", ["https://other.example/", "https://93.184.215.14/"])
async def test_the_certificate_of_another_name_is_refused(
    url: str, certificate: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    """Browsers would warn."""
    presents, trusted = certificate
    async with internet(secure=presents, trusted=trusted) as web:
        dead = await web.follower().look(url)

    assert dead is not None
    assert (dead.trouble, "mismatch" in dead.detail) == (Trouble.INSECURE, True)


async def test_a_page_that_speaks_no_tls_does_not_answer() -> None:
    """Its port was opened for something else."""
    async with internet(trusted=ssl.create_default_context()) as web:
        assert await web.follower(timedelta(milliseconds=200)).look(f"https://{HOST}/") == Dead(Trouble.NO_ANSWER)


async def test_where_nobody_listens_is_no_answer() -> None:
    """Nobody has port 1."""
    connector = SystemConnector(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))

    with pytest.raises(LinkIsDead) as dead:
        async with connector.connect(LOOPBACK, 1, secure_for=None):
            pass

    assert dead.value.why == Dead(Trouble.NO_ANSWER)


async def test_this_machine_knows_its_own_name_and_its_own_spellings() -> None:
    """Which is why addresses are judged after the look-up."""
    resolver = SystemResolver()

    assert LOOPBACK in await resolver.addresses("localhost")
    assert await resolver.addresses("2130706433") == (LOOPBACK,)
    assert await resolver.addresses("::1") == (ip_address("::1"),)


async def test_names_are_looked_up_in_threads_of_their_own() -> None:
    """A resolver that does not answer keeps a thread for long, and the store reads in those that all share."""
    over, loop = threading.Event(), asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1))
    busy = loop.run_in_executor(None, over.wait, 2)

    found = await SystemResolver().addresses("127.0.0.1")

    assert (found, busy.done()) == ((LOOPBACK,), False)
    over.set()
    await busy


@pytest.mark.parametrize("host", ["x" * 64, "", "[::1]"])
async def test_what_is_no_name_has_no_address(host: str) -> None:
    """Not an error of ours."""
    assert [each for each in await SystemResolver().addresses(host) if each != LOOPBACK and host] == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (socket.EAI_AGAIN, Dead(Trouble.NO_ANSWER)),
        (socket.EAI_FAIL, Dead(Trouble.NO_ANSWER)),
        (socket.EAI_NONAME, None),
    ],
    ids=["the resolver is away", "the resolver fails", "no such name"],
)
async def test_a_name_of_which_nobody_says_anything_is_not_called_unknown(said: int, expected: Dead | None) -> None:
    """The line of the town hall is down: the officer would correct an address that is right."""

    def look_up(*_: object, **__: object) -> None:
        raise socket.gaierror(said, "as the system says it")

    found, why = None, None
    try:
        found = await SystemResolver(look_up).addresses("ville.example")
    except LinkIsDead as dead:
        why = dead.why

    assert (found, why) == ((None, expected) if expected else ((), None))
