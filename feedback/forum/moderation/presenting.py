"""Cases and decisions in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from feedback.accounts.models import User
from feedback.accounts.restrictions import is_banned
from feedback.forum.models import Comment, Post, Ruling
from feedback.forum.moderation import queries
from feedback.forum.moderation.models import Action
from feedback.forum.moderation.permissions import key_for
from feedback.kernel import markdown, text

#: Why something waits unseen, by the name its case keeps.
_GROUNDS = {
    "GUEST": gettext_lazy("Sent without an account."),
    "FIRST": gettext_lazy("The team looks at the first posts of everybody who is new."),
    "REMOVED": gettext_lazy("It is much like what was removed here before."),
    "LINKS": gettext_lazy("Links of somebody new wait until the team has looked."),
    "ADVERT": gettext_lazy("It reads like an advert, and its author is not known here yet."),
    "SAME": gettext_lazy("Others posted the same words today."),
    "LIKE": gettext_lazy("It is nearly the same as what others posted today."),
    "REPORTS": gettext_lazy("Several people reported it."),
    "CHECKER": gettext_lazy("What checks new posts for the team wants it looked at first."),
    "CAPTCHA": gettext_lazy(
        "The check that tells people from programs was down when this was sent."
    ),
    "WORD": gettext_lazy("It has words that the team looks at first."),
}


@dataclass(frozen=True)
class Named:
    """Something as a sentence names it: what ``kind``, its first words and their language."""

    kind: str
    title: str
    language: str


def named(thing: Post | Comment | User) -> Named:
    """Return what ``thing`` is called."""
    match thing:
        case Post():
            return Named("post", thing.title, thing.language)
        case Comment():
            words = markdown.plain(thing.body, length=120)
            return Named("comment", words, text.language_of(words))
    return Named("person", thing.name, text.language_of(thing.name))


def grounds(held_for: list[str]) -> list[str]:
    """Return in words why something waits; which words they were is said to nobody but the team."""
    known = dict.fromkeys(one.partition(":")[0] for one in held_for)
    return [str(_GROUNDS[one]) for one in known if one in _GROUNDS]


@dataclass(frozen=True)
class Fate:
    """What became of something that not everybody sees: the ruling that hides it, or why it is held."""

    ruling: Ruling | None = None
    grounds: Sequence[str] = ()
    is_removed: bool = False


def fate_of(post: Post) -> Fate | None:
    """Return what became of ``post``, None where everybody who reads its board sees it."""
    if post.is_shown or post.state in (Post.State.WITHDRAWN, Post.State.WITNESS):
        return None
    if post.state == Post.State.HELD:
        case = queries.held(posts=[post.pk]).get(f"post:{post.pk}")
        return Fate(grounds=grounds(case.held_for) if case is not None else ())
    ruling = queries.hidden_by(posts=[post.pk]).get(f"post:{post.pk}")
    return Fate(ruling=ruling, is_removed=post.state == Post.State.REMOVED)


def fates_of(comments: Sequence[Comment]) -> dict[int, Fate]:
    """Return what became of those of ``comments`` that not everybody sees."""
    hidden = [one for one in comments if one.is_hidden and one.withdrawn_at is None]
    if not hidden:
        return {}
    pks = [one.pk for one in hidden]
    rulings, cases = queries.hidden_by(comments=pks), queries.held(comments=pks)
    found = {}
    for one in hidden:
        ruling, case = rulings.get(f"comment:{one.pk}"), cases.get(f"comment:{one.pk}")
        why = grounds(case.held_for) if case is not None and ruling is None else ()
        found[one.pk] = Fate(ruling, why, is_removed=not one.body)
    return found


def sentence_of(ruling: Ruling, *, in_public: bool = False) -> str:
    """Return what was decided: to whom it concerns, or ``in_public``, where nobody is named."""
    return (_in_public if in_public else _to_author)(ruling.action, days_of(ruling), _kind(ruling))


def told_author(action: str, days: int, kind: str) -> str:
    """Return the sentence that the author hears."""
    return _to_author(action, days, kind)


def _kind(ruling: Ruling) -> str:
    case = ruling.case
    return "post" if case.post_id else "comment" if case.comment_id else "person"


def days_of(ruling: Ruling) -> int:
    if ruling.until is None or ruling.action == Action.BAN:
        return 0
    return max(1, round((ruling.until - ruling.made_at).total_seconds() / 86400))


def _to_author(action: str, days: int, kind: str) -> str:
    is_post = kind == "post"
    match action:
        case Action.HIDE:
            return _("The team hid your post") if is_post else _("The team hid your comment")
        case Action.REMOVE:
            return (
                _("The team removed your post") if is_post else _("The team removed your comment")
            )
        case Action.MOVE:
            return _("The team moved your post to another board")
        case Action.WARN:
            return _("The team warned you")
        case Action.MUTE:
            return ngettext(
                "For %(n)d day you may read and vote, but not write",
                "For %(n)d days you may read and vote, but not write",
                days,
            ) % {"n": days}
        case Action.SUSPEND:
            return ngettext(
                "For %(n)d day you cannot sign in", "For %(n)d days you cannot sign in", days
            ) % {"n": days}
        case Action.BAN:
            return _("You cannot sign in any more, and your posts are hidden")
        case Action.NAME:
            return _("The team took your name away: choose another in your settings")
        case Action.BIO:
            return _("The team took away what you say of yourself")
        case Action.FACE:
            return _("The team took your picture away: choose another in your settings")
        case Action.DENY:
            return _("Your appeal was looked at: the decision stands")
        case Action.GRANT:
            return _("Your appeal was granted")
    if is_post:
        return _("The team looked at your post: everyone sees it now")
    return _("The team looked at your comment: everyone sees it now")


def _in_public(action: str, days: int, kind: str) -> str:
    is_post = kind == "post"
    match action:
        case Action.HIDE:
            return _("A post was hidden") if is_post else _("A comment was hidden")
        case Action.REMOVE:
            return _("A post was removed") if is_post else _("A comment was removed")
        case Action.MOVE:
            return _("A post was moved to another board")
        case Action.WARN:
            return _("Somebody was warned")
        case Action.MUTE:
            return ngettext(
                "Somebody was muted for %(n)d day", "Somebody was muted for %(n)d days", days
            ) % {"n": days}
        case Action.SUSPEND:
            return ngettext(
                "Somebody was suspended for %(n)d day",
                "Somebody was suspended for %(n)d days",
                days,
            ) % {"n": days}
        case Action.NAME:
            return _("Somebody's name was taken away")
        case Action.BIO:
            return _("What somebody said of themselves was taken away")
        case Action.FACE:
            return _("Somebody's picture was taken away")
    return _("Somebody was banned")


def appeals_of_suspended(request: HttpRequest, people: Sequence[User]) -> dict[int, str]:
    """Fill "suspension": where each may appeal, who cannot sign in and has just shown who they are."""
    found: dict[int, str] = {}
    for person in people:
        action = Action.BAN if is_banned(person) else Action.SUSPEND
        rulings = Ruling.objects.filter(queries.of_author(person), action=action, undone_at=None)
        ruling = rulings.order_by("-until", "-pk").first()
        if ruling is not None:
            found[person.pk] = address_without_sign_in(ruling)
    return found


def address_without_sign_in(ruling: Ruling) -> str:
    """Return where whom ``ruling`` concerns reads it and appeals, for a day, though they cannot sign in."""
    return f"{reverse('forum:ruling', args=[ruling.public_id])}?key={key_for(ruling)}"
