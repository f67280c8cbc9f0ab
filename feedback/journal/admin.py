"""The journal in Django's admin, to read and to release parked dispatches."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from feedback.journal.models import Dispatch, Entry
from feedback.kernel import clock


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin[Entry]):
    list_display = ["at", "verb", "subject_type", "subject_id", "actor_id"]
    list_filter = ["verb"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False


@admin.register(Dispatch)
class DispatchAdmin(admin.ModelAdmin[Dispatch]):
    list_display = ["entry", "consumer", "state", "attempts", "due_at", "last_error"]
    list_filter = ["state", "consumer"]
    list_select_related = ["entry"]
    actions = ["deliver_again"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Dispatch | None = None) -> bool:
        return False

    @admin.action(description=_("Deliver the selected again"))
    def deliver_again(self, request: HttpRequest, queryset: QuerySet[Dispatch]) -> None:
        queryset.exclude(state=Dispatch.State.DONE).update(
            state=Dispatch.State.WAITING, attempts=0, due_at=clock.now()
        )
