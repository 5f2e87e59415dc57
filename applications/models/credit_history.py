"""The six credit history tables, in one place to import from."""

from applications.models.bureau import BureauCredit, BureauMonth
from applications.models.monthly_balances import CreditCardMonth, Instalment, PosCashMonth
from applications.models.previous_application import PreviousApplication

__all__ = [
    "BureauCredit",
    "BureauMonth",
    "CreditCardMonth",
    "Instalment",
    "PosCashMonth",
    "PreviousApplication",
]
