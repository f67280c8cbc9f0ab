from django.db import migrations, models

from feedback.kernel.large_tables import AddIndexBesideWriters


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("notify", "0010_mail_refused_found")]

    operations = [
        AddIndexBesideWriters(
            model_name="push",
            index=models.Index(
                fields=["id"], name="notify_push_refused", condition=models.Q(state="REFUSED")
            ),
        ),
    ]
