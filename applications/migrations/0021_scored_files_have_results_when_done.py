"""Results are there when a file is done, and only then."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("applications", "0020_files_scored_before_are_done")]

    operations = [
        migrations.AddConstraint(
            model_name="scoredfile",
            constraint=models.CheckConstraint(
                condition=Q(
                    Q(results__isnull=False, state="done"), Q(~Q(state="done"), results__isnull=True), _connector="OR"
                ),
                name="scored_file_has_results_when_done",
            ),
        ),
    ]
