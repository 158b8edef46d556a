"""What is refused, and in which words; nothing of a refused file is written."""

from __future__ import annotations

import gzip
import io
import zlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gateway.importing.text_files import LONGEST_LINE
from tests.importing.given import (
    CUSTOMERS,
    PRODUCTS,
    TWO_WEBSITES,
    WEBSITES,
    BringIn,
    Files,
)
from tests.rows import Shop

_ROWS = """
select (select count(*) from product) + (select count(*) from customer)
       + (select count(*) from sales_order) + (select count(*) from order_line)
       + (select count(*) from address) + (select count(*) from wishlist_item)
       + (select count(*) from product_link) + (select count(*) from store_view)
       + (select count(*) from attribute_declaration) + (select count(*) from segment)
"""
_NUMBER = "Write a number such as 12 or 12.5."
_CODE = "Write 1 to 64 of a-z, 0-9, '-' and '_', beginning with a letter or digit."
_FIRST = "Import it first, or correct this one."


def parquet(**columns: object) -> bytes:
    """The bytes of a Parquet file."""
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def refused(
    name: str, content: str | bytes, *faults: str, before: Files | None = None, id: str
) -> object:
    """A case: a file after others that are in order, and how it is refused."""
    files = {"websites.csv": WEBSITES, **(before or {}), name: content}
    return pytest.param(files, [f"{name}{fault}" for fault in faults], id=id)


_PRODUCTS_FIRST: Files = {"products.csv": PRODUCTS}
_CUSTOMERS_FIRST: Files = {"customers.csv": CUSTOMERS}

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
        parquet(sku=["MUG"], price=[float("nan")]),
        f", row 1, price: nan is not a number. {_NUMBER}",
        id="not-a-number-in-parquet",
    ),
    refused(
        "product_links.csv",
        "sku,type,linked_sku,position\nMUG,related,CUP,1.5\n",
        ", line 2, position: 1.5 is not a whole number.",
        before=_PRODUCTS_FIRST,
        id="no-whole-number",
    ),
    refused(
        "product_links.csv",
        "sku,type,linked_sku,position\nMUG,related,CUP,2147483648\n",
        ", line 2, position: 2147483648 is too large. Write at most 2147483647.",
        before=_PRODUCTS_FIRST,
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
        "products.csv",
        "sku,special_to\nMUG,9999-12-31\n",
        ", line 2, special_to: the year 9999 is out of range."
        " Write one from 1800 to 2200, or nothing.",
        id="day-without-a-day-after-it",
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
        before=_CUSTOMERS_FIRST,
        id="no-country",
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
        before=_PRODUCTS_FIRST,
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
        before=_CUSTOMERS_FIRST,
        id="unknown-customer-of-an-address",
    ),
    refused(
        "orders.csv",
        "order_id,customer_id,created_at,status,grand_total\n7,3,2026-01-01,new,1\n",
        f", line 2, customer_id: there is no customer '3' on its website. {_FIRST}",
        before=_CUSTOMERS_FIRST,
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
        parquet(sku=["MUG", "MUG"]),
        ", row 2, sku: row 1 has the same website and sku. Keep one of the two.",
        id="product-in-parquet",
    ),
    refused(
        "product_links.csv",
        "sku,type,linked_sku,position\nMUG,related,CUP,1\nMUG,related,CUP,2\n",
        ", line 3, linked_sku: line 2 has the same website and sku and type and"
        " linked_sku. Keep one of the two.",
        before=_PRODUCTS_FIRST,
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

SHAPES = [
    refused(
        "products.csv",
        "sku,prize\nMUG,10\n",
        ", line 1, prize: products have no such column. Did you mean 'price'?",
        id="unknown-column",
    ),
    refused(
        "products.parquet",
        parquet(sku=["MUG"], prize=[10]),
        ", prize: products have no such column. Did you mean 'price'?",
        id="unknown-column-in-parquet",
    ),
    refused(
        "products.jsonl",
        '{"sku": "MUG"}\n{"sku": "CUP", "prize": 10}\n',
        ", line 2, prize: products have no such column. Did you mean 'price'?",
        id="unknown-column-in-a-line",
    ),
    refused(
        "products.csv",
        "sku,sku\nMUG,CUP\n",
        ", line 1, sku: the column stands there twice. Keep one.",
        id="column-twice",
    ),
    refused(
        "products.csv",
        "name,price\nMug,10\n",
        ", line 1, sku: the column is missing. Add it.",
        id="column-missing",
    ),
    refused(
        "products.csv",
        "sku,name\n,Mug\n",
        ", line 2, sku: it is missing. Write a value.",
        id="value-missing",
    ),
    refused(
        "products.jsonl",
        '{"name": "Mug"}\n',
        ", line 1, sku: it is missing. Write a value.",
        id="value-missing-in-a-line",
    ),
    refused(
        "products.csv",
        "",
        ", line 1: there is no header. Write the columns' names.",
        id="nothing",
    ),
    refused(
        "products.csv",
        "sku;price\nMUG;10\n",
        ", line 1: there is one column only. Separate by commas.",
        id="semicolons",
    ),
    refused(
        "products.csv",
        "sku,name\nMUG,Mug, white\n",
        ", line 2: there are 3 values for 2 columns. Put values with commas in quotes.",
        id="comma-without-quotes",
    ),
    refused(
        "products.csv",
        'sku,name\nCUP,"two\nlines"\nMUG,"Mug\n',
        ", line 4: it is not CSV: unexpected end of data."
        " Is a quote missing, or one too many?",
        id="quote-without-end",
    ),
    refused(
        "products.csv",
        'sku,name\nCUP,"two\nlines"\nMUG,Mug,\n',
        ", line 4: there are 3 values for 2 columns. Put values with commas in quotes.",
        id="line-after-a-value-of-two-lines",
    ),
    refused(
        "products.jsonl",
        '{"sku": "MUG"}\n\n{"sku": }\n',
        ", line 3: it is not JSON. Look at character 9.",
        id="no-json",
    ),
    refused(
        "products.jsonl",
        '["MUG"]\n',
        ', line 1: it is not an object. Write {"column": value} a line.',
        id="no-object",
    ),
    refused(
        "products.jsonl",
        '{"sku": "\\ud800"}\n',
        ", line 1: it is not JSON. Look at character 10.",
        id="half-a-character",
    ),
    refused(
        "products.csv",
        "sku,name\nMUG,Krug\nCUP,Täßchen\n".encode("latin-1"),
        ", line 3: byte 6 is not UTF-8. Save the file as UTF-8.",
        id="latin-1",
    ),
    refused(
        "products.csv",
        "sku\nMUG\n".encode("utf-16"),
        ", line 1: it is UTF-16. Save the file as UTF-8.",
        id="utf-16",
    ),
    refused(
        "products.jsonl",
        b'{"sku": "MUG"}\n' + b" " * (LONGEST_LINE + 1),
        ", line 2: it is longer than 4 MiB. Break it up.",
        id="endless-line",
    ),
    refused(
        "products.csv",
        'sku,name\nMUG,"' + "m" * 131_073,
        ", line 2: it is not CSV: field larger than field limit (131072)."
        " Is a quote missing, or one too many?",
        id="endless-value",
    ),
    refused(
        "products.csv.gz",
        PRODUCTS,
        ", line 1: it cannot be unpacked: Not a gzipped file (b'sk')."
        " Compress it with gzip again.",
        id="not-compressed",
    ),
    refused(
        "products.csv.gz",
        gzip.compress(PRODUCTS.encode())[:-8],
        ", line 1: it cannot be unpacked: Compressed file ended before the"
        " end-of-stream marker was reached. Compress it with gzip again.",
        id="half-a-compressed-file",
    ),
]


@pytest.mark.parametrize(
    ("files", "faults"), [*VALUES, *ATTRIBUTES, *REFERENCES, *TWINS, *SHAPES]
)
async def test_a_table_is_refused(
    bring_in: BringIn, shop: Shop, files: dict[str, str | bytes], faults: list[str]
) -> None:
    *before, last = files
    done = await bring_in({name: files[name] for name in before})
    rows = await shop.value(_ROWS)

    report = await bring_in(files)

    assert done.succeeded
    assert [str(fault) for fault in report.faults] == faults
    assert not report.succeeded
    assert last not in {file.file for file in report.files}
    assert await shop.value(_ROWS) == rows


async def test_twenty_faults_are_told_and_that_there_may_be_more(
    bring_in: BringIn,
) -> None:
    lines = "".join(f"MUG-{number},x\n" for number in range(30))

    report = await bring_in(
        {"websites.csv": WEBSITES, "products.csv": f"sku,price\n{lines}"}
    )

    assert len(report.faults) == 20
    assert report.faults[0].place == "line 2"
    assert report.faults[19].place == "line 21"
    assert report.more_faults
    assert "There may be more: only the first 20 are shown." in str(report)


async def test_faults_of_one_file_stand_in_the_order_of_its_lines(
    bring_in: BringIn,
) -> None:
    report = await bring_in(
        {
            "websites.csv": WEBSITES,
            "products.csv": "sku,price,weight\nA,1,x\n,1,1\nC,x,1\n",
        }
    )

    places = [(fault.place, fault.column) for fault in report.faults]
    assert places == [("line 2", "weight"), ("line 3", "sku"), ("line 4", "price")]
    assert not report.more_faults


async def test_a_broken_middle_of_a_compressed_file_is_refused(
    bring_in: BringIn,
) -> None:
    packed = bytearray(gzip.compress(PRODUCTS.encode() * 1000))
    packed[len(packed) // 2] ^= 0xFF

    report = await bring_in(
        {"websites.csv": WEBSITES, "products.csv.gz": bytes(packed)}
    )

    assert "Compress it with gzip again." in str(report.faults[0])


async def test_what_is_no_parquet_is_refused(bring_in: BringIn) -> None:
    report = await bring_in(
        {"websites.csv": WEBSITES, "products.parquet": zlib.compress(b"MUG")}
    )

    (fault,) = report.faults
    assert str(fault).startswith("products.parquet: it is not a Parquet file: ")
