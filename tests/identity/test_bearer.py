"""The Authorization header: a visitor, one token, or nonsense."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.identity import BadToken, bearer

NOT_BEARER = "the Authorization header is not 'Bearer <token>'"


@pytest.mark.parametrize("headers", [(), ("",), (" \t ",), ("", "")])
def test_no_header_or_an_empty_one_is_a_visitor(headers: tuple[str, ...]) -> None:
    assert bearer.token_in(*headers) is None


@pytest.mark.parametrize(
    "header",
    ["Bearer a.b-c_d~e+f/g==", "bearer a.b-c_d~e+f/g==", "BEARER   a.b-c_d~e+f/g== "],
)
def test_a_token_is_found_whatever_the_case_of_its_scheme(header: str) -> None:
    assert bearer.token_in(header) == "a.b-c_d~e+f/g=="


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer\ttoken",
        "Bearertoken",
        "Bearer one two",
        "Bearer one, Bearer two",
        "Bearer token\n",
        "Bearer tok\x00en",
        "Bearer tokén",
        "Bearer =",
        "Basic YWRhOmFkYQ==",
        "token",
        "eyJhbGciOiJIUzI1NiJ9.e30.AAAA",
        "Bearer: token",
        '"Bearer token"',
    ],
)
def test_anything_else_is_refused(header: str) -> None:
    with pytest.raises(BadToken) as refusal:
        bearer.token_in(header)

    assert refusal.value.reason == NOT_BEARER


def test_two_headers_are_refused() -> None:
    with pytest.raises(BadToken) as refusal:
        bearer.token_in("Bearer one", "Bearer two")

    assert refusal.value.reason == (
        "the request has more than one Authorization header"
    )


def test_a_token_of_4096_characters_passes_and_a_longer_one_does_not() -> None:
    assert bearer.token_in("Bearer " + "a" * 4096) == "a" * 4096

    with pytest.raises(BadToken) as refusal:
        bearer.token_in("Bearer " + "a" * 4097)
    assert refusal.value.reason == "the token is longer than 4096 characters"


@settings(deadline=None)
@given(header=st.text())
def test_any_text_is_a_visitor_a_token_or_a_bad_token(header: str) -> None:
    try:
        token = bearer.token_in(header)
    except BadToken:
        return

    assert token is None or token in header


def test_the_challenge_says_that_the_token_is_invalid() -> None:
    assert bearer.CHALLENGE == 'Bearer error="invalid_token"'
