from django.db import migrations, models

from feedback.kernel.large_tables import AddIndexBesideWriters


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("journal", "0002_posts_that_moved")]

    operations = [
        AddIndexBesideWriters(
            model_name="dispatch",
            index=models.Index(
                fields=["id"], name="journal_dispatch_parked", condition=models.Q(state="PARKED")
            ),
        ),
    ]
