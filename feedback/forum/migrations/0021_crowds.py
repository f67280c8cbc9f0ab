from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('forum', '0020_take_away_of_people'),
    ]

    operations = [
        migrations.AddField(
            model_name='post',
            name='crowded',
            field=models.IntegerField(db_default=0, default=0, verbose_name='of a crowd', help_text='By how many fewer its people count, as some of them came as a crowd.'),
        ),
    ]
