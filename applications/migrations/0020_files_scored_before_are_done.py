"""Say of the files that have their results that they are done."""

from typing import Any

from django.db import migrations


def call_them_done(apps: Any, _editor: object) -> None:
    files = apps.get_model("applications", "ScoredFile").objects.filter(results__isnull=False)
    files.exclude(state="done").update(state="done")


class Migration(migrations.Migration):
    dependencies = [("applications", "0019_scored_file_states")]

    operations = [migrations.RunPython(call_them_done, migrations.RunPython.noop)]
