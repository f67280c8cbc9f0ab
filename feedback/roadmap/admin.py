"""The roadmap in Django's admin, to read and to mend words. Stages move on the item's own page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from feedback.roadmap.models import ChangelogLine, Item, ItemAsk, Release


class _NoneAddedNoneDeleted:
    """Items, lines and releases come and go by what managers do, so that the journal knows of it."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ItemAskInline(_NoneAddedNoneDeleted, admin.TabularInline[ItemAsk, Item]):
    model = ItemAsk
    extra = 0
    readonly_fields = ["ask", "linked_at"]


@admin.register(Item)
class ItemAdmin(_NoneAddedNoneDeleted, admin.ModelAdmin[Item]):
    list_display = ["title", "stage", "release", "stage_changed_at"]
    list_filter = ["stage"]
    list_select_related = ["release"]
    search_fields = ["title", "public_id"]
    readonly_fields = [
        "public_id", "stage", "stage_changed_at", "decline_reason", "adopted_at", "release"
    ]  # fmt: skip
    inlines = [ItemAskInline]


@admin.register(Release)
class ReleaseAdmin(_NoneAddedNoneDeleted, admin.ModelAdmin[Release]):
    list_display = ["version", "release_date"]
    readonly_fields = ["version"]


@admin.register(ChangelogLine)
class ChangelogLineAdmin(_NoneAddedNoneDeleted, admin.ModelAdmin[ChangelogLine]):
    list_display = ["text", "release", "people_count", "written_at"]
    list_select_related = ["release"]
    readonly_fields = ["release", "item", "people_count", "credited", "written_at"]
