"""JSON text is read quickly, and never two members of one name as one."""

from __future__ import annotations

from unittest import mock

import orjson
import pytest

from gateway.importing import json_text
from gateway.unambiguous_json import Twice


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param('{"sku": 1, "sku": 2}', "sku", id="a member"),
        pytest.param('{"sku": 1, "sku": 1}', "sku", id="with the same value"),
        pytest.param('{"a": [{"b": 1}, {"c": 1, "c": 2}]}', "c", id="further inside"),
        pytest.param('{"a" :1,"a" :":x"}', "a", id="blanks before colons"),
        pytest.param('{"a"\t:1,"a"\r\n:":x"}', "a", id="tabs and line ends"),
        pytest.param(r'{"a":1,"a":"\u0022:"}', "a", id="an escaped quote"),
        pytest.param(r'{"a":1,"a":":","b":"\u003a"}', "a", id="an escaped colon"),
        pytest.param(r'{"a":1,"\u0061":2}', "a", id="an escaped name"),
        pytest.param(r'{"a":1,"a":"\":"}', "a", id="what looks like a name's end"),
        pytest.param('{"a":":","a":[]}', "a", id="colons that are lost along"),
    ],
)
def test_a_member_that_comes_again_is_refused(text: str, name: str) -> None:
    with pytest.raises(Twice) as refused:
        json_text.parse(text)

    assert str(refused.value) == name


@pytest.mark.parametrize(
    "text",
    [
        r'{"a": "at 10:30", "b": "https://a.example", "c": "\":", "d": ":", "e\":": 1}',
        '{"a": {"a": [{"a": 1}, {"a": 2}]}, "b": "Mütze"}',
        '{"a": 12345678901234567890123, "b": 1e99, "c": -0.0, "d": "\\/"}',
        r'{"a": "\u00fc\ud83d\ude00", "": null}',
        '[":", {":": ":"}]',
        "1",
    ],
)
def test_what_is_in_order_is_read_without_the_strict_decoder(text: str) -> None:
    with mock.patch.object(json_text, "_STRICT", None):
        assert json_text.parse(text) == orjson.loads(text)


def test_what_could_hide_a_member_is_read_too() -> None:
    assert json_text.parse(r'{"a" : "b\u0022: c"}') == {"a": 'b": c'}


def test_what_is_nested_too_deeply_is_refused() -> None:
    with pytest.raises(orjson.JSONDecodeError):
        json_text.parse("[" * 2000 + '{"a" : 1}' + "]" * 2000)


def test_what_only_the_strict_decoder_finds_nested_too_deeply_is_refused() -> None:
    # How deep that is differs between versions of Python.
    with mock.patch.object(json_text, "_STRICT") as strict:
        strict.decode.side_effect = RecursionError
        with pytest.raises(orjson.JSONDecodeError, match="nested too deeply"):
            json_text.parse('{"a" : 1}')
