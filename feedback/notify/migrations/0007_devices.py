import django.db.models.deletion
import feedback.kernel.public_ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notify', '0006_follow_the_brief'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PushKey',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('private', models.CharField(help_text='The number itself, base64url.', max_length=64)),
                ('made_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='wishes',
            name='push',
            field=models.JSONField(default=dict, help_text='Whether a group of occasions is shown on devices, by its name.'),
        ),
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', feedback.kernel.public_ids.PublicIdField()),
                ('name', models.CharField(max_length=600)),
                ('endpoint', models.TextField(blank=True)),
                ('digest', models.CharField(blank=True, help_text='SHA-256 of the endpoint; empty when it is off.', max_length=64)),
                ('service', models.CharField(help_text='The host of the endpoint.', max_length=253)),
                ('p256dh', models.CharField(blank=True, max_length=120)),
                ('auth', models.CharField(blank=True, max_length=60)),
                ('since', models.DateTimeField()),
                ('off', models.CharField(blank=True, choices=[('GONE', 'The browser takes no more news from here'), ('MOVED', 'Somebody else turned news on in this browser')], help_text='Empty while it is on.', max_length=8)),
                ('off_at', models.DateTimeField(null=True)),
                ('arrived_at', models.DateTimeField(help_text='When anything last did.', null=True)),
                ('failures', models.PositiveIntegerField(default=0, help_text='In a row.')),
                ('failed_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, help_text='Of the last failure.', max_length=300)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='devices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('digest', ''), _negated=True), fields=('digest',), name='notify_device_once')],
            },
        ),
        migrations.CreateModel(
            name='Push',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', feedback.kernel.public_ids.PublicIdField()),
                ('is_trial', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('WAITING', 'Waiting to be sent'), ('SENT', 'Taken by the push service'), ('REFUSED', 'Refused by the push service, or given up'), ('DROPPED', 'Not sent: not wanted any more')], default='WAITING', max_length=10)),
                ('made_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('leased_until', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('finished_at', models.DateTimeField(null=True)),
                ('device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='pushes', to='notify.device')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pushes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'pushes',
                'indexes': [models.Index(condition=models.Q(('state', 'WAITING')), fields=['due_at', 'id'], name='notify_push_waiting')],
            },
        ),
        migrations.CreateModel(
            name='PushDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField()),
                ('device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='deliveries', to='notify.device')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='to_devices', to='notify.notice')),
                ('push', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notify.push')),
            ],
            options={
                'verbose_name_plural': 'push deliveries',
                'indexes': [models.Index(condition=models.Q(('push__isnull', True)), fields=['due_at', 'device'], name='notify_to_be_pushed')],
                'constraints': [models.UniqueConstraint(fields=('notice', 'device'), name='notify_pushed_once')],
            },
        ),
    ]
