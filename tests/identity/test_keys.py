"""Which keys are taken, and what is said of the others."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.identity import BadSetting, base64url, keys
from gateway.identity.keys import Algorithm
from tests.identity.forge import SECRET, Ring, as_json, ec_jwk, jwks, short_rsa_jwk


def test_the_kind_of_a_key_fixes_its_algorithm(ring: Ring) -> None:
    found = keys.from_jwks(ring.jwks)

    assert [(key.kid, key.algorithm) for key in found.keys] == [
        ("hs-1", Algorithm.HS256),
        ("rs-1", Algorithm.RS256),
        ("ec-1", Algorithm.ES256),
    ]


def test_a_key_may_say_what_it_is_for(ring: Ring) -> None:
    jwk = ring.rsa_jwk | {"alg": "RS256", "use": "sig", "key_ops": ["verify"]}

    found = keys.from_jwks(jwks(jwk))

    assert [key.kid for key in found.keys] == ["rs-1"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param(
            {"alg": "RS512"},
            "key 'rs-1' has an alg other than RS256, the one for kty RSA",
            id="another_hash",
        ),
        pytest.param(
            {"alg": "PS256"},
            "key 'rs-1' has an alg other than RS256, the one for kty RSA",
            id="another_padding",
        ),
        pytest.param(
            {"alg": "HS256"},
            "key 'rs-1' has an alg other than RS256, the one for kty RSA",
            id="public_key_as_a_secret",
        ),
        pytest.param(
            {"alg": None},
            "key 'rs-1' has an alg other than RS256, the one for kty RSA",
            id="null_algorithm",
        ),
        pytest.param(
            {"use": "enc"},
            "key 'rs-1' is not for signatures; its use must be \"sig\" or left out",
            id="for_encryption",
        ),
        pytest.param(
            {"key_ops": ["sign"]},
            "key 'rs-1' has key_ops without \"verify\"",
            id="for_signing",
        ),
        pytest.param(
            {"key_ops": "verify"},
            "key 'rs-1' has key_ops without \"verify\"",
            id="operations_as_text",
        ),
        pytest.param(
            {"d": "AQAB"},
            "key 'rs-1' holds its private part; give the public key only, and "
            "replace this one where others may have seen it",
            id="private",
        ),
        pytest.param(
            {"kty": "OKP"},
            "key 'rs-1' is of an unknown kind (kty); use one of oct, RSA, EC",
            id="unknown_kind",
        ),
        pytest.param(
            {"kty": ["RSA"]},
            "key 'rs-1' is of an unknown kind (kty); use one of oct, RSA, EC",
            id="list_of_kinds",
        ),
        pytest.param(
            {"n": "+/=="},
            "key 'rs-1' needs \"n\" as base64url text without padding",
            id="plain_base64",
        ),
        pytest.param(
            {"e": 65537}, "key 'rs-1' needs \"e\" as base64url text", id="number"
        ),
        pytest.param({"e": ""}, "key 'rs-1' needs \"e\" as base64url text", id="empty"),
        pytest.param(
            {"e": "AQ"}, "key 'rs-1' is not a sound RSA public key", id="exponent_1"
        ),
        pytest.param(
            {"kid": 1},
            "key 1 of the set needs a kid of 1 to 256 characters, or none",
            id="kid_number",
        ),
        pytest.param(
            {"kid": "k" * 257},
            "key 1 of the set needs a kid of 1 to 256 characters, or none",
            id="kid_long",
        ),
    ],
)
def test_an_unsuitable_rsa_key_is_refused(
    ring: Ring, changes: dict[str, object], reason: str
) -> None:
    with pytest.raises(BadSetting) as refusal:
        keys.from_jwks(jwks(ring.rsa_jwk | changes))

    assert str(refusal.value) == reason


def test_a_short_rsa_key_is_refused() -> None:
    with pytest.raises(BadSetting) as refusal:
        keys.from_jwks(jwks(short_rsa_jwk("old")))

    assert str(refusal.value) == "key 'old' has 1024 bits; RS256 needs 2048 to 8192"


def test_an_ec_key_on_another_curve_is_refused(ring: Ring) -> None:
    with pytest.raises(BadSetting) as refusal:
        keys.from_jwks(jwks(ec_jwk(ring.wider_ec, "ec-2")))

    assert str(refusal.value) == (
        "key 'ec-2' is not on the curve (crv) P-256, the one for ES256"
    )


def test_an_ec_point_beside_the_curve_is_refused(ring: Ring) -> None:
    beside = ring.ec_jwk | {"x": base64url.encode(bytes([1] * 32))}

    with pytest.raises(BadSetting) as refusal:
        keys.from_jwks(jwks(beside))

    assert str(refusal.value) == "key 'ec-1' is not a sound EC public key"


def test_a_short_secret_of_a_set_is_refused(ring: Ring) -> None:
    with pytest.raises(BadSetting) as refusal:
        keys.from_jwks(jwks(ring.secret_jwk | {"k": base64url.encode(bytes(31))}))

    assert str(refusal.value) == "key 'hs-1' has 31 bytes; HS256 needs 32"


def test_two_keys_of_one_name_are_refused(ring: Ring) -> None:
    with pytest.raises(BadSetting) as refusal:
        keys.from_jwks(jwks(ring.rsa_jwk, ring.ec_jwk | {"kid": "rs-1"}))

    assert str(refusal.value) == "key 'rs-1' is given twice; give each its own kid"


def test_all_that_is_wrong_with_a_set_is_said_at_once(ring: Ring) -> None:
    with pytest.raises(BadSetting) as refusal:
        keys.from_jwks(as_json({"keys": [ring.rsa_jwk | {"use": "enc"}, "rs-2"]}))

    assert str(refusal.value) == (
        "key 'rs-1' is not for signatures; its use must be \"sig\" or left out; "
        "key 2 of the set is not a JSON object"
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "cannot be read: it is not JSON", id="empty"),
        pytest.param(b"<html>", "cannot be read: it is not JSON", id="html"),
        pytest.param(b"[]", "cannot be read: it is not a JSON object", id="list"),
        pytest.param(b"\xff", "cannot be read: it is not UTF-8", id="bytes"),
        pytest.param(
            b'{"keys":[],"keys":[]}',
            "cannot be read: a member is given twice",
            id="twins",
        ),
        pytest.param(
            b'{"keys":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
            "cannot be read: it is nested too deeply",
            id="deep",
        ),
        pytest.param(b"{}", 'needs a list "keys" of 1 to 32 keys', id="no_keys"),
        pytest.param(
            b'{"keys":[]}', 'needs a list "keys" of 1 to 32 keys', id="no_key"
        ),
        pytest.param(
            as_json({"keys": [{}] * 33}),
            'needs a list "keys" of 1 to 32 keys',
            id="many",
        ),
    ],
)
def test_what_is_no_key_set_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(BadSetting) as refusal:
        keys.from_jwks(data)

    assert str(refusal.value) == f"the key set {reason}"


def test_a_published_set_is_used_without_its_unsuitable_keys(ring: Ring) -> None:
    found = keys.from_published_jwks(
        jwks(
            ring.rsa_jwk | {"kid": "enc-1", "use": "enc"},
            ring.secret_jwk,
            ring.rsa_jwk,
            ring.ec_jwk | {"d": "AQAB"},
        )
    )

    assert [key.kid for key in found.keys] == ["rs-1"]
    assert found.refused == (
        "key 'enc-1' is not for signatures; its use must be \"sig\" or left out",
        "key 'hs-1' is a secret, but the set is published; replace that secret",
        (
            "key 'ec-1' holds its private part; give the public key only, and replace "
            "this one where others may have seen it"
        ),
    )


def test_a_published_set_without_a_suitable_key_is_refused(ring: Ring) -> None:
    with pytest.raises(BadSetting) as refusal:
        keys.from_published_jwks(jwks(ring.secret_jwk))

    assert str(refusal.value) == (
        "key 'hs-1' is a secret, but the set is published; replace that secret"
    )


def test_a_short_secret_is_refused_with_the_command_for_a_good_one() -> None:
    with pytest.raises(BadSetting) as refusal:
        keys.from_secret("changeme")

    assert str(refusal.value) == (
        "the shared secret has 8 bytes, but needs at least 32; make one with: "
        "openssl rand -base64 32"
    )


def test_a_public_key_is_no_shared_secret(ring: Ring) -> None:
    with pytest.raises(BadSetting) as refusal:
        keys.from_secret(ring.rsa_pem.decode())

    assert str(refusal.value) == (
        "the shared secret is a key or a certificate in text form, not a secret"
    )


def test_a_key_shows_no_secret_when_printed(ring: Ring) -> None:
    printed = repr(keys.from_jwks(ring.jwks)) + repr(keys.from_secret(SECRET))

    assert SECRET not in printed
    assert base64url.encode(SECRET.encode()) not in printed


@settings(deadline=None, max_examples=200)
@given(
    members=st.dictionaries(
        st.sampled_from(["kty", "kid", "alg", "use", "n", "e", "k", "crv", "x", "y"]),
        st.one_of(
            st.sampled_from(["RSA", "EC", "oct", "sig", "P-256", "AQAB", "AA"]),
            st.none(),
            st.integers(),
            st.text(),
            st.lists(st.text()),
        ),
    )
)
def test_any_key_is_taken_or_a_bad_setting(members: dict[str, object]) -> None:
    try:
        found = keys.from_jwks(jwks(members))
    except BadSetting:
        return

    assert len(found.keys) == 1
