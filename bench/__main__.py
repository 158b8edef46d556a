"""The storefront query over HTTP, beside a bare ASGI app that returns the same bytes.

One worker and its PostgreSQL on one core, the questions from another, in rounds that
take turns. Only the ratio means something: it was measured side by side.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from bench import load, servers
from gateway import demo
from gateway.identity.customers import CustomerTokens
from gateway.identity.key_sources import FixedKeys
from gateway.identity.keys import from_secret
from gateway.identity.shared_secrets import new_secret

QUERY = (Path(__file__).parent / "storefront.graphql").read_text(encoding="utf-8")
CART_LINES = (
    "TEE-CAMPFIRE-M-MOSS",
    "BOTTLE-STEEL-05",
    "TENT-TARN-2",
    "LAMP-MARSH",
    "CAMP-PEGS",
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each round")
    parser.add_argument("--connections", type=int, default=16)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        # PostgreSQL runs as a user of its own when root starts it.
        Path(folder).chmod(0o755)
        asked, gateway_port, bare_port = _start(Path(folder), stack)
        servers.pin(1)
        rows = uvloop.run(_measure(asked, gateway_port, bare_port, options))
    _report(rows, options)


def _start(folder: Path, stack: ExitStack) -> tuple[bytes, int, int]:
    servers.pin(0)
    secret = new_secret()
    environment = {
        "DATABASE_URL": "",
        "GATEWAY_DATA_DIRECTORY": str(folder / "data"),
        "GATEWAY_JWT_SECRET": secret,
        "GATEWAY_JWT_ISSUER": "bench",
        "GATEWAY_JWT_AUDIENCE": "bench",
        "GATEWAY_LOG_LEVEL": "warning",
    }
    servers.gateway("import", str(demo.STORE), environment=environment)
    port, bare_port = servers.free_port(), servers.free_port()
    stack.enter_context(
        servers.started(
            *("-m", "gateway", "serve", "--port", str(port), "--workers", "1"),
            port=port,
            environment=environment,
            log=folder / "gateway.log",
        )
    )
    customers = CustomerTokens(FixedKeys(from_secret(secret)), "bench", "bench")
    token = customers.mint("1001", datetime.now(UTC), website="main")
    asked = _question(token)
    answer = folder / "answer.json"
    answer.write_bytes(asyncio.run(load.ask_once(port, asked)))
    _check(json.loads(answer.read_bytes()))
    stack.enter_context(
        servers.started(
            *("-m", "uvicorn", "bench.bare:app", "--port", str(bare_port)),
            *("--no-access-log", "--log-level", "warning"),
            port=bare_port,
            environment={"BENCH_ANSWER": str(answer)},
            log=folder / "bare.log",
        )
    )
    return asked, port, bare_port


def _question(token: str) -> bytes:
    cart = {
        "items": [{"sku": sku, "quantity": 4} for sku in CART_LINES],
        "shipping": {"method": "standard"},
        "address": {"country": "DE"},
    }
    body = {"query": QUERY, "variables": {"cart": cart, "product": "TENT-TARN-2"}}
    headers = {"Authorization": f"Bearer {token}", "Store": "english"}
    return load.request("/graphql", json.dumps(body).encode(), headers)


def _check(answer: dict[str, dict[str, dict[str, list[object]]]]) -> None:
    """Refuse to measure an answer that is not the one we mean to measure."""
    shown = answer["data"]["personalization"]
    counts = (
        len(shown["dynamic_blocks"]) >= 3,  # noqa: PLR2004
        len(shown["related_products"]) >= 4,  # noqa: PLR2004
        bool(shown["segments"]),
    )
    if not all(counts):
        raise RuntimeError(f"the answer is not what is to be measured: {answer}")


async def _measure(
    asked: bytes, gateway_port: int, bare_port: int, options: argparse.Namespace
) -> list[tuple[load.Timings, load.Timings]]:
    async def once(port: int, seconds: float) -> load.Timings:
        return await load.run(
            port, asked, connections=options.connections, seconds=seconds
        )

    for port in (gateway_port, bare_port):
        await once(port, 1.0)
    return [
        (
            await once(gateway_port, options.seconds),
            await once(bare_port, options.seconds),
        )
        for _ in range(options.rounds)
    ]


def _report(
    rounds: list[tuple[load.Timings, load.Timings]], options: argparse.Namespace
) -> None:
    cores, busy = os.cpu_count(), os.getloadavg()[0]
    print(
        f"{options.rounds} rounds of {options.seconds:g} s, {options.connections} "
        f"connections; {cores} cores, load {busy:.1f}"
    )
    print(f"{'server':<10}{'req/s':>10}{'p50 ms':>10}{'p99 ms':>10}")
    for name, column in (("gateway", 0), ("bare ASGI", 1)):
        timings = [measured[column] for measured in rounds]
        print(
            f"{name:<10}"
            f"{statistics.median(one.per_second for one in timings):>10.0f}"
            f"{statistics.median(one.percentile(0.5) for one in timings):>10.2f}"
            f"{statistics.median(one.percentile(0.99) for one in timings):>10.2f}"
        )
    ratios = [ours.per_second / bare.per_second for ours, bare in rounds]
    print(
        f"ratio     {statistics.median(ratios):.3f} of the bare app's requests "
        f"(rounds: {', '.join(f'{ratio:.3f}' for ratio in ratios)})"
    )


if __name__ == "__main__":
    main()
