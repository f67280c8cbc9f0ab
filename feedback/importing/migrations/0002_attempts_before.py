from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("importing", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="import",
            name="attempts_before",
            field=models.PositiveIntegerField(
                default=0,
                help_text="Attempts at what was done with it before: they count for nothing now.",
            ),
        ),
    ]
