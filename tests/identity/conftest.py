"""Keys are made once a run; a server of keys once a test."""

from collections.abc import Iterator

import pytest

from tests.identity.forge import Ring, jwks
from tests.identity.key_server import KeyServer


@pytest.fixture(scope="session")
def ring() -> Ring:
    return Ring()


@pytest.fixture
def key_server(ring: Ring) -> Iterator[KeyServer]:
    with KeyServer(jwks(ring.rsa_jwk, ring.ec_jwk)) as server:
        yield server
