"""Whether the client borrows, or pays late, elsewhere more of late: a short span against a long one."""

from __future__ import annotations

from modelling.features.arithmetic import ratio
from modelling.features.bureau_rows import HISTORY
from modelling.features.families import recent_part
from modelling.features.feature import Feature, Unit, describe

FEATURES: tuple[Feature, ...] = (
    recent_part(
        HISTORY,
        "bureau_count",
        (
            "Part de la dernière année dans les crédits de cinq ans ailleurs",
            "The last year's share of five years' loans elsewhere",
        ),
        (
            "Parmi les crédits ouverts ailleurs en cinq ans, la part de ceux de la dernière année.",
            "Among the loans opened elsewhere in five years, the share of those of the last year.",
        ),
        taken=HISTORY.count,
        formula="number of rows",
    ),
    recent_part(
        HISTORY,
        "bureau_credit",
        (
            "Part de la dernière année dans le montant emprunté ailleurs en cinq ans",
            "The last year's share of the amount borrowed elsewhere in five years",
        ),
        (
            "Sur ce que le client a emprunté ailleurs en cinq ans, la part empruntée dans la dernière année.",
            "Of what the client borrowed elsewhere in five years, the share borrowed in the last year.",
        ),
        taken=lambda where: HISTORY.total("amt_credit_sum", where),
        formula="sum of amt_credit_sum",
    ),
    describe(
        "bureau_late_6_to_24_months",
        Unit.SHARE,
        (
            "Part des six derniers mois dans les retards de deux ans ailleurs",
            "The last six months' share of two years' delays elsewhere",
        ),
        (
            "Parmi les mois en retard ailleurs depuis deux ans, la part de ceux des six derniers mois.",
            "Among the months late elsewhere within two years, the share of those of the last six months.",
        ),
        ratio(HISTORY.total("late_months_last_6"), HISTORY.total("late_months_last_24")),
        source=HISTORY.table,
        formula="sum of late_months_last_6 / sum of late_months_last_24",
        within=(0, 1),
    ),
)
