"""The examples in the documents are read by the very code they are written for.

The word behind a block's language says what it is: ``yaml segment`` is a segment,
``json conditions`` a condition tree, ``graphql admin`` a document for the admin door.
"""

from __future__ import annotations

import csv
import importlib
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from gateway import app, demo, opening_storage
from gateway.config import Settings
from gateway.identity import Role
from gateway.importing import import_directory
from gateway.importing.reporters import Silence
from gateway.personalize import (
    cart_price_rules,
    catalogue_price_rules,
    dynamic_blocks,
    related_product_rules,
    segments,
)
from gateway.personalize.attributes import Attributes, DeclaredAttribute
from gateway.personalize.cart_price_rules import CartPriceRuleDefinition
from gateway.personalize.operators import Kind
from gateway.resolvers.cart_price_rules import save as save_cart_price_rule
from gateway.resolvers.shoppers import Shopper
from gateway.resolvers.visits import Visit
from gateway.schema import admin, storefront
from gateway.schema.admin.context import AdminContext
from gateway.schema.documents import Documents
from gateway.schema.storefront.context import StorefrontContext
from gateway.storage.database import Database
from gateway.storage.opened import Storage
from tests.documents import Block, blocks
from tests.shops import a_rule

SCHEMAS = {"storefront": storefront.schema, "admin": admin.schema}


def _attributes() -> Attributes:
    """The attributes of the demo store, which the examples are about."""
    declared = (demo.STORE / "attributes.csv").read_text(encoding="utf-8")
    return Attributes(
        DeclaredAttribute(row["entity"], row["code"], Kind(row["kind"]))
        for row in csv.DictReader(declared.splitlines())
        if row["entity"] in {"product", "customer"}
    )


ATTRIBUTES = _attributes()

READ: Mapping[str, Callable[[Any], object]] = {
    "segment": lambda given: segments.compile(segments.read(given), ATTRIBUTES),
    "cart_price_rule": lambda given: cart_price_rules.compile(
        cart_price_rules.read(given), ATTRIBUTES
    ),
    "catalogue_price_rule": lambda given: catalogue_price_rules.compile(
        catalogue_price_rules.read(given), ATTRIBUTES
    ),
    "dynamic_block": lambda given: dynamic_blocks.compile(dynamic_blocks.read(given)),
    "related_product_rule": lambda given: related_product_rules.compile(
        related_product_rules.read(given), ATTRIBUTES
    ),
}


def _each(language: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("block", blocks(language), ids=str)


@_each("json")
def test_json_can_be_parsed_and_conditions_be_asked(block: Block) -> None:
    given = json.loads(block.text)

    if block.mark == "conditions":
        rule = CartPriceRuleDefinition("x", "x", ("x",), conditions=given)
        cart_price_rules.compile(rule, ATTRIBUTES)
    else:
        assert block.mark in {"", "answer"}


@_each("yaml")
def test_a_definition_can_be_saved(block: Block) -> None:
    READ[block.mark](yaml.safe_load(block.text))


@_each("graphql")
def test_a_document_fits_its_door(block: Block) -> None:
    schema = SCHEMAS[block.mark]
    limits = app._limits(Settings(), f"{block.mark}_body_bytes")

    Documents(schema.core, limits).check(block.text)


@_each("python")
def test_python_can_be_added_to_its_module(block: Block) -> None:
    importlib.import_module(block.mark)
    program = (
        "import importlib, sys\n"
        "module = importlib.import_module(sys.argv[1])\n"
        "exec(compile(sys.stdin.read(), 'example', 'exec'), vars(module))\n"
    )

    # In a process of its own: what it adds to the tables must not stay.
    subprocess.run(
        [sys.executable, "-c", program, block.mark],
        input=block.text,
        text=True,
        check=True,
    )


@pytest.fixture
async def demo_store(database: Database) -> AsyncIterator[Storage]:
    """The demo store, as a first ``gateway demo`` leaves it."""
    done = await import_directory(
        database, demo.STORE, website=None, dry_run=False, report=Silence()
    )
    assert done.succeeded, done
    async with opening_storage.storage_of(Settings(), database) as storage:
        yield storage


def _of(page: str, language: str) -> list[Block]:
    return [one for one in blocks(language) if one.page == page]


async def _ask(
    storage: Storage,
    query: Block,
    variables: Mapping[str, Any] | None = None,
    *,
    is_server: bool = False,
) -> dict[str, Any]:
    """Ask as a visitor at the storefront door, or as an admin at the other."""
    shopper = Shopper(
        "main", "english", session="docs", consents=True, is_server=is_server
    )
    visit = Visit(storage, shopper, datetime.now(UTC), keep_seconds=60)
    contexts = {
        "storefront": StorefrontContext(visit),
        "admin": AdminContext(storage, "docs", Role.ADMIN),
    }
    result = await SCHEMAS[query.mark].execute(
        query.text,
        variable_values=dict(variables or {}),
        context_value=contexts[query.mark],
    )
    assert result.errors is None, str(query)
    assert result.data is not None
    return result.data


async def test_the_answer_in_readme_is_the_demo_stores(demo_store: Storage) -> None:
    [query] = _of("README.md", "graphql")
    [answer] = _of("README.md", "json")

    data = await _ask(demo_store, query)

    assert {"data": data} == json.loads(answer.text)


async def test_the_storefronts_guide_can_be_followed(demo_store: Storage) -> None:
    at_once, mirror, apply, told, order, record, published, prices = _of(
        "docs/storefront.md", "graphql"
    )
    sent, happened = _of("docs/storefront.md", "json")
    variables = json.loads(sent.text)

    await _ask(demo_store, at_once, variables)
    recorded = await _ask(demo_store, record, json.loads(happened.text))
    synced = await _ask(demo_store, mirror, {"cart": variables["cart"]})
    cart_id = synced["syncCart"]["cart"]["id"]
    applied = await _ask(demo_store, apply, {"cart": cart_id})
    results = await _ask(demo_store, told, {"cart": cart_id})
    placed = await _ask(demo_store, order, {"cart": cart_id}, is_server=True)
    answered = await _ask(demo_store, published, {"cart": cart_id})
    priced = await _ask(demo_store, prices)

    sock, jacket = priced["products"]["items"]
    assert jacket["price_range"]["minimum_price"] == {
        "regular_price": {"value": 169.0},
        "final_price": {"value": 143.65},
        "discount": {"percent_off": 15.0},
    }
    assert sock["price_tiers"] == [
        {
            "quantity": quantity,
            "final_price": {"value": price, "currency": "EUR"},
            "discount": {"amount_off": off},
        }
        for quantity, price, off in ((3.0, 17.95, 2.0), (6.0, 15.96, 3.99))
    ]
    codes = [{"code": "WELCOME10"}]
    assert applied["applyCouponToCart"]["cart"]["applied_coupons"] == codes
    assert results["cart"]["coupon_results"] == [
        {"code": "WELCOME10", "is_applied": True, "reason": "APPLIED", "hint": None}
    ]
    assert placed["reserveCoupons"]["reservation"]["coupons"] == codes
    assert placed["releaseCoupons"]["reservation"]["state"] == "RELEASED"
    assert answered["cart"]["applied_coupons"] == [{"code": "WELCOME10"}]
    assert recorded["recordEvents"]["recorded"] == 2


async def test_the_guide_for_rules_can_be_followed(demo_store: Storage) -> None:
    budget, generate, codes_after, status, price, *others = _of(
        "docs/admin.md", "graphql"
    )
    listing, save, why, counts, vocabulary = others
    codes, sent, asked = [one for one in _of("docs/admin.md", "json") if not one.mark]
    gifts = a_rule("spring-gifts", websites=["main"], generated_coupons=True)
    await save_cart_price_rule(demo_store.database, gifts)
    week = a_rule("opening-week", websites=["main"], budget="10000")
    await save_cart_price_rule(demo_store.database, week)

    spent = await _ask(demo_store, budget)
    generated = await _ask(demo_store, generate, json.loads(codes.text))
    after = await _ask(demo_store, codes_after)
    known = await _ask(demo_store, status)
    explained = await _ask(demo_store, price)
    listed = await _ask(demo_store, listing)
    saved = await _ask(demo_store, save, json.loads(sent.text))
    told = await _ask(demo_store, why, json.loads(asked.text))
    counted = await _ask(demo_store, counts)
    described = await _ask(demo_store, vocabulary)

    assert spent["cartPriceRule"] == {"budget": "10000", "spent": "0"}
    assert generated["generateCoupons"]["quantity"] == 500
    assert len(after["coupons"]["items"]) == 100
    assert known["couponStatus"]["status"] == "UNKNOWN"
    assert explained["productPrice"]["steps"] == [
        {
            "cataloguePriceRule": "jackets-15-percent",
            "before": "99",
            "after": "84.15",
        }
    ]
    assert {one["customers"] for one in counted["segmentCounts"]} == {0}
    assert listed["segments"]["totalCount"] == 1
    assert saved["saveSegment"]["segment"] == {"key": "big-carts", "version": 1}
    assert "APPLIED" in {one["outcome"] for one in told["explainCart"]["rules"]}
    assert "product.season" in {
        attribute["key"] for attribute in described["conditionAttributes"]
    }
