"""Measure a document in one walk, so that its price is known before any rule runs.

Each fragment is measured once, whatever the number of its spreads, so the walk is
linear in the document. Unknown fields, types and fragments and cycles of fragments
measure nothing: GraphQL's own rules refuse them afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLList,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableDefinitionNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
)

from gateway.schema.literals import Literals
from gateway.schema.page_sizes import PageSizes

# The schema's own lists come from memory and are as long as they are: asking for the
# whole schema is bounded by its number of fields.
SCHEMA_PAGE = 1


@dataclass(frozen=True, slots=True)
class Figures:
    """What a document asks for.

    *fields*, *aliases*, *directives* and *fragments* count what executing would see:
    a fragment as often as it is spread, in all operations together. *cost* is the
    number of fields, each times the sizes of the lists it stands in. *steps* is how
    many nodes the walk looked at. *faults* say which literals cannot be accepted.
    """

    depth: int
    fields: int
    aliases: int
    directives: int
    fragments: int
    root_fields: int
    operations: int
    list_items: int
    page_size: int
    cost: int
    introspects: bool
    page_variables: tuple[str, ...]
    faults: tuple[str, ...]
    steps: int


@dataclass(slots=True)
class _Tally:
    """The figures of one selection set.

    Its cost is a line: *flat*, and *paged* times the page of the field around it,
    for `products(pageSize: 5) { items { sku } }` names the size above the list.
    """

    depth: int = 0
    direct: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    fragments: int = 0
    flat: int = 0
    paged: int = 0

    def count(self, other: _Tally) -> None:
        self.fields += other.fields
        self.aliases += other.aliases
        self.directives += other.directives
        self.fragments += other.fragments

    def merge(self, other: _Tally) -> None:
        self.count(other)
        self.depth = max(self.depth, other.depth)
        self.direct += other.direct
        self.flat += other.flat
        self.paged += other.paged

    def cost(self, page: int) -> int:
        return self.flat + page * self.paged


_NOTHING = _Tally()
_Directed = (
    OperationDefinitionNode
    | FragmentDefinitionNode
    | VariableDefinitionNode
    | SelectionNode
)


def measure(
    schema: GraphQLSchema,
    document: DocumentNode,
    pages: Mapping[str, int | None],
    *,
    default_page: int,
) -> Figures:
    """Measure *document*, its page-size variables having the values *pages*.

    A list without a page size is taken to hold *default_page* items.
    """
    return _Walk(schema, document, pages, default_page).figures()


class _Walk:
    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        pages: Mapping[str, int | None],
        default_page: int,
    ) -> None:
        self.schema = schema
        self.default_page = default_page
        self.operations: list[OperationDefinitionNode] = []
        self.fragments: dict[str, FragmentDefinitionNode] = {}
        self.tallies: dict[str, _Tally] = {}
        self.literals = Literals()
        self.introspects = False
        self.steps = 0
        for node in document.definitions:
            if isinstance(node, OperationDefinitionNode):
                self.operations.append(node)
            elif isinstance(node, FragmentDefinitionNode):
                name = node.name.value
                # A second of one name is invalid, but the rules that say so walk it.
                twin = f"{name} {len(self.fragments)}"
                self.fragments[twin if name in self.fragments else name] = node
        self.pages = PageSizes(self.operations, pages)

    def figures(self) -> Figures:
        reached = self._measure_fragments()
        total = _Tally()
        root_fields = cost = 0
        for operation in self.operations:
            root = self.schema.get_root_type(operation.operation)
            tally = self._selections(operation.selection_set, root)
            tally.directives += self._directives(operation)
            for variable in operation.variable_definitions or ():
                tally.directives += self._directives(variable)
                if variable.default_value is not None:
                    self.literals.look(variable.default_value)
            root_fields = max(root_fields, tally.direct)
            cost = max(cost, tally.cost(self.default_page))
            total.merge(tally)
        # So is a fragment nobody spreads; it counts as spread once.
        for name in self.fragments.keys() - reached:
            total.merge(self.tallies[name])
            total.fragments += 1
        return Figures(
            depth=total.depth,
            fields=total.fields,
            aliases=total.aliases,
            directives=total.directives,
            fragments=total.fragments,
            root_fields=root_fields,
            operations=len(self.operations),
            list_items=self.literals.longest_list,
            page_size=self.pages.largest,
            cost=cost,
            introspects=self.introspects,
            page_variables=tuple(sorted(self.pages.variables)),
            faults=tuple(sorted(self.literals.faults)),
            steps=self.steps + self.literals.steps,
        )

    def _measure_fragments(self) -> set[str]:
        """Measure every fragment, innermost first; name those an operation reaches.

        Without recursion, for a chain of fragments may be as long as the document.
        """
        spreads = {
            name: set(self._spreads(fragment.selection_set)) & self.fragments.keys()
            for name, fragment in self.fragments.items()
        }
        begun: set[str] = set()
        roots = {
            name
            for operation in self.operations
            for name in self._spreads(operation.selection_set)
        }
        self._descend(roots & self.fragments.keys(), spreads, begun)
        reached = set(begun)
        self._descend(self.fragments, spreads, begun)
        return reached

    def _descend(
        self, names: Iterable[str], spreads: Mapping[str, set[str]], begun: set[str]
    ) -> None:
        path: list[tuple[str, Iterator[str]]] = [("", iter(names))]
        while path:
            name, inner = path[-1]
            following = next((each for each in inner if each not in begun), None)
            if following is not None:
                begun.add(following)
                path.append((following, iter(spreads[following])))
                continue
            path.pop()
            if name:
                self._measure_fragment(name)

    def _measure_fragment(self, name: str) -> None:
        fragment = self.fragments[name]
        parent = self.schema.get_type(fragment.type_condition.name.value)
        tally = self._selections(fragment.selection_set, parent)
        tally.directives += self._directives(fragment)
        self.tallies[name] = tally

    def _spreads(self, selection_set: SelectionSetNode) -> Iterator[str]:
        pending = [selection_set]
        while pending:
            for node in pending.pop().selections:
                self.steps += 1
                if isinstance(node, FragmentSpreadNode):
                    yield node.name.value
                elif isinstance(node, FieldNode | InlineFragmentNode):
                    pending += filter(None, [node.selection_set])

    def _selections(
        self, selection_set: SelectionSetNode, parent: GraphQLNamedType | None
    ) -> _Tally:
        # It recurses as deep as one definition nests, which the parser bounds.
        tally = _Tally()
        for node in selection_set.selections:
            self.steps += 1
            tally.directives += self._directives(node)
            if isinstance(node, FieldNode):
                self._field(node, parent, tally)
            elif isinstance(node, InlineFragmentNode):
                inner = parent
                if node.type_condition is not None:
                    inner = self.schema.get_type(node.type_condition.name.value)
                tally.merge(self._selections(node.selection_set, inner))
            elif isinstance(node, FragmentSpreadNode):
                tally.fragments += 1
                tally.merge(self.tallies.get(node.name.value, _NOTHING))
        return tally

    def _field(
        self, node: FieldNode, parent: GraphQLNamedType | None, tally: _Tally
    ) -> None:
        name = node.name.value
        self.introspects |= name in {"__schema", "__type"}
        for argument in node.arguments or ():
            self.literals.look(argument.value)
        definition = None
        if parent is not None and is_composite_type(parent):
            definition = self.schema.get_field(parent, name)
        named = get_named_type(definition.type) if definition else None
        children = _NOTHING
        if node.selection_set is not None:
            children = self._selections(node.selection_set, named)
        tally.direct += 1
        tally.fields += 1
        tally.aliases += node.alias is not None
        tally.count(children)
        tally.depth = max(tally.depth, 1 + children.depth)
        tally.flat += 1
        page = self.pages.of(node, definition) if definition else None
        of_schema = named is not None and named.name.startswith("__")
        default = SCHEMA_PAGE if of_schema else self.default_page
        if definition is None or not _is_list(definition):
            tally.flat += children.cost(default if page is None else page)
        elif page is None:
            tally.paged += children.cost(default)
        else:
            tally.flat += page * children.cost(default)

    def _directives(self, node: _Directed) -> int:
        for directive in node.directives or ():
            self.steps += 1
            for argument in directive.arguments or ():
                self.literals.look(argument.value)
        return len(node.directives or ())


def _is_list(field: GraphQLField) -> bool:
    return isinstance(get_nullable_type(field.type), GraphQLList)
