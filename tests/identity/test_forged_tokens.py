"""Forged and broken customers' tokens, and the one reason each is refused for."""

import json
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.identity import BadToken, base64url
from tests.identity.forge import (
    AUDIENCE,
    ISSUER,
    LEFT_OUT,
    NOW,
    SECONDS,
    SECRET,
    Ring,
    as_json,
    by_ec,
    by_ec_der,
    by_rsa,
    by_rsa_pss,
    by_secret,
    compact,
    ec_jwk,
    jwks,
    nobody,
    rsa_jwk,
    token,
)

Forgery = Callable[[Ring], str]

ALGORITHM = "the token's algorithm is not the one of its key"
SIGNATURE = "the token's signature is wrong"
PARTS = "the token is not a signed JWT of three parts"
UNKNOWN_KID = "the token's header names an unknown key ('kid')"
BAD_KID = "the token's header has a 'kid' that is not the name of a key"
NO_KID = "the token's header names no key ('kid')"
TYPE = "the token's 'typ' is neither JWT nor at+jwt"
HUGE_INTEGER = (
    "the token's payload is refused: it holds an integer of more than 20 digits"
)
SUBJECT = "the token's 'sub' is not 1 to 255 printable characters"
WEBSITE = "the token's 'website' is not 1 to 64 printable characters"


def not_seconds(name: str) -> str:
    return f"the token's {name!r} is not a whole number of seconds"


def not_accepted(name: str) -> str:
    return f"the token's header holds {name!r}, which is not accepted"


def not_base64(part: str) -> str:
    return f"the token's {part} is not base64url"


def refused(part: str, reason: str) -> str:
    return f"the token's {part} is refused: {reason}"


def with_algorithm(name: object, kid: str = "hs-1") -> Forgery:
    return lambda _: token({"alg": name, "kid": kid}, {}, nobody).rstrip(".") + ".AAAA"


def with_claims(**claims: object) -> Forgery:
    return lambda ring: ring.hs(claims)


def with_headers(**headers: object) -> Forgery:
    return lambda ring: ring.hs(headers=headers)


def with_payload(payload: bytes) -> Forgery:
    return lambda ring: ring.hs_of(payload)


def with_header_text(header: bytes) -> Forgery:
    payload = as_json({"sub": "ada"})
    return lambda _: compact(header, payload, by_secret(SECRET.encode()))


def with_parts(change: Callable[[list[str]], list[str]]) -> Forgery:
    return lambda ring: ".".join(change(ring.hs().split(".")))


def claims_text(**changed: str) -> bytes:
    """Write the usual claims as JSON with some values replaced by any text."""
    usual = {
        "iss": json.dumps(ISSUER),
        "aud": json.dumps(AUDIENCE),
        "sub": '"ada"',
        "iat": str(SECONDS),
        "exp": str(SECONDS + 600),
    }
    members = (f'"{name}":{value}' for name, value in (usual | changed).items())
    return f"{{{','.join(members)}}}".encode()


def signed_by_embedded_key(header: str) -> Forgery:
    def forge(ring: Ring) -> str:
        jwk = rsa_jwk(ring.stranger_rsa, "rs-1")
        value: dict[str, object] = {
            "jwk": jwk,
            "jku": "https://evil.example/jwks.json",
            "x5u": "https://evil.example/cert.pem",
            "x5c": ["MIIB"],
        }
        headers = {"alg": "RS256", "kid": "rs-1", header: value[header]}
        return token(headers, {}, by_rsa(ring.stranger_rsa))

    return forge


def spare_bit_set(parts: list[str]) -> list[str]:
    """Change the last character of an HS256 signature in bits that hold nothing."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = alphabet[alphabet.index(parts[2][-1]) + 1]
    return [*parts[:2], parts[2][:-1] + last]


FORGED: dict[str, tuple[str, Forgery]] = {
    # Algorithms: a key has one, and the token does not choose.
    "alg_none": (ALGORITHM, with_algorithm("none")),
    "alg_None": (ALGORITHM, with_algorithm("None")),
    "alg_NONE": (ALGORITHM, with_algorithm("NONE")),
    "alg_nOnE": (ALGORITHM, with_algorithm("nOnE")),
    "alg_none_with_space": (ALGORITHM, with_algorithm("none ")),
    "alg_empty": (ALGORITHM, with_algorithm("")),
    "alg_null": ("the token's header names no algorithm", with_algorithm(None)),
    "alg_list": ("the token's header names no algorithm", with_algorithm(["HS256"])),
    "alg_missing": (
        "the token's header names no algorithm",
        with_headers(alg=LEFT_OUT),
    ),
    "alg_none_without_signature": (
        PARTS,
        lambda _: token({"alg": "none", "kid": "hs-1"}, {}, nobody),
    ),
    "alg_in_lower_case": (ALGORITHM, with_headers(alg="hs256")),
    "hs512_by_the_right_secret": (
        ALGORITHM,
        lambda _: token(
            {"alg": "HS512", "kid": "hs-1"}, {}, by_secret(SECRET.encode(), "sha512")
        ),
    ),
    "hs256_by_the_rsa_public_pem": (
        ALGORITHM,
        lambda ring: token(
            {"alg": "HS256", "kid": "rs-1"}, {}, by_secret(ring.rsa_pem)
        ),
    ),
    "hs256_by_the_rsa_jwk": (
        ALGORITHM,
        lambda ring: token(
            {"alg": "HS256", "kid": "rs-1"}, {}, by_secret(as_json(ring.rsa_jwk))
        ),
    ),
    "hs256_by_an_empty_secret": (
        SIGNATURE,
        lambda _: token({"alg": "HS256", "kid": "hs-1"}, {}, by_secret(b"")),
    ),
    "hs256_by_another_secret": (
        SIGNATURE,
        lambda _: token({"alg": "HS256", "kid": "hs-1"}, {}, by_secret(b"x" * 32)),
    ),
    "rs256_against_the_ec_key": (
        ALGORITHM,
        lambda ring: token({"alg": "RS256", "kid": "ec-1"}, {}, by_rsa(ring.rsa_key)),
    ),
    "es256_against_the_rsa_key": (
        ALGORITHM,
        lambda ring: token({"alg": "ES256", "kid": "rs-1"}, {}, by_ec(ring.ec_key)),
    ),
    "ps256_by_the_right_rsa_key": (
        ALGORITHM,
        lambda ring: token(
            {"alg": "PS256", "kid": "rs-1"}, {}, by_rsa_pss(ring.rsa_key)
        ),
    ),
    "pss_signature_called_rs256": (
        SIGNATURE,
        lambda ring: token(
            {"alg": "RS256", "kid": "rs-1"}, {}, by_rsa_pss(ring.rsa_key)
        ),
    ),
    "rs256_by_a_stranger": (
        SIGNATURE,
        lambda ring: token(
            {"alg": "RS256", "kid": "rs-1"}, {}, by_rsa(ring.stranger_rsa)
        ),
    ),
    "es256_by_a_stranger": (
        SIGNATURE,
        lambda ring: token(
            {"alg": "ES256", "kid": "ec-1"}, {}, by_ec(ring.stranger_ec)
        ),
    ),
    "es256_on_another_curve": (
        SIGNATURE,
        lambda ring: token({"alg": "ES256", "kid": "ec-1"}, {}, by_ec(ring.wider_ec)),
    ),
    "es384_against_the_p256_key": (
        ALGORITHM,
        lambda ring: token({"alg": "ES384", "kid": "ec-1"}, {}, by_ec(ring.wider_ec)),
    ),
    "psychic_signature": (
        SIGNATURE,
        lambda _: token({"alg": "ES256", "kid": "ec-1"}, {}, lambda _: bytes(64)),
    ),
    "psychic_signature_of_the_order": (
        SIGNATURE,
        lambda _: token(
            {"alg": "ES256", "kid": "ec-1"},
            {},
            lambda _: (
                2
                * bytes.fromhex(
                    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
                )
            ),
        ),
    ),
    "es256_signature_in_der": (
        SIGNATURE,
        lambda ring: token({"alg": "ES256", "kid": "ec-1"}, {}, by_ec_der(ring.ec_key)),
    ),
    # Names of keys.
    "kid_of_another_key": (ALGORITHM, with_headers(kid="rs-1")),
    "kid_unknown": (UNKNOWN_KID, with_headers(kid="hs-2")),
    "kid_in_another_case": (UNKNOWN_KID, with_headers(kid="HS-1")),
    "kid_missing_among_three": (NO_KID, with_headers(kid=LEFT_OUT)),
    "kid_path": (UNKNOWN_KID, with_headers(kid="../../../dev/null")),
    "kid_sql": (UNKNOWN_KID, with_headers(kid="' or '1'='1")),
    "kid_shell": (UNKNOWN_KID, with_headers(kid="hs-1|id")),
    "kid_url": (UNKNOWN_KID, with_headers(kid="https://evil.example/key")),
    "kid_with_nul": (UNKNOWN_KID, with_headers(kid="hs-1\x00")),
    "kid_surrogate": (UNKNOWN_KID, with_headers(kid="\ud800")),
    "kid_number": (BAD_KID, with_headers(kid=1)),
    "kid_null": (BAD_KID, with_headers(kid=None)),
    "kid_list": (BAD_KID, with_headers(kid=["hs-1"])),
    "kid_empty": (BAD_KID, with_headers(kid="")),
    "kid_long": (BAD_KID, with_headers(kid="k" * 257)),
    # Headers that bring or point to a key, or that change what the rest means.
    "embedded_jwk": (not_accepted("jwk"), signed_by_embedded_key("jwk")),
    "embedded_jku": (not_accepted("jku"), signed_by_embedded_key("jku")),
    "embedded_x5u": (not_accepted("x5u"), signed_by_embedded_key("x5u")),
    "embedded_x5c": (not_accepted("x5c"), signed_by_embedded_key("x5c")),
    "crit_unknown": (not_accepted("crit"), with_headers(crit=["exp2"], exp2=1)),
    "crit_empty": (not_accepted("crit"), with_headers(crit=[])),
    "crit_known_to_pyjwt": (
        not_accepted("crit"),
        with_headers(crit=["b64"], b64=False),
    ),
    "b64_false": (not_accepted("b64"), with_headers(b64=False)),
    "zip": (not_accepted("zip"), with_headers(zip="DEF")),
    "typ_of_an_id_token": (TYPE, with_headers(typ="id+jwt")),
    "typ_of_a_logout_token": (TYPE, with_headers(typ="logout+jwt")),
    "typ_number": (TYPE, with_headers(typ=1)),
    "typ_null": (TYPE, with_headers(typ=None)),
    # Form.
    "empty": (PARTS, lambda _: ""),
    "dots": (PARTS, lambda _: ".."),
    "one_part": (PARTS, with_parts(lambda p: p[:1])),
    "two_parts": (PARTS, with_parts(lambda p: p[:2])),
    "four_parts": (PARTS, with_parts(lambda p: [*p, p[2]])),
    "jwe_of_five_parts": (PARTS, with_parts(lambda p: [*p, p[1], p[2]])),
    "jws_as_json": (PARTS, with_parts(lambda p: [json.dumps({"signatures": p[2]})])),
    "empty_signature": (PARTS, with_parts(lambda p: [*p[:2], ""])),
    "empty_payload": (PARTS, with_parts(lambda p: [p[0], "", p[2]])),
    "empty_header": (PARTS, with_parts(lambda p: ["", *p[1:]])),
    "signature_cut_by_a_byte": (
        SIGNATURE,
        lambda _: token(
            {"alg": "HS256", "kid": "hs-1"},
            {},
            lambda signed: by_secret(SECRET.encode())(signed)[:-1],
        ),
    ),
    "signature_longer_by_a_byte": (
        SIGNATURE,
        lambda _: token(
            {"alg": "HS256", "kid": "hs-1"},
            {},
            lambda signed: by_secret(SECRET.encode())(signed) + b"\0",
        ),
    ),
    "signature_cut_by_a_character": (
        not_base64("signature"),
        with_parts(lambda p: [*p[:2], p[2][:-1] + "="]),
    ),
    "signature_padded": (
        not_base64("signature"),
        with_parts(lambda p: [*p[:2], p[2] + "="]),
    ),
    "signature_with_a_spare_bit": (not_base64("signature"), with_parts(spare_bit_set)),
    "trailing_newline": (not_base64("signature"), lambda ring: ring.hs() + "\n"),
    "trailing_bytes": (not_base64("signature"), lambda ring: ring.hs() + "!!!!"),
    "leading_space": (not_base64("header"), lambda ring: " " + ring.hs()),
    "space_within": (
        not_base64("payload"),
        with_parts(lambda p: [p[0], p[1][:8] + " " + p[1][8:], p[2]]),
    ),
    "plain_base64": (not_base64("signature"), lambda _: "e30.e30.+/+/"),
    "nul_within": (not_base64("header"), lambda ring: "\x00" + ring.hs()),
    "not_ascii": (not_base64("header"), lambda ring: "é" + ring.hs()),
    "not_ascii_within": (
        not_base64("payload"),
        with_parts(lambda p: [p[0], p[1] + "é", p[2]]),
    ),
    "surrogate": (not_base64("header"), lambda ring: "\ud800" + ring.hs()),
    "payload_changed": (
        SIGNATURE,
        lambda ring: ".".join(
            [
                ring.hs().split(".")[0],
                ring.hs({"sub": "eve"}).split(".")[1],
                ring.hs().split(".")[2],
            ]
        ),
    ),
    "oversized": (
        "the token is longer than 4096 characters",
        with_claims(note="x" * 4000),
    ),
    "megabytes": (
        "the token is longer than 4096 characters",
        lambda _: "." * 5_000_000,
    ),
    # The JSON within.
    "header_not_json": (refused("header", "it is not JSON"), with_header_text(b"ada")),
    "header_array": (
        refused("header", "it is not a JSON object"),
        with_header_text(b"[]"),
    ),
    "header_with_a_twin": (
        refused("header", "a member is given twice"),
        with_header_text(b'{"alg":"none","alg":"HS256","kid":"hs-1"}'),
    ),
    "header_nested_deeply": (
        refused("header", "it is nested too deeply"),
        with_header_text(b'{"alg":' + b"[" * 1200 + b"]" * 1200 + b"}"),
    ),
    "payload_not_json": (refused("payload", "it is not JSON"), with_payload(b"ada")),
    "payload_array": (
        refused("payload", "it is not a JSON object"),
        with_payload(b'["ada"]'),
    ),
    "payload_null": (
        refused("payload", "it is not a JSON object"),
        with_payload(b"null"),
    ),
    "payload_not_utf8": (
        refused("payload", "it is not UTF-8"),
        with_payload(b'{"sub":"\xff"}'),
    ),
    "payload_utf16": (
        refused("payload", "it is not UTF-8"),
        with_payload(claims_text().decode().encode("utf-16")),
    ),
    "payload_with_a_byte_order_mark": (
        refused("payload", "it is not JSON"),
        with_payload(b"\xef\xbb\xbf" + claims_text()),
    ),
    "payload_followed_by_another": (
        refused("payload", "it is not JSON"),
        with_payload(claims_text() + b"{}"),
    ),
    "claim_given_twice": (
        refused("payload", "a member is given twice"),
        with_payload(claims_text()[:-1] + b',"sub":"eve"}'),
    ),
    "claim_given_twice_by_an_escape": (
        refused("payload", "a member is given twice"),
        with_payload(claims_text()[:-1] + b',"s\\u0075b":"eve"}'),
    ),
    "payload_nested_deeply": (
        refused("payload", "it is nested too deeply"),
        with_payload(claims_text(x="[" * 1200 + "]" * 1200)),
    ),
    "payload_nested_a_little_too_deeply": (
        refused("payload", "it is nested too deeply"),
        with_payload(claims_text(x="[" * 16 + "]" * 16)),
    ),
    "nan": (
        refused("payload", "it holds NaN, which is not JSON"),
        with_payload(claims_text(exp="NaN")),
    ),
    "infinity": (
        refused("payload", "it holds Infinity, which is not JSON"),
        with_payload(claims_text(exp="Infinity")),
    ),
    # Times.
    "exp_missing": ("the token has no 'exp'", with_claims(exp=LEFT_OUT)),
    "exp_null": (not_seconds("exp"), with_claims(exp=None)),
    "exp_text": (not_seconds("exp"), with_claims(exp="9999999999")),
    "exp_float": (not_seconds("exp"), with_claims(exp=SECONDS + 600.5)),
    "exp_whole_float": (not_seconds("exp"), with_claims(exp=float(SECONDS + 600))),
    "exp_true": (not_seconds("exp"), with_claims(exp=True)),
    "exp_list": (not_seconds("exp"), with_claims(exp=[SECONDS + 600])),
    "exp_exponent": (not_seconds("exp"), with_payload(claims_text(exp="1e400"))),
    "exp_of_30_digits": (HUGE_INTEGER, with_claims(exp=10**30)),
    "exp_of_3000_digits": (HUGE_INTEGER, with_payload(claims_text(exp="9" * 2800))),
    "exp_far": ("the token lives longer than 86400 seconds", with_claims(exp=10**15)),
    "exp_a_second_too_far": (
        "the token lives longer than 86400 seconds",
        with_claims(exp=SECONDS + 86_401),
    ),
    "expired": (
        "the token has expired",
        with_claims(iat=SECONDS - 600, exp=SECONDS - 60),
    ),
    "exp_zero": ("the token's 'exp' is not after its 'iat'", with_claims(exp=0)),
    "exp_negative": ("the token's 'exp' is not after its 'iat'", with_claims(exp=-1)),
    "exp_at_iat": (
        "the token's 'exp' is not after its 'iat'",
        with_claims(exp=SECONDS),
    ),
    "iat_missing": ("the token has no 'iat'", with_claims(iat=LEFT_OUT)),
    "iat_text": (not_seconds("iat"), with_claims(iat=str(SECONDS))),
    "iat_float": (not_seconds("iat"), with_claims(iat=SECONDS + 0.5)),
    "iat_false": (not_seconds("iat"), with_claims(iat=False)),
    "iat_zero": ("the token lives longer than 86400 seconds", with_claims(iat=0)),
    "iat_in_the_future": (
        "the token's 'iat' is in the future",
        with_claims(iat=SECONDS + 61),
    ),
    "iat_and_exp_huge": (HUGE_INTEGER, with_claims(iat=10**30, exp=10**30 + 60)),
    "nbf_in_the_future": (
        "the token is not valid yet ('nbf')",
        with_claims(nbf=SECONDS + 61),
    ),
    "nbf_text": (not_seconds("nbf"), with_claims(nbf="0")),
    "nbf_null": (not_seconds("nbf"), with_claims(nbf=None)),
    # From whom, for whom, about whom.
    "iss_missing": ("the token has no 'iss'", with_claims(iss=LEFT_OUT)),
    "iss_of_another": (
        "the token's 'iss' is not the issuer expected here",
        with_claims(iss="https://evil.example"),
    ),
    "iss_with_a_slash_more": (
        "the token's 'iss' is not the issuer expected here",
        with_claims(iss=ISSUER + "/"),
    ),
    "iss_list": (
        "the token's 'iss' is not the issuer expected here",
        with_claims(iss=[ISSUER]),
    ),
    "aud_missing": ("the token has no 'aud'", with_claims(aud=LEFT_OUT)),
    "aud_of_another": (
        "the token's 'aud' is not the audience expected here",
        with_claims(aud="checkout"),
    ),
    "aud_list": (
        "the token's 'aud' is not the audience expected here",
        with_claims(aud=[AUDIENCE]),
    ),
    "aud_object": (
        "the token's 'aud' is not the audience expected here",
        with_claims(aud={AUDIENCE: True}),
    ),
    "sub_missing": ("the token has no 'sub'", with_claims(sub=LEFT_OUT)),
    "sub_empty": (SUBJECT, with_claims(sub="")),
    "sub_null": (SUBJECT, with_claims(sub=None)),
    "sub_number": (SUBJECT, with_claims(sub=42)),
    "sub_list": (SUBJECT, with_claims(sub=["ada"])),
    "sub_long": (SUBJECT, with_claims(sub="a" * 256)),
    "sub_with_nul": (SUBJECT, with_claims(sub="ada\x00")),
    "sub_with_newline": (SUBJECT, with_claims(sub="ada\nset-cookie: x")),
    "sub_surrogate": (SUBJECT, with_claims(sub="\ud800")),
    "sub_right_to_left": (SUBJECT, with_claims(sub="ada\u202e")),
    "website_null": (WEBSITE, with_claims(website=None)),
    "website_list": (WEBSITE, with_claims(website=["base"])),
    "website_empty": (WEBSITE, with_claims(website="")),
    "website_long": (WEBSITE, with_claims(website="w" * 65)),
}


@pytest.mark.parametrize(
    ("reason", "forge"),
    [pytest.param(reason, forge, id=name) for name, (reason, forge) in FORGED.items()],
)
async def test_a_forged_token_is_refused_for_its_own_reason(
    ring: Ring, reason: str, forge: Forgery
) -> None:
    tokens = ring.tokens()
    forged = forge(ring)

    with pytest.raises(BadToken) as refusal:
        await tokens.verify(forged, NOW)

    assert refusal.value.reason == reason


def test_the_table_of_forgeries_stays_long() -> None:
    assert len(FORGED) >= 48


async def test_the_rsa_public_key_is_no_secret_even_when_it_is_the_only_key(
    ring: Ring,
) -> None:
    tokens = ring.tokens(jwks(rsa_jwk(ring.rsa_key, None)))
    forged = token({"alg": "HS256"}, {}, by_secret(ring.rsa_pem))

    with pytest.raises(BadToken, match=ALGORITHM):
        await tokens.verify(forged, NOW)


async def test_an_rs256_token_is_refused_by_an_ec_key_of_the_same_kid(
    ring: Ring,
) -> None:
    tokens = ring.tokens(jwks(ec_jwk(ring.ec_key, "k")))
    forged = token({"alg": "RS256", "kid": "k"}, {}, by_rsa(ring.rsa_key))

    with pytest.raises(BadToken, match=ALGORITHM):
        await tokens.verify(forged, NOW)


@settings(deadline=None, max_examples=200)
@given(text=st.text())
@example(text="eyJhbGciOiJub25lIn0.e30.")
@example(text="a.b.c")
async def test_any_text_is_a_bad_token_and_no_other_error(
    ring: Ring, text: str
) -> None:
    tokens = ring.tokens()

    with pytest.raises(BadToken):
        await tokens.verify(text, NOW)


@settings(deadline=None, max_examples=200)
@given(header=st.binary(max_size=200), payload=st.binary(max_size=200))
async def test_any_bytes_under_a_right_signature_are_a_bad_token(
    ring: Ring, header: bytes, payload: bytes
) -> None:
    tokens = ring.tokens()
    sign = by_secret(SECRET.encode())

    for text in (compact(header, payload, sign), ring.hs_of(payload)):
        with pytest.raises(BadToken):
            await tokens.verify(text, NOW)


@settings(deadline=None, max_examples=200)
@given(data=st.data())
async def test_a_token_with_one_character_changed_is_refused(
    ring: Ring, data: st.DataObject
) -> None:
    tokens = ring.tokens()
    good = ring.hs()
    at = data.draw(st.integers(0, len(good) - 1))
    changed = data.draw(st.characters().filter(lambda c: c != good[at]))

    with pytest.raises(BadToken):
        await tokens.verify(good[:at] + changed + good[at + 1 :], NOW)


@settings(deadline=None, max_examples=100)
@given(
    name=st.sampled_from(["iss", "aud", "sub", "iat", "exp", "nbf", "website"]),
    value=st.one_of(
        st.none(),
        st.booleans(),
        st.floats(allow_nan=False),
        st.lists(st.integers()),
        st.dictionaries(st.text(), st.text()),
        st.integers(min_value=2**60),
        st.integers(max_value=-1).map(str),
    ),
)
async def test_a_claim_of_another_kind_is_a_bad_token(
    ring: Ring, name: str, value: object
) -> None:
    tokens = ring.tokens()
    if name in {"sub", "website"} and isinstance(value, str):
        value = ""

    with pytest.raises(BadToken):
        await tokens.verify(ring.hs({name: value}), NOW)


async def test_a_reason_never_quotes_the_token(ring: Ring) -> None:
    tokens = ring.tokens()
    canary = "CANARY-7f3a"

    for forged in (
        ring.hs(headers={"kid": canary}),
        ring.hs(headers={"typ": canary}),
        ring.hs(headers={"alg": canary}),
        ring.hs({"iss": canary}),
        ring.hs({"aud": canary}),
        ring.hs({"exp": canary}),
        ring.hs_of(b'{"CANARY-7f3a":'),
        canary,
    ):
        with pytest.raises(BadToken) as refusal:
            await tokens.verify(forged, NOW)

        assert canary not in refusal.value.reason
        assert base64url.encode(canary.encode()) not in refusal.value.reason
