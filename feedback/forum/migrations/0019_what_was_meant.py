from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forum", "0018_names_in_the_admin")]

    operations = [
        migrations.AddField(
            model_name="saidwords",
            name="meaning",
            field=models.BinaryField(
                help_text="What they mean, where a machine knew: compared by who keeps it alone.", null=True
            ),
        ),
    ]
