"""Posts that their writers have not sent yet.

A member's draft is a row, saved while they write; a visitor's words wait in the session until they have signed in, and
what no server has seen yet waits in the browser (`compose.js`).
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.forum.models import BODY_LENGTH, Draft, Post
from feedback.forum.prompts.forms import without_secrets
from feedback.kernel import public_ids, text, visible
from feedback.kernel.refusals import Refusal
from feedback.kernel.url_converters import PublicId

_KEY = "forum-draft"
#: In the session: whether nobody could say that a person wrote a visitor's words.
UNCHECKED = "forum-unchecked"
#: A sent draft is kept as long as a browser may still hold its form, an unsent one as long as anybody comes back.
_SENT_FOR, _UNSENT_FOR = dt.timedelta(days=30), dt.timedelta(days=365)
#: Characters of all fields together: a post and a half may be too long to post, but never to keep.
_MOST = 2 * BODY_LENGTH * visible.POINTS
#: Of one person; what they wrote last is kept.
_MOST_OF_ONE = 100


# --- A member's ------------------------------------------------------------------------------------------------------
def new_key() -> str:
    """Return the name of a draft that is begun now."""
    return public_ids.new_public_id()


def is_key(key: str) -> bool:
    """Return whether a form can have been given ``key``."""
    return re.fullmatch(PublicId.regex, key) is not None


def drafts_of(person: User) -> QuerySet[Draft]:
    """Return what ``person`` has not sent yet, what they wrote last first."""
    return Draft.objects.filter(person=person, post=None).order_by("-saved_at", "-pk")


def stamp(draft: Draft) -> str:
    """Return what a window says of the draft it shows, so that it does not write over a newer one."""
    return draft.saved_at.isoformat()


def save_draft(
    *, person: User, key: str, words: Mapping[str, str], seen: str, now: dt.datetime
) -> Draft | None:
    """Keep ``words`` as the draft ``key``, or forget it where they are none; return what is kept.

    ``seen`` is the `stamp` of what the window had before. Where another window has written since, or the draft was sent,
    other words become a draft of their own; the same words of a sent one are its. Of a prompt no secret is kept. Raises `Refusal` for more than anybody writes. Lock contract:
    the person's row.
    """
    if sum(map(len, words.values())) > _MOST:
        raise Refusal(_("This is too long to keep. Copy it to a place of your own."), status=422)
    words = without_secrets(words)
    says_something = any(visible.shows(words.get(name, "")) for name in ("title", "body"))
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        draft = Draft.objects.filter(person=person, key=key).select_related("post").first()
        if draft is not None and draft.post is not None:
            if text.content_hash(words.get("title", ""), words.get("body", "")) == (
                draft.post.content_hash
            ):
                return draft
            draft, key = None, new_key()
        if draft is not None and stamp(draft) != seen and draft.words != words:
            draft, key = None, new_key()
        if not says_something:
            if draft is not None:
                draft.delete()
            return None
        if draft is None:
            draft = Draft(person=person, key=key)
        draft.words, draft.saved_at = words, now
        draft.save()
        for old in drafts_of(person)[_MOST_OF_ONE:]:
            old.delete()
    return draft


def discard_draft(*, person: User, key: str) -> bool:
    """Throw a draft away; return whether there was one that was not sent."""
    return bool(drafts_of(person).filter(key=key).delete()[0])


def is_sent(key: str, *, person: User, post: Post, now: dt.datetime) -> None:
    """Note that the draft ``key`` of ``person`` became ``post``; "" is none. Call in the transaction of the post."""
    if key:
        Draft.objects.update_or_create(
            person=person, key=key, defaults={"words": {}, "post": post, "saved_at": now}
        )


def tidy(*, now: dt.datetime) -> None:
    """Remove drafts that were sent long ago, and those nobody came back to."""
    Draft.objects.filter(post__isnull=False, saved_at__lt=now - _SENT_FOR).delete()
    Draft.objects.filter(saved_at__lt=now - _UNSENT_FOR).delete()


def words_in(fields: Mapping[str, Any], names: list[str]) -> dict[str, str]:
    """Return what a form sent under ``names``, as it is kept: nothing checked, nothing cut."""
    return {name: text.normalise(str(fields.get(name, ""))) for name in names}


# --- A visitor's -----------------------------------------------------------------------------------------------------
def keep(request: HttpRequest, form: Form, key: str) -> None:
    """Remember what a valid form says, every field of it, of a prompt without secrets; a session holds one draft."""
    words = {
        name: form.fields[name].prepare_value(value) for name, value in form.cleaned_data.items()
    }
    request.session[_KEY] = {"key": key, "words": without_secrets(words)}


def kept(request: HttpRequest) -> tuple[str, dict[str, Any]]:
    """Return key and words of the remembered draft, empty when there is none."""
    draft = request.session.get(_KEY)
    if not isinstance(draft, dict) or "words" not in draft:
        return "", {}
    return str(draft["key"]), dict(draft["words"])


def forget(request: HttpRequest) -> None:
    """Forget the draft, once it is a post."""
    request.session.pop(_KEY, None)
