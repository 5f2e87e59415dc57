"""The web server's way in."""

import os
import tempfile

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scoring_site.settings")
# The workers forked from here share their counts for Prometheus through files there.
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="scoring-metrics-"))
application = get_wsgi_application()
