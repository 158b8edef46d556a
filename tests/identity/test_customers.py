"""Customers' tokens that are accepted, and how this gateway makes its own."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.identity import BadSetting, BadToken
from gateway.identity import keys as verification_keys
from gateway.identity.customers import CustomerIdentity, CustomerTokens
from gateway.identity.key_sources import FixedKeys
from tests.identity.forge import (
    AUDIENCE,
    ISSUER,
    LEFT_OUT,
    NOW,
    SECONDS,
    SECRET,
    Ring,
    by_secret,
    jwks,
    secret_jwk,
    token,
)


def from_secret(secret: str = SECRET) -> CustomerTokens:
    source = FixedKeys(verification_keys.from_secret(secret))
    return CustomerTokens(source, ISSUER, AUDIENCE)


@pytest.mark.parametrize("kind", ["hs", "rs", "es"])
async def test_a_token_of_each_algorithm_names_its_customer(
    ring: Ring, kind: str
) -> None:
    tokens = ring.tokens()
    signed = {"hs": ring.hs, "rs": ring.rs, "es": ring.es}[kind]()

    identity = await tokens.verify(signed, NOW)

    assert identity == CustomerIdentity(
        customer_id="ada",
        website=None,
        expires_at=datetime(2026, 3, 1, 12, 10, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "typ", ["JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt", LEFT_OUT]
)
async def test_a_token_may_call_itself_jwt_or_access_token_or_nothing(
    ring: Ring, typ: object
) -> None:
    signed = ring.hs(headers={"typ": typ})

    identity = await ring.tokens().verify(signed, NOW)

    assert identity.customer_id == "ada"


async def test_headers_and_claims_nobody_asked_for_are_ignored(ring: Ring) -> None:
    signed = ring.rs(
        {"jti": "1", "scope": "a b", "nested": [[[1]]]},
        headers={"x5t": "dGh1bWI", "cty": "JWT"},
    )

    identity = await ring.tokens().verify(signed, NOW)

    assert identity.customer_id == "ada"


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"iat": SECONDS + 60}, id="issued_by_a_clock_60_s_ahead"),
        pytest.param({"nbf": SECONDS + 60}, id="valid_from_60_s_ahead"),
        pytest.param({"nbf": 0}, id="valid_from_the_beginning"),
        pytest.param({"exp": SECONDS + 86_400}, id="for_a_day"),
        pytest.param(
            {"iat": SECONDS - 600, "exp": SECONDS - 59}, id="expired_59_s_ago"
        ),
        pytest.param({"sub": "a" * 255}, id="id_of_255_characters"),
        pytest.param({"sub": "Zoë 猫 🛒"}, id="id_in_any_script"),
    ],
)
async def test_a_token_at_the_edge_is_accepted(
    ring: Ring, claims: dict[str, object]
) -> None:
    identity = await ring.tokens().verify(ring.hs(claims), NOW)

    assert identity.customer_id == claims.get("sub", "ada")


async def test_the_clock_is_the_one_given(ring: Ring) -> None:
    tokens = ring.tokens()
    signed = ring.hs()

    await tokens.verify(signed, NOW + timedelta(minutes=10, seconds=59))
    with pytest.raises(BadToken, match="the token has expired"):
        await tokens.verify(signed, NOW + timedelta(minutes=11))


async def test_a_token_for_one_website_is_not_for_another(ring: Ring) -> None:
    identity = await ring.tokens().verify(ring.hs({"website": "outdoor"}), NOW)

    assert identity.is_for("outdoor")
    assert not identity.is_for("base")


async def test_a_token_for_no_website_in_particular_is_for_each(ring: Ring) -> None:
    identity = await ring.tokens().verify(ring.hs(), NOW)

    assert identity.is_for("outdoor")
    assert identity.is_for("base")


async def test_a_token_without_kid_is_accepted_by_the_only_key(ring: Ring) -> None:
    tokens = ring.tokens(jwks(ring.secret_jwk))
    signed = ring.hs(headers={"kid": LEFT_OUT})

    identity = await tokens.verify(signed, NOW)

    assert identity.customer_id == "ada"


async def test_a_plain_secret_has_no_name_to_ask_for(ring: Ring) -> None:
    with pytest.raises(BadToken, match="names an unknown key"):
        await from_secret().verify(ring.hs(), NOW)


async def test_tokens_of_two_keys_are_accepted_while_they_rotate(ring: Ring) -> None:
    new_secret = "the secret of next month, also 32 bytes"
    new_jwk = secret_jwk(new_secret, "hs-2")
    old = ring.hs()
    new = token({"alg": "HS256", "kid": "hs-2"}, {}, by_secret(new_secret.encode()))

    before, both, after = (
        ring.tokens(jwks(ring.secret_jwk)),
        ring.tokens(jwks(ring.secret_jwk, new_jwk)),
        ring.tokens(jwks(new_jwk)),
    )

    assert (await before.verify(old, NOW)).customer_id == "ada"
    assert (await both.verify(old, NOW)).customer_id == "ada"
    assert (await both.verify(new, NOW)).customer_id == "ada"
    assert (await after.verify(new, NOW)).customer_id == "ada"
    with pytest.raises(BadToken, match="names an unknown key"):
        await before.verify(new, NOW)
    with pytest.raises(BadToken, match="names an unknown key"):
        await after.verify(old, NOW)


@pytest.mark.parametrize(("issuer", "audience"), [("", AUDIENCE), (ISSUER, "")])
def test_verification_does_not_start_without_issuer_and_audience(
    ring: Ring, issuer: str, audience: str
) -> None:
    source = FixedKeys(verification_keys.from_jwks(ring.jwks))

    with pytest.raises(BadSetting) as refusal:
        CustomerTokens(source, issuer, audience)

    assert str(refusal.value) == (
        "customers' keys are set without an issuer and an audience; set both to what "
        'the tokens say in "iss" and "aud"'
    )


@pytest.mark.parametrize("leeway_seconds", [-1, 601])
def test_a_senseless_leeway_is_refused(ring: Ring, leeway_seconds: int) -> None:
    source = FixedKeys(verification_keys.from_jwks(ring.jwks))

    with pytest.raises(BadSetting, match="the leeway must be from 0"):
        CustomerTokens(
            source,
            ISSUER,
            AUDIENCE,
            leeway_seconds=leeway_seconds,
            max_age_seconds=600,
        )


async def test_a_gateway_without_keys_refuses_every_token(ring: Ring) -> None:
    with pytest.raises(BadToken) as refusal:
        await CustomerTokens.none().verify(ring.hs(), NOW)

    assert refusal.value.reason == "no key to verify customers' tokens is at hand"


@settings(deadline=None)
@given(
    customer_id=st.text(
        st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=100
    ),
    website=st.none()
    | st.text("abcdefghijklmnopqrstuvwxyz0_", min_size=1, max_size=64),
    lifetime_seconds=st.integers(1, 86_400),
)
async def test_a_minted_token_is_verified_as_it_was_minted(
    customer_id: str, website: str | None, lifetime_seconds: int
) -> None:
    tokens = from_secret()

    signed = tokens.mint(
        customer_id, NOW, lifetime_seconds=lifetime_seconds, website=website
    )

    assert await tokens.verify(signed, NOW) == CustomerIdentity(
        customer_id=customer_id,
        website=website,
        expires_at=NOW + timedelta(seconds=lifetime_seconds),
    )


async def test_a_minted_token_names_the_key_that_signed_it(ring: Ring) -> None:
    tokens = ring.tokens()

    signed = tokens.mint("ada", NOW)

    assert (await tokens.verify(signed, NOW)).customer_id == "ada"


def test_without_a_shared_secret_no_token_can_be_minted(ring: Ring) -> None:
    tokens = ring.tokens(jwks(ring.rsa_jwk, ring.ec_jwk))

    with pytest.raises(BadSetting) as refusal:
        tokens.mint("ada", NOW)

    assert str(refusal.value) == (
        "only the holder of the private key can make customers' tokens; set a shared "
        "secret (HS256) to make them here, for development"
    )


@pytest.mark.parametrize(
    ("customer_id", "lifetime_seconds", "reason"),
    [
        pytest.param("", 60, "the token's 'sub' is not 1 to 255", id="nobody"),
        pytest.param("a\nb", 60, "the token's 'sub' is not 1 to 255", id="newline"),
        pytest.param("ada", 0, "the token's 'exp' is not after", id="no_time"),
        pytest.param("ada", 86_401, "the token lives longer than", id="too_long"),
        pytest.param("🛒" * 255, 60, "the token is longer than 4096", id="large"),
    ],
)
def test_a_token_that_would_be_refused_is_not_minted(
    customer_id: str, lifetime_seconds: int, reason: str
) -> None:
    with pytest.raises(BadSetting, match=f"such a token would be refused: {reason}"):
        from_secret().mint(customer_id, NOW, lifetime_seconds=lifetime_seconds)
