from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('roadmap', '0004_reports'),
    ]

    operations = [
        migrations.AddField(
            model_name='reportentry',
            name='is_matched_by_team',
            field=models.BooleanField(default=False, help_text='Somebody of the team said which ask the line means.'),
        ),
    ]
