"""Run a management command; `python3 start.py manage …` does the same with the servers it needs."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scoring_site.settings")
    execute_from_command_line(sys.argv)
