from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("insight", "0005_models_set_aside"),
    ]

    operations = [
        migrations.AddField(
            model_name="ask",
            name="summary_from",
            field=models.JSONField(
                default=list, help_text="The public ids of the posts that the sentences stand in."
            ),
        ),
        migrations.AlterField(
            model_name="ask",
            name="summary",
            field=models.TextField(
                blank=True,
                help_text="Two sentences from its own posts, a line each.",
                max_length=600,
                verbose_name="summary",
            ),
        ),
    ]
