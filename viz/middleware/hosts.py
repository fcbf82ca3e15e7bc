"""The host names that this server answers to, and the pages that may call it.

A hostile site can make its own name resolve to this machine's address ("DNS rebinding"); to the
browser the server then belongs to that site. Only the `Host` header shows it. A numeric address
cannot be redirected like this, so all are answered; of names only our own.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

DEFAULT_PORTS = {"http": "80", "https": "443"}
HOSTS_KEPT = 256  # cached answers

_NAME = r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?\.?|\[[0-9a-f:.]{2,45}\]"
_HOST = re.compile(rf"({_NAME})(?::([0-9]{{1,5}}))?", re.IGNORECASE)
_ORIGIN = re.compile(rf"(https?)://({_NAME})(?::([0-9]{{1,5}}))?", re.IGNORECASE)
_LISTED = re.compile(rf"(?:[a-z]+://)?(\*|(?:\*\.)?(?:{_NAME}))(?::[0-9]{{1,5}})?/?", re.IGNORECASE)


class Place(NamedTuple):
    """A host without its default port; every name of the loopback interface is `localhost`."""

    name: str
    port: str


@dataclass(frozen=True)
class Hosts:
    """The names of this server, and the other sites' pages that may call it.

    Attributes:
        names: as configured: names, `*.example.org`, or `*` for any. Pages of these hosts may
            call it as well, for a proxy may hide the name from us.
        more: names that are answered only.
        origins: origins of other pages that may call it.
        any_origin: whether all pages may.
    """

    names: frozenset[str] = frozenset()
    more: frozenset[str] = frozenset()
    origins: frozenset[Place] = frozenset()
    any_origin: bool = False

    @staticmethod
    def of(
        names: Iterable[str],
        *,
        address: str = "",
        origins: Iterable[str] = (),
        any_origin: bool = False,
    ) -> Hosts:
        """The Hosts for the values of a command line.

        Args:
            names: see the attribute; a scheme, a port and a trailing slash are removed.
            address: the address that the server listens at.
            origins: such as `https://example.org`.
            any_origin: see the attribute.

        Raises:
            ValueError: if a name or an origin is malformed.

        >>> hosts = Hosts.of(["lab.example.org"], address="127.0.0.1")
        >>> hosts.answers("lab.example.org:8501"), hosts.answers("evil.example")
        (True, False)
        """
        machine = socket.gethostname().lower()
        more = {machine, f"{machine}.local", address.lower()} - {"", ".local"}
        places = frozenset(_origin_listed(each) for each in origins if each.strip())
        listed = frozenset(_listed(each) for each in names if each.strip())
        return Hosts(listed, frozenset(more), places, any_origin)

    def answers(self, host: str) -> bool:
        """Whether `host` is a name of the server, with or without a port."""
        return _answers(self, host) if len(host) < 300 else False

    def own(self, origin: str, host: str) -> bool:
        """Whether a page of `origin` belongs to the server that the request calls `host`.

        The scheme is ignored, for a proxy may end TLS. A name of ours without a port is accepted
        too, since a proxy may pass on its own `host`.
        """
        return self.any_origin or _same(origin, host) or self.welcomes(origin, host)

    def is_here(self, origin: str, host: str) -> bool:
        """Whether `origin` is this server, which the request calls `host`, and no other site."""
        return _same(origin, host) or self._is_named(origin, host)

    def welcomes(self, origin: str, host: str) -> bool:
        """Whether the server's configuration allows that origin."""
        return place_of(origin) in self.origins or self._is_named(origin, host)

    def _is_named(self, origin: str, host: str) -> bool:
        page, here = place_of(origin), _split(host)
        if page is None:
            return False
        return _among(page.name, self.names) and page.port in {"", here.port if here else ""}


def place_of(origin: str) -> Place | None:
    """The host and port of an origin; None if it is not a web origin, such as `null`.

    >>> place_of("https://Lab.example.org:443")
    Place(name='lab.example.org', port='')
    """
    found = _ORIGIN.fullmatch(origin)
    if found is None:
        return None
    scheme, name, port = found.groups()
    return Place(_plain(name), "" if port == DEFAULT_PORTS[scheme.lower()] else port or "")


def _same(origin: str, host: str) -> bool:
    page, here = place_of(origin), _split(host)
    if page is None or here is None:
        return False
    default = DEFAULT_PORTS[origin.partition(":")[0].lower()]
    return page == Place(here.name, "" if here.port == default else here.port)


def _split(host: str) -> Place | None:
    found = _HOST.fullmatch(host)
    return Place(_plain(found[1]), found[2] or "") if found else None


def _plain(name: str) -> str:
    name = name.lower().removesuffix(".")
    number = _address(name)
    loopback = number.is_loopback if number else f".{name}".endswith(".localhost")
    return "localhost" if loopback else name


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


@lru_cache(HOSTS_KEPT)
def _answers(hosts: Hosts, host: str) -> bool:
    place = _split(host)
    if place is None:
        return False
    ours = place.name == "localhost" or place.name in hosts.more or "*" in hosts.names
    return ours or _address(place.name) is not None or _among(place.name, hosts.names)


def _among(name: str, names: frozenset[str]) -> bool:
    below = (each[1:] for each in names if each.startswith("*."))
    return name in names or any(name.endswith(end) for end in below)


def _listed(text: str) -> str:
    found = _LISTED.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no host name such as lab.example.org")
    return _plain(found[1])


def _origin_listed(text: str) -> Place:
    place = place_of(text.strip().removesuffix("/"))
    if place is None:
        raise ValueError(f"{text!r} is no origin such as https://example.org")
    return place
