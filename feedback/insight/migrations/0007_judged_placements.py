from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("insight", "0006_summary_from")]

    operations = [
        migrations.RemoveConstraint(model_name="judgement", name="insight_judgement_shape"),
        migrations.AlterField(
            model_name="judgement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("MEMBERSHIP", "A post and the ask a run put it in"),
                    ("PLACEMENT", "A new post and the ask it joined"),
                    ("CANDIDATE", "A new post and the ask it nearly joined"),
                    ("PAIR", "Two posts that are not together"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="judgement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    kind__in=["MEMBERSHIP", "PLACEMENT", "CANDIDATE"],
                    ask__isnull=False,
                    other_post__isnull=True,
                )
                | models.Q(
                    kind="PAIR",
                    ask__isnull=True,
                    other_post__isnull=False,
                    other_post__gt=models.F("post"),
                ),
                name="insight_judgement_shape",
            ),
        ),
        migrations.AddConstraint(
            model_name="judgement",
            constraint=models.UniqueConstraint(
                condition=models.Q(ask__isnull=False),
                fields=("post", "ask"),
                name="insight_membership_judged_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="judgement",
            constraint=models.UniqueConstraint(
                condition=models.Q(other_post__isnull=False),
                fields=("post", "other_post"),
                name="insight_pair_judged_once",
            ),
        ),
    ]
