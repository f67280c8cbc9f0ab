from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_shared_cache'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='credit',
            field=models.CharField(blank=True, choices=[('NAMED', 'By my name'), ('COUNTED', 'As one of the others, without my name')], help_text='Empty: members by name, imported authors counted.', max_length=8, verbose_name='when something you asked for ships, you are thanked'),
        ),
    ]
