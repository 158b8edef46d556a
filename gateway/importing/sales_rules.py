"""Reads cart price rules as Adobe Commerce gives them away: sales_rules.json.

A rule that cannot be carried whole is left out and named, with every reason: half a
rule would give discounts that nobody meant. What a rule says beside its discount is
left behind and named.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.importing.adobe_conditions import Conversion, Given
from gateway.importing.faults import Faults
from gateway.personalize import constants
from gateway.personalize.constants import shown
from gateway.personalize.discounts import DISCOUNT_ACTIONS, DiscountAction, Step
from gateway.personalize.errors import Problem
from gateway.personalize.operators import Kind

CATEGORIES = "categories.json"

_FREE_SHIPPING = {
    "": "none",
    "0": "none",
    "1": "items",
    "2": "shipment",
    # As the interface of its web API calls them.
    "NONE": "none",
    "MATCHING_ITEMS_ONLY": "items",
    "FREE_WITH_MATCHING_ITEMS": "shipment",
}
_NO_COUPON = {"no_coupon", "1", ""}
_USES = ("uses_per_coupon", "uses_per_customer")
_TRUE = {"1", "true"}
_KNOWN = {
    *("rule_id", "key", "name", "description", "is_active", "website_ids", "websites"),
    *("customer_group_ids", "from_date", "to_date", "sort_order", "coupon_type"),
    *("coupon_code", "condition", "conditions", "conditions_serialized"),
    *("action_condition", "actions", "actions_serialized", "simple_action"),
    *("discount_amount", "discount_qty", "discount_step", "stop_rules_processing"),
    *("apply_to_shipping", "simple_free_shipping", "store_labels", "gift_sku"),
    *("gift_qty", "uses_per_coupon", "uses_per_customer", "use_auto_generation"),
    # They say nothing about what is given.
    *("is_advanced", "times_used", "is_rss", "row_id", "created_in", "updated_in"),
    *("product_ids", "extension_attributes", "store_label", "code", "from", "to"),
}


@dataclass(frozen=True)
class Converted:
    """One rule in our words; *given* is None if it is left out, for *problems*.

    *notes* are what was left behind of a rule that is carried.
    """

    title: str
    given: Given | None = None
    problems: Sequence[Problem] = ()
    notes: Sequence[Problem] = ()


@dataclass(frozen=True)
class Shop:
    """What rules are read against: see ``Conversion``."""

    website: str | None
    categories: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)


def items_of(text: str, faults: Faults) -> str:
    """Return the list in what a search of the web API answers, or what was given."""
    if not text.lstrip().startswith("{"):
        return text
    try:
        answer = json.loads(text)
    except ValueError as error:
        faults.refuse(None, "", f"it is not JSON: {error}.")
    items = answer.get("items")
    if not isinstance(items, list):
        faults.refuse(None, "items", "it is missing. Write a list of rules.")
    return json.dumps(items)


def categories_beside(path: Path, faults: Faults) -> Mapping[str, str]:
    """Read which of our paths Adobe's categories are, if a file beside *path* says so.

    It is a list of objects with a ``path`` and an ``id``, a ``url_key``, or both.
    """
    file = path.with_name(CATEGORIES)
    try:
        listed = json.loads(file.read_text(encoding="utf-8-sig"))
        return {
            str(one[name]): str(one["path"])
            for one in listed
            for name in ("id", "url_key")
            if one.get(name) not in {None, ""}
        }
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        said = (
            f'{CATEGORIES} is not a list of {{"id": ..., "url_key": ..., "path": ...}}.'
        )
        faults.refuse(None, "", said)


def convert(rule: Given, shop: Shop) -> Converted:
    """Return *rule* as ``cart_price_rules.read`` takes it, or why it is left out."""
    number = rule.get("rule_id")
    name = rule.get("name") or f"Rule {number}"
    title = f"rule {shown(number)} ({name})"
    conversion = Conversion(shop.categories, shop.kinds)
    problems, notes = conversion.problems, list[Problem]()
    action = str(rule.get("simple_action") or "")
    if not action and _is_empty(rule.get("discount_amount")):
        action = "by_percent"
    row = DISCOUNT_ACTIONS.get(action)
    if not action:
        problems.append(Problem("simple_action", "it is missing."))
    elif row is None:
        said = f"the action {shown(action)} has no equal here."
        problems.append(Problem("simple_action", said))
    step = rule.get("discount_step")
    if not _is_empty(step) and (row is None or row.step is Step.UNUSED):
        notes.append(Problem("discount_step", f"{action} takes no step."))
        step = None
    gifts = [one.strip() for one in str(rule.get("gift_sku") or "").split(",")]
    free = _FREE_SHIPPING.get(str(rule.get("simple_free_shipping") or ""))
    if free is None:
        said = f"{shown(rule['simple_free_shipping'])} is not a choice."
        problems.append(Problem("simple_free_shipping", said))
    given = {
        "key": rule.get("key") or f"sales-rule-{number}",
        "name": name,
        "description": rule.get("description"),
        "websites": _websites(rule, shop, problems, notes),
        "active": str(rule.get("is_active", 1)).lower() in _TRUE,
        "customer_groups": _groups(rule.get("customer_group_ids")),
        "from": _day(rule.get("from_date")),
        "to": _day(rule.get("to_date")),
        "priority": rule.get("sort_order") or 0,
        **_coupons(rule, problems, notes),
        "conditions": _tree(rule, _CONDITIONS, "condition", conversion),
        "item_conditions": _tree(rule, _ACTIONS, "action_condition", conversion),
        "action": action,
        "amount": _amount(rule, row),
        "at_most": rule.get("discount_qty"),
        "step": step,
        "gifts": [sku for sku in gifts if sku] or None,
        "discards_subsequent": _flag(rule, "stop_rules_processing"),
        "applies_to_shipping": _flag(rule, "apply_to_shipping"),
        "free_shipping": free,
        "label": _label(rule, notes),
    }
    notes += _left_behind(rule)
    if problems:
        return Converted(title, problems=problems)
    stated = {name: value for name, value in given.items() if value is not None}
    return Converted(title, stated, notes=notes)


_CONDITIONS = ("conditions_serialized", "conditions", "condition")
_ACTIONS = ("actions_serialized", "actions", "action_condition")


def _tree(
    rule: Given, names: Sequence[str], path: str, conversion: Conversion
) -> Given | None:
    try:
        return _shallow_tree(rule, names, path, conversion)
    except RecursionError:
        conversion.problems.append(Problem(path, "it is nested too deeply."))
        return None


def _shallow_tree(
    rule: Given, names: Sequence[str], path: str, conversion: Conversion
) -> Given | None:
    node = next((rule[name] for name in names if rule.get(name)), None)
    try:
        if isinstance(node, str):
            node = json.loads(node)
    except ValueError:
        said = "it is not JSON; older versions of Adobe Commerce wrote PHP."
        conversion.problems.append(Problem(path, said))
        return None
    return conversion.tree(node, path) if node else None


def _websites(
    rule: Given, shop: Shop, problems: list[Problem], notes: list[Problem]
) -> Any:
    named = rule.get("websites")
    if named:
        return named
    ids = rule.get("website_ids")
    if shop.website is None:
        said = "several websites are here, and Adobe's have numbers. Add 'websites'."
        problems.append(Problem("website_ids", said))
        return []
    if isinstance(ids, list) and len(ids) > 1:
        said = f"the rule is of {len(ids)} websites, and imported for {shop.website!r}."
        notes.append(Problem("website_ids", said))
    return [shop.website]


def _groups(given: Any) -> Any:
    if given == "all":
        return None
    if not isinstance(given, list):
        return given
    return [int(one) if str(one).isdecimal() else one for one in given]


def _amount(rule: Given, row: DiscountAction | None) -> Any:
    if row is not None and row.gives_gifts:
        return rule.get("gift_qty") or 1
    return rule.get("discount_amount") or 0


def _coupons(rule: Given, problems: list[Problem], notes: list[Problem]) -> Given:
    """Return what a rule says of coupons; uses are counted of coupons only."""
    if str(rule.get("coupon_type") or "").lower() in _NO_COUPON:
        notes += [
            _behind(one, rule[one]) for one in _USES if not _is_empty(rule.get(one))
        ]
        return {}
    uses = {one: rule.get(one) or 0 for one in _USES}
    if _flag(rule, "use_auto_generation") or _is_auto(rule):
        said = "its generated codes are left behind. Generate others."
        notes.append(Problem("use_auto_generation", said))
        return {"generated_coupons": True, **uses}
    code = rule.get("coupon_code") or rule.get("code")
    if not code:
        said = "the rule needs a coupon, and its codes are not here. Add 'coupon_code'."
        problems.append(Problem("coupon_type", said))
    return {"coupon_code": str(code or ""), **uses}


def _is_auto(rule: Given) -> bool:
    return str(rule.get("coupon_type")).lower() in {"auto", "3"}


def _label(rule: Given, notes: list[Problem]) -> str | None:
    label = rule.get("store_label")
    listed = rule.get("store_labels")
    for position, one in enumerate(listed if isinstance(listed, list) else ()):
        if not isinstance(one, Mapping):
            notes.append(Problem(f"store_labels.{position}", "it is not an object."))
        elif str(one.get("store_id")) == "0":
            label = one.get("store_label")
        else:
            said = f"of the store view {shown(one.get('store_id'))}, a number."
            notes.append(Problem(f"store_labels.{position}", said))
    return label or None


def _left_behind(rule: Given) -> list[Problem]:
    """Name every field that says something and is not carried."""
    return [
        _behind(name, value)
        for name, value in rule.items()
        if name not in _KNOWN and not _is_empty(value)
    ]


def _behind(name: str, value: Any) -> Problem:
    return Problem(name, f"{shown(value)} is left behind.")


def _day(given: Any) -> str | None:
    return str(given).partition(" ")[0].partition("T")[0] if given else None


def _flag(rule: Given, name: str) -> bool:
    return str(rule.get(name) or 0).lower() in _TRUE


def _is_empty(given: Any) -> bool:
    if given is None or given is False or given in ("", [], {}):
        return True
    number = constants.read_number(given)
    return not isinstance(number, tuple) and number == 0
