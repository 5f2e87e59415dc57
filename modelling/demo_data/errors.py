"""What can go wrong when demo data is made."""

from __future__ import annotations

from modelling.errors import ModellingError


class DemoDataError(ModellingError):
    """Demo data cannot be made as asked: the folder is taken, or there is no client to make."""
