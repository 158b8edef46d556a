"""The expected results from Magento's own test suites, in the folder beside ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

_FOLDER = (Path(__file__).parents[2] / "shared" / "vectors").resolve()


def vectors(name: str) -> list[Any]:
    """Return the cases of one file, each a parameter, or skip the module."""
    path = _FOLDER / name
    if not path.exists():
        pytest.skip(
            f"Magento's own vectors are not here: {path} does not exist.",
            allow_module_level=True,
        )
    cases = json.loads(path.read_text(encoding="utf-8"))["vectors"]
    return [pytest.param(case, id=case["id"]) for case in cases]
