"""The admin: tables to look at, people and policies to tend."""

from applications.admin import keys, office, records, tables

__all__ = ["keys", "office", "records", "tables"]
