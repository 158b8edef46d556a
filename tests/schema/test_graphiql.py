"""The page of GraphiQL as it is sent, without a browser to look at it."""

import json
import re
from pathlib import Path
from types import MappingProxyType

import httpx
import pytest
from starlette.applications import Starlette

from gateway.schema import graphiql

_MANIFEST = {
    "_shared-1a.js": {"file": "assets/shared-1a.js", "css": ["assets/shared-1a.css"]},
    "_editor-2b.js": {
        "file": "assets/editor-2b.js",
        "imports": ["_shared-1a.js", "src/main.jsx"],
    },
    "src/main.jsx": {
        "file": "assets/main-3c.js",
        "isEntry": True,
        "imports": ["_editor-2b.js"],
        "css": ["assets/main-3c.css"],
    },
}


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "manifest.json").write_text(json.dumps(_MANIFEST), encoding="utf-8")
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "main-3c.js").write_text("built();", encoding="utf-8")
    return tmp_path


def test_the_page_loads_the_entry_and_every_style_sheet_it_brings(built: Path) -> None:
    answer = graphiql.page("Door", "/graphql", [], built=built)

    assert answer.status_code == 200
    assert re.findall(r'(?:href|src)="([^"]*)"', _text(answer.body)) == [
        "data:,",
        "/graphiql/assets/main-3c.css",
        "/graphiql/assets/shared-1a.css",
        "/graphiql/assets/main-3c.js",
    ]


def test_the_configuration_holds_the_door_and_its_examples(built: Path) -> None:
    tabs = [
        graphiql.Tab("Store", "{ store }"),
        graphiql.Tab(
            "Item",
            "query($id: ID!) { x }",
            '{"id": 1}',
            MappingProxyType({"Store": "de"}),
        ),
    ]

    answer = graphiql.page("Door", "/admin/graphql", tabs, built=built)

    assert _config(answer.body) == {
        "title": "Door",
        "endpoint": "/admin/graphql",
        "tabs": [
            {"name": "Store", "query": "{ store }", "variables": "", "headers": {}},
            {
                "name": "Item",
                "query": "query($id: ID!) { x }",
                "variables": '{"id": 1}',
                "headers": {"Store": "de"},
            },
        ],
    }


def test_nothing_in_an_example_ends_the_script_it_stands_in(built: Path) -> None:
    hostile = "</script><script>alert(1)</script><!--"
    tabs = [graphiql.Tab(hostile, hostile, hostile, {hostile: hostile})]

    answer = graphiql.page(hostile, hostile, tabs, built=built)

    text = _text(answer.body)
    assert text.count("<script") == 2
    assert text.count("</script>") == 2
    assert "<!--" not in text
    assert "<title>&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;!--" in text
    assert _config(answer.body)["endpoint"] == hostile


def test_the_page_may_load_from_its_own_origin_only(built: Path) -> None:
    answer = graphiql.page("Door", "/graphql", [], built=built)

    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; base-uri 'none'; connect-src 'self';"
        " font-src 'self' data:; form-action 'none'; frame-ancestors 'none';"
        " img-src 'self' data:; script-src 'self';"
        " style-src 'self' 'unsafe-inline'; worker-src 'self'"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"


def test_without_built_files_the_page_says_what_to_run(tmp_path: Path) -> None:
    answer = graphiql.page("Door", "/<graphql>", [], built=tmp_path / "nothing")

    assert answer.status_code == 503
    assert "Run <code>make web</code> in the source tree" in _text(answer.body)
    assert "<code>/&lt;graphql&gt;</code>" in _text(answer.body)
    assert "<script" not in _text(answer.body)
    assert answer.headers["content-security-policy"].startswith("default-src 'none';")


async def test_a_hashed_file_is_kept_for_ever_and_nothing_else_is_served(
    built: Path,
) -> None:
    door = Starlette(routes=[graphiql.assets(built=built)])
    transport = httpx.ASGITransport(door)
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        script = await client.get("/graphiql/assets/main-3c.js")
        unchanged = await client.get(
            "/graphiql/assets/main-3c.js",
            headers={"If-None-Match": script.headers["etag"]},
        )
        manifest = await client.get("/graphiql/manifest.json")
        climbing = await client.get("/graphiql/assets/%2e%2e/manifest.json")

    assert (script.status_code, script.text) == (200, "built();")
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert script.headers["x-content-type-options"] == "nosniff"
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert unchanged.status_code == 304
    assert (manifest.status_code, climbing.status_code) == (404, 404)


async def test_without_built_files_a_file_is_not_found(tmp_path: Path) -> None:
    door = Starlette(routes=[graphiql.assets(built=tmp_path / "nothing")])
    transport = httpx.ASGITransport(door)
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        answer = await client.get("/graphiql/assets/main-3c.js")

    assert answer.status_code == 404


def _text(body: bytes | memoryview) -> str:
    return bytes(body).decode()


def _config(body: bytes | memoryview) -> dict[str, object]:
    found = re.search(
        r'<script type="application/json" id="graphiql-config">(.*?)</script>',
        _text(body),
    )
    assert found is not None
    config: dict[str, object] = json.loads(found[1])
    return config
