"""Laws of the demo data."""

SEED = 3
HISTORY = ("bureau", "previous_application", "POS_CASH_balance", "installments_payments", "credit_card_balance")
NOT_YET = 365_243
