"""Files that are refused for their shape, and in which words."""

from __future__ import annotations

import gzip
import zlib

import pyarrow as pa
import pytest

from gateway.importing.text_files import LONGEST_LINE
from tests.importing.given import (
    PRODUCTS,
    WEBSITES,
    BringIn,
    Files,
    Refuses,
    parquet,
    refused,
)

SECONDS = pa.timestamp("s")
SHAPES = [
    refused(
        "products.csv",
        "sku,prize\nMUG,10\n",
        ", line 1, prize: products have no such column. Did you mean 'price'?",
        id="unknown-column",
    ),
    refused(
        "products.parquet",
        parquet({"sku": ["MUG"], "prize": [10]}),
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
        "products.jsonl",
        '{"sku": "MUG"}\n{"sku": "CUP", "price": 1, "price": 2}\n',
        ", line 2, price: it stands there twice. Keep one of the two.",
        id="column-twice-in-a-line",
    ),
    refused(
        "products.jsonl",
        '{"sku": "MUG", "attributes": {"color": "red", "color": "blue"}}\n',
        ", line 1, color: it stands there twice. Keep one of the two.",
        id="attribute-twice-in-a-line",
    ),
    refused(
        "products.csv",
        'sku,attributes\nMUG,"{""color"": ""red"", ""color"": ""blue""}"\n',
        ", line 2, attributes.color: it stands there twice. Keep one of the two.",
        id="attribute-twice-in-a-cell",
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
    *(
        refused(
            "customers.parquet",
            parquet({"customer_id": ["1"], column: pa.array([number], kind)}),
            ", row 1: it cannot be read: a day or a moment is of no year from 1 to"
            " 9999.",
            id=f"no-year-of-{id}",
        )
        for id, column, number, kind in (
            ("a-day", "date_of_birth", 2**31 - 1, pa.date32()),
            ("a-moment", "created_at", 2**62, pa.timestamp("us", "UTC")),
            ("seconds-that-are-thousandths", "created_at", 1_700_000_000_000, SECONDS),
        )
    ),
    refused(
        "products.jsonl",
        f'{{"sku": "MUG", "attributes": {"[" * 900}{"]" * 900}}}\n',
        ", line 1: it is not JSON. Look at character 1.",
        id="nested-too-deeply",
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


@pytest.mark.parametrize(("files", "faults"), SHAPES)
async def test_it_is_refused_and_nothing_of_it_is_written(
    refuses: Refuses, files: Files, faults: list[str]
) -> None:
    await refuses(files, faults)


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
