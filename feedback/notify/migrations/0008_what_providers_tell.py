from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notify', '0007_devices'),
    ]

    operations = [
        migrations.RenameField(model_name='mailbox', old_name='name', new_name='place'),
        migrations.AddField(
            model_name='mail',
            name='arrived_at',
            field=models.DateTimeField(help_text='When a provider told that it arrived; SMTP tells nothing of it.', null=True),
        ),
    ]
