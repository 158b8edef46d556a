"""Segments over a year of real orders have the customers that the files say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from gateway.personalize.grammar import Limits
from gateway.resolvers import segment_refreshes, segments
from gateway.resolvers.matching import Job
from gateway.storage.database import connected
from tests.acceptance import retail_segments
from tests.acceptance.online_retail import WEBSITE
from tests.acceptance.retail_segments import SEGMENTS, WITHOUT_ADDRESS
from tests.refreshing import Told, members
from tests.waiting import UNHURRIED


def differences(
    meant: Mapping[str, frozenset[str]], found: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    for key, wanted in meant.items():
        assert wanted, f"nobody is in {key}: it shows nothing"
        matched = set(found.get(key, ()))
        if wanted != matched:
            missing, surplus = sorted(wanted - matched), sorted(matched - wanted)
            yield f"{key}: missing {missing[:3]}, surplus {surplus[:3]}"


async def test_every_segment_has_the_customers_that_the_files_say(
    segmented_retail_database_url: str, online_retail_source: Path
) -> None:
    assert len(SEGMENTS) >= 25
    job, told = Job(segmented_retail_database_url, Limits()), Told()
    async with connected(
        segmented_retail_database_url, pool_size=2, timeouts=UNHURRIED
    ) as database:
        for key, (conditions, _) in SEGMENTS.items():
            given = {"key": key, "name": key, "websites": [WEBSITE]}
            also = {"applies_to": "registered", "conditions": conditions}
            await segments.save(database, {**given, **also})

        async with database.connection() as connection:
            await connection.execute(
                "delete from address where customer_id like $1", WITHOUT_ADDRESS
            )

        await segment_refreshes.refresh(job, WEBSITE, None, 1, told)

        meant = retail_segments.meant(online_retail_source)
        assert list(differences(meant, await members(database))) == []
        assert told.done[0].decided == 4383
