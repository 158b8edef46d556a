"""Keys from settings and from a file that changes on disk."""

import logging
import os
from pathlib import Path

import pytest

from gateway.identity import BadSetting, key_sources
from gateway.identity.key_sources import FileKeys, FixedKeys
from gateway.identity.published_keys import PublishedKeys
from tests.identity.forge import SECRET, Ring, jwks

NO_FILE = "No such file or directory"
NOT_JSON = "the key set cannot be read: it is not JSON"


def write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def remove(path: Path) -> None:
    path.unlink()


@pytest.fixture
def key_file(ring: Ring, tmp_path: Path) -> Path:
    path = tmp_path / "jwks.json"
    path.write_bytes(jwks(ring.rsa_jwk))
    return path


def test_the_one_source_that_is_set_is_chosen(ring: Ring, key_file: Path) -> None:
    url = "https://shop.example/jwks.json"

    assert isinstance(key_sources.choose(secret=SECRET), FixedKeys)
    assert isinstance(key_sources.choose(jwks=ring.jwks.decode()), FixedKeys)
    assert isinstance(key_sources.choose(jwks_file=key_file), FileKeys)
    assert isinstance(key_sources.choose(jwks_url=url), PublishedKeys)


def test_no_source_set_is_no_source() -> None:
    assert key_sources.choose(secret="", jwks="", jwks_url="") is None


def test_two_sources_are_refused(ring: Ring) -> None:
    with pytest.raises(BadSetting) as refusal:
        key_sources.choose(secret=SECRET, jwks=ring.jwks.decode())

    assert str(refusal.value) == (
        "the customers' keys are set twice; keep one of the shared secret, the inline "
        "key set, its file and its address"
    )


async def test_a_changed_file_is_read_again(ring: Ring, key_file: Path) -> None:
    source = FileKeys(key_file)
    assert await source.find("ec-1") is None

    write(key_file, jwks(ring.ec_jwk, ring.rsa_jwk))

    assert await source.find("ec-1") is not None
    assert await source.find("rs-1") is not None


async def test_a_key_gone_from_the_file_is_gone(ring: Ring, key_file: Path) -> None:
    source = FileKeys(key_file)
    assert await source.find("rs-1") is not None

    write(key_file, jwks(ring.ec_jwk))

    assert await source.find("rs-1") is None


async def test_a_link_to_another_file_is_a_change(ring: Ring, tmp_path: Path) -> None:
    for name, jwk in (("one", ring.rsa_jwk), ("two", ring.ec_jwk)):
        (tmp_path / name).write_bytes(jwks(jwk).ljust(1000))
        os.utime(tmp_path / name, ns=(0, 0))
    link, replacement = tmp_path / "jwks.json", tmp_path / "next"
    link.symlink_to("one")
    source = FileKeys(link)

    replacement.symlink_to("two")
    replacement.replace(link)

    assert await source.find("rs-1") is None
    assert await source.find("ec-1") is not None


async def test_a_file_that_breaks_leaves_the_former_keys(
    key_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = FileKeys(key_file)

    write(key_file, b"{")

    assert await source.find("rs-1") is not None
    assert await source.find("rs-1") is not None
    assert [record.getMessage() for record in caplog.records] == [
        f"kept the former keys: in {key_file}: {NOT_JSON}"
    ]


async def test_a_file_that_vanishes_leaves_the_former_keys_until_it_is_back(
    ring: Ring, key_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = FileKeys(key_file)

    remove(key_file)

    assert await source.find("rs-1") is not None
    assert [record.getMessage() for record in caplog.records] == [
        f"kept the former keys: the key set {key_file} cannot be read: {NO_FILE}"
    ]
    assert caplog.records[0].levelno == logging.WARNING
    write(key_file, jwks(ring.ec_jwk))
    assert await source.find("ec-1") is not None


def test_a_missing_file_is_refused_at_start(tmp_path: Path) -> None:
    with pytest.raises(BadSetting) as refusal:
        FileKeys(tmp_path / "none.json")

    assert str(refusal.value) == (
        f"the key set {tmp_path / 'none.json'} cannot be read: {NO_FILE}"
    )


def test_a_directory_is_refused_at_start(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="cannot be read: Is a directory"):
        FileKeys(tmp_path)


def test_a_huge_file_is_refused_at_start(key_file: Path) -> None:
    write(key_file, key_file.read_bytes() + b" " * 65_536)

    with pytest.raises(BadSetting) as refusal:
        FileKeys(key_file)

    assert str(refusal.value) == f"the key set {key_file} is larger than 65536 bytes"
