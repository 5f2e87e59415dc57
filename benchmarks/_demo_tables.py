"""Demo tables for benchmarks: python -m benchmarks._demo_tables FOLDER CLIENTS."""

from __future__ import annotations

import sys
from pathlib import Path

from modelling.demo_data import write_demo_data

SEED = 20

if __name__ == "__main__":
    write_demo_data(Path(sys.argv[1]), clients=int(sys.argv[2]), seed=SEED)
