"""The index by which agents are found, made while people sign in."""

from django.db import migrations, models
from django.db.models import Q

from feedback.kernel.large_tables import AddIndexBesideWriters


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('accounts', '0012_agents'),
    ]

    operations = [
        AddIndexBesideWriters(
            model_name='user',
            index=models.Index(condition=Q(('acts_for__isnull', False)), fields=['acts_for'], name='accounts_agents'),
        ),
    ]
