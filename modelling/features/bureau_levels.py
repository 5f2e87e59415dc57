"""The rarer categories of the bureau's credits, column by column; the common ones are in `bureau_families`."""

from __future__ import annotations

from modelling.features.families import Level, levels

KINS = (
    *levels(
        "credit_active",
        "state",
        (
            Level("Bad debt", "des crédits irrécouvrables", "loans written off"),
            Level("Sold", "des crédits cédés", "loans sold"),
        ),
    ),
    *levels(
        "credit_currency",
        "in",
        (
            Level("currency 1", "des crédits en devise 1", "loans in currency 1"),
            Level("currency 2", "des crédits en devise 2", "loans in currency 2"),
            Level("currency 3", "des crédits en devise 3", "loans in currency 3"),
            Level("currency 4", "des crédits en devise 4", "loans in currency 4"),
        ),
    ),
    *levels(
        "credit_type",
        "type",
        (
            Level("Another type of loan", "des crédits classés « autre »", "loans classed as another type"),
            Level("Cash loan (non-earmarked)", "des prêts personnels sans objet", "cash loans without a purpose"),
            Level("Interbank credit", "des crédits interbancaires", "interbank credits"),
            Level("Loan for business development", "des crédits d'entreprise", "loans for business development"),
            Level("Loan for purchase of shares (margin lending)", "des crédits sur titres", "loans to buy shares"),
            Level("Loan for the purchase of equipment", "des crédits d'équipement", "loans for equipment"),
            Level("Loan for working capital replenishment", "des crédits de trésorerie", "loans for working capital"),
            Level("Mobile operator loan", "des crédits d'opérateur mobile", "mobile operator loans"),
            Level("Real estate loan", "des crédits immobiliers sans hypothèque", "real estate loans without mortgage"),
            Level("Unknown type of loan", "des crédits de type inconnu", "loans of unknown type"),
        ),
    ),
)
