"""Whose address a request comes from, as far as that tells people apart."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

NETWORK_BITS = 64  # of an IPv6 address; a machine chooses the rest itself


def share_of(host: str | None) -> str:
    """The address that identifies a host's share; empty for this machine itself.

    >>> share_of("192.0.2.7"), share_of("127.0.0.1"), share_of(None)
    ('192.0.2.7', '', '')
    >>> share_of("2001:db8:1:2:aaaa::1") == share_of("2001:db8:1:2:bbbb::1")
    True
    """
    try:
        address = ip_address(host or "::1")
    except ValueError:
        return host or ""
    mapped = getattr(address, "ipv4_mapped", None)
    if (mapped or address).is_loopback:
        return ""
    if mapped or address.version == 4:
        return str(mapped or address)
    return str(ip_network((int(address), NETWORK_BITS), strict=False))
