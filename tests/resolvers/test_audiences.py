"""Who is in an audience, as the next answer has it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gateway.personalize.errors import Forbidden, InvalidInput, NotFound
from gateway.resolvers import audiences, segments
from gateway.resolvers.pages import Paging
from gateway.storage import audience_members
from gateway.storage.opened import Storage
from tests.factories import NOW, a_comparison
from tests.resolvers.conftest import Visiting
from tests.resolvers.conftest import segments as segments_of
from tests.rows import Shop

HOUR = timedelta(hours=1)
IN_HIKERS = a_comparison("customer.audience", "is_one_of", ["hikers"])


@pytest.fixture(autouse=True)
async def _hikers(
    shop: Shop,
    storage: Storage,  # noqa: ARG001 - It has made the website.
) -> None:
    """Two customers, an audience, and a segment of who is in it."""
    for customer_id in "12":
        await shop.customer(customer_id)
    await shop.audience("hikers", ttl_seconds=3600)
    await shop.segment("of-hikers", IN_HIKERS, applies_to="registered")


async def change(visiting: Visiting, **given: Any) -> audience_members.Changed:
    visit = visiting(is_server=True, session=None)
    return await audiences.change(visit, {"audience": "hikers", **given})


def refused(raised: pytest.ExceptionInfo[Any]) -> list[str]:
    return [str(problem) for problem in raised.value.problems]


async def test_whoever_comes_in_is_in_the_very_next_answer(visiting: Visiting) -> None:
    before = await segments_of(visiting("1"))

    changed = await change(visiting, members=[{"customer_id": "1"}])
    after = [await segments_of(visiting(one)) for one in "12"]
    again = await change(visiting, removed=["1", "2"])

    assert (before, after) == ([], [["of-hikers"], []])
    assert (changed.written, changed.removed) == (1, 0)
    assert (again.written, again.removed) == (0, 1)
    assert await segments_of(visiting("1")) == []


async def test_a_member_leaves_at_the_exact_instant(visiting: Visiting) -> None:
    moment = timedelta(microseconds=1)
    until = NOW + timedelta(minutes=5, microseconds=123_456)
    await change(
        visiting,
        members=[{"customer_id": "1", "expires_at": until}, {"customer_id": "2"}],
    )

    for customer_id, ends in (("1", until), ("2", NOW + HOUR)):
        found = [
            await segments_of(visiting(customer_id, at=at))
            for at in (NOW, ends - moment, ends)
        ]
        assert found == [["of-hikers"], ["of-hikers"], []]


async def test_an_answer_lasts_no_longer_than_a_membership(visiting: Visiting) -> None:
    await change(visiting, members=[{"customer_id": "1"}])

    decision = await visiting("1").decision()

    assert decision.valid_until == NOW + HOUR


async def test_only_a_server_says_who_is_in_an_audience(
    visiting: Visiting, shop: Shop
) -> None:
    for customer_id in (None, "1"):
        with pytest.raises(Forbidden, match="Only a server token may say"):
            await audiences.change(
                visiting(customer_id),
                {"audience": "hikers", "members": [{"customer_id": "1"}]},
            )

    assert await shop.value("select count(*) from audience_member") == 0


async def test_nobody_is_written_beside_a_customer_whom_nobody_knows(
    visiting: Visiting, shop: Shop
) -> None:
    with pytest.raises(InvalidInput) as raised:
        await change(
            visiting, members=[{"customer_id": one} for one in ("1", "8", "2", "9")]
        )

    said = "there is no such customer on this website. Import them first."
    assert refused(raised) == [
        f"members.1.customer_id: {said}",
        f"members.3.customer_id: {said}",
    ]
    assert await shop.value("select count(*) from audience_member") == 0


async def test_an_audience_of_another_website_has_no_members_here(
    visiting: Visiting, shop: Shop
) -> None:
    await shop.website("other")
    await shop.audience("theirs", websites=["other"])

    for key in ("theirs", "none"):
        with pytest.raises(InvalidInput) as raised:
            await change(visiting, audience=key, members=[{"customer_id": "1"}])
        (said,) = refused(raised)
        assert said == (
            f"audience: there is no audience '{key}' on this website. An administrator"
            " saves it first."
        )


async def test_an_audience_that_leaves_a_website_has_no_members_there(
    visiting: Visiting, shop: Shop
) -> None:
    await shop.website("other")
    await shop.execute("update audience set websites = '{base,other}'")
    await change(visiting, members=[{"customer_id": "1"}])
    assert await segments_of(visiting("1")) == ["of-hikers"]

    await shop.execute("update audience set websites = '{other}'")

    assert await segments_of(visiting("1")) == []
    assert await shop.value("select count(*) from audience_member") == 0


async def test_members_are_listed_by_pages(visiting: Visiting, shop: Shop) -> None:
    database = visiting().storage.database
    await shop.member("hikers", "1")
    await shop.member("hikers", "2", NOW)

    page = await audiences.members(database, "hikers", "base", Paging(1, 2))
    counts = await audience_members.counts(database, ["hikers"], NOW)

    assert [one.customer_id for one in page.items] == ["2"]
    assert page.items[0].expires_at == NOW
    assert page.total == 2
    assert [(one.website, one.members, one.expired) for one in counts["hikers"]] == [
        ("base", 1, 1)
    ]
    with pytest.raises(NotFound, match="there is no audience 'none'"):
        await audiences.members(database, "none", None, Paging())


async def test_who_has_expired_is_forgotten_after_a_while(
    visiting: Visiting, shop: Shop
) -> None:
    database = visiting().storage.database
    await shop.member("hikers", "1", NOW - timedelta(microseconds=1))
    await shop.member("hikers", "2", NOW)

    assert await audience_members.purge(database, NOW, 10) == 1
    assert await shop.value("select customer_id from audience_member") == "2"


async def test_an_audience_that_nothing_asks_for_is_deleted_with_its_members(
    visiting: Visiting, shop: Shop
) -> None:
    database = visiting().storage.database
    await change(visiting, members=[{"customer_id": "1"}])
    await segments.delete(database, "of-hikers")

    assert await audiences.delete(database, "hikers") == "hikers"
    assert await shop.value("select count(*) from audience_member") == 0


async def test_a_rule_whose_audience_is_gone_is_for_nobody(
    visiting: Visiting, shop: Shop
) -> None:
    others = a_comparison("customer.audience", "is_not_one_of", ["hikers"])
    await shop.segment("others", others, applies_to="registered")
    assert await segments_of(visiting("1")) == ["others"]

    # By hand; the admin door refuses it.
    await shop.execute("delete from audience")

    assert await segments_of(visiting("1")) == []
    (fault, _) = (await visiting().rulebook()).faults
    assert fault.key == "of-hikers"
    assert fault.reason == (
        "conditions.all.0.value.0: the audience 'hikers' is not in use on the website"
        " 'base'."
        " Save it for that website, or name another."
    )
