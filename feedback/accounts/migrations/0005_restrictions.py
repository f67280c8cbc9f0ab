from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_claims")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="muted_until",
            field=models.DateTimeField(
                blank=True,
                help_text="Until then they read and vote, and write nothing.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="suspended_until",
            field=models.DateTimeField(
                blank=True, help_text="Until then they cannot sign in.", null=True
            ),
        ),
    ]
