"""Whether the client asks, or is refused, more of late here: the last year against the last five."""

from __future__ import annotations

from modelling.features.arithmetic import ratio
from modelling.features.families import recent_part
from modelling.features.feature import Feature, Unit, describe
from modelling.features.previous_rows import HISTORY

FEATURES: tuple[Feature, ...] = (
    recent_part(
        HISTORY,
        "previous_count",
        (
            "Part de la dernière année dans les demandes de cinq ans",
            "The last year's share of five years' applications",
        ),
        (
            "Parmi les demandes faites ici en cinq ans, la part de celles de la dernière année.",
            "Among the applications made here in five years, the share of those of the last year.",
        ),
        taken=HISTORY.count,
        formula="number of rows",
    ),
    recent_part(
        HISTORY,
        "previous_asked",
        (
            "Part de la dernière année dans le montant demandé en cinq ans",
            "The last year's share of the amount asked for in five years",
        ),
        (
            "Sur ce que le client a demandé ici en cinq ans, la part demandée dans la dernière année.",
            "Of what the client asked for here in five years, the share asked for in the last year.",
        ),
        taken=lambda where: HISTORY.total("amt_application", where),
        formula="sum of amt_application",
    ),
    recent_part(
        HISTORY,
        "previous_refused",
        ("Part de la dernière année dans les refus de cinq ans", "The last year's share of five years' refusals"),
        (
            "Parmi les demandes refusées ici en cinq ans, la part de celles de la dernière année.",
            "Among the applications refused here in five years, the share of those of the last year.",
        ),
        taken=lambda where: HISTORY.count(f"refused&{where}"),
        formula="number of refused rows",
    ),
    describe(
        "previous_refused_share_365_to_1825_days",
        Unit.RATIO,
        ("Part de refus d'un an rapportée à celle de cinq ans", "Share refused in a year against that in five years"),
        (
            "La part de refus parmi les demandes d'un an, rapportée à celle des cinq dernières années.",
            "The share refused of the applications of a year, against that of the last five years.",
        ),
        ratio(
            HISTORY.share("refused&last_365_days", "last_365_days"),
            HISTORY.share("refused&last_1825_days", "last_1825_days"),
        ),
        source=HISTORY.table,
        formula="refused rows / rows, over the last 365 days, to refused rows / rows, over the last 1825 days",
        within=(0, 50),
    ),
)
