"""Taking a file in, hanging it under a post or a comment, and taking it away."""

import datetime as dt
import logging
from collections.abc import Mapping, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.restrictions import refuse_muted
from feedback.forum.attachments import storing
from feedback.forum.attachments.models import ALT_LENGTH, FILE_NAME_LENGTH, Attachment
from feedback.forum.attachments.reading import Read
from feedback.forum.models import Comment, Draft, Hiding, Post
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import typed, visible
from feedback.kernel.refusals import Refusal

logger = logging.getLogger(__name__)

#: Under one post or comment.
MOST = 10
#: So long somebody may write before what they attached is taken for forgotten; a draft keeps its own as long as it is kept.
_UNSENT_FOR = dt.timedelta(days=1)
#: Files outlive their rows' removal a while, so that a backup has every file that its database speaks of.
_FILES_OUTLIVE = dt.timedelta(hours=1)
#: What the team removed for good may be appealed against for thirty days; then there is nothing to bring back.
_REMOVED_FOR = dt.timedelta(days=60)
_AT_A_TIME = 500


def upload(*, person: User, read: Read, now: dt.datetime, draft: str = "") -> Attachment:
    """Keep a file of ``person``'s, which belongs to their draft ``draft`` until it is sent with it.

    Once this returns the files lie in the storage. Raises `Refusal` for one who is muted, and where nothing can be stored.
    """
    refuse_muted(person, now=now)
    attachment = Attachment.objects.create(
        owner=person,
        draft=draft,
        kind=read.kind,
        name=read.name,
        width=read.width,
        height=read.height,
        size=read.size,
        sha256=read.sha256,
        uploaded_at=now,
    )
    try:
        storing.store(attachment, read)
    except OSError:
        logger.exception("A file could not be stored")
        raise Refusal(_("It could not be stored just now. Try again in a moment.")) from None
    attachment.is_stored = True
    attachment.save(update_fields=["stored", "stored_small", "is_stored"])
    return attachment


def attach(
    *,
    thing: Post | Comment,
    person: User,
    wanted: Sequence[str],
    alts: Mapping[str, str],
    now: dt.datetime,
    names: Mapping[str, str] | None = None,
    replaces: bool = False,
) -> bool:
    """Hang ``person``'s attachments ``wanted`` (public ids) under ``thing``; return whether anything changed.

    What is not theirs, or hangs elsewhere, is passed over. If it ``replaces``, those that are not wanted go, ``thing``
    counts as edited and the journal has it. ``alts`` has in words what a picture shows, ``names`` what files are called from
    now on. Raises `Refusal` for more than `MOST`, `PermissionDenied` for anybody but who wrote ``thing``. Lock contract: ``thing``'s row.
    """
    if thing.author_id != person.pk:
        raise PermissionDenied
    column = "post" if isinstance(thing, Post) else "comment"
    with transaction.atomic():
        type(thing)._base_manager.select_for_update(no_key=True).get(pk=thing.pk)
        here = Attachment.objects.filter(**{column: thing}, removed_at=None)
        gone = here.exclude(public_id__in=wanted).update(removed_at=now) if replaces else 0
        come = loose(person).filter(public_id__in=wanted).update(**{column: thing}, draft="")
        if here.count() > MOST:
            raise Refusal(
                _("That is too much at once: %(most)d files at most.") % {"most": MOST}, status=422
            )
        described = _describe(here, alts)
        for name, words in (names or {}).items():
            here.filter(public_id=name).update(name=typed.line(words, most=FILE_NAME_LENGTH))
        if replaces and (gone or come):
            type(thing)._base_manager.filter(pk=thing.pk).update(edited_at=now)
            journal.write(
                verb=Verb.ATTACHMENTS_CHANGED,
                subject=thing if isinstance(thing, Post) else thing.post,
                actor_id=person.pk,
                now=now,
                data={"attached": come, "removed": gone}
                | ({} if isinstance(thing, Post) else {"comment": thing.public_id}),
            )
    return bool(gone or come or described)


def loose(person: User) -> QuerySet[Attachment]:
    """Return what ``person`` has uploaded and not sent yet."""
    return Attachment.objects.filter(
        owner=person, post=None, comment=None, removed_at=None, is_stored=True
    )


def keep_with_draft(
    *, person: User, wanted: Sequence[str], alts: Mapping[str, str], draft: str
) -> None:
    """Have what ``person`` has attached and not sent yet belong to their draft ``draft``, and keep what they say of it so far."""
    if wanted:
        mine = loose(person).filter(public_id__in=wanted)
        _describe(mine, {name: visible.cut(words, ALT_LENGTH) for name, words in alts.items()})
        mine.exclude(draft=draft).update(draft=draft)


def remove_loose(*, person: User, public_id: str, now: dt.datetime) -> bool:
    """Take back what ``person`` has uploaded and not sent yet; return whether there was such a thing."""
    return bool(loose(person).filter(public_id=public_id).update(removed_at=now))


def _describe(rows: QuerySet[Attachment], alts: Mapping[str, str]) -> int:
    """Write what the pictures show; return for how many that is new. Raises `Refusal` for too many words."""
    said = {name: typed.line(words, most=ALT_LENGTH) for name, words in alts.items()}
    changed = 0
    for row in rows.filter(public_id__in=list(said), kind=Attachment.Kind.IMAGE):
        if row.alt != said[row.public_id]:
            changed += Attachment.objects.filter(pk=row.pk).update(alt=said[row.public_id])
    return changed


def tidy(*, now: dt.datetime) -> int:
    """Give up what nobody sent, and what was removed for good; take away the files of what was given up; return how many rows went.

    Every step finds its own work, so that one that was cut short is done the next time.
    """
    unsent = Draft.objects.filter(person=OuterRef("owner"), key=OuterRef("draft"), post=None)
    forgotten = Attachment.objects.filter(
        post=None, comment=None, removed_at=None, uploaded_at__lt=now - _UNSENT_FOR
    ).exclude(Exists(unsent))
    forgotten.update(removed_at=now)
    _give_up_removed(now=now)
    gone = 0
    late = Attachment.objects.filter(removed_at__lt=now - _FILES_OUTLIVE).order_by("removed_at")
    for attachment in late[:_AT_A_TIME]:
        try:
            storing.discard(attachment)
        except OSError:
            logger.exception("A file could not be removed")
            continue
        attachment.delete()
        gone += 1
    return gone


def _give_up_removed(*, now: dt.datetime) -> None:
    """Give up what hangs under words that the team removed for good so long ago that nothing brings them back."""
    late = Hiding.objects.filter(ruling__made_at__lt=now - _REMOVED_FOR)
    posts = Q(post__state=Post.State.REMOVED, post__in=late.values("post"))
    comments = Q(comment__body="", comment__in=late.values("comment"))
    Attachment.objects.filter(posts | comments, removed_at=None).update(removed_at=now)
