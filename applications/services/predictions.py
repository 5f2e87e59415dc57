"""Probabilities computed now and stored nowhere: of applications known here, or of facts alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from applications.models import Application, Assessment
from applications.services.assessing.computing import InForce, compute
from applications.services.trials import assess_tables, unsaved
from modelling.features.schema import TABLES
from modelling.features.tables import Tables

_SCHEMA = TABLES["application"].schema


def predict_known(numbers: Sequence[int], used: InForce) -> dict[int, Assessment]:
    """Return an unsaved assessment of each of these applications, by number; one that does not exist has none.

    The caller has seen to it that the person who asks may read them.
    """
    versions = dict(Application.objects.filter(pk__in=numbers).values_list("pk", "version"))
    return {answer.application: unsaved(answer, used) for answer in compute(versions, used)} if versions else {}


def predict_facts(facts: Sequence[Mapping[str, object]], used: InForce) -> list[Assessment]:
    """Return an unsaved assessment of each set of facts, in their order, as of people without credit history.

    facts: by the columns' names in `schema.TABLES`; one that is not given is missing.
    """
    if not facts:
        return []
    rows = [{**dict.fromkeys(_SCHEMA), **each, "sk_id_curr": number} for number, each in enumerate(facts)]
    return assess_tables(Tables.of({"application": pl.DataFrame(rows, schema=_SCHEMA)}), used)
