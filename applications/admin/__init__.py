"""The admin: tables to look at, people and policies to tend."""

from applications.admin import office, records, tables

__all__ = ["office", "records", "tables"]
