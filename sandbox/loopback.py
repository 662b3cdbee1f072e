"""Whether an address is this very machine: the only one the sandbox listens on or speaks to."""

import ipaddress
from contextlib import suppress


def is_loopback(host: str | None) -> bool:
    """Whether a host name or address means this very machine."""
    if host is None:
        return False
    if host == "localhost":
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False
