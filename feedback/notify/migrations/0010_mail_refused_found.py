from django.db import migrations, models

from feedback.kernel.large_tables import AddIndexBesideWriters


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("notify", "0009_feed_keys")]

    operations = [
        AddIndexBesideWriters(
            model_name="mail",
            index=models.Index(
                fields=["id"], name="notify_mail_refused", condition=models.Q(state="REFUSED")
            ),
        ),
    ]
