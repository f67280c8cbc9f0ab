"""What the page of a new post has for a visitor who has no account, and taking in what they send."""

from django.http import HttpRequest

from feedback.accounts.models import User
from feedback.forum import allowed, permissions
from feedback.forum.guests.forms import GuestForm
from feedback.forum.guests.operations import post_as_guest
from feedback.forum.models import Post
from feedback.forum.moderation.holding.judging import wishes
from feedback.forum.posts.forms import PostForm
from feedback.kernel import clock, text
from feedback.kernel.refusals import beside

#: The button of the form that sends as a guest.
_BUTTON, _PRESSED = "as", "guest"


def is_offered(request: HttpRequest) -> bool:
    """Whether whoever asks has no account, and may post without one."""
    return not isinstance(request.user, User) and wishes().takes_guests


def is_sent_as_guest(request: HttpRequest) -> bool:
    """Whether a form was sent by a guest's button, and may be. Raises `Http404` for a board they may not know of."""
    if request.POST.get(_BUTTON) != _PRESSED or not is_offered(request):
        return False
    if named := text.one_line(request.POST.get("board", "")):
        permissions.access_board(request.user, named)
    return True


def guest_form(request: HttpRequest, form: PostForm) -> GuestForm | None:
    """Return what is asked of a guest beside ``form``, with what they have typed; None where nobody posts as one."""
    if not is_offered(request):
        return None
    said = {name: request.POST.get(name, "") for name in GuestForm.base_fields}
    return GuestForm(initial=said, asks=form.captcha is None)


def send(request: HttpRequest, form: PostForm, guest: GuestForm, *, draft: str) -> Post | None:
    """Take in the words of a valid ``form``; return the post, None where ``guest`` or ``form`` says what is wrong."""
    if not guest.is_valid():
        return None
    with beside(form):
        allowed.post_as_guest(request, now=clock.now())
        return post_as_guest(
            guest=guest.guest,
            words=form.words,
            draft=draft,
            is_unchecked=form.is_unchecked or guest.is_unchecked,
            now=clock.now(),
        )
    return None
