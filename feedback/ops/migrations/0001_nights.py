from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Night",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True)),
                ("leased_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("counted_at", models.DateTimeField(help_text="When all of it was done.", null=True)),
                ("drift", models.JSONField(default=dict, help_text="Rows of each kind that said something else than there is.")),
            ],
        ),
    ]
