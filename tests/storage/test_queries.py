"""Every query fits the schema, every name of one is right, and none is left over."""

import ast
from pathlib import Path

import pytest

import gateway
from gateway.storage import sql
from gateway.storage.connection import connection_to

_QUERIES = {
    f"{file}.{name}": query
    for file in sql.files()
    for name, query in sql.queries(file).by_name.items()
}
_PACKAGE = Path(gateway.__file__).parent
_TREES = {
    path.relative_to(_PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(_PACKAGE.rglob("*.py"))
}


@pytest.mark.parametrize("name", _QUERIES)
async def test_a_query_can_be_prepared(workers_url: str, name: str) -> None:
    async with connection_to(workers_url) as connection:
        for query in _staging(name.rpartition(".")[0]):
            await connection.execute(query)
        await connection.prepare(_QUERIES[name])


@pytest.mark.parametrize("module", _TREES)
def test_a_module_asks_only_for_queries_that_are_there(module: str) -> None:
    files = _bound(_TREES[module])
    asked = {
        f"{files[node.value.id]}.{node.attr}"
        for node in _attributes(_TREES[module])
        if isinstance(node.value, ast.Name) and node.value.id in files
    }

    assert asked - _QUERIES.keys() == set()


@pytest.mark.parametrize("name", _QUERIES)
def test_a_query_is_asked_for_somewhere(name: str) -> None:
    asked = {each.attr for tree in _TREES.values() for each in _attributes(tree)}

    assert name.rpartition(".")[2] in asked


def _staging(file: str) -> list[str]:
    """What a file's other queries expect to have been run on their connection."""
    queries = sql.queries(file).by_name.values()
    beginning = "create temporary table"
    # Without a transaction they would be dropped at once.
    return [
        query.replace(" on commit drop", "")
        for query in queries
        if query.startswith(beginning)
    ]


def _attributes(tree: ast.AST) -> list[ast.Attribute]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]


def _bound(tree: ast.AST) -> dict[str, str]:
    """The names to which a module binds a file: `SQL = queries("segments")`."""
    bound = {}
    for node in ast.walk(tree):
        match node:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=function, args=[ast.Constant(value=str(file))]),
            ) if ast.unparse(function) in {"sql.queries", "queries"}:
                bound[name] = file
    return bound
