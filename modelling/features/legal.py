"""Which columns a lender may use, and so which features a model may read."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class LegalStatus(StrEnum):
    """What the law lets a model do with a feature."""

    ADMITTED = "admitted"
    CONTROLLED = "controlled"  # off unless a named person switched it on with a reason
    BARRED = "barred"  # stored, and read by the fairness report alone


# Sex: directive 2004/113 and C-236/09. Family status: loi 2008-496. Social networks: directive (EU) 2023/2225, art. 18.
BARRED_COLUMNS = frozenset(
    {
        "code_gender",
        "name_family_status",
        "obs_30_cnt_social_circle",
        "def_30_cnt_social_circle",
        "obs_60_cnt_social_circle",
        "def_60_cnt_social_circle",
    }
)
# Age and region may discriminate indirectly (CNIL, loi 2008-496); the company of a spouse tells the family status.
CONTROLLED_COLUMNS = frozenset(
    {
        "days_birth",
        "name_type_suite",
        "region_population_relative",
        "region_rating_client",
        "region_rating_client_w_city",
        "reg_region_not_live_region",
        "reg_region_not_work_region",
        "live_region_not_work_region",
    }
)


def status_of(columns: Iterable[str]) -> LegalStatus:
    """Return the strictest status among these columns: what is derived from a barred column is barred."""
    names = frozenset(columns)
    if names & BARRED_COLUMNS:
        return LegalStatus.BARRED
    if names & CONTROLLED_COLUMNS:
        return LegalStatus.CONTROLLED
    return LegalStatus.ADMITTED
