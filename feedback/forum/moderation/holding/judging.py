"""Whether what somebody wants to post is shown at once, waits for the team, or is refused. Asked at the door, like limits."""

import datetime as dt
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import regex
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.trust import Trust, trust_of
from feedback.forum.models import (
    Board,
    Case,
    Comment,
    HoldingWishes,
    Post,
    Ruling,
    SaidWords,
    WordRule,
)
from feedback.forum.moderation.holding.spelling import folded, skeleton, spans
from feedback.forum.moderation.models import Action
from feedback.kernel import text
from feedback.kernel.languages import spoken_in
from feedback.kernel.refusals import Refusal

logger = logging.getLogger(__name__)

#: Several accounts that say the same within this time are one flood.
FLOOD = dt.timedelta(days=1)
#: Words with so many letters nobody else says by chance; shorter ones, as "dark mode please", may be said by a few.
LONG, FEW = 24, 4
#: A comment is compared by its meaning from so many letters on, and what is meant is kept for the next, a Chinese one counted twice: "same here, please fix it soon" is meant by many.
LONG_COMMENT = 48
#: What new accounts said last, as far as its meaning is known: so much of it is compared.
LATELY = 1_000
_HAN = regex.compile(r"\p{Han}")
#: Adverts of so many accounts within so long are a raid; of the latest cases so many are looked at.
_MANY, _JUST_NOW, _LOOKED_AT = 5, dt.timedelta(hours=1), 200
_LINK = regex.compile(
    r"https?://|\bwww\.|(?<![\w@./-])(?:[a-z0-9-]{2,63}\.)+(?:com|net|org|io|cn|ru|xyz|top|shop|info|biz|club|site|online|vip|cc|me|co|example)\b",
    regex.IGNORECASE,
)


@dataclass(frozen=True)
class Alike:
    """What means nearly the same as some words: ``posts`` of the product by content hash, and the places of kept meanings in ``said``.

    ``meaning`` is what the words mean, to be kept; empty while nobody can say.
    """

    posts: Collection[str] = ()
    said: Collection[int] = ()
    meaning: bytes = b""


#: Returns what means nearly the same as these words: posts of the product of the board, and some of the meanings that were kept.
Likeness = Callable[[str, Board, Sequence[bytes]], Alike]
_likeness: list[Likeness] = []


def provide_likeness(likeness: Likeness) -> None:
    """Have the room that knows what words mean say what is nearly the same."""
    _likeness[:] = [likeness]


#: Whether words of a person, said at a moment, are like what the team removed before.
Verdict = Callable[[User, str, dt.datetime], bool]
_verdict: list[Verdict] = []


def provide_verdict(verdict: Verdict) -> None:
    """Have the room that learns from the team's decisions say what is like what was removed."""
    _verdict[:] = [verdict]


#: How sure it is that words with so many links are an advert: 0, `DOUBTFUL`, which is enough while many come, or `SURE`.
DOUBTFUL, SURE = 1, 2
Reading = Callable[[str, int], int]
_reading: list[Reading] = []


def provide_reading(reading: Reading) -> None:
    """Have the room that knows what words mean say what reads like an advert."""
    _reading[:] = [reading]


def reads_like_advert(said: str) -> bool:
    """Whether ``said`` waits as an advert where nobody knows its author."""
    return bool(_reading) and _reading[0](said, links_in(said)) >= SURE


#: The words that are compared with what others said; whatever else is said beside them is looked at too.
TITLE, BODY = "title", "body"
#: What somebody says, by the name of its field.
Said = Mapping[str, str]


@dataclass(frozen=True)
class Judged:
    """What becomes of words: as they are posted, and what they are ``held_for``; empty where all may see them."""

    said: dict[str, str]
    held_for: list[str]


def wishes() -> HoldingWishes:
    """Return how much of who is new waits."""
    return HoldingWishes.objects.first() or HoldingWishes()


def judge(
    *, person: User, board: Board | None, said: Said, now: dt.datetime, is_new: bool = True
) -> Judged:
    """Return what becomes of all that ``person`` says at once; the team may say anything. ``is_new`` is False of an edit.

    The one judgement of what members write and others read; ``board`` is None of what stands on none. Raises `Refusal` for
    words that are blocked.
    """
    if person.is_team:
        return Judged(dict(said), [])
    words, held_for = by_words(board=board, said=said)
    compared, whole = text.text_of(words.get(TITLE, ""), words.get(BODY, "")), _together(words)
    asked, trust = wishes(), trust_of(person, now=now)
    is_newcomer = trust == Trust.NEW
    if is_newcomer and asked.holds_links and has_link(whole):
        held_for.append("LINKS")
    if is_new:
        if asked.first_posts and _stood(person, limit=asked.first_posts) < asked.first_posts:
            held_for.append("FIRST")
        if _is_flood(person, compared, now=now):
            held_for.append("SAME")
        elif (
            is_newcomer
            and board is not None
            and _is_like(person, board, compared, is_comment=not words.get(TITLE), now=now)
        ):
            held_for.append("LIKE")
    return Judged(words, held_for or _by_meaning(person, whole, trust, asked, now=now))


def judge_line(
    *, person: User | None, board: Board | None, said: Said, now: dt.datetime
) -> dict[str, str]:
    """Return a few short words of ``person`` as they may stand: of a name or a version nothing waits, so it is refused instead.

    ``person`` is None before there is an account. Raises `Refusal` as `judge` does, and for what the team would look at first.
    """
    if not any(said.values()) or (person is not None and person.is_team):
        return dict(said)
    words, held_for = by_words(board=board, said=said)
    whole, asked = _together(words), wishes()
    trust = trust_of(person, now=now) if person is not None else Trust.NEW
    if trust == Trust.NEW and asked.holds_links and has_link(whole):
        held_for.append("LINKS")
    if not held_for and len(skeleton(whole)) >= LONG:  # a name and a version mean too little
        held_for = _by_meaning(person, whole, trust, asked, now=now)
    if held_for:
        raise Refusal(
            _("The team would have to look at this first. Say it in other words, without links."),
            status=422,
        )
    return words


def _by_meaning(
    person: User | None, said: str, trust: Trust, asked: HoldingWishes, *, now: dt.datetime
) -> list[str]:
    """Return what ``said`` is held for since it is like what the team removed, or reads like an advert; empty where it is neither."""
    if person is not None and _verdict and _verdict[0](person, said, now):
        return ["REMOVED"]
    return ["ADVERT"] if asked.holds_adverts and _is_advert(said, trust, now=now) else []


def _together(said: Said) -> str:
    """Return all of ``said`` as one text: the title and the body as the encoder reads them, then the rest."""
    rest = (words for name, words in said.items() if name not in (TITLE, BODY) and words)
    return "\n".join(filter(None, [text.text_of(said.get(TITLE, ""), said.get(BODY, "")), *rest]))


def _is_advert(said: str, trust: Trust, *, now: dt.datetime) -> bool:
    """Whether ``said`` reads like an advert by somebody of whom nothing good is known yet; sooner while many of them come."""
    if trust >= Trust.KNOWN or not _reading:
        return False
    sure = _reading[0](said, links_in(said))
    return sure >= SURE or (sure >= DOUBTFUL and many_come(now=now))


def many_come(*, now: dt.datetime) -> bool:
    """Whether adverts of several accounts were held just now, and the team has not found that they are none."""
    kept = Ruling.objects.filter(case=OuterRef("pk"), action=Action.KEEP, undone_at=None)
    held = Case.objects.filter(~Exists(kept), opened_at__gt=now - _JUST_NOW).exclude(held_for=[])
    rows = held.order_by("-pk").values_list("held_for", "post__author", "comment__author")
    senders = {post or comment for why, post, comment in rows[:_LOOKED_AT] if "ADVERT" in why}
    return len(senders) >= _MANY


def by_words(*, board: Board | None, said: Said) -> tuple[dict[str, str], list[str]]:
    """Return ``said`` after the word rules, and the words it is held for; raises `Refusal` where some are blocked.

    A rule for one language holds for a title and details in it, and beside them for what is in it, or stands beside what is.
    """
    words, held_for = dict(said), list[str]()
    spoken = spoken_in(text.text_of(said.get(TITLE, ""), said.get(BODY, "")))
    for rule in WordRule.objects.order_by("pk"):
        if rule.board_id is not None and (board is None or rule.board_id != board.pk):
            continue
        found = {
            name: places
            for name, one in words.items()
            if (not rule.language or _is_in(rule.language, name, one, spoken))
            and (places := spans(rule.words, folded(one), by_sound=rule.by_sound))
        }
        if not found:
            continue
        match rule.effect:
            case WordRule.Effect.BLOCK:
                name, ((start, end), *_rest) = next(iter(found.items()))
                raise Refusal(
                    _("“%s” cannot be posted here. Say it in other words.")
                    % words[name][start:end],
                    status=422,
                )
            case WordRule.Effect.REPLACE:
                words |= {
                    name: _replaced(words[name], places, rule.instead)
                    for name, places in found.items()
                }
            case _:
                held_for.append(f"WORD:{rule.words}")
    return words, held_for


def _is_in(language: str, name: str, said: str, spoken: str) -> bool:
    """Whether the field ``name`` says ``said`` in ``language``, beside words that are ``spoken`` so."""
    if spoken.startswith(language):
        return True
    return name not in (TITLE, BODY) and spoken_in(said).startswith(language)


def has_link(said: str) -> bool:
    """Whether ``said`` has an address of another site."""
    return links_in(said) > 0


def links_in(said: str) -> int:
    """Return how many addresses of other sites ``said`` has."""
    return len(_LINK.findall(said.replace(settings.BASE_URL, "")))


def _replaced(said: str, places: list[tuple[int, int]], instead: str) -> str:
    for start, end in reversed(places):
        said = f"{said[:start]}{instead or '*' * (end - start)}{said[end:]}"
    return said


def _stood(person: User, *, limit: int) -> int:
    """Return how many posts and comments of ``person`` stand, up to ``limit`` of each."""
    posts = Post.objects.filter(author=person, state=Post.State.PUBLISHED)[:limit].count()
    comments = Comment.objects.filter(author=person, is_hidden=False, is_internal=False)
    return posts + comments[:limit].count()


def _is_flood(person: User, said: str, *, now: dt.datetime) -> bool:
    """Whether other accounts said the same today; what is said now is kept for the next who does."""
    letters = skeleton(said)
    if not letters:
        return False
    same = SaidWords.objects.filter(digest=_digest(letters))
    same.update_or_create(digest=_digest(letters), person=person, defaults={"said_at": now})
    others = same.filter(said_at__gt=now - FLOOD).exclude(person=person)
    return others.count() >= (1 if len(letters) >= LONG else FEW)


def _digest(letters: str) -> str:
    return text.content_hash("", letters)


def says_much(said: str, *, is_comment: bool) -> bool:
    """Whether ``said`` is long enough that only who copies means exactly the same."""
    letters = skeleton(said)
    if is_comment:
        return len(letters) + len(_HAN.findall(letters)) >= LONG_COMMENT
    return len(letters) >= LONG


def _is_like(person: User, board: Board, said: str, *, is_comment: bool, now: dt.datetime) -> bool:
    """Whether other new accounts posted or commented nearly the same today, where somebody knows what words mean; what is meant now is kept for the next."""
    if not _likeness or not says_much(said, is_comment=is_comment):
        return False
    since, joined = now - FLOOD, now - 2 * FLOOD
    lately = SaidWords.objects.filter(
        said_at__gt=since, person__joined_at__gt=joined, meaning__isnull=False
    ).exclude(person=person)
    # A short post is compared with other posts alone, as ever.
    is_kept = says_much(said, is_comment=True)
    rows = lately.order_by("-said_at").values_list("person", "meaning")
    kept = list(rows[:LATELY]) if is_kept else []
    try:
        alike = _likeness[0](said, board, [bytes(meaning or b"") for _person, meaning in kept])
    except Exception:  # whoever posts need not wait for a machine that is away
        logger.warning("What the words mean could not be asked.", exc_info=True)
        return False
    if alike.meaning and is_kept:
        own = SaidWords.objects.filter(digest=_digest(skeleton(said)), person=person)
        own.update(meaning=alike.meaning)
    today = Post.objects.filter(content_hash__in=list(alike.posts), posted_at__gt=since)
    others = today.exclude(author=person).filter(author__joined_at__gt=joined)
    people = {*others.values_list("author", flat=True), *(kept[place][0] for place in alike.said)}
    return len(people) >= FEW // 2


def tidy(*, now: dt.datetime) -> None:
    """Forget who said what when it counts no more."""
    SaidWords.objects.filter(said_at__lt=now - 2 * FLOOD).delete()
