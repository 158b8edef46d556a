"""What a subject says of its definitions, and how one is judged by what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from gateway.personalize import segment_references
from gateway.personalize.attributes import Attributes
from gateway.personalize.definitions import as_given
from gateway.personalize.errors import InvalidInput, Problem
from gateway.personalize.grammar import Limits, Tree
from gateway.resolvers import checks
from gateway.resolvers.checks import Reference
from gateway.storage.database import Connection
from gateway.storage.definitions import Names

Given = Mapping[str, Any]
Problems = Sequence[Problem]


class Definition(Protocol):
    """What every definition has."""

    @property
    def key(self) -> str: ...  # noqa: D102
    @property
    def websites(self) -> tuple[str, ...]: ...  # noqa: D102


D = TypeVar("D", bound=Definition)
D_contra = TypeVar("D_contra", contravariant=True)


class Compile(Protocol[D_contra]):
    """Raises what keeps a definition out of the rule book."""

    def __call__(  # noqa: D102
        self, definition: D_contra, attributes: Attributes, /, *, limits: Limits
    ) -> object: ...


class Subject(Generic[D]):
    """What definitions are of, as segments are; a subclass says what is its own.

    They are *read* and, where there is something to *compile*, compiled by the
    subject's module in ``personalize``. *judged* are the fields that ``compile`` looks
    at, *smallest* the others that cannot be missing: with both, conditions are judged
    beside faulty fields.
    """

    name: str
    judged: tuple[str, ...] = ()
    smallest: ClassVar[Given] = {"key": "x", "name": "x", "websites": ("x",)}

    def __init__(
        self, read: Callable[[Given], D], compile: Compile[D] | None = None
    ) -> None:
        self.read = read
        self._compile = compile

    # What a subject says of itself ------------------------------------------------

    def prepare(self, given: Given) -> tuple[Given, Problems, Problems]:
        """Return what is to be saved in place of *given*, with warnings and faults."""
        return given, (), ()

    def references(self, definition: D) -> Iterator[Reference]:
        """Yield everything the definition refers to by name."""
        yield from each_of("websites", "websites", definition.websites)

    def asks(self, definition: D) -> bool:
        """Whether the definition asks for others, which may be out of use."""
        found = {one.subject for one in self.references(definition)}
        return not found.isdisjoint(_IN_RULE_BOOKS)

    def fixed(self, definition: D, stored: Given) -> Iterable[Problem]:  # noqa: ARG002
        """Tell what differs from *stored* although it never may."""
        return ()

    async def taken(
        self,
        connection: Connection,  # noqa: ARG002
        definition: D,  # noqa: ARG002
    ) -> Iterable[Problem]:
        """Tell what another definition has already, of which there can be one."""
        return ()

    async def require(self, connection: Connection, definition: D) -> None:
        """Raise InvalidInput for what other definitions make impossible."""

    def row(self, definition: D) -> dict[str, Any]:
        """Return the columns of the definition."""
        return as_given(definition)

    # How a definition is judged ---------------------------------------------------

    def judge(
        self, given: Given, attributes: Attributes, limits: Limits
    ) -> tuple[D, Problems]:
        """Return what is to be saved of *given*, with warnings.

        Raises:
            InvalidInput: with every fault of fields and conditions.
        """
        prepared, warnings, found = self.prepare(given)
        problems = list(found)
        definition: D | None = None
        with _Noting(problems):
            definition = self.read(prepared)
        sound = definition
        if sound is None:
            sound = self._sound(prepared, problems)
        if sound is not None:
            with _Noting(problems):
                self._require_compiled(sound, attributes, limits)
        if definition is None or problems:
            raise InvalidInput(*problems)
        return definition, tuple(warnings)

    def _sound(self, given: Given, problems: Problems) -> D | None:
        """Return what can be compiled of a definition whose other fields are faulty."""
        faulty = {problem.path.partition(".")[0] for problem in problems}
        if not faulty.isdisjoint(self.judged):
            return None
        judged = {name: given[name] for name in self.judged if name in given}
        return self.read({**self.smallest, **judged})

    def faults(
        self,
        definition: D,
        attributes: Attributes,
        limits: Limits,
        names: Names,
    ) -> Problems:
        """Tell what keeps a stored definition out of the rule book."""
        problems = checks.unknown(self.references(definition), names)
        with _Noting(problems):
            self._require_compiled(definition, attributes, limits)
        return tuple(problems)

    def _require_compiled(
        self, definition: D, attributes: Attributes, limits: Limits
    ) -> None:
        if self._compile is not None:
            self._compile(definition, attributes, limits=limits)


def each_of(path: str, subject: str, names: Iterable[object]) -> Iterator[Reference]:
    """Yield a reference for each of the *names* in the list at *path*."""
    for position, name in enumerate(names):
        yield Reference(f"{path}.{position}", subject, str(name))


def asked_by(conditions: Tree | None) -> Iterator[Reference]:
    """Yield a reference for whatever conditions ask for by its key."""
    for attribute, subject in _ASKED.items():
        for path, key in segment_references.asked(conditions, attribute=attribute):
            yield Reference(path, subject, key)


_ASKED = {
    "customer.audience": "audiences",
    "customer.segment": "segments",
    "customer.group": "customer_groups",
    "customer.store_view": "store_views",
}


_IN_RULE_BOOKS = {
    "audiences",
    "segments",
    "cart_price_rules",
    "catalogue_price_rules",
}


class _Noting:
    """Note the faults of the block in *problems*, and go on after it."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, raised: BaseException | None, __: object) -> bool:
        if isinstance(raised, InvalidInput):
            self._problems.extend(raised.problems)
            return True
        return False
