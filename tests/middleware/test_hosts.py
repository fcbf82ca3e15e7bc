"""Which names are answered, and which pages may call."""

from __future__ import annotations

import socket

import pytest

from viz.middleware import Hosts

LAB = Hosts.of(
    ["lab.example.org", "*.example.edu", "http://shown.example:8501/"],
    address="0.0.0.0",
    origins=["https://friend.example", "http://localhost:3000/"],
)
MACHINE = socket.gethostname()


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LocalHost:8501",
        "pointwise.localhost:8501",
        "127.0.0.1:8501",
        "[::1]:8501",
        "0.0.0.0:8501",
        "192.168.7.20:8501",
        "[fe80::17]:80",
        MACHINE,
        f"{MACHINE}.local:8501",
        "lab.example.org",
        "LAB.example.org.:443",
        "a.b.example.edu:8501",
        "shown.example",
    ],
)
def test_answers_to_addresses_and_to_its_names(host: str):
    assert LAB.answers(host)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8501",
        "lab.example.org.evil.example",
        "notlab.example.org",
        "example.edu",
        "evilexample.edu",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "notlocalhost",
        "friend.example",
        "lab.example.org@evil.example",
        "evil.example/lab.example.org",
        "lab.example.org:80:80",
        "lab.example.org:http",
        "lab.example.org evil.example",
        "1.2.3.4.5",
        "[::1",
        "[::g]",
        "\xff\xfe",
        "a\0b",
        "",
        "*",
        "a" * 100_000,
    ],
)
def test_does_not_answer_to_others_or_to_what_is_no_name(host: str):
    assert not LAB.answers(host)


def test_a_star_answers_to_every_name():
    anyone = Hosts.of(["*"])
    assert anyone.answers("evil.example:8501")
    assert not anyone.answers("a b")
    assert not anyone.own("http://evil.example", "lab.example.org")


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://10.0.0.5:8501", "10.0.0.5:8501"),
        ("http://LOCALHOST:8501", "localhost:8501"),
        ("http://localhost:8501", "127.0.0.1:8501"),
        ("http://[::1]:8501", "[::1]:8501"),
        ("https://lecture.example", "lecture.example"),
        ("https://lecture.example", "lecture.example:443"),
        ("https://lecture.example:443", "lecture.example"),
        ("http://lecture.example:80", "lecture.example"),
        # a proxy that hands on a name of its own
        ("https://lab.example.org", "127.0.0.1:8501"),
        ("https://lab.example.org:8501", "127.0.0.1:8501"),
        ("https://a.example.edu", "127.0.0.1:8501"),
        ("https://friend.example", "10.0.0.5:8501"),
        ("http://localhost:3000", "localhost:8501"),
    ],
)
def test_own_pages_and_those_that_were_named(origin: str, host: str):
    assert LAB.own(origin, host)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://evil.example", "10.0.0.5:8501"),
        ("http://10.0.0.5", "10.0.0.5:8501"),
        ("http://10.0.0.5:8502", "10.0.0.5:8501"),
        ("http://localhost:8502", "localhost:8501"),
        ("https://lecture.example:8443", "lecture.example"),
        ("https://lecture.example:80", "lecture.example"),
        ("https://lab.example.org:9999", "127.0.0.1:8501"),
        ("https://lab.example.org.evil.example", "lab.example.org"),
        ("https://lab.example.org@evil.example", "lab.example.org"),
        ("null", "localhost:8501"),
        ("file://", "localhost:8501"),
        ("", "localhost:8501"),
        ("http://localhost:8501/path", "localhost:8501"),
        ("chrome-extension://abc", "localhost:8501"),
        ("\xff", "localhost:8501"),
        ("http://10.0.0.5:8501", ""),
        ("http://10.0.0.5:8501", "a b"),
    ],
)
def test_pages_of_others(origin: str, host: str):
    assert not LAB.own(origin, host)
    assert Hosts.of([], any_origin=True).own(origin, host)


@pytest.mark.parametrize("name", ["a b", "http://", "lab.example.org/path", "*.*", "lab,other"])
def test_a_name_must_be_one(name: str):
    with pytest.raises(ValueError, match="is no host name"):
        Hosts.of([name])


@pytest.mark.parametrize("origin", ["friend.example", "*", "https://a.example/path"])
def test_an_origin_must_be_one(origin: str):
    with pytest.raises(ValueError, match="is no origin"):
        Hosts.of([], origins=[origin])


@pytest.mark.parametrize(
    ("origin", "host", "here"),
    [
        ("http://192.168.7.20:8501", "192.168.7.20:8501", True),
        ("https://lab.example.org", "localhost:8501", True),  # a proxy passes its own name on
        ("https://friend.example", "lab.example.org", False),  # may call, but is another site
        ("https://evil.example", "lab.example.org", False),
        ("null", "null", False),
    ],
)
def test_other_sites_that_may_call_are_not_here(origin: str, host: str, here: bool):
    assert LAB.is_here(origin, host) is here
    assert Hosts(LAB.names, any_origin=True).is_here(origin, host) is here
