"""Demo files for benchmarks, as they are published: python -m benchmarks._demo_files FOLDER CLIENTS."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks._demo_tables import SEED
from modelling.demo_data import write_demo_data


def main(folder: Path, clients: int) -> None:
    """Write the CSV files; the folder stands under its name only when all do."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as beside:
        write_demo_data(Path(beside) / "published", clients=clients, seed=SEED)
        (Path(beside) / "published").rename(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
