from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("forum", "0013_held_as_adverts"),
    ]

    operations = [
        migrations.AddField(
            model_name="holdingwishes",
            name="takes_guests",
            field=models.BooleanField(
                default=False,
                verbose_name="people may post without an account; the team looks first",
            ),
        ),
    ]
