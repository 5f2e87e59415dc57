"""Three indexes of assessments cost each of them time and room, and no question is answered by them alone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0021_scored_files_have_results_when_done"),
        ("modelling", "0008_attempts_asked_for_on_pages"),
    ]

    operations = [
        migrations.AlterField(
            model_name="assessment",
            name="application",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assessments",
                to="applications.application",
            ),
        ),
        migrations.AlterField(
            model_name="assessment",
            name="model_version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="modelling.modelversion",
                verbose_name="model version",
            ),
        ),
        migrations.AlterField(
            model_name="assessment",
            name="policy",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="applications.policy",
                verbose_name="policy",
            ),
        ),
    ]
