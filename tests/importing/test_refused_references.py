"""References that lead nowhere, and rows that stand there twice."""

from __future__ import annotations

import pytest

from tests.importing.given import (
    CUSTOMERS_FIRST,
    PRODUCTS_FIRST,
    TWO_WEBSITES,
    Files,
    Refuses,
    parquet,
    refused,
)

_FIRST = "Import it first, or correct this one."


REFERENCES = [
    refused(
        "products.csv",
        "website,sku\nmain,MUG\nmian,CUP\n",
        ", line 3, website: there is no website 'mian'. Did you mean 'main'?",
        id="unknown-website",
    ),
    refused(
        "products.csv",
        "website,sku\nus,MUG\n,CUP\n",
        ", line 3, website: it is missing, and there are several websites."
        " Write a code, or give --website.",
        before={"websites.csv": TWO_WEBSITES},
        id="which-website",
    ),
    refused(
        "product_links.csv",
        "sku,type,linked_sku\nMUG,related,JUG\nJAR,upsell,MUG\n",
        f", line 2, linked_sku: there is no product 'JUG' on its website. {_FIRST}",
        f", line 3, sku: there is no product 'JAR' on its website. {_FIRST}",
        before=PRODUCTS_FIRST,
        id="unknown-product",
    ),
    refused(
        "products.jsonl",
        '{"sku": "SET", "children": ["MUG"]}\n',
        f", line 1, children: there is no product 'MUG' on its website. {_FIRST}",
        id="unknown-child",
    ),
    refused(
        "customers.csv",
        "customer_id,group_id\n1,1\n2,77\n",
        f", line 3, group_id: there is no customer group '77'. {_FIRST}",
        id="unknown-group",
    ),
    refused(
        "customers.csv",
        "customer_id,group_id\n1,0\n",
        ", line 2, group_id: 0 is too small. Write at least 1.",
        id="group-of-visitors",
    ),
    refused(
        "customers.csv",
        "customer_id,store_view\n1,german\n",
        f", line 2, store_view: there is no store view 'german' on its website."
        f" {_FIRST}",
        id="unknown-store-view",
    ),
    refused(
        "addresses.csv",
        "customer_id,address_id\n3,1\n",
        f", line 2, customer_id: there is no customer '3' on its website. {_FIRST}",
        before=CUSTOMERS_FIRST,
        id="unknown-customer-of-an-address",
    ),
    refused(
        "orders.csv",
        "order_id,customer_id,created_at,status,grand_total\n7,3,2026-01-01,new,1\n",
        f", line 2, customer_id: there is no customer '3' on its website. {_FIRST}",
        before=CUSTOMERS_FIRST,
        id="unknown-customer-of-an-order",
    ),
    refused(
        "order_lines.csv",
        "order_id,line,sku,quantity,price,row_total\n7,1,MUG,1,10,10\n",
        f", line 2, order_id: there is no order '7' on its website. {_FIRST}",
        id="unknown-order",
    ),
    refused(
        "wishlists.csv",
        "website,customer_id,sku\nus,1,MUG\n",
        f", line 2, customer_id: there is no customer '1' on its website. {_FIRST}",
        before={
            "websites.csv": TWO_WEBSITES,
            "customers.csv": "website,customer_id\nmain,1\n",
        },
        id="customer-of-another-website",
    ),
]

TWINS = [
    refused(
        "products.csv",
        "sku\nMUG\nCUP\nMUG\n",
        ", line 4, sku: line 2 has the same website and sku. Keep one of the two.",
        id="product",
    ),
    refused(
        "products.parquet",
        parquet({"sku": ["MUG", "MUG"]}),
        ", row 2, sku: row 1 has the same website and sku. Keep one of the two.",
        id="product-in-parquet",
    ),
    refused(
        "product_links.csv",
        "sku,type,linked_sku,position\nMUG,related,CUP,1\nMUG,related,CUP,2\n",
        ", line 3, linked_sku: line 2 has the same website and sku and type and"
        " linked_sku. Keep one of the two.",
        before=PRODUCTS_FIRST,
        id="link",
    ),
    refused(
        "attributes.csv",
        "entity,code,kind\nproduct,size,text\nproduct,size,number\n",
        ", line 3, code: line 2 has the same entity and code. Keep one of the two.",
        id="attribute",
    ),
    refused(
        "store_views.csv",
        "code,name,locale\nde,Deutsch,de-DE\nde,Deutsch,de-AT\n",
        ", line 3, code: line 2 has the same code. Keep one of the two.",
        id="store-view",
    ),
    refused(
        "customers.csv",
        "customer_id\n1\n1\n",
        ", line 3, customer_id: line 2 has the same website and customer_id."
        " Keep one of the two.",
        id="customer",
    ),
    refused(
        "order_lines.csv",
        "order_id,line,sku,quantity,price,row_total\n7,1,MUG,1,10,10\n7,1,CUP,1,9,9\n",
        ", line 3, line: line 2 has the same website and order_id and line."
        " Keep one of the two.",
        before={
            "orders.csv": "order_id,created_at,status,grand_total\n7,2026-01-01,new,1\n"
        },
        id="order-line",
    ),
]


@pytest.mark.parametrize(("files", "faults"), [*REFERENCES, *TWINS])
async def test_it_is_refused_and_nothing_of_it_is_written(
    refuses: Refuses, files: Files, faults: list[str]
) -> None:
    await refuses(files, faults)
