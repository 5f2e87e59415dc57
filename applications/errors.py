"""What can go wrong in the office, each with a sentence a person can act on."""

import psycopg2
from django import db

# The database ended the connection or does not answer: worth another try. The driver's own errors come through where
# Django closes a cursor that stands in the server, as the choices of a form are read by one.
DATABASE_AWAY = (db.OperationalError, db.InterfaceError, psycopg2.OperationalError, psycopg2.InterfaceError)


class OfficeError(Exception):
    """The base of every error the office raises on purpose; its text may be shown to a person."""


class StaleAssessmentError(OfficeError):
    """The assessment a person read is no longer the one that counts."""


class UnknownApplicationError(OfficeError):
    """No application has that number."""


class ImportRefusedError(OfficeError):
    """The files are not what the import can take; nothing of the table in question was changed."""


class SnapshotError(OfficeError):
    """A snapshot cannot be taken: no application, or a name already given."""


class BusyError(OfficeError):
    """Another process does what only one may do at a time."""


class NoPolicyError(OfficeError):
    """No policy is in force, so nothing can be recommended."""


class BackupError(OfficeError):
    """A backup cannot be made or restored, or is not what it says it is."""


class FilterError(OfficeError):
    """A filter over the book is not written as one."""


class RunError(OfficeError):
    """A run over the book cannot be started or changed as asked."""


class LabError(OfficeError):
    """A training or a search of settings can no longer be changed as asked."""


class PromotionError(OfficeError):
    """A model version cannot be put in force now, by this person."""


class ProxyError(PromotionError):
    """Nobody answered for a feature that tells sex or age, or the answer is not one."""


class QualityError(OfficeError):
    """A data quality report cannot be accepted: nothing in it blocks, or no reason was given."""


class AlertError(OfficeError):
    """An alert could not be handed over."""


class OutcomesError(OfficeError):
    """A file of outcomes is not what it should be; nothing of it was taken in."""


class FileRefusedError(OfficeError):
    """A file brought to be scored is not what it should be; nothing of it was kept."""
