"""One's own face: choose it, take it away, see it."""

import datetime as dt

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from feedback.accounts import limits
from feedback.accounts.faces.operations import choose_face, remove_face
from feedback.accounts.permissions import access_face, member_of, member_required
from feedback.accounts.trust import Trust
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal
from feedback.kernel.uploads import left_out, too_large

_MOST_BYTES = 15_000_000
_DAY = dt.timedelta(days=1)
_FACES = limits.Allowance("face", {Trust.NEW: ((10, _DAY),), Trust.MEMBER: ((30, _DAY),)})


@require_safe
def face(request: HttpRequest, public_id: str, key: str) -> HttpResponseBase:
    """Hand out the picture that a person is shown by. Another picture has another address, so this one never changes."""
    response = picture(access_face(public_id, key).face, called=public_id)
    response["Cache-Control"] = "public, max-age=86400, immutable"
    return response


def picture(stored: str, *, called: str) -> FileResponse:
    """Hand out the picture that is ``stored`` under this name as one that is ``called`` so. Raises `Http404`."""
    try:
        response = FileResponse(default_storage.open(stored), content_type="image/webp")
    except OSError:
        raise Http404 from None
    response["Content-Disposition"] = f'inline; filename="{called}.webp"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@member_required
@require_POST
def face_change(request: HttpRequest) -> HttpResponseBase:
    """Choose the picture that one is shown by, or take it away."""
    member = member_of(request)
    if "remove" in request.POST:
        if remove_face(person=member):
            messages.success(request, _("Your face is a drawn one again."))
        return redirect("accounts:profile")
    sent = request.FILES.get("face")
    if left_out(request) or (sent is not None and (sent.size or 0) > _MOST_BYTES):
        raise too_large(_MOST_BYTES)
    if sent is None or sent.file is None:
        raise Refusal(_("Choose a picture first."), status=422)
    limits.spend(_FACES, member, now=clock.now())
    choose_face(person=member, file=sent.file, now=clock.now())
    messages.success(request, _("This is how others see you now."))
    return redirect("accounts:profile")
