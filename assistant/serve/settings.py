"""What the server allows, and how much of it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from ...kb.errors import UsageError
from ..machine.memory import cores

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Settings:
    """The limits of a server.

    Raises:
        UsageError: it would listen beyond this machine without a token.
    """

    host: str = "127.0.0.1"
    port: int = 8321
    """0: any that is free."""
    token: str | None = None
    """Asked of everyone who diagnoses; None: of nobody."""
    names: frozenset[str] = frozenset()
    """Further names by which clients may call the server."""
    max_body: int = 20_000_000
    """Bytes of a request."""
    timeout: float = 30.0
    """Seconds until a request is answered or given up; what the model says of it comes after that."""
    queue: int = 64
    """So many requests may wait for a worker."""
    workers: int = 0
    """So many reports are read at the same time; 0: one a core."""

    def __post_init__(self) -> None:
        if not self.workers:
            object.__setattr__(self, "workers", cores())
        if not is_loopback(self.host) and not self.token:
            raise UsageError(
                f"{self.host} can be reached from other machines, and no token is asked for",
                hint="set FIRSTAID_TOKEN to a long random text, or listen on 127.0.0.1",
            )

    def knows(self, host: str) -> bool:
        """Whether a client may call the server by this name or address, without its port.

        Any address will do where the server listens beyond this machine: a name that an attacker points at the server
        (DNS rebinding) is never an address.
        """
        if host in LOOPBACK or host == self.host.lower() or host in self.names:
            return True
        return is_loopback(host) or (not is_loopback(self.host) and _address(host) is not None)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches it."""
    address = _address(host)
    return host.lower() == "localhost" or (address is not None and address.is_loopback)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
