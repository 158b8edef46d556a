"""Sessions belong to one owner and cannot be brought from outside."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.identity import BadSetting, Session, SessionCookie, Sessions, base64url

SECRET = "the session secret of the tests, 40 bytes"
OWNERS = st.none() | st.text()


def base64url_of(size: int) -> st.SearchStrategy[str]:
    return st.binary(min_size=size, max_size=size).map(base64url.encode)


def sessions(*secrets: str) -> Sessions:
    return Sessions(secrets or (SECRET,))


@settings(deadline=None)
@given(owner=OWNERS)
@example(owner="")
@example(owner="\ud800")
def test_a_session_opens_for_its_owner(owner: str | None) -> None:
    issued = sessions().issue(owner)

    assert sessions().open(issued.token, owner) == issued


@settings(deadline=None)
@given(owner=OWNERS, other=OWNERS)
@example(owner=None, other="")
@example(owner=None, other="visitor")
@example(owner="1", other="11")
@example(owner="customer 1", other="1")
def test_a_session_opens_for_nobody_else(owner: str | None, other: str | None) -> None:
    issued = sessions().issue(owner)

    opened = sessions().open(issued.token, other)

    assert (opened is not None) == (owner == other)


def test_ten_thousand_sessions_have_ten_thousand_ids() -> None:
    some = sessions()

    ids = {some.issue(None).id for _ in range(10_000)}

    assert len(ids) == 10_000
    assert {len(id) for id in ids} == {32}  # 192 bits in base64url


def test_a_token_is_short_and_fit_for_a_cookie() -> None:
    token = sessions().issue("a customer's id; with \n\x00 and 猫" * 20).token

    assert len(token) == 79
    assert set(token) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
    )


def test_the_form_of_a_token_is_fixed() -> None:
    of_ada = f"v1.{'A' * 32}.X_pF-jKz0RQg2VoWmsLVoolS-Fmm_Movk3txMscwfwk"
    of_a_visitor = f"v1.{'A' * 32}.wbzzpHAK5799Qn5xbJRD7XAV5ZUjMqt52aiO3lIjASs"

    assert sessions().open(of_ada, "ada") == Session("A" * 32, of_ada)
    assert sessions().open(of_a_visitor, None) == Session("A" * 32, of_a_visitor)


def test_an_id_fixed_before_the_login_does_not_survive_it() -> None:
    planted = sessions().issue(None)

    assert sessions().open(planted.token, "ada") is None


def test_an_id_of_a_login_does_not_survive_the_logout() -> None:
    logged_in = sessions().issue("ada")

    assert sessions().open(logged_in.token, None) is None


def test_an_id_does_not_pass_from_customer_to_customer() -> None:
    adas = sessions().issue("ada")

    assert sessions().open(adas.token, "eve") is None


def test_an_id_moved_into_another_token_is_refused() -> None:
    planted, own = sessions().issue(None), sessions().issue("ada")
    version, _, tag = own.token.split(".")

    assert sessions().open(f"{version}.{planted.id}.{tag}", "ada") is None


def test_an_id_chosen_by_the_caller_is_refused() -> None:
    tag = sessions().issue(None).token.split(".")[2]

    assert sessions().open(f"v1.{'A' * 32}.{tag}", None) is None
    assert sessions().open("A" * 32, None) is None


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda _: "", id="empty"),
        pytest.param(lambda t: t + "\n", id="newline"),
        pytest.param(lambda t: t + "=", id="padded"),
        pytest.param(lambda t: " " + t, id="space"),
        pytest.param(lambda t: t[:-1], id="cut"),
        pytest.param(lambda t: t + "A", id="longer"),
        pytest.param(lambda t: t.replace("v1.", "v2."), id="version"),
        pytest.param(lambda t: t.removeprefix("v1."), id="no_version"),
        pytest.param(lambda t: t.upper(), id="upper_case"),
        pytest.param(lambda t: t * 100_000, id="megabytes"),
        pytest.param(lambda t: "é" + t[1:], id="not_ascii"),
        pytest.param(lambda t: t.replace(".", "\x00"), id="nul"),
        pytest.param(lambda t: t[:35] + "." + "é" * 43, id="tag_not_ascii"),
    ],
)
def test_a_token_that_is_changed_is_refused(change: object) -> None:
    assert callable(change)
    issued = sessions().issue(None)

    assert sessions().open(change(issued.token), None) is None


def test_no_token_is_no_session() -> None:
    assert sessions().open(None, None) is None


@settings(deadline=None)
@given(text=st.text(), id=base64url_of(24), tag=base64url_of(32))
@pytest.mark.parametrize("owner", [None, "ada"])
def test_any_text_opens_nothing(
    text: str, id: str, tag: str, owner: str | None
) -> None:
    assert sessions().open(text, owner) is None
    assert sessions().open(f"v1.{id}.{tag}", owner) is None


@settings(deadline=None, max_examples=200)
@given(at=st.integers(0, 78), changed=st.characters())
def test_a_token_with_one_character_changed_opens_nothing(
    at: int, changed: str
) -> None:
    issued = sessions().issue("ada")
    forged = issued.token[:at] + changed + issued.token[at + 1 :]

    opened = sessions().open(forged, "ada")

    assert (opened is not None) == (forged == issued.token)


def test_a_session_of_another_secret_is_refused() -> None:
    foreign = sessions("another secret, of another gateway, 43 bytes").issue(None)

    assert sessions().open(foreign.token, None) is None


def test_a_former_secret_still_opens_and_the_first_signs_again() -> None:
    new_secret = "the session secret of next month, 41 bytes"
    issued = sessions().issue("ada")

    opened = sessions(new_secret, SECRET).open(issued.token, "ada")

    assert opened is not None
    assert opened.id == issued.id
    assert opened.token != issued.token
    assert sessions(new_secret).open(opened.token, "ada") == opened
    assert sessions(new_secret).open(issued.token, "ada") is None


def test_without_a_secret_there_are_no_sessions() -> None:
    with pytest.raises(BadSetting) as refusal:
        Sessions([])

    assert str(refusal.value) == "there is no session secret; set at least one"


@pytest.mark.parametrize("secrets", [["x" * 31], [SECRET, "short"], SECRET])
def test_a_short_secret_is_refused(secrets: list[str] | str) -> None:
    with pytest.raises(BadSetting, match=r"a session secret has \d+ bytes, but needs"):
        Sessions(secrets)


def test_a_session_shows_no_token_when_printed() -> None:
    issued = sessions().issue("ada")

    assert issued.token not in repr(issued)


def test_a_cookie_over_https_is_bound_to_its_host() -> None:
    cookie = SessionCookie(secure=True)

    assert cookie.name == "__Host-gateway-session"
    assert cookie.header("v1.id.tag") == (
        "__Host-gateway-session=v1.id.tag; Path=/; HttpOnly; SameSite=Lax; Secure"
    )


def test_a_cookie_in_the_clear_has_the_plain_name() -> None:
    cookie = SessionCookie(secure=False)

    assert cookie.name == "gateway-session"
    assert cookie.header("v1.id.tag") == (
        "gateway-session=v1.id.tag; Path=/; HttpOnly; SameSite=Lax"
    )
