"""The inbox: what happened to what a person asked for."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from feedback.accounts.permissions import member_of, member_required
from feedback.kernel import clock
from feedback.notify.channels.inbox import operations, presenting, queries
from feedback.notify.channels.inbox.permissions import access_notice

THREADS_PER_PAGE = 30


@require_GET
@member_required
def inbox(request: HttpRequest) -> HttpResponse:
    """Everything the reader was told: what belongs together folded, by the day of the latest."""
    person = member_of(request)
    page = Paginator(queries.threads(person), THREADS_PER_PAGE).get_page(request.GET.get("page"))
    counts = {one["folded"]: (one["told"], one["unread"]) for one in page.object_list}
    notices = queries.of_threads(person, counts)
    return render(
        request,
        "notify/channels/inbox/inbox.html",
        {
            "nav": "inbox",
            "page": page,
            "days": presenting.by_day(notices, reader=person, counts=counts, now=clock.now()),
            "unread": queries.unread_count(person),
        },
    )


@require_POST
@member_required
def notice_open(request: HttpRequest, public_id: str) -> HttpResponse:
    """Mark a notice as read and go to what it is about."""
    notice = access_notice(member_of(request), public_id)
    operations.mark_read(notice=notice, now=clock.now())
    return redirect(presenting.told(notice).url)


@require_POST
@member_required
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    operations.mark_all_read(person=member_of(request), now=clock.now())
    return redirect("notify:inbox")
