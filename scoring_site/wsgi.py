"""The web server's way in."""

import os
import tempfile
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from modelling.memory import keep_for_good

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scoring_site.settings")
# The workers forked from here share their counts for Prometheus through files there.
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="scoring-metrics-"))
application = get_wsgi_application()
# Every view and what it imports, now and not at the first request of each worker: then all of it is kept.
import_module(settings.ROOT_URLCONF)
keep_for_good()
