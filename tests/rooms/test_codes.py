"""The code of a room, by another route, and as people type it."""

from __future__ import annotations

from base64 import b32encode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.rooms.codes import ALPHABET, code_of, owner_of, typed

RFC_4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
SIGNS = RFC_4648 + RFC_4648.lower() + "0189-_"
secrets = st.text(sorted(set(SIGNS)), min_size=43, max_size=43)


@given(secrets)
def test_a_code_is_the_beginning_of_the_hash_in_crockford_s_alphabet(secret: str):
    digest = sha256(secret.encode()).digest()
    expected = b32encode(digest[:5]).decode().translate(str.maketrans(RFC_4648, ALPHABET))
    assert owner_of(secret) == digest.hex()
    assert code_of(owner_of(secret)) == expected


def test_the_alphabet_has_nothing_that_is_read_as_something_else():
    assert len(set(ALPHABET)) == 32
    assert set("ILOU") & set(ALPHABET) == set()
    assert "".join(sorted(ALPHABET)) == ALPHABET


@given(secrets, st.integers(0, 8))
def test_a_code_is_read_as_it_is_written(secret: str, hyphen: int):
    code = code_of(owner_of(secret))
    written = f" {code[:hyphen]}-{code[hyphen:]} ".lower()
    for zero, one in (("0", "1"), ("o", "i"), ("O", "L")):
        assert typed(written.replace("0", zero).replace("1", one)) == code


@given(st.text(max_size=40))
def test_whatever_is_typed_gives_a_code_or_none(text: str):
    code = typed(text)
    assert code is None or (len(code) == 8 and set(code) <= set(ALPHABET))


@pytest.mark.parametrize("text", ["", "K7QM2FX", "K7QM2FXAA", "K7QMU2FX", "K7QM2FXÄ", "٣" * 8])
def test_what_is_no_code_is_none(text: str):
    assert typed(text) is None
