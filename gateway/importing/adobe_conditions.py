"""From Adobe Commerce's condition trees to ours.

Three forms of the same tree are read: that of its web API (``condition_type``,
``attribute_name``), that of its database (``conditions_serialized``), and a plain one
(``type`` is ``combine``, ``address``, ``product``, ``product_found`` or
``product_subselect``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.personalize.constants import as_list, shown
from gateway.personalize.errors import Problem
from gateway.personalize.operators import OPERATORS, Kind
from gateway.personalize.relatives import Relatives

Given = Mapping[str, Any]
Tree = Mapping[str, Any]

_OPERATORS = {row.symbol: row.key for row in OPERATORS.values()}
_TYPES = {
    "salesrule\\model\\rule\\condition\\combine": "combine",
    "salesrule\\model\\rule\\condition\\product\\combine": "combine",
    "salesrule\\model\\rule\\condition\\address": "address",
    "salesrule\\model\\rule\\condition\\product": "product",
    "salesrule\\model\\rule\\condition\\product\\found": "product_found",
    "salesrule\\model\\rule\\condition\\product\\subselect": "product_subselect",
}
_CART_ATTRIBUTES = {
    "base_subtotal": "cart.subtotal",
    "base_subtotal_with_discount": "cart.subtotal_after_discounts",
    "base_subtotal_total_incl_tax": "cart.subtotal_including_tax",
    "total_qty": "cart.quantity",
    "weight": "cart.weight",
    "payment_method": "cart.payment_method",
    "shipping_method": "cart.shipping_method",
    "postcode": "cart.postcode",
    "region": "cart.region",
    "country_id": "cart.country",
}
_ITEM_ATTRIBUTES = {
    "quote_item_price": "item.price",
    "quote_item_qty": "item.quantity",
    "quote_item_row_total": "item.row_total",
}
_PRODUCT_ATTRIBUTES = {
    "category_ids": "product.category",
    "attribute_set_id": "product.attribute_set",
}
_SUMS = {"qty": "item.quantity", "base_row_total": "item.row_total"}
_SCOPES = {"parent": Relatives.PARENT, "children": Relatives.CHILDREN}
_FLAGS: Mapping[str, bool] = {"1": True, "true": True, "0": False, "false": False}


@dataclass
class Conversion:
    """Converts trees of one rule, and notes in *problems* what has no equal here.

    *categories* are our paths by id and by URL key, *kinds* those of the shop's own
    product attributes.
    """

    categories: Mapping[str, str]
    kinds: Mapping[str, Kind]
    problems: list[Problem] = field(default_factory=list)

    def tree(self, node: Any, path: str) -> Tree:
        """Return the tree that stands at *path*; it is only good without problems."""
        if not isinstance(node, Mapping):
            return self._problem(path, f"{shown(node)} is not a condition.")
        kind = _type_of(node)
        match kind:
            case "combine":
                are = self._flag(node.get("value", True), f"{path}.value")
                return {**self._combined(node, path), "are": are}
            case "product_found":
                flag = node.get("found", node.get("value", True))
                found = self._flag(flag, f"{path}.value")
                word = "found" if found else "not_found"
                if _aggregator_of(node) == "any":
                    self._require_conditions(node, path)
                return {word: "cart.items", **self._combined(node, path)}
            case "product_subselect":
                return self._subselection(node, path)
            case "address":
                return self._address(node, path)
            case "product":
                return self._product(node, path)
        said = f"conditions of the type {shown(kind)} have no equal here."
        return self._problem(path, said)

    def _combined(self, node: Given, path: str) -> Tree:
        aggregator = _aggregator_of(node)
        if aggregator not in {"all", "any"}:
            said = f"{shown(aggregator)} is neither all nor any."
            return self._problem(f"{path}.aggregator", said)
        children = node.get("conditions") or ()
        if not isinstance(children, Sequence) or isinstance(children, str):
            return self._problem(f"{path}.conditions", "it is not a list.")
        return {
            aggregator: [
                self.tree(child, f"{path}.conditions.{position}")
                for position, child in enumerate(children)
            ]
        }

    def _subselection(self, node: Given, path: str) -> Tree:
        code = _attribute_of(node)
        attribute = _SUMS.get(code)
        if attribute is None:
            said = f"a subselection of {shown(code)} has no equal here."
            return self._problem(f"{path}.attribute", said)
        self._require_conditions(node, path)
        compared = self._compared(node, path)
        return {"sum": attribute, **compared, **self._combined(node, path)}

    def _require_conditions(self, node: Given, path: str) -> None:
        """Refuse none at all: to Adobe Commerce nothing fits that, to us every line."""
        if not node.get("conditions"):
            said = "it has no conditions, and so never finds anything."
            self._problem(f"{path}.conditions", said)

    def _address(self, node: Given, path: str) -> Tree:
        code = _attribute_of(node)
        attribute = _CART_ATTRIBUTES.get(code)
        if attribute is None:
            said = f"the cart's attribute {shown(code)} has no equal here."
            return self._problem(f"{path}.attribute", said)
        return {"attribute": attribute, **self._compared(node, path)}

    def _product(self, node: Given, path: str) -> Tree:
        scope, code = _scope_of(node), _attribute_of(node)
        if code in _ITEM_ATTRIBUTES:
            attribute = _ITEM_ATTRIBUTES[code]
            return {"attribute": attribute, **self._compared(node, path)}
        tree = {
            "attribute": _PRODUCT_ATTRIBUTES.get(code, f"product.{code}"),
            **self._compared(node, path),
        }
        if scope:
            if scope not in _SCOPES:
                said = f"the scope {shown(scope)} has no equal here."
                return self._problem(f"{path}.attribute_scope", said)
            tree["of"] = _SCOPES[scope].value
        if code == "category_ids":
            tree["value"] = self._categories(node.get("value"), f"{path}.value")
        elif code == "attribute_set_id" or self.kinds.get(code) in {
            Kind.SELECT,
            Kind.MULTISELECT,
        }:
            self._refuse_ids(node.get("value"), f"{path}.value")
        return tree

    def _compared(self, node: Given, path: str) -> dict[str, Any]:
        symbol = node.get("operator")
        operator = _OPERATORS.get(symbol) if isinstance(symbol, str) else None
        if operator is None:
            said = f"the operator {shown(symbol)} has no equal here."
            self._problem(f"{path}.operator", said)
        return {"operator": operator, "value": node.get("value")}

    def _categories(self, value: Any, path: str) -> list[str]:
        keys = value.get("category_url_keys") if isinstance(value, Mapping) else value
        found = []
        for key in map(str, as_list(keys)):
            if key in self.categories:
                found.append(self.categories[key])
            else:
                said = f"the category {shown(key)} is not in categories.json."
                self._problem(path, said)
        return found

    def _refuse_ids(self, value: Any, path: str) -> None:
        """Refuse numbers of options: products here have the options themselves."""
        for one in as_list(value):
            if str(one).isdecimal():
                said = f"{shown(one)} is the number of an option, not what it says."
                self._problem(path, said)

    def _flag(self, value: Any, path: str) -> bool:
        flag = _FLAGS.get(str(value).lower())
        if flag is None:
            self._problem(path, f"{shown(value)} is neither true nor false.")
        return flag is not False

    def _problem(self, path: str, message: str) -> Tree:
        self.problems.append(Problem(path, message))
        return {}


def _type_of(node: Given) -> str:
    given = str(node.get("type") or node.get("condition_type") or "")
    name = given.replace("\\\\", "\\").lstrip("\\").lower()
    return _TYPES.get(name.removeprefix("magento\\"), given)


def _aggregator_of(node: Given) -> Any:
    return node.get("aggregator", node.get("aggregator_type")) or "all"


def _attribute_of(node: Given) -> str:
    given = str(node.get("attribute") or node.get("attribute_name") or "")
    return given.rpartition("::")[2]


def _scope_of(node: Given) -> str:
    given = str(node.get("attribute") or node.get("attribute_name") or "")
    scope = node.get("scope") or node.get("attribute_scope") or given.partition("::")[0]
    return str(scope) if "::" in given or scope != given else ""
