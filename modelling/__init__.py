"""The lab: describes features, trains, scores and explains; see the layers in pyproject.toml."""

import os

# OpenMP threads that spin while they wait slow LightGBM fourfold when web, worker and training share the processors.
# libgomp reads this once, when LightGBM is first imported, so it stands before every import of the lab.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
