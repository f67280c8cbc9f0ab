from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('forum', '0012_checks_and_translations'),
    ]

    operations = [
        migrations.AddField(
            model_name='holdingwishes',
            name='holds_adverts',
            field=models.BooleanField(default=True, verbose_name='what reads like an advert by who is not known here yet waits'),
        ),
    ]
