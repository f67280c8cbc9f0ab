"""What the team does with a brief: have it drafted, edit it, publish it in one deed, correct it, take it back."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager, by_team
from feedback.briefs.drafting import quoting
from feedback.briefs.drafting.gathering import gather
from feedback.briefs.drafting.signs import without_signs
from feedback.briefs.drafting.week import Week
from feedback.briefs.drafting.wording import worded
from feedback.briefs.models import (
    LANGUAGES,
    NOTE_LENGTH,
    QUOTES,
    WORDS_LENGTH,
    Brief,
    BriefNote,
    BriefQuote,
)
from feedback.briefs.presenting import as_post
from feedback.briefs.queries import boards_for
from feedback.forum.models import Board, Post, Product
from feedback.forum.posts.operations import edit_post, hide_post, publish_post, show_post
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import refuse_stale


def words_of(brief: Brief) -> dict[str, str]:
    """Return the words of ``brief`` by their field."""
    return {"words_en": brief.words_en, "words_zh": brief.words_zh}


@by_team
@transaction.atomic
def draft_brief(*, product: Product, week: Week, actor: User, now: dt.datetime) -> Brief:
    """Have the brief of ``week`` drafted, or drafted anew: a language that a person has changed stays as it is.

    Raises `Refusal` for a week in which nothing happened, one that has not begun, and a brief that was published.
    """
    if week.begins_at > now:
        raise Refusal(_("That week has not begun."))
    happened = gather(product, week, now=now)
    brief = Brief.objects.select_for_update().filter(product=product, monday=week.monday).first()
    if brief is not None and not brief.is_draft:
        raise Refusal(_("It is published. Correct it there, with a word on what was wrong."))
    if happened.is_empty and brief is None:
        raise Refusal(
            _("Nothing grew, was answered or shipped in that week, so there is no brief to write.")
        )
    if brief is None:
        brief = Brief(product=product, monday=week.monday)
    for language in LANGUAGES:
        if brief.words(language) == brief.draft(language):
            draft = worded(happened, language)
            setattr(brief, f"words_{language}", draft)
            setattr(brief, f"draft_{language}", draft)
    brief.drafted_at = brief.changed_at = now
    brief.save()
    _find_quotes(brief, quoting.candidates(happened))
    _record(Verb.BRIEF_DRAFTED, brief, actor, now)
    return brief


def _find_quotes(brief: Brief, found: list[quoting.Candidate]) -> None:
    """Keep what may be quoted; what a person chose among them stays chosen."""
    kept = set(brief.quotes.filter(is_chosen=True).values_list("post", flat=True))
    best = {one.post.pk for one in quoting.chosen(found, most=QUOTES)}
    brief.quotes.exclude(is_chosen=True).delete()
    BriefQuote.objects.bulk_create(
        BriefQuote(
            brief=brief,
            post=one.post,
            ask=one.ask,
            sentence=one.sentence,
            language=one.language,
            is_chosen=not kept and one.post.pk in best,
        )
        for one in found
        if one.post.pk not in kept
    )


def unsaved(brief: Brief, *, words_en: str, words_zh: str) -> Brief:
    """Return ``brief`` with other words, for a look at them; nothing is written."""
    return Brief(
        pk=brief.pk,
        draft_en=brief.draft_en,
        draft_zh=brief.draft_zh,
        words_en=without_signs(words_en),
        words_zh=without_signs(words_zh),
    )


@by_team
@transaction.atomic
def edit_brief(
    *,
    brief: Brief,
    words_en: str,
    words_zh: str,
    quotes: Collection[int],
    actor: User,
    now: dt.datetime,
    seen: str | None = None,
) -> Brief:
    """Save a draft: its words, and the ids of those of its `BriefQuote` that it quotes.

    ``seen`` is the mark of the words that the person began with: raises `StaleEdit` when somebody changed them since.
    Raises `Refusal` for what was published, and for more quotes than `QUOTES`.
    """
    brief = _held(brief)
    if brief.is_published:
        raise Refusal(_("It is published. Correct it there, with a word on what was wrong."))
    _write(brief, words_en=words_en, words_zh=words_zh, quotes=quotes, seen=seen, now=now)
    _record(Verb.BRIEF_EDITED, brief, actor, now)
    return brief


@by_manager
@transaction.atomic
def publish_brief(*, brief: Brief, board: Board, actor: User, now: dt.datetime) -> Brief:
    """Publish ``brief``: as a post on ``board``, on its page, in the feed, and to everyone who follows it.

    One that was taken back comes back with its post, and nobody is told twice. Publishing what is published changes
    nothing. Raises `Refusal` for a brief without words and for a board that its product has not, or whose posts are grouped.
    """
    brief = _held(brief)
    if brief.is_published:
        return brief
    if not brief.words_en and not brief.words_zh:
        raise Refusal(_("It says nothing yet."))
    if not boards_for(brief.product).filter(pk=board.pk).exists():
        raise Refusal(_("Choose a board of this product whose posts are not grouped."))
    if brief.post is not None and brief.post.state == Post.State.HIDDEN:
        show_post(post=brief.post, moderator=actor, now=now)
        rewrite_post(brief=brief, now=now)
    elif brief.post is None or brief.post.state != Post.State.PUBLISHED:
        title, body = as_post(brief)
        brief.post = publish_post(board=board, author=actor, title=title, body=body, now=now)
    brief.state = Brief.State.PUBLISHED
    brief.published_at = brief.published_at or now
    brief.changed_at = now
    brief.save(update_fields=["post", "state", "published_at", "changed_at"])
    _record(Verb.BRIEF_PUBLISHED, brief, actor, now)
    return brief


@by_manager
@transaction.atomic
def correct_brief(
    *,
    brief: Brief,
    words_en: str,
    words_zh: str,
    quotes: Collection[int],
    note: str,
    actor: User,
    now: dt.datetime,
    seen: str | None = None,
) -> Brief:
    """Change what was published, and say in public what was wrong. The post changes too; nobody is told again.

    Raises what `edit_brief` does, and `Refusal` without a note and for what is not published.
    """
    brief = _held(brief)
    if not brief.is_published:
        raise Refusal(_("It is not published, so there is nothing to correct. Edit it."))
    word = _public_note(note)
    _write(brief, words_en=words_en, words_zh=words_zh, quotes=quotes, seen=seen, now=now)
    BriefNote.objects.create(brief=brief, kind=BriefNote.Kind.CORRECTED, word=word, noted_at=now)
    rewrite_post(brief=brief, now=now)
    _record(Verb.BRIEF_CORRECTED, brief, actor, now, note=word)
    return brief


@by_manager
@transaction.atomic
def withdraw_brief(*, brief: Brief, note: str, actor: User, now: dt.datetime) -> Brief:
    """Take a published brief back and say in public why: its page says so, its post is hidden. Raises `Refusal`."""
    brief = _held(brief)
    if not brief.is_published:
        raise Refusal(_("It is not published."))
    word = _public_note(note)
    brief.state, brief.changed_at = Brief.State.WITHDRAWN, now
    brief.save(update_fields=["state", "changed_at"])
    BriefNote.objects.create(brief=brief, kind=BriefNote.Kind.WITHDRAWN, word=word, noted_at=now)
    if brief.post is not None:
        hide_post(post=brief.post, moderator=actor, now=now, reason=word)
    _record(Verb.BRIEF_WITHDRAWN, brief, actor, now, note=word)
    return brief


def rewrite_post(*, brief: Brief, now: dt.datetime) -> None:
    """Have the post say what ``brief`` says now, in the name of who posted it: nobody else may change it."""
    post = brief.post
    if post is not None and post.state == Post.State.PUBLISHED:
        title, body = as_post(brief)
        edit_post(post=post, editor=post.author, title=title, body=body, now=now)


def _held(brief: Brief) -> Brief:
    """Return ``brief`` as the database has it now, held until the transaction ends."""
    return (
        Brief.objects.select_for_update(of=("self",))
        .select_related("product", "post__author")
        .get(pk=brief.pk)
    )


def _write(
    brief: Brief,
    *,
    words_en: str,
    words_zh: str,
    quotes: Collection[int],
    seen: str | None,
    now: dt.datetime,
) -> None:
    refuse_stale(words_of(brief), seen=seen)
    if len(set(quotes)) > QUOTES:
        raise Refusal(
            ngettext("Choose %(most)d quote at most.", "Choose %(most)d quotes at most.", QUOTES)
            % {"most": QUOTES},
            status=422,
        )
    brief.words_en = typed.words(without_signs(words_en), most=WORDS_LENGTH)
    brief.words_zh = typed.words(without_signs(words_zh), most=WORDS_LENGTH)
    brief.changed_at = now
    brief.save(update_fields=["words_en", "words_zh", "changed_at"])
    brief.quotes.filter(pk__in=quotes).update(is_chosen=True)
    brief.quotes.exclude(pk__in=quotes).update(is_chosen=False)


def _public_note(note: str) -> str:
    word = typed.words(note, most=NOTE_LENGTH)
    if not word:
        raise Refusal(
            _("Say in a sentence what was wrong: everyone who read it may read this."), status=422
        )
    return word


def _record(verb: Verb, brief: Brief, actor: User, now: dt.datetime, **more: str) -> None:
    journal.write(
        verb=verb,
        subject=brief,
        actor_id=actor.pk,
        now=now,
        data={
            "brief": brief.public_id,
            "product": brief.product.slug,
            "monday": brief.monday.isoformat(),
            **more,
        },
    )
