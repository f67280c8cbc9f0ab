"""People in the operator's admin: roles are given on the desk, where the last administrator stays one."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from feedback.accounts.models import User


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    """Who they are, what they may do, whether they may sign in. Passwords are theirs alone."""

    list_display = ["__str__", "email", "role", "origin", "is_active", "joined_at"]
    list_filter = ["role", "origin", "is_active", "is_staff"]
    search_fields = ["public_id", "email", "display_name"]
    readonly_fields = [
        "public_id",
        "role",
        "part_role",
        "origin",
        "origin_key",
        "joined_at",
        "last_login",
    ]
    show_full_result_count = False
    fieldsets = [
        (None, {"fields": ["public_id", "display_name", "email", "bio", "language"]}),
        (
            _("What they may do"),
            {"fields": ["role", "part_role", "is_active", "is_staff", "is_superuser"]},
        ),
        (
            _("Where they come from"),
            {"fields": ["origin", "origin_key", "joined_at", "last_login"]},
        ),
    ]

    def has_add_permission(self, request: object) -> bool:
        """People sign up themselves; operators are made by a command."""
        return False

    def has_delete_permission(self, request: object, obj: object | None = None) -> bool:
        """An account is closed, not deleted: posts keep their author."""
        return False
