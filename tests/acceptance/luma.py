"""Turns Magento's sample store "Luma" into an import directory.

magento/magento2-sample-data (OSL-3.0 / AFL-3.0), as it lies in the shared data.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.acceptance import files

WEBSITE = "luma"
STORE_VIEW = "default"

_KINDS = {
    "activity": "multiselect",
    "category_gear": "multiselect",
    "climate": "multiselect",
    "color": "select",
    "eco_collection": "boolean",
    "erin_recommends": "boolean",
    "features_bags": "multiselect",
    "format": "text",
    "gender": "multiselect",
    "material": "multiselect",
    "new": "boolean",
    "pattern": "multiselect",
    "performance_fabric": "boolean",
    "sale": "boolean",
    "size": "select",
    "strap_bags": "multiselect",
    "style_bags": "multiselect",
    "style_bottom": "multiselect",
    "style_general": "multiselect",
}
_VISIBILITIES = {
    "Catalog, Search": "catalog_search",
    "Not Visible Individually": "not_visible",
}
_ROOT = "Default Category/"
_RULE_KEYS = {
    1: "buy-3-tees-get-the-4th-free",
    2: "free-shipping-from-50",
    3: "20-percent-off-from-200",
    4: "4-dollar-water-bottle",
}
_LOCATIONS = {
    "cms_footer_links_container": "footer",
    "content": "content",
    "content.top": "content",
    "customer.login.container": "content",
    "sidebar.main": "left",
}
_DIRECTIVE = re.compile(r"{{(\w+)(.*?)}}", re.DOTALL)
_ARGUMENT = re.compile(r'"([^"]*)"')

Json = Mapping[str, Any]


def convert(source: Path, target: Path) -> None:
    """Write the store in *source* as files into *target*.

    Its two orders are left out: nobody says what they came to.
    """
    categories = files.read_json(source / "categories.json")
    paths = {one["url_key"]: _slug(_names(one)) for one in categories}
    files.write_csv(
        target / "websites.csv",
        {
            "code": [WEBSITE],
            "name": ["Luma"],
            "timezone": ["America/Los_Angeles"],
            "currency": ["USD"],
        },
    )
    files.write_csv(
        target / "store_views.csv",
        {"code": [STORE_VIEW], "name": ["Default Store View"], "locale": ["en-US"]},
    )
    files.write_csv(
        target / "attributes.csv",
        {
            "entity": ["product"] * len(_KINDS),
            "code": list(_KINDS),
            "kind": list(_KINDS.values()),
        },
    )
    names = {_names(one) for one in categories}
    products = [_product(one, names) for one in products_of(source)]
    with gzip.open(target / "products.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(product)}\n" for product in products)
    _links(source, target)
    _customer(source, target)
    listed = [{"url_key": key, "path": path} for key, path in paths.items()]
    files.write_json(target / "categories.json", listed)
    files.write_json(target / "sales_rules.json", _rules(source))
    files.write_json(target / "dynamic_blocks.json", _blocks(source, paths))


def products_of(source: Path) -> Sequence[Json]:
    """Return the products as they are in the source."""
    with gzip.open(source / "products.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def links_of(source: Path) -> Sequence[tuple[str, str, str]]:
    """Return every link as SKU, list and linked SKU, as they are in the source.

    A few stand there twice, and some lead to grouped and bundle products, which were
    left out of the data.
    """
    rows = files.read_csv(source / "product_links.csv")
    return [(one["sku"], one["link_type"], one["linked_sku"]) for one in rows]


def blocks_of(source: Path) -> Sequence[Json]:
    """Return the CMS blocks as they are in the source."""
    blocks: Sequence[Json] = files.read_json(source / "cms_blocks.json")
    return blocks


def _product(given: Json, known: Collection[str]) -> Json:
    categories = dict.fromkeys(
        _slug(category)
        for path in given["categories"]
        for category in _known_categories(path, known)
    )
    return {
        "sku": given["sku"],
        "name": given["name"],
        "type": given["type"],
        "attribute_set": given["attribute_set"],
        "price": given["price"],
        "special_price": given["special_price"],
        "weight": given["weight"],
        "categories": list(categories),
        "attributes": {
            code: value in {"Yes", "1"} if kind == "boolean" else value
            for code, kind in _KINDS.items()
            if (value := given["attributes"].get(code)) is not None
        },
        # Stock of a configurable product is its children's, and files have none.
        "saleable": given["type"] != "simple" or given["qty"] > 0,
        "visibility": _VISIBILITIES[given["visibility"]],
        "children": [child["sku"] for child in given["variations"]],
        "url_key": given["url_key"] or None,
    }


def _known_categories(path: str, known: Collection[str]) -> Iterator[str]:
    """Yield the categories in a path; some hold several, one behind the other.

    "Gear/Bags/Collections/Yoga" is "Gear/Bags" and "Collections/Yoga".
    """
    roots = {name.partition("/")[0] for name in known}
    runs: list[list[str]] = []
    for step in path.removeprefix(_ROOT).split("/"):
        if step in roots:
            runs.append([])
        if runs:
            runs[-1].append(step)
    for run in runs:
        while "/".join(run) not in known:
            run.pop()
        yield "/".join(run)


def _links(source: Path, target: Path) -> None:
    skus = {product["sku"] for product in products_of(source)}
    links = dict.fromkeys(
        link for link in links_of(source) if link[0] in skus and link[2] in skus
    )
    files.write_csv(
        target / "product_links.csv",
        {
            "sku": [sku for sku, _, _ in links],
            "type": [kind for _, kind, _ in links],
            "linked_sku": [linked for _, _, linked in links],
            "position": range(len(links)),
        },
    )


def _customer(source: Path, target: Path) -> None:
    (customer,) = files.read_csv(source / "customers.csv")
    (wishlist,) = files.read_csv(source / "wishlist.csv")
    skus = wishlist["product_list"].split("\n")
    files.write_csv(
        target / "customers.csv",
        {
            "customer_id": ["1"],
            "email": [customer["email"]],
            "first_name": [customer["firstname"]],
            "last_name": [customer["lastname"]],
            "gender": [customer["gender"]],
            "date_of_birth": [customer["dob"]],
            "store_view": [STORE_VIEW],
        },
    )
    files.write_csv(
        target / "addresses.csv",
        {
            "customer_id": ["1"],
            "address_id": ["1"],
            "first_name": [customer["firstname"]],
            "last_name": [customer["lastname"]],
            "street": ["\n".join(filter(None, json.loads(customer["street"])))],
            "city": [customer["city"]],
            "region": [customer["region"]],
            "country": [customer["country_id"]],
            "postcode": [customer["postcode"]],
            "telephone": [customer["telephone"]],
            "default_billing": ["yes"],
            "default_shipping": ["yes"],
        },
    )
    files.write_csv(
        target / "wishlists.csv", {"customer_id": ["1"] * len(skus), "sku": skus}
    )


def _rules(source: Path) -> Sequence[Json]:
    return [
        {**rule, "key": _RULE_KEYS[rule["rule_id"]], "store_label": rule["name"]}
        for rule in files.read_json(source / "sales_rules.json")
    ]


def _blocks(source: Path, paths: Mapping[str, str]) -> Sequence[Json]:
    widgets = files.read_csv(source / "widget_cmsblock.csv")
    places = {
        one["block_identifier"]: json.loads(one["group_data"])["block"]
        for one in widgets
    }
    return [
        {
            "key": block["identifier"],
            "name": block["title"],
            "websites": [WEBSITE],
            "locations": [_LOCATIONS[places[block["identifier"]]]],
            "position": position,
            "content": _content(block["content"], paths),
        }
        for position, block in enumerate(blocks_of(source), start=1)
    ]


def _content(template: str, paths: Mapping[str, str]) -> str:
    """Return the HTML with the addresses that Magento would have written.

    Lists of products, which it would have made, are left out.
    """

    def written(directive: re.Match[str]) -> str:
        argument = _ARGUMENT.search(directive[2])
        value = argument[1] if argument else ""
        match directive[1]:
            case "store":
                return f"/{value}"
            case "media":
                return f"/media/{value}"
            case "category":
                return f"/{paths[value]}"
        return ""

    return _DIRECTIVE.sub(written, template)


def _names(category: Json) -> str:
    return "/".join(filter(None, (category["parent_path"], category["name"])))


def _slug(names: str) -> str:
    """Write a path of names as one of codes: "Men/Tops/Tees" is men/tops/tees."""
    return "/".join(
        re.sub(r"[^a-z0-9]+", "-", name.lower().replace("'", "")).strip("-")
        for name in names.split("/")
    )
