"""Wiring: settings, addresses, Celery, and the private servers of a fresh machine."""

from scoring_site.celery import app as celery_app

__all__ = ["celery_app"]
