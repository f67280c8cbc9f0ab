from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notify', '0004_addresses_are_forgotten'),
    ]

    operations = [
        migrations.CreateModel(
            name='ArrivedMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='A digest of what names it.', max_length=64, unique=True)),
                ('outcome', models.CharField(choices=[('COMMENTED', 'Became a comment'), ('REFUSED', 'Could not become a comment; its writer was told why'), ('BOUNCED', 'Says that a mail of ours did not arrive'), ('COMPLAINED', 'Says that a mail of ours was reported as spam'), ('LEFT', 'Left alone'), ('UNREADABLE', 'Could not be read')], max_length=12)),
                ('arrived_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Mailbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='user@host/folder', max_length=300, unique=True)),
                ('uid_validity', models.BigIntegerField(default=0, help_text='While the server says the same, a UID names the same mail.')),
                ('last_uid', models.BigIntegerField(default=0, help_text='All up to this one have been read.')),
                ('waiting', models.PositiveIntegerField(default=0, help_text='Mails after it, at the last look.')),
                ('looked_at', models.DateTimeField(help_text='When it could last be read.', null=True)),
                ('due_at', models.DateTimeField()),
                ('leased_until', models.DateTimeField(null=True)),
                ('attempts', models.PositiveBigIntegerField(default=0)),
                ('failures', models.PositiveIntegerField(default=0, help_text='In a row.')),
                ('error', models.TextField(blank=True)),
            ],
            options={
                'verbose_name_plural': 'mailboxes',
            },
        ),
    ]
