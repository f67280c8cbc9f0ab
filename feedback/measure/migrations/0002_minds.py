from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('measure', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='alert',
            name='kind',
            field=models.CharField(choices=[('GROWTH', 'Growing'), ('BURST', 'Burst'), ('RELEASE', 'After a release'), ('MIND', 'What would change our mind')], max_length=8),
        ),
    ]
