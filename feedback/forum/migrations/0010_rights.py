import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import feedback.accounts.joining.models
import feedback.kernel.public_ids
from feedback.kernel.large_tables import LeaveColumn

ALLOWED = [
    ("MEMBERS", "Whoever has an account"),
    ("RING", "Those who are named on it, and the team"),
    ("TEAM", "The team alone"),
    ("NOBODY", "Nobody: it is closed for new ones"),
]


def say_who_posts(apps, schema_editor):
    """Where the team alone posted, it goes on doing so."""
    apps.get_model("forum", "Board").objects.filter(team_posts_only=True).update(posters="TEAM")


def say_whether_the_team_alone(apps, schema_editor):
    """What is finer than the older version can say is the team's alone there."""
    boards = apps.get_model("forum", "Board").objects.exclude(posters="MEMBERS")
    boards.update(team_posts_only=True)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_roles_on_parts"),
        ("forum", "0009_closed_boards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="board",
            name="commenters",
            field=models.CharField(
                choices=ALLOWED,
                default="MEMBERS",
                max_length=8,
                verbose_name="who comments here",
            ),
        ),
        migrations.AddField(
            model_name="board",
            name="posters",
            field=models.CharField(
                choices=ALLOWED, default="MEMBERS", max_length=8, verbose_name="who posts here"
            ),
        ),
        migrations.RunPython(say_who_posts, say_whether_the_team_alone, elidable=True),
        LeaveColumn(model_name="board", name="team_posts_only"),
        migrations.AlterField(
            model_name="board",
            name="voters_seen_by",
            field=models.CharField(
                choices=[
                    ("EVERYONE", "Everyone"),
                    ("MEMBERS", "Whoever has an account"),
                    ("RING", "Those who are named on it, and the team"),
                    ("TEAM", "The team alone"),
                ],
                default="EVERYONE",
                max_length=8,
                verbose_name="who sees the names of those who want a post",
            ),
        ),
        migrations.CreateModel(
            name="Right",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", feedback.kernel.public_ids.PublicIdField()),
                (
                    "role",
                    models.CharField(
                        choices=[("MODERATOR", "Moderator"), ("MANAGER", "Product manager")],
                        max_length=12,
                    ),
                ),
                ("given_at", models.DateTimeField()),
                (
                    "board",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="forum.board",
                    ),
                ),
                (
                    "given_by",
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
                        related_name="rights",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="forum.product",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("board__isnull", True), ("product__isnull", False)),
                            models.Q(("board__isnull", False), ("product__isnull", True)),
                            _connector="OR",
                        ),
                        name="forum_right_of_one_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("role", "MODERATOR"), ("product__isnull", False), _connector="OR"
                        ),
                        name="forum_right_of_a_board_moderates",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("product__isnull", False)),
                        fields=("person", "product"),
                        name="forum_right_once_a_product",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("board__isnull", False)),
                        fields=("person", "board"),
                        name="forum_right_once_a_board",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", feedback.kernel.public_ids.PublicIdField()),
                (
                    "code",
                    models.CharField(
                        default=feedback.accounts.joining.models.new_code,
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("MEMBER", "Member"),
                            ("ANALYST", "Analyst"),
                            ("MODERATOR", "Moderator"),
                            ("MANAGER", "Product manager"),
                            ("ADMIN", "Administrator"),
                        ],
                        max_length=12,
                    ),
                ),
                ("mailed_to", models.EmailField(blank=True, max_length=254)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
                (
                    "board",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="forum.board",
                    ),
                ),
                (
                    "invitation",
                    models.OneToOneField(
                        help_text="By which somebody signs up who has no account yet.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.invitation",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="forum.product",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["-id"]},
        ),
    ]
