from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_doors")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="part_role",
            field=models.CharField(
                blank=True,
                choices=[("MODERATOR", "Moderator"), ("MANAGER", "Product manager")],
                default="",
                help_text="The most they may do on some products or boards; the rights of the forum say on which.",
                max_length=12,
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="user",
            name="role",
            field=models.CharField(
                choices=[
                    ("MEMBER", "Member"),
                    ("ANALYST", "Analyst"),
                    ("MODERATOR", "Moderator"),
                    ("MANAGER", "Product manager"),
                    ("ADMIN", "Administrator"),
                ],
                default="MEMBER",
                max_length=12,
                verbose_name="role",
            ),
        ),
        migrations.RemoveConstraint(model_name="user", name="accounts_imported_is_member"),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("origin", "SIGNED_UP"),
                    models.Q(("part_role", ""), ("role", "MEMBER")),
                    _connector="OR",
                ),
                name="accounts_imported_is_member",
            ),
        ),
    ]
