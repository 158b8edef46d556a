"""What must be documented is, and what the documents name is there."""

from __future__ import annotations

import argparse
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from gateway import environment
from gateway.__main__ import _parser
from gateway.commands import COMMANDS
from gateway.config import Settings
from gateway.personalize.attributes import ATTRIBUTES
from gateway.personalize.cart_price_rules import CartPriceRuleDefinition
from gateway.personalize.catalogue_price_rules import (
    PRICE_ACTIONS,
    CataloguePriceRuleDefinition,
)
from gateway.personalize.discounts import DISCOUNT_ACTIONS
from gateway.personalize.dynamic_blocks import DynamicBlockDefinition
from gateway.personalize.element_lists import LISTS
from gateway.personalize.operators import OPERATORS
from gateway.personalize.related_product_rules import RelatedProductRuleDefinition
from gateway.personalize.segments import SegmentDefinition
from gateway.personalize.targets import Target
from gateway.schema.errors import Category
from tests.documents import PAGES, ROOT, anchors, name, prose, spans, text

DECISIONS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
MAKEFILE = text("Makefile")
MODULES = sorted((ROOT / "gateway").rglob("*.py"))
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in MODULES)


def _each(*found: object) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("found", found, ids=str)


def _options(
    parser: argparse.ArgumentParser, command: str = "gateway"
) -> Iterator[str]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, inner in action.choices.items():
                yield f"{command} {word}"
                yield from _options(inner, f"{command} {word}")
        else:
            yield from set(action.option_strings) - {"-h", "--help"}


def _in_the_makefile() -> set[str]:
    return set(re.findall(r"^([a-z]+):.*## ", MAKEFILE, re.MULTILINE))


# What must be documented ------------------------------------------------------------


@_each(*re.findall(r"^\| `(\w+)`", environment.table(Settings), re.MULTILINE))
def test_a_setting_is_documented(found: str) -> None:
    assert f"| `{found}` |" in text("docs/operations.md")


@_each(*sorted({found for name in COMMANDS for found in _options(_parser([name]))}))
def test_a_command_or_option_is_documented(found: str) -> None:
    assert re.search(rf"{found}\b", text("docs/operations.md"))


@_each(*ATTRIBUTES, *LISTS, *OPERATORS)
def test_what_conditions_are_made_of_is_documented(found: str) -> None:
    assert f"| `{found}` |" in text("docs/reference.md")


@_each(*DISCOUNT_ACTIONS)
def test_a_discount_action_is_documented(found: str) -> None:
    assert f"### `{found}`: {DISCOUNT_ACTIONS[found].label}" in text(
        "docs/reference.md"
    )


@_each(*PRICE_ACTIONS)
def test_a_price_action_is_documented(found: str) -> None:
    title = f"### Price action `{found}`: {PRICE_ACTIONS[found].label}"

    assert title in text("docs/reference.md")


@_each(
    *sorted(
        {
            {"from_day": "from", "to_day": "to"}.get(field.name, field.name)
            for definition in (
                SegmentDefinition,
                CartPriceRuleDefinition,
                CataloguePriceRuleDefinition,
                DynamicBlockDefinition,
                RelatedProductRuleDefinition,
                Target,
            )
            for field in fields(definition)
        }
        - {"target"}
    )
)
def test_a_field_of_a_definition_is_documented(found: str) -> None:
    assert f"`{found}`" in text("docs/admin.md")


@_each(*Category)
def test_a_category_of_errors_is_documented(found: Category) -> None:
    assert f"| `{found}` |" in text("docs/storefront.md")


@_each(*sorted(_in_the_makefile() - {"help", "install"}))
def test_a_target_of_make_is_documented(found: str) -> None:
    assert f"| `make {found}` |" in text("CONTRIBUTING.md")


def test_a_dependency_has_its_reason() -> None:
    project = tomllib.loads(text("pyproject.toml"))
    web = json.loads(text("web/package.json"))
    wanted = [
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
        *project["dependency-groups"]["node"],
        *web["dependencies"],
        *web["devDependencies"],
    ]
    names = {re.split(r"[\[<>=;]", one)[0] for one in wanted}

    reasons = text("docs/decisions/0004-dependencies.md")

    assert set(re.findall(r"^\| `([^`]+)` \|", reasons, re.MULTILINE)) == names


# What the documents name ------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_link_leads_somewhere(page: Path) -> None:
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, fragment = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (fragment and fragment not in anchors(target)):
            broken.append(link)

    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_path_that_is_named_is_there(page: Path) -> None:
    named = {one for one in spans(page) if re.match(r"(gateway|sql|docs|web)/", one)}
    gone = {
        one
        for one in named
        # The first is what make web writes, and git ignores.
        if not one.startswith("gateway/static") and not (ROOT / one).exists()
    }

    assert gone == set()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_target_of_make_that_is_named_is_there(page: Path) -> None:
    written = re.findall(r"`make ([a-z ]+)`|^make ([a-z ]+)$", text(page), re.MULTILINE)
    named = {target for words in written for word in words for target in word.split()}

    assert named - _in_the_makefile() == set()


def test_what_the_glossary_finds_in_code_is_there() -> None:
    glossary = text("docs/glossary.md")
    rows = re.findall(r"^\| \*\*.*\| ([^|]*) \|$", glossary, re.MULTILINE)
    named = {one for row in rows for one in re.findall(r"`([A-Za-z_]+)`", row)}

    gone = {one for one in named if not re.search(rf"\b{one}\b", SOURCE)}

    assert len(rows) > 50
    assert gone == set()


def test_a_logger_that_is_named_logs() -> None:
    page = ROOT / "docs/operations.md"
    named = {one for one in spans(page) if re.fullmatch(r"gateway(\.\w+)+", one)}
    by_name = set(re.findall(r'getLogger\("([\w.]+)"\)', SOURCE))
    by_module = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in MODULES
        if "getLogger(__name__)" in path.read_text(encoding="utf-8")
    }

    assert named
    assert named - by_name - by_module == set()


# Decisions --------------------------------------------------------------------------


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(page.name[:4]) for page in DECISIONS]

    assert numbers == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_has_a_title_tags_and_two_paragraphs(page: Path) -> None:
    title, tags, *paragraphs = text(page).strip().split("\n\n")
    index = text("docs/decisions/README.md")

    assert re.fullmatch(r"# [^\n]+", title)
    assert re.fullmatch(r"Tags: [a-z, ]+", tags)
    assert f"[{title[2:]}]({page.name})" in index
    # The dependencies are a list of small decisions.
    assert len(paragraphs) == 2 or page.stem == "0004-dependencies"
