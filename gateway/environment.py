"""Settings as variables of the environment: how they are read, and listed."""

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from gateway import unknown_settings
from gateway.setting import BadSettings, Setting

Settings = TypeVar("Settings")

_OF_SERVICES = Path("/var/lib/personalization-gateway")


def data_directory(environ: Mapping[str, str]) -> Path:
    """Where data lies when nobody says where.

    PostgreSQL never runs as root, and nobody else may enter root's home: what root
    starts keeps its data where system services do. So does an account without a home,
    as containers have them.
    """
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return _OF_SERVICES
    home = environ.get("XDG_DATA_HOME") or "~/.local/share"
    try:
        return Path(home).expanduser() / "personalization-gateway"
    except RuntimeError:
        return _OF_SERVICES


def read(kind: type[Settings], environ: Mapping[str, str], **found: Any) -> Settings:
    """Read every setting from *environ*; what is not set there may be *found*.

    Raises:
        BadSettings: values cannot be used, or names that start with `GATEWAY_`
            are no settings; all of them are said at once.
    """
    settings = _settings(kind)
    known = {each.variable for each in settings.values()}
    problems = unknown_settings.problems(environ, known)
    for name, each in settings.items():
        given = environ.get(each.variable, "").strip()
        if given:
            try:
                found[name] = each.read(given)
            except BadSettings as bad:
                problems += bad.problems
    if problems:
        raise BadSettings(*problems)
    return kind(**found)


def table(kind: type[object]) -> str:
    """Write every setting as a Markdown table."""
    head = ["| variable | default | accepts | meaning |", "|---|---|---|---|"]
    return "\n".join([*head, *(each.row() for each in _settings(kind).values())]) + "\n"


def _settings(kind: Any) -> dict[str, Setting]:
    """Every setting by its attribute, in the order of the table."""
    return {
        field.name: Setting(
            variable=_variable(field.name),
            **field.metadata,
            concealed=not field.repr,
        )
        for field in dataclasses.fields(kind)
    }


def _variable(attribute: str) -> str:
    name = attribute.upper()
    return name if name in unknown_settings.BARE else unknown_settings.PREFIX + name
