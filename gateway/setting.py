"""What a setting is: its variable, its kind, its default and what it is for."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class BadSettings(Exception):
    """Settings that cannot be used: one line for each, with what to write instead."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Kind(Generic[T]):
    """A kind of setting.

    *parse* raises `ValueError`, with what to write instead or, where *accepts* says
    it well enough, with nothing.
    """

    accepts: str
    parse: Callable[[str], T]


@dataclass(frozen=True)
class Setting:
    """What is known of a setting before anybody sets it."""

    variable: str
    kind: Kind[Any]
    default: Any  # the value, or its name where the machine decides
    meaning: str
    concealed: bool  # its value stands in no message, log or repr

    def read(self, given: str) -> Any:
        """Turn the variable's text into the setting's value.

        Raises:
            BadSettings: the text is not what the setting accepts.
        """
        try:
            return self.kind.parse(given)
        except ValueError as refused:
            remedy = str(refused) or f"write {self.kind.accepts}"
        if given.startswith("tcp://"):
            remedy += (
                "; Kubernetes sets this one for a service called 'gateway':"
                " set 'enableServiceLinks: false' for the pod"
            )
        shown = "cannot be used as it is set" if self.concealed else f"is {given!r}"
        raise BadSettings(f"{self.variable} {shown}; {remedy}.")

    def row(self) -> str:
        """Write the setting as a row of a Markdown table."""
        default: object = self.default
        if isinstance(default, bool):
            default = str(default).lower()
        elif isinstance(default, float):
            default = f"{default:g}"
        shown = "none" if default in (None, ()) else f"`{default}`"
        accepts = self.kind.accepts
        return f"| `{self.variable}` | {shown} | {accepts} | {self.meaning} |"


def setting(
    kind: Kind[Any],
    default: Any,
    meaning: str,
    *,
    concealed: bool = False,
    found: Callable[[], Any] | None = None,
) -> Any:
    """Describe a setting; *found* makes the default that *default* then only names."""
    metadata = {"kind": kind, "default": default, "meaning": meaning}
    if found is not None:
        return dataclasses.field(default_factory=found, metadata=metadata)
    return dataclasses.field(default=default, repr=not concealed, metadata=metadata)
