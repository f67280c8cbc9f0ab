"""Files: sent while somebody writes, taken back, and read."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from feedback.accounts.permissions import member_of, member_required
from feedback.forum.attachments.attaching import take_in
from feedback.forum.attachments.models import Attachment
from feedback.forum.attachments.operations import remove_loose
from feedback.forum.attachments.permissions import access_attachment
from feedback.forum.attachments.serving import hand_out
from feedback.forum.posts import drafts
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal
from feedback.kernel.uploads import left_out, too_large
from feedback.kernel.way_back import came_from, page_above


@member_required
@require_POST
def attachment_create(request: HttpRequest) -> HttpResponseBase:
    """Take in one file while its owner writes on; returns as JSON its name, its row in the form, and how a text shows it."""
    member = member_of(request)
    file = request.FILES.get("files")
    if left_out(request):
        raise too_large(settings.UPLOAD_BYTES)
    if file is None:
        raise Refusal(_("Choose a file first."), status=422)
    key = request.POST.get("draft", "")
    made = take_in(member, file, draft=key if drafts.is_key(key) else "")
    html = render_to_string("forum/attachments/_attached.html", {"one": made}, request)
    return JsonResponse({"id": made.public_id, "html": html, "words": made.in_words})


@member_required
@require_POST
def attachment_remove(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Take back a file that is not sent yet."""
    if not remove_loose(person=member_of(request), public_id=public_id, now=clock.now()):
        raise Http404
    if request.headers.get("Accept") == "application/json":
        return HttpResponse(status=204)
    return redirect(came_from(request, otherwise=page_above(request)))


@require_safe
def attachment(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Hand out a file to whoever may read the words that it hangs under."""
    return hand_out(request, access_attachment(request.user, public_id), small=False)


@require_safe
def attachment_small(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Hand out the small one of a picture."""
    found = access_attachment(request.user, public_id)
    if found.kind != Attachment.Kind.IMAGE:
        raise Http404
    return hand_out(request, found, small=True)
