"""Addresses of customers and of orders, with a shop's own attributes."""

from __future__ import annotations

from gateway.storage import rulebooks
from gateway.storage.database import Database
from tests.importing.given import CUSTOMERS, WEBSITES, BringIn, Files, Refuses
from tests.rows import Shop

ORDERS = "order_id,customer_id,created_at,status,grand_total\n7,1,2026-01-01,new,10\n"
BEFORE = {"websites.csv": WEBSITES, "customers.csv": CUSTOMERS, "orders.csv": ORDERS}


async def test_every_column_of_an_address_is_kept(
    bring_in: BringIn, shop: Shop
) -> None:
    columns = {
        name: f"the {name}"
        for name in (
            "first_name",
            "last_name",
            "prefix",
            "middle_name",
            "suffix",
            "company",
            "street",
            "city",
            "region",
            "region_code",
            "postcode",
            "telephone",
            "fax",
            "vat_id",
        )
    }
    head, row = ",".join(columns), ",".join(columns.values())
    own = '"{""dock"": true, ""gates"": [""east""]}"'

    report = await bring_in(
        {
            **BEFORE,
            "addresses.csv": f"customer_id,address_id,attributes,country,{head}\n"
            f"1,a,{own},AT,{row}\n",
            "order_addresses.csv": f"order_id,type,attributes,country,{head}\n"
            f"7,billing,{own},AT,{row}\n",
        }
    )

    assert report.succeeded, str(report)
    kept = {
        **columns,
        "country": "AT",
        "attributes": {"dock": True, "gates": ["east"]},
        "website": "main",
    }
    assert await shop.value("select to_jsonb(a) from address a") == {
        **kept,
        "customer_id": "1",
        "address_id": "a",
        "default_billing": False,
        "default_shipping": False,
    }
    assert await shop.value("select to_jsonb(a) from order_address a") == {
        **kept,
        "order_id": "7",
        "type": "billing",
    }
    declared = "select jsonb_object_agg(entity || '.' || code, kind)"
    assert await shop.value(f"{declared} from attribute_declaration") == {
        "address.dock": "boolean",
        "address.gates": "multiselect",
    }


async def test_what_a_file_has_no_column_for_stays(
    bring_in: BringIn, shop: Shop
) -> None:
    files = {
        **BEFORE,
        "order_addresses.csv": "order_id,type,city,fax\n7,billing,Graz,1\n",
    }
    await bring_in(files)

    same = await bring_in(files)
    report = await bring_in(
        {"order_addresses.csv": "order_id,type,city\n7,billing,Linz\n"}
    )

    assert [file.unchanged for file in same.files] == [1, 2, 1, 1]
    assert [file.changed for file in report.files] == [1]
    found = "select array[city, fax] from order_address"
    assert await shop.value(found) == ["Linz", "1"]


async def test_an_address_of_no_order_is_refused(refuses: Refuses) -> None:
    files: Files = {
        **BEFORE,
        "order_addresses.csv": "order_id,type,city\n8,billing,Graz\n7,home,Linz\n",
    }

    await refuses(
        files,
        [
            (
                "order_addresses.csv, line 3, type: 'home' is not a choice."
                " Write one of: billing, shipping."
            )
        ],
    )
    await refuses(
        {**files, "order_addresses.csv": "order_id,type,city\n8,billing,Graz\n"},
        [
            (
                "order_addresses.csv, line 2, order_id: there is no order '8' on its"
                " website. Import it first, or correct this one."
            )
        ],
    )


async def test_one_order_has_one_address_of_each_type(refuses: Refuses) -> None:
    rows = "7,billing,Graz\n7,shipping,Graz\n7,billing,Linz\n"

    await refuses(
        {**BEFORE, "order_addresses.csv": f"order_id,type,city\n{rows}"},
        [
            (
                "order_addresses.csv, line 4, type: line 2 has the same website and"
                " order_id and type. Keep one of the two."
            )
        ],
    )


async def test_an_attribute_can_be_declared_as_not_for_conditions(
    bring_in: BringIn, database: Database
) -> None:
    head = "entity,code,kind"
    await bring_in(
        {
            "attributes.csv": f"{head},in_conditions\n"
            "address,dock,boolean,yes\ncustomer,note,text,no\n"
        }
    )

    # A file without the column leaves it as it is.
    report = await bring_in({"attributes.csv": f"{head}\ncustomer,note,select\n"})
    attributes = await rulebooks.attributes(database)

    assert [file.changed for file in report.files] == [1]
    note, dock = attributes.find("customer.note"), attributes.find("address.dock")
    assert note is not None
    assert dock is not None
    assert (note.kind, note.in_conditions) == ("select", False)
    assert dock.in_conditions
