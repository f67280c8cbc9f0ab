

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('forum', '0002_search_index'),
        ('roadmap', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='KnownProblem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=4000, verbose_name='what goes wrong')),
                ('text_zh', models.CharField(blank=True, max_length=4000, verbose_name='in Chinese')),
                ('added_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['added_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ReleaseLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=4000, verbose_name='what it leads to')),
                ('url', models.URLField(max_length=500, verbose_name='address')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='StopDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stop', models.CharField(choices=[('BUILD', 'Build'), ('PREVIEW', 'Preview'), ('BETA', 'Beta'), ('RELEASED', 'Release'), ('REPORT', 'Report')], max_length=8)),
                ('due_date', models.DateField(verbose_name='day')),
                ('due', models.CharField(blank=True, max_length=4000, verbose_name='what is due')),
                ('reached_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['due_date', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Train',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weeks', models.PositiveSmallIntegerField(default=1, verbose_name='weeks from one release to the next')),
                ('build_weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], default=0, verbose_name='build')),
                ('preview_weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], default=1, verbose_name='preview')),
                ('beta_weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], default=2, verbose_name='beta')),
                ('release_weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], default=4, verbose_name='release')),
                ('report_weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], default=1, verbose_name='report')),
                ('framed_by', models.TextField(blank=True, help_text='One address a line, such as https://example.org', verbose_name='sites that may show the changelog and the roadmap')),
            ],
            options={
                'verbose_name': 'train',
                'verbose_name_plural': 'trains',
            },
        ),
        migrations.AddField(
            model_name='changelogline',
            name='category',
            field=models.CharField(choices=[('NEW', 'New'), ('BETTER', 'Better'), ('MENDED', 'Mended')], default='NEW', max_length=6, verbose_name='kind of change'),
        ),
        migrations.AddField(
            model_name='release',
            name='notes_en',
            field=models.TextField(blank=True, max_length=20000, verbose_name='notes in English'),
        ),
        migrations.AddField(
            model_name='release',
            name='notes_en_by_machine',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='release',
            name='notes_zh',
            field=models.TextField(blank=True, max_length=20000, verbose_name='notes in Chinese'),
        ),
        migrations.AddField(
            model_name='release',
            name='notes_zh_by_machine',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='release',
            name='preview_post',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='forum.post'),
        ),
        migrations.AddField(
            model_name='release',
            name='promised_date',
            field=models.DateField(blank=True, help_text='The day that was promised first, where it has slipped.', null=True),
        ),
        migrations.AddField(
            model_name='release',
            name='released_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='release',
            name='stop',
            field=models.CharField(choices=[('PLANNED', 'Planned'), ('BUILD', 'Build'), ('PREVIEW', 'Preview'), ('BETA', 'Beta'), ('RELEASED', 'Release'), ('REPORT', 'Report'), ('SKIPPED', 'Skipped'), ('STOPPED', 'Stopped')], default='PLANNED', max_length=8, verbose_name='stop'),
        ),
        migrations.AddField(
            model_name='release',
            name='stop_changed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='release',
            name='word',
            field=models.TextField(blank=True, help_text='Why it slipped, was skipped or stopped.', max_length=500, verbose_name='public word'),
        ),
        migrations.AlterField(
            model_name='release',
            name='release_date',
            field=models.DateField(help_text='The day it left, or will leave as things stand.', verbose_name='release date'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('released_at__isnull', False), ('stop__in', ['RELEASED', 'REPORT'])), models.Q(models.Q(('stop__in', ['RELEASED', 'REPORT']), _negated=True), ('released_at__isnull', True)), _connector='OR'), name='roadmap_out_since'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stop__in', ['SKIPPED', 'STOPPED']), _negated=True), models.Q(('word', ''), _negated=True), _connector='OR'), name='roadmap_halted_with_a_word'),
        ),
        migrations.AddField(
            model_name='knownproblem',
            name='mended_in',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mended', to='roadmap.release'),
        ),
        migrations.AddField(
            model_name='knownproblem',
            name='release',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='problems', to='roadmap.release'),
        ),
        migrations.AddField(
            model_name='releaselink',
            name='release',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='roadmap.release'),
        ),
        migrations.AddField(
            model_name='stopday',
            name='release',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stop_days', to='roadmap.release'),
        ),
        migrations.AddField(
            model_name='train',
            name='product',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='train', to='forum.product'),
        ),
        migrations.AddConstraint(
            model_name='releaselink',
            constraint=models.UniqueConstraint(fields=('release', 'url'), name='roadmap_release_link_once'),
        ),
        migrations.AddConstraint(
            model_name='stopday',
            constraint=models.UniqueConstraint(fields=('release', 'stop'), name='roadmap_stop_once'),
        ),
        migrations.AddConstraint(
            model_name='train',
            constraint=models.CheckConstraint(condition=models.Q(('weeks__gte', 1), ('weeks__lte', 26)), name='roadmap_train_weeks'),
        ),
        migrations.AddConstraint(
            model_name='train',
            constraint=models.CheckConstraint(condition=models.Q(('beta_weekday__lte', 6), ('build_weekday__lte', 6), ('preview_weekday__lte', 6), ('release_weekday__lte', 6), ('report_weekday__lte', 6)), name='roadmap_train_weekdays'),
        ),
    ]
