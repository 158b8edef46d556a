"""Opening a session: whose it is, and which one a login has ended."""

import pytest
from starlette.requests import Request

from gateway.identity import SessionCookie, Sessions
from gateway.schema.sessions import opened

SESSIONS = Sessions(["a secret of no less than 32 bytes"])
COOKIE = SessionCookie(secure=False)


def a_request(token: str) -> Request:
    header = (b"cookie", f"gateway-session={token}".encode())
    return Request({"type": "http", "headers": [header]})


def test_a_login_names_the_visitor_session_that_it_ends() -> None:
    visitor = SESSIONS.issue(None)

    begun = opened(a_request(visitor.token), SESSIONS, COOKIE, "ada")

    assert begun.visitor_session == visitor.id
    assert begun.session.id != visitor.id


@pytest.mark.parametrize(
    ("before", "owner"),
    [
        pytest.param("ada", "ada", id="the customer's own session"),
        pytest.param("grace", "ada", id="another customer's session"),
        pytest.param("ada", None, id="a logout"),
        pytest.param(None, None, id="a visitor's own session"),
    ],
)
def test_nothing_but_a_login_ends_a_visitor_session(
    before: str | None, owner: str | None
) -> None:
    token = SESSIONS.issue(before).token

    assert opened(a_request(token), SESSIONS, COOKIE, owner).visitor_session is None


def test_a_forged_session_is_nobodys() -> None:
    begun = opened(a_request(f"v1.{'A' * 32}.{'B' * 43}"), SESSIONS, COOKIE, "ada")

    assert begun.visitor_session is None
