"""Keeping the words that are held, blocked or replaced, how much of who is new waits, and the rules of the house."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager, by_team
from feedback.forum.models import Board, HoldingWishes, Rule, WordRule
from feedback.forum.moderation.holding.models import WORDS_LENGTH
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import refuse_stale, words_of

#: What the desk changes of a rule of the house.
RULE_EDITED = (
    "name", "name_zh", "text", "text_zh", "penalty", "penalty_zh", "word", "word_zh", "position", "is_retired",
)  # fmt: skip
#: What the desk changes of words, and of who waits.
WORDS_EDITED = ("words", "effect", "instead", "language", "board", "by_sound")
WISHED = ("first_posts", "holds_links", "holds_adverts", "reports", "takes_guests")
#: More would make every post slow.
MOST_RULES = 500


@by_team
@transaction.atomic
def keep_words(
    *,
    words: str,
    effect: str,
    instead: str = "",
    language: str = "",
    board: Board | None = None,
    by_sound: bool = True,
    rule: WordRule | None = None,
    actor: User,
    now: dt.datetime,
    seen: str | None = None,
) -> WordRule:
    """Keep a rule about ``words``, or change ``rule`` to this. Raises `Refusal` for no words, an unknown effect and too many rules.

    ``seen`` is the mark of `WORDS_EDITED` that the actor began with: raises `StaleEdit` where they are others now. Lock contract: the row of ``rule``.
    """
    words = typed.line(words, most=WORDS_LENGTH)
    if not any(one.isalnum() for one in words):
        raise Refusal(_("Write a word of letters."), status=422)
    if effect not in WordRule.Effect.values:
        raise Refusal(_("Say what is to be done."), status=422)
    if rule is None and WordRule.objects.count() >= MOST_RULES:
        raise Refusal(_("There are 500 words already: remove some first."))
    if rule is not None:
        stands = WordRule.objects.select_for_update(of=("self",)).filter(pk=rule.pk).first()
        if stands is None:
            raise Refusal(_("Somebody took this away while you wrote."))
        refuse_stale(words_of(stands, WORDS_EDITED), seen=seen)
    kept = rule or WordRule()
    kept.words, kept.effect = words, effect
    kept.instead = typed.line(instead, most=WORDS_LENGTH)
    kept.language, kept.board, kept.by_sound = language, board, by_sound
    kept.save()
    data = {"words": words, "effect": effect}
    journal.write(verb=Verb.WORD_RULE_EDITED, subject=kept, actor_id=actor.pk, now=now, data=data)
    return kept


@by_team
@transaction.atomic
def remove_words(*, rule: WordRule, actor: User, now: dt.datetime) -> None:
    """Remove a rule about words; what it held stays held until somebody decides."""
    data = {"words": rule.words, "effect": rule.effect, "is_removed": True}
    journal.write(verb=Verb.WORD_RULE_EDITED, subject=rule, actor_id=actor.pk, now=now, data=data)
    rule.delete()


@by_manager
@transaction.atomic
def wish(
    *,
    first_posts: int,
    holds_links: bool,
    holds_adverts: bool,
    reports: int,
    takes_guests: bool,
    actor: User,
    now: dt.datetime,
    seen: str | None = None,
) -> None:
    """Say how much of who is new waits for the team, and whether people may post without an account.

    ``seen`` is the mark of `WISHED` that the actor began with: raises `StaleEdit` where they are others now. Lock contract: the one row.
    """
    kept = HoldingWishes.objects.select_for_update().first() or HoldingWishes()
    refuse_stale(words_of(kept, WISHED), seen=seen)
    data = {
        "first_posts": first_posts,
        "holds_links": holds_links,
        "holds_adverts": holds_adverts,
        "reports": reports,
        "takes_guests": takes_guests,
    }
    for name, value in data.items():
        setattr(kept, name, value)
    kept.save()
    journal.write(verb=Verb.HOLDING_EDITED, subject=kept, actor_id=actor.pk, now=now, data=data)


@by_manager
@transaction.atomic
def keep_rule(*, rule: Rule, actor: User, now: dt.datetime, seen: str | None = None) -> Rule:
    """Keep a rule of the house as a form has filled it. Raises `Refusal` where none would be left.

    ``seen`` is the mark of `RULE_EDITED` that the actor began with: raises `StaleEdit` where they are others now. Lock contract: the rule's row.
    """
    stands = Rule.objects.select_for_update().filter(pk=rule.pk).first()
    if stands is not None:
        refuse_stale(words_of(stands, RULE_EDITED), seen=seen)
    others = Rule.objects.filter(is_retired=False).exclude(pk=rule.pk)
    if rule.is_retired and not others.exists():
        raise Refusal(_("Keep one rule at least: every decision names one."))
    rule.save()
    data = {"rule": rule.slug, "name": rule.name, "is_retired": rule.is_retired}
    journal.write(verb=Verb.RULE_EDITED, subject=rule, actor_id=actor.pk, now=now, data=data)
    return rule
