"""The Celery application; tasks live in each app's `tasks` module."""

import ctypes
import os
import signal

from celery import Celery
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scoring_site.settings")

app = Celery("scoring_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

_PR_SET_PDEATHSIG = 1


@worker_process_init.connect
def die_with_the_worker(**_: object) -> None:
    """Ask the kernel to end this pool process when its worker is killed, so that no orphan goes on working."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
