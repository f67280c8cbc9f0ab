import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("forum", "0008_taking_part"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="board",
            name="readers",
            field=models.CharField(
                choices=[
                    ("EVERYONE", "Everybody, visitors too"),
                    ("MEMBERS", "Whoever has signed in"),
                    ("RING", "Those who are named on it"),
                    ("TEAM", "The team alone"),
                ],
                default="EVERYONE",
                max_length=8,
                verbose_name="who reads it",
            ),
        ),
        migrations.AlterField(
            model_name="post",
            name="state",
            field=models.CharField(
                choices=[
                    ("PUBLISHED", "Published"),
                    ("HIDDEN", "Hidden by a moderator"),
                    ("WITHDRAWN", "Withdrawn by its author"),
                    ("HELD", "Waits for the team"),
                    ("REMOVED", "Removed by a moderator"),
                    ("INSIDE", "On a closed board"),
                ],
                default="PUBLISHED",
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="BoardMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("joined_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="forum.board",
                    ),
                ),
                (
                    "named_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="named_on",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("left_at__isnull", True)),
                        fields=["person", "board"],
                        name="forum_board_member_reads",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("board", "person"), name="forum_board_member_once"
                    )
                ],
            },
        ),
    ]
