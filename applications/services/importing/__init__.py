"""Importing the published tables: files → staging → checks in SQL → the tables, one transaction a table.

layout finds the files, reading opens them, staging copies them in, scanning and checks find what is wrong with them,
merge and history bring the rest into the tables, importing puts these in order.
"""

from applications.services.importing.importing import Orphans, Rules, import_tables
from applications.services.importing.progress import Progress
from applications.services.importing.report import ImportReport, TableReport

__all__ = ["ImportReport", "Orphans", "Progress", "Rules", "TableReport", "import_tables"]
