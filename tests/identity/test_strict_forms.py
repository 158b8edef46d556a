"""Base64url, JSON and secrets: one text for every value, and no other."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.identity import base64url, shared_secrets, strict_json

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=10,
)


@settings(deadline=None)
@given(data=st.binary())
def test_bytes_come_back_from_base64url(data: bytes) -> None:
    assert base64url.decode(base64url.encode(data)) == data


@settings(deadline=None)
@given(text=st.text())
def test_text_is_canonical_base64url_or_refused(text: str) -> None:
    try:
        data = base64url.decode(text)
    except ValueError:
        return

    assert base64url.encode(data) == text


@settings(deadline=None, max_examples=30)
@given(value=st.dictionaries(st.text(), JSON_VALUES, max_size=4))
def test_an_object_comes_back_from_json(value: dict[str, object]) -> None:
    data = json.dumps(value, ensure_ascii=True).encode()

    assert strict_json.parse_object(data) == value


@settings(deadline=None)
@given(data=st.binary())
def test_any_bytes_are_an_object_or_refused(data: bytes) -> None:
    try:
        value = strict_json.parse_object(data)
    except ValueError:
        return

    assert isinstance(value, dict)


def test_sixteen_levels_are_read_and_seventeen_are_not() -> None:
    def nested(levels: int) -> bytes:
        return b'{"x":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"

    assert list(strict_json.parse_object(nested(16))) == ["x"]
    with pytest.raises(ValueError, match="it is nested too deeply"):
        strict_json.parse_object(nested(17))


def test_a_new_secret_is_long_enough_and_new() -> None:
    one, two = shared_secrets.new_secret(), shared_secrets.new_secret()

    assert len(shared_secrets.secret_bytes(one, "it")) == 43
    assert one != two


def test_a_secret_is_measured_in_bytes() -> None:
    assert len(shared_secrets.secret_bytes("é" * 16, "it")) == 32
