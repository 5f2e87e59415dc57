"""One encrypted archive of all that cannot be made again: the database, the bundles, a manifest to check them by."""

from applications.services.backup.making import Backup, make_backup
from applications.services.backup.restoring import Restored, restore

__all__ = ["Backup", "Restored", "make_backup", "restore"]
