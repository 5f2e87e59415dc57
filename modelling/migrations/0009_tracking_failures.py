from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("modelling", "0008_attempts_asked_for_on_pages")]

    operations = [
        migrations.AddField(
            model_name="trainingrun",
            name="tracking_failure",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
    ]
