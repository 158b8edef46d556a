from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from gateway.personalize.attributes import (
    ATTRIBUTES,
    Attributes,
    DeclaredAttribute,
    Scope,
    attribute,
)
from gateway.personalize.context import Address, Membership, Order, OrderAddress
from gateway.personalize.history import Client, History, OrderedProduct, ViewedProduct
from gateway.personalize.operators import Kind, Value
from gateway.personalize.products import Catalogue
from tests.factories import a_cart, a_context, a_customer, a_product, an_item

HOME = Address(
    first_name="Jane",
    last_name="Roe",
    company="Roe & Co",
    street="1 High Street",
    city="Bergen",
    region="Vestland",
    country="NO",
    postcode="5003",
    telephone="+47 55",
    default_billing=True,
    prefix="Dr.",
    middle_name="Q",
    suffix="PhD",
    region_code="NO-46",
    fax="+47 56",
    vat_id="NO999999999MVA",
)
TENT = a_product(
    "tent",
    199,
    attribute_set="Tent",
    weight=Decimal("2.5"),
    categories=("gear/tents",),
)
CART = a_cart(
    an_item(TENT, 2, "150.50"),
    an_item("mug", 3, 4),
    shipping=5,
    tax=Decimal(7),
    discount=Decimal(13),
    coupon_codes=("SUMMER",),
    payment_method="card",
    address=HOME,
    store_credit=Decimal(30),
    gift_card=Decimal("2.5"),
)
JANE = a_customer(
    group_id=2,
    email="jane@roe.example",
    first_name="Jane",
    last_name="Roe",
    prefix="Ms.",
    middle_name="Quinn",
    suffix="Jr.",
    gender="female",
    date_of_birth=date(1990, 5, 1),
    since=date(2024, 2, 29),
    store_view="en",
    newsletter=True,
    store_credit=Decimal(20),
    addresses=(HOME,),
    orders=(
        Order("canceled", date(2026, 2, 20), Decimal(10), Decimal(1)),
        Order("complete", date(2026, 1, 16), Decimal(10), Decimal(1)),
        Order("complete", date(2026, 2, 1), Decimal(10), Decimal(1)),
    ),
)
ORDER = Order("complete", date(2026, 1, 15), Decimal(99), Decimal(4), "NO")
TODAY = date(2026, 3, 10)
SESSION = a_context(
    a_cart(an_item("mug"), changed_at=datetime(2026, 3, 9, 9, 30, tzinfo=UTC)),
    catalogue=Catalogue.of([TENT]),
    client=Client("tablet", "NO"),
    consents=True,
    history=History(
        landing_page="https://shop.example/tents",
        referrer="https://search.example/",
        campaign=(
            ("source", "news"),
            ("medium", "email"),
            ("name", "spring"),
            ("term", "tents"),
            ("content", "button"),
        ),
        visits=3,
        page_views=12,
        searches=("family tent", "tent"),
        viewed=(ViewedProduct("tent", TODAY),),
    ),
)
SUBJECTS = {
    Scope.CONTEXT: a_context(segments=frozenset({"vip", "campers"})),
    Scope.REGISTERED: a_context(
        customer=a_customer(
            memberships=(Membership("hikers", None), Membership("campers", None))
        )
    ),
    Scope.CART: CART,
    Scope.CUSTOMER: JANE,
    Scope.PRODUCT: TENT,
    Scope.ITEM: CART.items[0],
    Scope.ADDRESS: HOME,
    Scope.ORDER: ORDER,
    Scope.ORDER_ADDRESS: OrderAddress("billing", HOME),
    Scope.SESSION: SESSION,
    Scope.VIEWED: ViewedProduct("tent", date(2026, 3, 1), 3),
    Scope.ORDERED: OrderedProduct("tent", date(2026, 2, 28), Decimal(2), "complete"),
}
READ: dict[str, Value] = {
    "cart.subtotal": Decimal(313),
    "cart.subtotal_after_discounts": Decimal(300),
    "cart.subtotal_including_tax": Decimal(320),
    "cart.grand_total": Decimal("279.5"),
    "cart.tax": Decimal(7),
    "cart.shipping": Decimal(5),
    "cart.store_credit": Decimal(30),
    "cart.gift_card": Decimal("2.5"),
    "cart.lines": Decimal(2),
    "cart.quantity": Decimal(5),
    "cart.weight": Decimal(5),
    "cart.coupon": ("SUMMER",),
    "cart.coupon_applied": True,
    "cart.payment_method": "card",
    "cart.shipping_method": "flatrate_flatrate",
    "cart.country": "NO",
    "cart.region": "Vestland",
    "cart.postcode": "5003",
    "customer.email": "jane@roe.example",
    "customer.first_name": "Jane",
    "customer.last_name": "Roe",
    "customer.prefix": "Ms.",
    "customer.middle_name": "Quinn",
    "customer.suffix": "Jr.",
    "customer.default_billing": True,
    "customer.default_shipping": False,
    "customer.group": "2",
    "customer.gender": "female",
    "customer.date_of_birth": date(1990, 5, 1),
    "customer.since": date(2024, 2, 29),
    "customer.store_view": "en",
    "customer.newsletter": True,
    "customer.store_credit": Decimal(20),
    "customer.days_until_birthday": Decimal(52),
    "customer.age": Decimal(35),
    "customer.days_since_registration": Decimal(740),
    "customer.days_since_last_order": Decimal(18),
    "customer.days_between_orders": Decimal("17.5"),
    "customer.audience": ("campers", "hikers"),
    "customer.segment": ("campers", "vip"),
    "product.sku": "tent",
    "product.name": "Tent",
    "product.type": "simple",
    "product.attribute_set": "Tent",
    "product.category": ("gear", "gear/tents"),
    "product.price": Decimal(199),
    "item.quantity": Decimal(2),
    "item.price": Decimal("150.50"),
    "item.row_total": Decimal(301),
    "address.country": "NO",
    "address.region": "Vestland",
    "address.city": "Bergen",
    "address.postcode": "5003",
    "address.street": "1 High Street",
    "address.company": "Roe & Co",
    "address.telephone": "+47 55",
    "address.first_name": "Jane",
    "address.last_name": "Roe",
    "address.prefix": "Dr.",
    "address.middle_name": "Q",
    "address.suffix": "PhD",
    "address.region_code": "NO-46",
    "address.fax": "+47 56",
    "address.vat_id": "NO999999999MVA",
    "address.default_billing": True,
    "address.default_shipping": False,
    "order.days_ago": Decimal(54),
    "order.status": "complete",
    "order.created_at": date(2026, 1, 15),
    "order.grand_total": Decimal(99),
    "order.quantity": Decimal(4),
    "order.country": "NO",
    "order_address.type": "billing",
    "session.landing_page": "https://shop.example/tents",
    "session.referrer": "https://search.example/",
    "session.utm_source": "news",
    "session.utm_medium": "email",
    "session.utm_campaign": "spring",
    "session.utm_term": "tents",
    "session.utm_content": "button",
    "session.device": "tablet",
    "session.country": "NO",
    "session.visits": Decimal(3),
    "session.page_views": Decimal(12),
    "session.searches": ("family tent", "tent", "family"),
    "session.top_category": ("gear", "gear/tents"),
    "cart.hours_since_change": Decimal(26),
    "viewed.on": date(2026, 3, 1),
    "viewed.days_ago": Decimal(9),
    "viewed.views": Decimal(3),
    "ordered.on": date(2026, 2, 28),
    "ordered.days_ago": Decimal(10),
    "ordered.quantity": Decimal(2),
    "ordered.status": "complete",
}
TYPES = {
    Kind.NUMBER: Decimal,
    Kind.DATE: date,
    Kind.BOOLEAN: bool,
    Kind.MULTISELECT: tuple,
    Kind.CATEGORY: tuple,
}


@pytest.mark.parametrize("key", list(ATTRIBUTES))
def test_an_attribute_reads_its_value(key: str) -> None:
    row = ATTRIBUTES[key]

    day = (TODAY,) if row.moves_with_day else ()
    value = row.read(SUBJECTS[row.scope], *day)

    assert value == READ[key]
    assert isinstance(value, TYPES.get(row.kind, str))


def test_every_attribute_says_what_it_is() -> None:
    for key, row in ATTRIBUTES.items():
        assert row.key == key
        assert row.label
        assert not row.label.endswith(".")


def test_an_empty_cart_is_worth_nothing() -> None:
    numbers = {
        key: row.read(a_cart())
        for key, row in ATTRIBUTES.items()
        if row.scope is Scope.CART and row.kind is Kind.NUMBER
    }

    assert len(numbers) == 11
    assert set(numbers.values()) == {Decimal(0)}


def test_credit_pays_for_no_more_than_the_cart_costs() -> None:
    cart = a_cart(an_item("mug", 1, 10), store_credit=Decimal(8), gift_card=Decimal(3))

    assert ATTRIBUTES["cart.grand_total"].read(cart) == Decimal(0)


def test_a_line_without_a_price_is_worth_nothing() -> None:
    line = an_item(a_product(price=None), 3)

    assert ATTRIBUTES["item.price"].read(line) is None
    assert ATTRIBUTES["item.row_total"].read(line) == Decimal(0)


@pytest.mark.parametrize(
    ("entity", "scope", "owner"),
    [
        ("product", Scope.PRODUCT, a_product(attributes={"colour": "red"})),
        ("customer", Scope.CUSTOMER, a_customer(attributes={"colour": "red"})),
        ("address", Scope.ADDRESS, Address(attributes={"colour": "red"})),
    ],
)
def test_a_shop_declares_attributes_of_its_own(
    entity: str, scope: Scope, owner: object
) -> None:
    declared = DeclaredAttribute(entity, "colour", Kind.SELECT)
    other = DeclaredAttribute(entity, "never_set", Kind.NUMBER, "Never Set")
    attributes = Attributes([declared, other])

    colour = attributes.find(f"{entity}.colour")
    never_set = attributes.find(f"{entity}.never_set")

    assert colour is not None
    assert (colour.kind, colour.scope, colour.label) == (Kind.SELECT, scope, "Colour")
    assert colour.read(owner) == "red"
    assert never_set is not None
    assert never_set.label == "Never Set"
    assert never_set.read(owner) is None


def test_a_declared_attribute_cannot_stand_in_for_a_builtin_one() -> None:
    attributes = Attributes([DeclaredAttribute("product", "price", Kind.TEXT)])

    assert attributes.find("product.price") is ATTRIBUTES["product.price"]
    assert len(list(attributes)) == len(ATTRIBUTES)


def test_a_key_is_claimed_by_one_attribute() -> None:
    def twin(_: object) -> Value:
        """Another SKU."""
        return None

    with pytest.raises(ValueError, match=r"condition attribute 'product\.sku'"):
        attribute("product.sku", Kind.TEXT, Scope.PRODUCT)(twin)
