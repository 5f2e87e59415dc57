"""Requests the documentation shows for each address that takes a body; tests send every one of them."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample

# Who stands in the examples: an application that may be seen, and its client.
KNOWN_APPLICATION = 250_000
FACTS = {
    "name_contract_type": "Cash loans",
    "amt_income_total": 202_500,
    "amt_credit": 406_597.5,
    "amt_annuity": 24_700.5,
    "amt_goods_price": 351_000,
    "days_birth": -9_461,
    "days_employed": -637,
    "name_education_type": "Higher education",
}

SUBMISSIONS = [
    OpenApiExample("A new client", {"facts": FACTS, "received_on": "2026-09-01"}, request_only=True),
    OpenApiExample(
        "A client known here applies again", {"client": KNOWN_APPLICATION, "facts": FACTS}, request_only=True
    ),
]
PREDICTIONS = [
    OpenApiExample("Facts of nobody known here", {"facts": FACTS}, request_only=True),
    OpenApiExample("An application known here", {"application": KNOWN_APPLICATION}, request_only=True),
]
BATCHES = [
    OpenApiExample(
        "Both in one call", {"items": [{"application": KNOWN_APPLICATION}, {"facts": FACTS}]}, request_only=True
    )
]
# What stands in the address.
IN_ADDRESS = {"number": KNOWN_APPLICATION, "key": "amt_credit"}
