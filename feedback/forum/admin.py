"""The forum in the operator's admin. Words and states change through the site, so that the journal knows."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from feedback.forum.models import Board, Comment, Post, Product


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """To look at, not to change."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False


@admin.register(Post)
class PostAdmin(ReadOnlyAdmin):
    """Every post, the hidden and withdrawn ones too."""

    list_display = ["title", "board", "author", "state", "vote_count", "posted_at"]
    list_filter = ["state", "kind", "board", "source"]
    list_select_related = ["board", "author"]
    search_fields = ["public_id", "external_id", "title"]
    show_full_result_count = False


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    """Every comment, the hidden and internal ones too."""

    list_display = ["__str__", "post", "author", "is_official", "is_internal", "is_hidden"]
    list_filter = ["is_official", "is_internal", "is_hidden"]
    list_select_related = ["post", "author"]
    search_fields = ["public_id", "body"]
    show_full_result_count = False


@admin.register(Product)
class ProductAdmin(ReadOnlyAdmin):
    """Products are made on the desk, so that the journal knows."""

    list_display = ["name", "name_zh", "slug", "position", "is_default"]


@admin.register(Board)
class BoardAdmin(ReadOnlyAdmin):
    """Boards are made on the desk, so that the journal knows."""

    list_display = ["name", "name_zh", "slug", "product", "parent", "position", "is_archived"]
    list_select_related = ["product", "parent"]
