from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("applications", "0023_months_of_a_credit_told_to_the_planner")]

    operations = [
        migrations.AddField(
            model_name="promotionrequest",
            name="preview_failure",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
    ]
