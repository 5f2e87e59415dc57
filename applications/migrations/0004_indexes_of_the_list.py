from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0003_audit_chain"),
        ("modelling", "0001_registry"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                models.OrderBy(models.F("amt_credit"), descending=True, nulls_last=True),
                models.F("sk_id_curr"),
                name="application_largest",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                models.F("agency"),
                models.OrderBy(models.F("amt_credit"), descending=True, nulls_last=True),
                models.F("sk_id_curr"),
                name="application_agency_largest",
            ),
        ),
        migrations.AddIndex(
            model_name="assessment",
            index=models.Index(fields=["probability", "id"], name="assessment_by_probability"),
        ),
        migrations.AddIndex(
            model_name="assessment",
            index=models.Index(fields=["recommendation", "probability", "id"], name="assessment_by_advice"),
        ),
    ]
