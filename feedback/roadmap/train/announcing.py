"""The preview of a release: a post on a board of announcements, made of its notes, a few days before it leaves."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext, override
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.forum.models import TITLE_LENGTH, Allowed, Board, Post, Product, Readers
from feedback.forum.posts.operations import publish_post
from feedback.journal.verbs import Verb
from feedback.kernel import visible
from feedback.kernel.refusals import Refusal
from feedback.roadmap.days import long_day
from feedback.roadmap.models import Release
from feedback.roadmap.train.drafting import LOCALES, in_language
from feedback.roadmap.train.recording import held, record, waiting


def boards_for(product: Product) -> QuerySet[Board]:
    """Return the boards of ``product`` that everybody reads and where the team alone posts."""
    return Board.objects.filter(
        product=product, posters=Allowed.TEAM, is_archived=False, readers=Readers.EVERYONE
    )


@by_manager
@transaction.atomic
def post_preview(*, release: Release, board: Board, actor: User, now: dt.datetime) -> Post:
    """Post what ``release`` will bring on ``board``, in both languages; returns the post there is, if one is.

    Raises `Refusal` for a release that is out or halted, one that has nothing to say, and another product's board.
    """
    release = held(release)
    if release.preview_post is not None and release.preview_post.state == Post.State.PUBLISHED:
        return release.preview_post
    if release.is_out or release.is_halted:
        raise Refusal(_("A preview comes before the release."))
    if board.product_id != release.product_id:
        raise Refusal(_("That board is of another product."))
    parts = [part for language in LOCALES if (part := _part(release, language))]
    if not parts:
        raise Refusal(_("Write the notes first, or plan an item for it."))
    titles = []
    for locale in LOCALES.values():
        with override(locale):
            titles.append(
                gettext("Coming on %(day)s: %(version)s")
                % {"day": long_day(release.release_date), "version": release.version}
            )
    post = publish_post(
        board=board,
        author=actor,
        title=visible.cut(" / ".join(titles), TITLE_LENGTH),
        body="\n\n---\n\n".join(parts),
        product_version=release.version,
        now=now,
    )
    release.preview_post = post
    release.save(update_fields=["preview_post"])
    record(verb=Verb.RELEASE_EDITED, release=release, actor=actor, now=now, what="preview")
    return post


def _part(release: Release, language: str) -> str:
    """Return the notes in ``language``, else what is on board; a machine's draft says that it is one."""
    with override(LOCALES[language]):
        notes: str = getattr(release, f"notes_{language}")
        if notes and getattr(release, f"notes_{language}_by_machine"):
            said = gettext(
                "A draft that the machine put together from what people asked. Nobody has edited it yet."
            )
            return f"*{said}*\n\n{notes}"
        return notes or "\n".join(
            f"- {in_language(item.title, language)}" for item in waiting(release)
        )
