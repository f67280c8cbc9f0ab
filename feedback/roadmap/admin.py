"""The roadmap in Django's admin, to read. What stands on it changes on its own pages, with journal and news."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from feedback.roadmap.models import ChangelogLine, Item, ItemAsk, Release


class _ReadOnly:
    """Items, lines and releases come, change and go by what managers do, so that the journal knows of it."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ItemAskInline(_ReadOnly, admin.TabularInline[ItemAsk, Item]):
    model = ItemAsk
    extra = 0


@admin.register(Item)
class ItemAdmin(_ReadOnly, admin.ModelAdmin[Item]):
    list_display = ["title", "stage", "release", "stage_changed_at"]
    list_filter = ["stage"]
    list_select_related = ["release"]
    search_fields = ["title", "public_id"]
    inlines = [ItemAskInline]


@admin.register(Release)
class ReleaseAdmin(_ReadOnly, admin.ModelAdmin[Release]):
    list_display = ["version", "stop", "release_date"]


@admin.register(ChangelogLine)
class ChangelogLineAdmin(_ReadOnly, admin.ModelAdmin[ChangelogLine]):
    list_display = ["text", "release", "people_count", "written_at"]
    list_select_related = ["release"]
