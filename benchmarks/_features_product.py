"""The product's side of `benchmarks.features`: python -m benchmarks._features_product FOLDER."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks._side_by_side import tell_measures
from modelling.features.build import build_features
from modelling.features.catalogue import CATALOGUE
from modelling.features.tables import Tables
from modelling.reading import read_folder


def _build(tables: Tables) -> tuple[int, int]:
    features = build_features(tables)
    return features.height, features.width - 1  # sk_id_curr is none


if __name__ == "__main__":
    described = sorted({feature.source for feature in CATALOGUE.values()})
    tell_measures(lambda: read_folder(Path(sys.argv[1])).tables, _build, described)
