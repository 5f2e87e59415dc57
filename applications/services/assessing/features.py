"""What a model version reads of applications: as their assessment by it stored that, or else built of their facts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from django.db import connection

from applications import sources
from applications.models.assessment import unpack
from modelling.bundle import Bundle
from modelling.encoding import Matrix
from modelling.models import ModelVersion
from modelling.scoring import Encoded, encode

_STORED = """
    SELECT application.sk_id_curr, made.application_version, made."values"
    FROM application JOIN assessment AS made ON made.id = application.current_assessment_id
    WHERE application.sk_id_curr = ANY(%s::bigint[]) AND made.model_version_id = %s
"""


def features_of(versions: Mapping[int, int], version: ModelVersion, bundle: Bundle) -> Encoded:
    """Give the features of applications, by number with the version of their facts, in rising order of their numbers.

    versions: one or more. Of the same facts the same model version reads the same, so what the assessment that counts
    stored of these facts is not built again: of a book assessed under a new policy, that is everything.
    """
    stored = _stored(versions, version)
    left = sorted(versions.keys() - stored.keys())
    parts = [encode(bundle, sources.tables_of(left))] if left else []
    if stored:
        parts.append(Encoded(np.fromiter(stored, dtype=np.int64), np.stack(list(stored.values()))))
    numbers = np.concatenate([part.client_ids for part in parts])
    order = np.argsort(numbers)
    return Encoded(numbers[order], np.concatenate([part.values for part in parts])[order])


def _stored(versions: Mapping[int, int], version: ModelVersion) -> dict[int, Matrix]:
    """Give what is stored by application, where the assessment that counts is of this model version and these facts."""
    with connection.cursor() as cursor:
        cursor.execute(_STORED, (list(versions), version.pk))
        found: list[tuple[int, int, memoryview]] = cursor.fetchall()
    return {number: unpack(values) for number, of_facts, values in found if of_facts == versions[number]}
