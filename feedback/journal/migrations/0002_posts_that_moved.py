from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("verb", "forum.post-changed-board")),
                fields=["subject_id", "id"],
                name="journal_post_moved",
            ),
        ),
    ]
