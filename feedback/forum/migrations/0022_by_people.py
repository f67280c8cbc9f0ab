from django.db import migrations, models
from django.db.models import F

from feedback.kernel.large_tables import AddIndexBesideWriters


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('forum', '0021_crowds'),
    ]

    operations = [
        AddIndexBesideWriters(
            model_name='post',
            index=models.Index(F('state'), (F('vote_count') - F('crowded')).desc(), F('posted_at').desc(), name='forum_post_by_people'),
        ),
    ]
