"""Following a thing, and muting it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from feedback.accounts.permissions import member_of, member_required
from feedback.kernel import clock
from feedback.kernel.htmx import is_htmx
from feedback.kernel.way_back import came_from
from feedback.notify.following import operations
from feedback.notify.following.slots import button
from feedback.notify.following.subjects import SUBJECTS
from feedback.notify.groups import About


@require_POST
@member_required
def follow(request: HttpRequest, about: str, key: str) -> HttpResponse:
    """Follow (``want=FOLLOW``), mute (``MUTE``) or neither (``NONE``); answers with the button as it is then."""
    if about.upper() not in About.values:
        raise Http404
    kind, person = About(about.upper()), member_of(request)
    subject = SUBJECTS[kind]
    row = subject.access(person, key)
    if request.POST.get("want") in ("FOLLOW", "MUTE"):
        operations.subscribe(
            person=person,
            about=kind,
            about_id=row.pk,
            is_muted=request.POST["want"] == "MUTE",
            now=clock.now(),
        )
    else:
        operations.unsubscribe(person=person, about=kind, about_id=row.pk)
    if is_htmx(request):
        return HttpResponse(button(request, kind, row))
    return redirect(came_from(request, otherwise=subject.page(row)))


@require_POST
@member_required
def subscription_remove(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """Stop following or muting one thing of the list: what is hidden by now has no page to do it on."""
    operations.remove_subscription(person=member_of(request), subscription_id=subscription_id)
    return redirect("notify:wishes")
