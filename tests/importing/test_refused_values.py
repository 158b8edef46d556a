"""Values that are refused, and in which words."""

from __future__ import annotations

import pytest

from tests.importing.given import (
    CUSTOMERS_FIRST,
    PRODUCTS_FIRST,
    Files,
    Refuses,
    parquet,
    refused,
)

_NUMBER = "Write a number such as 12 or 12.5."


VALUES = [
    refused(
        "products.csv",
        "sku,price\nMUG,abc\n",
        f", line 2, price: 'abc' is not a number. {_NUMBER}",
        id="no-number",
    ),
    refused(
        "products.csv",
        'sku,price\nMUG,"1,99"\n',
        f", line 2, price: '1,99' is not a number. {_NUMBER}",
        id="decimal-comma",
    ),
    refused(
        "products.jsonl",
        '{"sku": "MUG", "price": true}\n',
        f", line 1, price: true is not a number. {_NUMBER}",
        id="boolean-for-a-number",
    ),
    refused(
        "products.jsonl",
        '{"sku": "MUG", "price": [1]}\n',
        f", line 1, price: a list is not a number. {_NUMBER}",
        id="list-for-a-number",
    ),
    refused(
        "products.csv",
        "sku,price\nMUG,-1\n",
        ", line 2, price: -1 is too small. Write at least 0.",
        id="negative-price",
    ),
    refused(
        "products.csv",
        "sku,price\nMUG,1000000000000000\n",
        ", line 2, price: '1000000000000000' is too large. Write a number below 10^15.",
        id="price-beyond-the-column",
    ),
    refused(
        "products.parquet",
        parquet({"sku": ["MUG"], "price": [float("nan")]}),
        f", row 1, price: nan is not a number. {_NUMBER}",
        id="not-a-number-in-parquet",
    ),
    refused(
        "product_links.csv",
        "sku,type,linked_sku,position\nMUG,related,CUP,1.5\n",
        ", line 2, position: 1.5 is not a whole number.",
        before=PRODUCTS_FIRST,
        id="no-whole-number",
    ),
    refused(
        "product_links.csv",
        "sku,type,linked_sku,position\nMUG,related,CUP,2147483648\n",
        ", line 2, position: 2147483648 is too large. Write at most 2147483647.",
        before=PRODUCTS_FIRST,
        id="position-beyond-the-column",
    ),
    refused(
        "products.csv",
        "sku,special_from\nMUG,2026-02-30\n",
        ", line 2, special_from: '2026-02-30' is not a date."
        " Write it as year-month-day, such as 2026-12-24.",
        id="no-day",
    ),
    refused(
        "customers.csv",
        "customer_id,created_at\n1,0001-01-01\n",
        ", line 2, created_at: the year 1 is out of range."
        " Write one from 1800 to 2200.",
        id="moment-before-all-shops",
    ),
    refused(
        "customers.csv",
        "customer_id,created_at\n1,yesterday\n",
        ", line 2, created_at: 'yesterday' is not a moment."
        " Write it as ISO 8601, such as 2026-12-24T18:30:00+01:00.",
        id="no-moment",
    ),
    refused(
        "products.csv",
        "sku,saleable\nMUG,perhaps\n",
        ", line 2, saleable: 'perhaps' is neither true nor false. Write true or false.",
        id="no-boolean",
    ),
    refused(
        "products.csv",
        "sku,type\nMUG,configurabel\n",
        ", line 2, type: 'configurabel' is not a choice. Did you mean 'configurable'?",
        id="no-choice",
    ),
    refused(
        "addresses.csv",
        "customer_id,address_id,country\n1,1,Germany\n",
        ", line 2, country: 'Germany' is not a country's code."
        " Write two letters (ISO 3166 alpha-2), such as DE.",
        before=CUSTOMERS_FIRST,
        id="no-country",
    ),
    refused(
        "orders.jsonl",
        '{"order_id": "1", "created_at": "2026-01-01", "status": "new",'
        ' "grand_total": 1, "currency": ["EUR"]}\n',
        ", line 1, currency: a list is not an ISO 4217 code. Did you mean 'EUR'?",
        id="list-of-currencies",
    ),
    refused(
        "orders.csv",
        "order_id,created_at,status,grand_total,currency\n1,2026-01-01,new,1,eur\n",
        ", line 2, currency: 'eur' is not an ISO 4217 code. Did you mean 'EUR'?",
        id="no-currency",
    ),
    refused(
        "products.csv",
        f"sku\n{'M' * 256}\n",
        ", line 2, sku: it has 256 characters. Write at most 255.",
        id="text-too-long",
    ),
    refused(
        "products.jsonl",
        '{"sku": "M\\u0000G"}\n',
        ", line 1, sku: it holds a NUL character. Remove it.",
        id="nul",
    ),
    refused(
        "products.jsonl",
        '{"sku": 1.5}\n',
        ", line 1, sku: 1.5 is not text. Write a text in quotes.",
        id="no-text",
    ),
    refused(
        "products.csv",
        "sku,children\nMUG,CUP\n",
        ', line 2, children: \'CUP\' is not JSON. Write ["one", "two"].',
        id="list-without-json",
    ),
    refused(
        "products.jsonl",
        '{"sku": "MUG", "children": {"sku": "CUP"}}\n',
        ', line 1, children: an object is not a list. Write ["one", "two"].',
        id="no-list",
    ),
    refused(
        "products.jsonl",
        '{"sku": "MUG", "children": ["CUP", 1.5]}\n',
        ", line 1, children.1: 1.5 is not text. Write a text in quotes.",
        id="no-text-in-a-list",
    ),
    refused(
        "products.jsonl",
        '{"sku": "MUG", "categories": ["/gear"]}\n',
        ", line 1, categories.0: '/gear' is not a path."
        " Write category codes with a '/' between them: gear/tents.",
        id="no-path",
    ),
]

ATTRIBUTES = [
    refused(
        "products.jsonl",
        '{"sku": "MUG", "attributes": ["red"]}\n',
        ', line 1, attributes: a list is not an object. Write {"code": value}.',
        id="attributes-that-are-no-object",
    ),
    refused(
        "products.jsonl",
        '{"sku": "MUG", "attributes": {"size": {"cm": 10}, "color": "red",'
        ' "Weave": "twill", "fits": ["S", ["M"]]}}\n',
        ", line 1, attributes.size: it is an object. Write one value.",
        ", line 1, attributes.Weave: 'Weave' is not an attribute code."
        " Write 1 to 60 of a-z, 0-9 and '_', beginning with a letter.",
        ", line 1, attributes.fits.1: it is a list. Write one value.",
        id="several-attributes",
    ),
    refused(
        "products.jsonl",
        '{"sku": "MUG", "attributes": {"Colour": "red"}}\n',
        ", line 1, attributes.Colour: 'Colour' is not an attribute code."
        " Write 1 to 60 of a-z, 0-9 and '_', beginning with a letter.",
        id="no-attribute-code",
    ),
    refused(
        "products.jsonl",
        '{"sku": "MUG", "attributes": {"size": {"cm": 10}}}\n',
        ", line 1, attributes.size: it is an object. Write one value.",
        id="object-in-an-attribute",
    ),
    refused(
        "products.jsonl",
        '{"sku": "MUG", "attributes": {"size": "S"}}\n'
        '{"sku": "CUP", "attributes": {"size": ["S", "M"]}}\n',
        ", line 2, attributes.size: it is a list, and in rows before text."
        " Write lists in all rows, or declare it in a file called attributes.",
        id="list-after-text",
    ),
    refused(
        "products.jsonl",
        '{"sku": "MUG", "attributes": {"weight_class": 1, "litres": "few"}}\n',
        f", line 1, attributes.litres: 'few' is not a number. {_NUMBER}",
        before={"attributes.csv": "entity,code,kind\nproduct,litres,number\n"},
        id="not-as-declared",
    ),
    refused(
        "products.jsonl",
        '{"sku": "MUG", "attributes": {"litres": [1, 2]}}\n',
        ", line 1, attributes.litres: it is a list. Write one value.",
        before={"attributes.csv": "entity,code,kind\nproduct,litres,number\n"},
        id="list-for-a-declared-number",
    ),
    refused(
        "attributes.csv",
        "entity,code,kind\norder,colour,text\n",
        ", line 2, entity: 'order' is not a choice."
        " Write one of: address, customer, product.",
        id="no-entity",
    ),
]


@pytest.mark.parametrize(("files", "faults"), [*VALUES, *ATTRIBUTES])
async def test_it_is_refused_and_nothing_of_it_is_written(
    refuses: Refuses, files: Files, faults: list[str]
) -> None:
    await refuses(files, faults)
