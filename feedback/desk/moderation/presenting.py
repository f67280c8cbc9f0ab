"""What the queue shows of a case: what it is about, its surroundings, who wrote it, and what was decided in like ones."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from feedback.accounts.language import language_of
from feedback.accounts.models import User
from feedback.accounts.trust import trust_of
from feedback.asks.models import Membership
from feedback.forum.attachments.queries import ShownText, attached_to, shown_text
from feedback.forum.models import (
    Attachment,
    Board,
    Case,
    Flag,
    Hiding,
    OutsideCheck,
    Post,
    Rule,
    Ruling,
)
from feedback.forum.moderation import queries
from feedback.forum.moderation.models import TAKES_AWAY, Action, Reason
from feedback.forum.moderation.presenting import Named, grounds, named
from feedback.forum.receipts.receipts import who_hears
from feedback.forum.rights.reading import manages
from feedback.kernel import markdown

#: The rule that is proposed for what is reported most; any other may be chosen.
_RULE_FOR: dict[str, str] = {
    Reason.SPAM: "no-advertising",
    Reason.ABUSE: "respect",
    Reason.PERSONAL: "privacy",
    Reason.OFF_TOPIC: "on-topic",
    Reason.ILLEGAL: "lawful",
    Reason.OTHER: "useful",
}


@dataclass(frozen=True)
class Row:
    """A case in the list: what it is about, why it waits, how many people reported it."""

    case: Case
    thing: Named
    why: str
    people: int
    is_appeal: bool

    @property
    def public_id(self) -> str:
        return self.case.public_id


@dataclass(frozen=True)
class OfferedRule:
    """A rule as the form offers it, with the word that the author would read, in their language."""

    rule: Rule
    word: str
    is_proposed: bool


@dataclass(frozen=True)
class Evidence:
    """All that is needed to decide in a case."""

    row: Row
    author: User
    trust: str
    past: queries.Past
    html: SafeString
    flags: list[Flag]
    grounds: list[str]
    words: list[str]
    appeals: list[Ruling]
    like: list[Ruling]
    rules: list[OfferedRule]
    below: list[Attachment] = field(default_factory=list)
    outside: list[OutsideCheck] = field(default_factory=list)
    post: Post | None = None
    answered: str = ""
    ask: Any = None
    boards: list[Board] = field(default_factory=list)
    language: str = ""
    hears: str = ""
    own_decision: bool = False
    about_self: bool = False
    may_decide: bool = False
    nobody_else: bool = False
    is_closed: bool = False
    decided: Ruling | None = None
    may_restrict: bool = False


def row_of(case: Case) -> Row:
    """Return ``case`` as a line of the queue."""
    flags, appeals = list(case.flags.all()), list(case.appeals.all())
    return Row(case, named(case.subject), _why(case, flags, appeals), len(flags), bool(appeals))


def _why(case: Case, flags: list[Flag], appeals: list[Ruling]) -> str:
    if appeals:
        return _("Appeal")
    if flags:
        reasons = [flag.reason for flag in flags]
        worst = max(set(reasons), key=lambda one: (reasons.count(one), queries.SERIOUSNESS[one]))
        return str(Reason(worst).label)
    if case.held_for:
        return _("Held")
    return _("Taken up by the team")


def evidence_of(case: Case, *, reader: User, now: dt.datetime) -> Evidence:
    """Return what the right-hand side shows of ``case``, which `queries.with_subjects` read."""
    author, post = case.author, case.post or (case.comment.post if case.comment else None)
    appeals = list(case.appeals.select_related("rule", "actor"))
    own = any(one.actor_id == reader.pk for one in appeals)
    answered = case.comment.reply_to if case.comment is not None else None
    said = _said(case)
    return Evidence(
        row=row_of(case),
        author=author,
        trust=str(trust_of(author, now=now).label),
        past=queries.past_of(author, reader=reader),
        html=said.html,
        below=said.below,
        outside=_outside(case),
        flags=sorted(case.flags.all(), key=lambda one: one.flagged_at),
        grounds=grounds(case.held_for),
        words=[one.partition(":")[2] for one in case.held_for if one.startswith("WORD:")],
        appeals=appeals,
        like=queries.like(case, reader=reader),
        rules=_offered(case, author),
        post=post,
        answered=markdown.plain(answered.body, length=300) if answered is not None else "",
        ask=_ask_of(post),
        boards=_boards(case) if post is not None and manages(reader, post.board.product) else [],
        language=language_of(author) or queries.SITE_LANGUAGE,
        hears=who_hears(author),
        own_decision=own,
        about_self=author.pk == reader.pk and queries.others_of_the_team(reader),
        may_decide=queries.may_decide_in(reader, case),
        nobody_else=own and not queries.others_of_the_team(reader),
        is_closed=case.closed_at is not None,
        decided=case.rulings.select_related("rule", "actor").order_by("-pk").first(),
        may_restrict=not author.has_duties and author.origin == "SIGNED_UP",
    )


def _said(case: Case) -> ShownText:
    """Return the words that it is about with what is attached to them."""
    attached: list[Attachment] = []
    if case.post is not None or case.comment is not None:
        comments = [case.comment] if case.comment is not None else []
        attached = [
            one for some in attached_to(post=case.post, comments=comments).values() for one in some
        ]
    return shown_text(_words(case), attached)


def _outside(case: Case) -> list[OutsideCheck]:
    """Return what outside checkers said of it, the last first."""
    if case.post_id is None and case.comment_id is None:
        return []
    same = OutsideCheck.objects.filter(post=case.post_id, comment=case.comment_id)
    return list(same.exclude(verdict="").order_by("-pk")[:5])


def _words(case: Case) -> str:
    """Return the words that it is about; those that were removed are kept with the decision, for the appeal."""
    removed = Hiding.objects.filter(ruling__undone_at=None).exclude(words={})
    if case.post is not None:
        kept = removed.filter(post=case.post).first()
        return "\n\n".join([kept.words["title"], kept.words["body"]]) if kept else case.post.body
    if case.comment is not None:
        kept = removed.filter(comment=case.comment).first()
        return str(kept.words["body"]) if kept is not None else case.comment.body
    return str(case.author.bio)


def _offered(case: Case, author: User) -> list[OfferedRule]:
    reasons = [flag.reason for flag in case.flags.all()]
    likely = max(reasons, key=reasons.count) if reasons else Reason.SPAM
    with translation.override(language_of(author) or queries.SITE_LANGUAGE):
        rules = Rule.objects.filter(is_retired=False)
        words = {rule.pk: rule.template for rule in rules}
    return [OfferedRule(one, words[one.pk], one.slug == _RULE_FOR[likely]) for one in rules]


def _boards(case: Case) -> list[Board]:
    if case.post is None:
        return []
    boards = Board.objects.filter(product=case.post.board.product, is_archived=False)
    return list(boards.exclude(pk=case.post.board_id))


def _ask_of(post: Post | None) -> Any:
    if post is None:
        return None
    membership = Membership.objects.filter(post=post).select_related("ask").first()
    return membership.ask if membership is not None else None


#: What is offered beside "keep", in the order of the keys.
PENALTIES: tuple[Action, ...] = (
    Action.HIDE, Action.REMOVE, *TAKES_AWAY, Action.WARN, Action.MUTE, Action.SUSPEND, Action.BAN,
)  # fmt: skip
