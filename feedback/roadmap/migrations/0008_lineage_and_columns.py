import django.db.models.deletion
from django.db import migrations, models

import feedback.kernel.typed


class Migration(migrations.Migration):
    dependencies = [("forum", "0002_search_index"), ("roadmap", "0007_minds_and_owners")]

    operations = [
        migrations.AddField(
            model_name="item",
            name="joined_into",
            field=models.ForeignKey(
                blank=True,
                help_text="The item that answers its asks now; its address leads there.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="joined",
                to="roadmap.item",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("joined_into__isnull", True),
                    models.Q(
                        ("release__isnull", True),
                        models.Q(("joined_into", models.F("id")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="roadmap_joined_is_off_the_train",
            ),
        ),
        migrations.CreateModel(
            name="Column",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "name",
                    feedback.kernel.typed.LineColumn(blank=True, most=60, verbose_name="name"),
                ),
                (
                    "name_zh",
                    feedback.kernel.typed.LineColumn(
                        blank=True, most=60, verbose_name="name in Chinese"
                    ),
                ),
                (
                    "stages",
                    models.JSONField(help_text="The stages it holds, in the order of the way."),
                ),
                (
                    "shown_to",
                    models.CharField(
                        choices=[
                            ("EVERYONE", "Everyone"),
                            ("TEAM", "The team only"),
                            ("NOBODY", "Nobody: it is hidden"),
                        ],
                        default="EVERYONE",
                        max_length=8,
                        verbose_name="who sees it",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="columns",
                        to="forum.product",
                    ),
                ),
            ],
            options={
                "ordering": ["product", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("product", "position"), name="roadmap_column_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reshaping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("JOIN", "Joined"), ("SPLIT", "Split off")], max_length=5
                    ),
                ),
                ("asks", models.JSONField(help_text="Primary keys of the asks that went.")),
                ("made_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="gave",
                        to="roadmap.item",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="took",
                        to="roadmap.item",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        blank=True,
                        help_text="What the joined item was planned for.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="roadmap.release",
                    ),
                ),
            ],
            options={"ordering": ["-id"]},
        ),
    ]
