"""API tokens: their form, their hash, and what each role permits."""

import hashlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.identity import BadToken, NewToken, Role, admins

NOT_OURS = "the token is not one of this gateway's API tokens"
MISTYPED = "the token is mistyped or cut: its checksum does not fit"


@pytest.mark.parametrize("role", list(Role))
def test_a_new_token_names_its_role_and_is_stored_as_a_hash(role: Role) -> None:
    new = admins.new_token(role)

    assert re.fullmatch(rf"gw_{role}_[0-9A-Za-z]{{49}}", new.text)
    assert admins.claimed_role(new.text) is role
    assert new.hash == admins.hash_token(new.text)
    assert new.hash == hashlib.sha256(new.text.encode()).digest()


def test_ten_thousand_tokens_are_ten_thousand() -> None:
    tokens = {admins.new_token(Role.ADMIN).text for _ in range(10_000)}

    assert len(tokens) == 10_000


def test_the_form_of_a_token_is_fixed() -> None:
    token = "gw_admin_" + "0" * 43 + "1OOGP7"

    assert admins.claimed_role(token) is Role.ADMIN


def test_a_new_token_shows_no_text_when_printed() -> None:
    new = admins.new_token(Role.ADMIN)

    assert new.text not in repr(new)


@settings(deadline=None)
@given(data=st.data())
def test_a_slip_of_one_character_is_told(data: st.DataObject) -> None:
    text = A_TOKEN.text
    at = data.draw(st.integers(0, len(text) - 1))
    changed = data.draw(st.characters().filter(lambda c: c != text[at]))

    with pytest.raises(BadToken) as refusal:
        admins.hash_token(text[:at] + changed + text[at + 1 :])

    assert refusal.value.reason in {NOT_OURS, MISTYPED}


@settings(deadline=None)
@given(text=st.text())
def test_any_text_is_a_bad_token(text: str) -> None:
    with pytest.raises(BadToken, match=NOT_OURS):
        admins.hash_token(text)


def test_two_characters_exchanged_are_told() -> None:
    text = A_TOKEN.text
    at = next(i for i in range(10, 50) if text[i] != text[i + 1])

    with pytest.raises(BadToken, match=MISTYPED):
        admins.claimed_role(text[:at] + text[at + 1] + text[at] + text[at + 2 :])


def test_a_token_does_not_become_an_admins_by_its_prefix() -> None:
    viewers = admins.new_token(Role.VIEWER).text

    with pytest.raises(BadToken, match=MISTYPED):
        admins.claimed_role(viewers.replace("gw_viewer_", "gw_admin_"))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda t: t[:-1], id="cut"),
        pytest.param(lambda t: t + "\n", id="newline"),
        pytest.param(lambda t: " " + t, id="space"),
        pytest.param(lambda t: t.upper(), id="upper_case"),
        pytest.param(lambda t: t.replace("admin", "owner"), id="unknown_role"),
        pytest.param(lambda t: t * 100_000, id="megabytes"),
    ],
)
def test_another_form_is_not_ours(change: object) -> None:
    assert callable(change)

    with pytest.raises(BadToken) as refusal:
        admins.claimed_role(change(A_TOKEN.text))

    assert refusal.value.reason == NOT_OURS


@pytest.mark.parametrize(
    ("role", "permitted"),
    [
        (Role.VIEWER, {Role.VIEWER}),
        (Role.EDITOR, {Role.VIEWER, Role.EDITOR}),
        (Role.ADMIN, {Role.VIEWER, Role.EDITOR, Role.ADMIN}),
        (Role.SERVER, {Role.SERVER}),
    ],
)
def test_a_role_permits_what_the_lesser_ones_do_and_a_server_only_its_own(
    role: Role, permitted: set[Role]
) -> None:
    assert {needed for needed in Role if role.permits(needed)} == permitted


def test_an_api_token_is_told_from_a_customers_token() -> None:
    assert admins.looks_like_api_token(A_TOKEN.text)
    assert not admins.looks_like_api_token("eyJhbGciOiJIUzI1NiJ9.e30.AAAA")


A_TOKEN: NewToken = admins.new_token(Role.ADMIN)
