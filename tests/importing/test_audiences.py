"""Audiences and their members, from files."""

from __future__ import annotations

from typing import Any

from tests.importing.given import CUSTOMERS, TWO_WEBSITES, BringIn, Files, Refuses
from tests.rows import Shop

AUDIENCES = """\
key,name,websites,ttl_seconds
hikers,Hikers,"[""main""]",3600
friends,Friends,"[""main"", ""us""]",
"""
BEFORE: Files = {
    "websites.csv": TWO_WEBSITES,
    "customers.csv": f"website,{CUSTOMERS}".replace("\n1", "\nmain,1").replace(
        "\n2", "\nmain,2"
    ),
    "audiences.csv": AUDIENCES,
}
_MEMBERS = """
select jsonb_agg(jsonb_build_array(customer_id, audience,
                                   qualified_at at time zone 'UTC',
                                   expires_at at time zone 'UTC')
                 order by customer_id, audience)
  from audience_member
"""


async def members(shop: Shop) -> Any:
    return await shop.value(_MEMBERS)


async def test_audiences_and_their_members_are_imported(
    bring_in: BringIn, shop: Shop
) -> None:
    rows = """\
customer_id,audience,qualified_at,expires_at
1,hikers,2026-01-01T12:00:00,
1,friends,2026-01-01T12:00:00Z,
2,friends,2026-07-01T12:00:00Z,2026-08-01T00:00:00.123456Z
"""

    report = await bring_in({**BEFORE, "audience_members.csv": rows}, website="main")

    assert report.succeeded, str(report)
    assert await members(shop) == [
        ["1", "friends", "2026-01-01T12:00:00", None],
        # What the website's clocks showed, and for an hour.
        ["1", "hikers", "2026-01-01T11:00:00", "2026-01-01T12:00:00"],
        ["2", "friends", "2026-07-01T12:00:00", "2026-08-01T00:00:00.123456"],
    ]


async def test_what_is_imported_once_more_is_left_alone(
    bring_in: BringIn, shop: Shop
) -> None:
    files = {
        **BEFORE,
        "audience_members.csv": "customer_id,audience\n1,hikers\n2,friends\n",
    }
    first = await bring_in(files, website="main")
    version = await shop.value("select max(version) from customer")
    before = await members(shop)

    again = await bring_in(files, website="main")

    assert [file.added for file in first.files] == [2, 2, 2, 2]
    assert [file.added + file.changed for file in again.files] == [0, 0, 0, 0]
    assert await members(shop) == before
    assert await shop.value("select max(version) from customer") == version


async def test_who_qualifies_anew_stays_as_long_again(
    bring_in: BringIn, shop: Shop
) -> None:
    head = "customer_id,audience,qualified_at\n"
    for hour in ("10", "11"):
        row = f"1,hikers,2026-01-01T{hour}:00:00Z\n"
        await bring_in({**BEFORE, "audience_members.csv": head + row}, website="main")

    assert await members(shop) == [
        ["1", "hikers", "2026-01-01T11:00:00", "2026-01-01T12:00:00"]
    ]


async def test_members_of_nothing_and_nobody_are_refused(refuses: Refuses) -> None:
    rows = """\
website,customer_id,audience
main,1,hikers
us,1,hikers
main,9,hikers
main,1,campers
main,1,hikers
"""
    line = "audience_members.csv, line "
    on_it = "on its website. Import it first, or correct this one."
    twice = "website and audience and customer_id. Keep one of the two."

    await refuses(
        {**BEFORE, "audience_members.csv": rows},
        [
            f"{line}3, audience: there is no audience 'hikers' {on_it}",
            f"{line}3, customer_id: there is no customer '1' {on_it}",
            f"{line}4, customer_id: there is no customer '9' {on_it}",
            f"{line}5, audience: there is no audience 'campers' {on_it}",
            f"{line}6, customer_id: line 2 has the same {twice}",
        ],
    )


async def test_what_the_admin_door_refuses_of_an_audience_is_refused(
    bring_in: BringIn, shop: Shop
) -> None:
    report = await bring_in(
        {
            "websites.csv": TWO_WEBSITES,
            "audiences.csv": AUDIENCES.replace('""us""', '""moon""'),
        }
    )

    (fault,) = report.faults
    assert str(fault) == (
        "audiences.csv, line 3, websites.1: there is no website 'moon'. Write one of:"
        " main, us."
    )
    assert await shop.value("select count(*) from audience") == 0
