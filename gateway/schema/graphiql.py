"""GraphiQL at a door: the page, and the files web/ was built into, served from here."""

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

_BUILT = Path(__file__).parent.parent / "static" / "graphiql"
_ADDRESS = "/graphiql"
_ENTRY = "src/main.jsx"

_POLICY = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "connect-src": "'self'",
    # GraphiQL's own style sheet carries its fonts.
    "font-src": "'self' data:",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "img-src": "'self' data:",
    "script-src": "'self'",
    # Monaco places its lines with style attributes, and writes its theme into style
    # elements which take no nonce.
    "style-src": "'self' 'unsafe-inline'",
    "worker-src": "'self'",
}

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "; ".join(
        f"{name} {sources}" for name, sources in _POLICY.items()
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="icon" href="data:,">
{head}
</head>
<body>
{body}
</body>
</html>
"""

_NOT_BUILT = """\
<h1>GraphiQL is not built</h1>
<p>The door <code>{endpoint}</code> answers, but this page needs the files of web/.
Run <code>make web</code> in the source tree, then load the page again.</p>"""


@dataclass(frozen=True)
class Tab:
    """An example a visit begins with; its tab bears the operation's name.

    `name` is what the menu of examples calls it; `variables` is JSON text, empty for
    none.
    """

    name: str
    query: str
    variables: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def page(
    title: str,
    endpoint: str,
    tabs: Sequence[Tab],
    *,
    built: Path = _BUILT,
) -> HTMLResponse:
    """Answer with the page which asks `endpoint`, of this origin, and opens `tabs`.

    Where nothing was built, the page says so with status 503.
    """
    try:
        scripts = _loading((built / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        body = _NOT_BUILT.format(endpoint=html.escape(endpoint))
        content = _PAGE.format(title=html.escape(title), head="", body=body)
        return HTMLResponse(content, status_code=503, headers=_HEADERS)
    config = {
        "title": title,
        "endpoint": endpoint,
        "tabs": [{**vars(tab), "headers": dict(tab.headers)} for tab in tabs],
    }
    # A script element ends at the first "</script", also inside a JSON string.
    config_text = json.dumps(config).replace("<", "\\u003c")
    body = (
        '<div id="graphiql"></div>\n'
        "<noscript>GraphiQL needs JavaScript.</noscript>\n"
        f'<script type="application/json" id="graphiql-config">{config_text}</script>'
    )
    content = _PAGE.format(title=html.escape(title), head=scripts, body=body)
    return HTMLResponse(content, headers=_HEADERS)


def assets(*, built: Path = _BUILT) -> Mount:
    """Route the built files, whose names change whenever they do."""
    files = _HashedFiles(directory=built / "assets", check_dir=False)
    return Mount(f"{_ADDRESS}/assets", files, name="graphiql")


class _HashedFiles(StaticFiles):
    """Files a browser need never ask for twice, and which may yet have to be built."""

    async def check_config(self) -> None:
        """Accept a missing directory: what is not built is not found, and no fault."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def _loading(manifest_text: str) -> str:
    """Write the elements which load the entry of Vite's manifest, and its styles."""
    manifest: dict[str, dict[str, Any]] = json.loads(manifest_text)
    chunks = [_ENTRY]
    # What an import brings in is appended, and so is looked at in its turn.
    for name in chunks:
        chunks += [
            each for each in manifest[name].get("imports", ()) if each not in chunks
        ]
    styles = dict.fromkeys(
        css for name in chunks for css in manifest[name].get("css", ())
    )
    script = manifest[_ENTRY]["file"]
    return "\n".join(
        (
            *(f'<link rel="stylesheet" href="{_ADDRESS}/{name}">' for name in styles),
            f'<script type="module" src="{_ADDRESS}/{script}"></script>',
        ),
    )
