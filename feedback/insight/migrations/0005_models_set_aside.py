import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('insight', '0004_what_heed_asks_and_areas'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='encodermodel',
            name='set_aside_at',
            field=models.DateTimeField(blank=True, help_text='When somebody said to stay with another model.', null=True),
        ),
        migrations.AddField(
            model_name='encodermodel',
            name='set_aside_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='encodermodel',
            name='removed_at',
            field=models.DateTimeField(blank=True, help_text='When somebody said that its vectors may go.', null=True),
        ),
        migrations.AlterField(
            model_name='encodermodel',
            name='spec',
            field=models.CharField(blank=True, help_text="Its name in HEED_ENCODER; name@address for another server's.", max_length=200),
        ),
    ]
