from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('forum', '0022_by_people'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='post',
            name='forum_post_top',
        ),
    ]
