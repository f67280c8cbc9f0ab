"""What a release says: its notes in two languages, what is known to be wrong with it, where to find more."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import refuse_stale, words_of
from feedback.roadmap import lengths
from feedback.roadmap.models import Category, ChangelogLine, KnownProblem, Release, ReleaseLink
from feedback.roadmap.train.drafting import drafted
from feedback.roadmap.train.recording import held, record

LANGUAGES = ("en", "zh")
#: What is changed of a line of the changelog.
LINE = ("text", "category")


def notes_of(release: Release) -> dict[str, str]:
    """Return the notes of ``release`` by their field."""
    return {"notes_en": release.notes_en, "notes_zh": release.notes_zh}


@by_manager
@transaction.atomic
def change_notes(
    *,
    release: Release,
    notes_en: str,
    notes_zh: str,
    actor: User,
    now: dt.datetime,
    seen: str | None = None,
) -> Release:
    """Write the notes of ``release``. What a person changes is theirs from then on, no longer a machine's draft.

    ``seen`` is the mark of the notes that the person began with: raises `StaleEdit` when somebody changed them since.
    """
    release = held(release)
    refuse_stale(notes_of(release), seen=seen)
    for language, words in zip(LANGUAGES, (notes_en, notes_zh), strict=True):
        words = typed.words(words, most=lengths.NOTES)
        if words != getattr(release, f"notes_{language}"):
            setattr(release, f"notes_{language}", words)
            setattr(release, f"notes_{language}_by_machine", False)
    return _saved(release, actor, now)


@by_manager
@transaction.atomic
def draft_notes(*, release: Release, actor: User, now: dt.datetime) -> Release:
    """Have the notes of ``release`` drafted from its items and the asks behind them; what a person wrote stays."""
    release = held(release)
    for language in LANGUAGES:
        by_machine = getattr(release, f"notes_{language}_by_machine")
        if by_machine or not getattr(release, f"notes_{language}"):
            words = drafted(release, language)
            setattr(release, f"notes_{language}", words)
            setattr(release, f"notes_{language}_by_machine", bool(words))
    return _saved(release, actor, now)


def _saved(release: Release, actor: User, now: dt.datetime) -> Release:
    release.save(
        update_fields=["notes_en", "notes_zh", "notes_en_by_machine", "notes_zh_by_machine"]
    )
    record(verb=Verb.RELEASE_EDITED, release=release, actor=actor, now=now, what="notes")
    return release


@by_manager
@transaction.atomic
def add_problem(
    *, release: Release, text: str, actor: User, now: dt.datetime, text_zh: str = ""
) -> KnownProblem:
    """Say what is known to be wrong with ``release``. Raises `Refusal` without words."""
    text, text_zh = typed.line(text, most=lengths.LINE), typed.line(text_zh, most=lengths.LINE)
    if not text and not text_zh:
        raise Refusal(_("Say what goes wrong."), status=422)
    problem = KnownProblem.objects.create(
        release=held(release), text=text or text_zh, text_zh=text_zh, added_at=now
    )
    record(verb=Verb.RELEASE_EDITED, release=problem.release, actor=actor, now=now, what="problem")
    return problem


@by_manager
@transaction.atomic
def mend_problem(
    *, problem: KnownProblem, mended_in: Release | None, actor: User, now: dt.datetime
) -> KnownProblem:
    """Say which release mends ``problem``, or that none does yet. Raises `Refusal` for another product's."""
    if mended_in is not None and mended_in.product_id != problem.release.product_id:
        raise Refusal(_("That release is of another product."))
    release = held(problem.release)
    problem.mended_in = mended_in
    problem.save(update_fields=["mended_in"])
    record(verb=Verb.RELEASE_EDITED, release=release, actor=actor, now=now, what="problem")
    return problem


@by_manager
@transaction.atomic
def remove_problem(*, problem: KnownProblem, actor: User, now: dt.datetime) -> None:
    """Take a known problem away that was none."""
    release = held(problem.release)
    problem.delete()
    record(verb=Verb.RELEASE_EDITED, release=release, actor=actor, now=now, what="problem")


@by_manager
@transaction.atomic
def add_link(
    *, release: Release, label: str, url: str, actor: User, now: dt.datetime
) -> ReleaseLink:
    """Put a link on the page of ``release``; the same address again changes its label. Raises `Refusal`."""
    label = typed.line(label, most=lengths.LINE)
    try:
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError:
        raise Refusal(_("Give the whole address, from https:// on."), status=422) from None
    link, _made = ReleaseLink.objects.update_or_create(
        release=held(release), url=url, defaults={"label": label or url}
    )
    record(verb=Verb.RELEASE_EDITED, release=link.release, actor=actor, now=now, what="link")
    return link


@by_manager
@transaction.atomic
def remove_link(*, link: ReleaseLink, actor: User, now: dt.datetime) -> None:
    """Take a link away."""
    release = held(link.release)
    link.delete()
    record(verb=Verb.RELEASE_EDITED, release=release, actor=actor, now=now, what="link")


@by_manager
@transaction.atomic
def change_line(
    *,
    line: ChangelogLine,
    text: str,
    category: str,
    actor: User,
    now: dt.datetime,
    seen: str | None = None,
) -> ChangelogLine:
    """Change what a line of the changelog says, and what kind of change it is. Raises `Refusal` without words.

    ``seen`` is the mark of `LINE` that the person began with: raises `StaleEdit` when somebody changed them since.
    """
    text = typed.line(text, most=lengths.LINE)
    if not text:
        raise Refusal(_("Say what changed."), status=422)
    release = held(line.release)
    line.refresh_from_db(fields=LINE)
    refuse_stale(words_of(line, LINE), seen=seen)
    line.text, line.category = text, Category(category)
    line.save(update_fields=["text", "category"])
    record(verb=Verb.RELEASE_EDITED, release=release, actor=actor, now=now, what="line")
    return line
