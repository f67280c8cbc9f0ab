from django.db import migrations, models

from feedback.kernel.large_tables import AddIndexBesideWriters


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("notify", "0011_push_refused_found")]

    operations = [
        AddIndexBesideWriters(
            model_name="webhookdelivery",
            index=models.Index(
                fields=["id"], name="notify_webhook_dead", condition=models.Q(state="DEAD")
            ),
        ),
    ]
