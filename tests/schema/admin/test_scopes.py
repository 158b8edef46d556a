"""Websites, store views and customer groups at the admin door."""

from __future__ import annotations

from tests.schema.admin.asking import Ask


async def test_a_website_its_view_and_a_group_are_saved_and_deleted(ask: Ask) -> None:
    saved = await ask(
        """mutation {
          saveWebsite(input: {code: "uk", name: "UK", timezone: "Europe/London",
                              currency: "GBP"}, expectedVersion: 0) {
            ... on WebsiteSaved {
              website { code name timezone currency version storeViews { code } }
            }
          }
          saveStoreView(input: {code: "british", website: "uk", name: "British",
                                locale: "en-GB"}) {
            ... on StoreViewSaved { storeView { code website name locale version } }
          }
          saveCustomerGroup(input: {name: "Clubs"}) {
            ... on CustomerGroupSaved { customerGroup { id name version } }
          }
        }"""
    )
    deleted = await ask(
        """mutation {
          first: deleteWebsite(code: "uk") {
            ... on Conflict { problems { message } }
          }
          deleteStoreView(code: "british") { ... on Deleted { key } }
          deleteWebsite(code: "uk") { ... on Deleted { key } }
          deleteCustomerGroup(id: 4) { ... on Deleted { key } }
        }"""
    )

    assert saved["data"] == {
        "saveWebsite": {
            "website": {
                "code": "uk",
                "name": "UK",
                "timezone": "Europe/London",
                "currency": "GBP",
                "version": 1,
                "storeViews": [],
            }
        },
        "saveStoreView": {
            "storeView": {
                "code": "british",
                "website": "uk",
                "name": "British",
                "locale": "en-GB",
                "version": 1,
            }
        },
        "saveCustomerGroup": {
            "customerGroup": {"id": 4, "name": "Clubs", "version": 1}
        },
    }
    assert deleted["data"] == {
        "first": {
            "problems": [{"message": "it is in use by the store view 'british'."}]
        },
        "deleteStoreView": {"key": "british"},
        "deleteWebsite": {"key": "uk"},
        "deleteCustomerGroup": {"key": "4"},
    }
