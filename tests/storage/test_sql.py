"""A file of queries is read strictly, so that none is lost or has a wrong name."""

import pytest

from gateway.storage import sql
from gateway.storage.errors import BadQueryFile

_FILE = """\
-- Segments, and what they are made of.

-- active
-- Every active segment of website $1, by key.
-- Those of no website are left out.
select key, name
  from segment
 -- A comment of the query stays with it.
 where website = $1
 order by key;

-- forget
-- Forget segment $1.
delete from segment where key = $1;
"""


def test_a_file_is_split_into_its_queries() -> None:
    queries = sql.parse(_FILE, "segments.sql")

    assert list(queries) == ["active", "forget"]
    assert queries["forget"] == "delete from segment where key = $1;"
    assert queries["active"].splitlines()[0] == "select key, name"
    assert " -- A comment of the query stays with it." in queries["active"]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        pytest.param(
            "select 1;",
            (
                "f.sql, line 1: a query begins with its name, as '-- active_segments',"
                " not with 'select 1;'; inside it there is no blank line"
            ),
            id="no name",
        ),
        pytest.param(
            "-- one\n-- One.\nselect 1\n\n  from two;",
            (
                "f.sql, line 5: a query begins with its name, as '-- active_segments',"
                " not with '  from two;'; inside it there is no blank line"
            ),
            id="a blank line inside",
        ),
        pytest.param(
            "-- one\nselect 1;",
            (
                "f.sql, line 1: say in a comment line below '-- one' what it answers"
                " and what its parameters are"
            ),
            id="no prose",
        ),
        pytest.param(
            "\n-- one\n-- One.\n", "f.sql, line 2: 'one' has no SQL", id="no SQL"
        ),
        pytest.param(
            "-- one\n-- One.\nselect 1;\n\n-- one\n-- Two.\nselect 2;",
            "f.sql, line 5: a second query is called 'one'",
            id="twins",
        ),
    ],
)
def test_a_file_that_is_written_otherwise_is_refused(text: str, refusal: str) -> None:
    with pytest.raises(BadQueryFile) as refused:
        sql.parse(text, "f.sql")

    assert str(refused.value) == refusal


def test_a_query_is_an_attribute_and_a_wrong_one_names_those_there_are() -> None:
    queries = sql.queries("migrations")

    assert queries.applied.startswith("select name, checksum")
    with pytest.raises(AttributeError) as unknown:
        _ = queries.aplied
    assert str(unknown.value) == (
        "sql/queries/migrations.sql has no query 'aplied'; it has applied,"
        " has_record, limit_waiting, make_record, record, try_lock"
    )
