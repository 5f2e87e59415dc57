"""Synthetic clients in the published seven-table layout, for first starts, load tests and screenshots.

No row is real: every value is drawn from the aggregate constants of `constants.json` (see README.md beside it).
"""

from modelling.demo_data.writing import FileFormat, write_demo_data

__all__ = ["FileFormat", "write_demo_data"]
