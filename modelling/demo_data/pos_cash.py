"""Monthly balances of loans: the instalments still to come count down to 0."""

from __future__ import annotations

import numpy as np

from modelling.demo_data.bureau_balance import DAYS_A_MONTH, OLDEST_MONTH
from modelling.demo_data.draws import Flags, Floats, Ints, Stream, Words, steps_within
from modelling.demo_data.people import People
from modelling.demo_data.person import Columns
from modelling.demo_data.previous_loans import Asked
from modelling.demo_data.schedule import Instalments, Loans

STATES = ("Active", "Completed", "Signed", "Demand", "Returned to the store", "Approved")
SIGNED_FIRST_SHARE, APPROVED_FIRST_SHARE = 0.1, 0.005
RETURNED_SHARE = 0.006
UNKNOWN_COUNT_SHARE = 0.0026
# Days late that still count as paid within the month.
MONTH_GRACE_DAYS = 12
# Half of the late days fall under the tolerance for small amounts.
BEYOND_TOLERANCE_SHARE = 0.45


def draw_pos_cash(people: People, asked: Asked, loans: Loans, instalments: Instalments) -> Columns:
    """Give one row before the first instalment and one an instalment due."""
    random = people.stream(Stream.POS_CASH)
    counts = loans.due_count + 1
    loan = np.repeat(np.arange(len(counts)), counts)
    step = steps_within(counts)
    month = np.floor(loans.first_due / DAYS_A_MONTH).astype(np.int64)[loan] - 1 + step
    is_end = (step == loans.due_count[loan]) & loans.is_over[loan]
    late = _days_late(loans, instalments, loan, step)
    tolerated = random.random(len(loan)) >= BEYOND_TOLERANCE_SHARE
    unknown = random.random(len(loan)) < UNKNOWN_COUNT_SHARE
    row = asked.previous_id[loans.asked][loan]
    columns: Columns = {
        "SK_ID_PREV": row,
        "SK_ID_CURR": people.client_id[asked.owner[loans.asked]][loan],
        "MONTHS_BALANCE": month,
        "CNT_INSTALMENT": np.where(unknown, np.nan, loans.agreed[loan]),
        "CNT_INSTALMENT_FUTURE": np.where(unknown, np.nan, np.where(is_end, 0, (loans.agreed[loan] - step))),
        "NAME_CONTRACT_STATUS": _states(loans, loan, step, is_end, random),
        "SK_DPD": late,
        "SK_DPD_DEF": np.where(tolerated, 0, late),
    }
    return _kept(columns, (month >= OLDEST_MONTH) & (month <= -1))


def _days_late(loans: Loans, instalments: Instalments, loan: Ints, step: Ints) -> Floats:
    """Give days past due at the month's end: those of the instalment of the month, growing on a broken loan."""
    late = np.zeros(len(loan))
    late[step > 0] = np.maximum(instalments.delay - MONTH_GRACE_DAYS, 0)
    broken_months = step - loans.breaks_at[loan] + 1
    return np.where(broken_months > 0, 30.0 * broken_months, late)


def _states(loans: Loans, loan: Ints, step: Ints, is_end: Flags, random: np.random.Generator) -> Words:
    luck = random.random(len(loans.asked))
    is_first = step == 0
    codes = np.where(is_first & (luck < SIGNED_FIRST_SHARE)[loan], 2, 0)
    codes = np.where(is_first & (luck > 1 - APPROVED_FIRST_SHARE)[loan], 5, codes)
    codes = np.where(is_end, 1, codes)
    returned = ((luck > 0.5) & (luck < 0.5 + RETURNED_SHARE) & (loans.due_count < 4))[loan]
    codes = np.where(returned & is_end, 4, codes)
    in_demand = step - loans.breaks_at[loan] > 6
    return Words(np.where(in_demand & ~is_end, 3, codes), STATES)


def _kept(columns: Columns, rows: Flags) -> Columns:
    return {name: values.take(rows) if isinstance(values, Words) else values[rows] for name, values in columns.items()}
