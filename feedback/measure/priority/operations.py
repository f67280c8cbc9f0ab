"""Saying what the team thinks of an ask, and by which formula a product weighs its asks."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks.models import Ask
from feedback.engine.stats.formula import FUNCTIONS, NotAFormula, parse
from feedback.forum.models import Product
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import refuse_stale
from feedback.measure.priority.models import LARGEST_EFFORT, Estimate, ProductWishes
from feedback.measure.priority.ranking import USUAL, estimate_words, formula_names, said

IMPACTS = tuple(map(Decimal, ("0.25", "0.5", "1", "2", "3")))
CONFIDENCES = (50, 80, 100)


@by_manager
@transaction.atomic
def estimate_ask(
    *,
    ask: Ask,
    impact: Decimal | None,
    confidence: int | None,
    effort: Decimal | None,
    actor: User,
    now: dt.datetime,
    seen: str | None = None,
) -> tuple[dict[str, str], dict[str, str]]:
    """Keep what the team thinks of ``ask``; return what stood before and what stands now. Raises `Refusal` for what cannot be.

    ``seen`` is the mark of `ranking.said` that the actor began with: raises `StaleEdit` where it is another now. Lock contract: the ask's row.
    """
    if (impact is not None and impact not in IMPACTS) or confidence not in (None, *CONFIDENCES):
        raise Refusal(_("Choose one of the impacts and confidences of the list."), status=422)
    if effort is not None and not Decimal("0.1") <= effort <= LARGEST_EFFORT:
        raise Refusal(
            _("Write the effort in person-weeks, from 0.1 to %(n)d.") % {"n": LARGEST_EFFORT},
            status=422,
        )
    Ask.objects.select_for_update().get(pk=ask.pk)
    kept = Estimate.objects.filter(ask=ask).first()
    before, after = said(kept), estimate_words(impact, confidence, effort)
    refuse_stale(before, seen=seen)
    if before == after:
        return before, after
    if not any(after.values()):
        Estimate.objects.filter(ask=ask).delete()
    else:
        by = {"estimated_by": actor, "estimated_at": now}
        those = {"impact": impact, "confidence": confidence, "effort": effort}
        Estimate.objects.update_or_create(ask=ask, defaults=those | by)
    journal.write(
        verb=Verb.ASK_ESTIMATED,
        subject=ask,
        actor_id=actor.pk,
        now=now,
        data={"before": before, "after": after},
    )
    return before, after


@by_manager
@transaction.atomic
def choose_formula(
    *, product: Product, text: str, actor: User, now: dt.datetime, seen: str | None = None
) -> str:
    """Have the asks of ``product`` weighed by ``text``, the usual formula where it is empty; return what it was before.

    Raises `Refusal` for what is no formula. Nothing of it is ever run as a program. ``seen`` is the mark of the formula that the actor
    began with: raises `StaleEdit` where it is another now. Lock contract: the row of the product's wishes.
    """
    text = " ".join(text.split())
    if text:
        refuse_formula(text)
    wishes, _made = ProductWishes.objects.select_for_update().get_or_create(product=product)
    before = wishes.formula
    refuse_stale(formula_said(wishes), seen=seen)
    wishes.formula = "" if text == USUAL else text
    if wishes.formula != before:
        wishes.save(update_fields=["formula"])
        journal.write(
            verb=Verb.FORMULA_CHANGED,
            subject=product,
            actor_id=actor.pk,
            now=now,
            data={"product": product.slug, "before": before, "after": wishes.formula},
        )
    return before


def formula_said(wishes: ProductWishes | None) -> dict[str, str]:
    """Return the formula of ``wishes`` as words, for `stale`."""
    return {"formula": (wishes.formula if wishes is not None else "") or USUAL}


def refuse_formula(text: str) -> None:
    """Raise `Refusal` where ``text`` is no formula, in words."""
    try:
        parse(text, names=formula_names())
    except NotAFormula as wrong:
        raise Refusal(_why(wrong), status=422) from None


def _why(wrong: NotAFormula) -> str:
    match wrong.why:
        case "empty":
            return _("Write a formula.")
        case "long":
            return _("The formula is too long.")
        case "name":
            return _("“%(what)s” is not known. Use the names listed below.") % {"what": wrong.what}
        case "function":
            return _("“%(what)s” is not known. There are %(names)s.") % {
                "what": wrong.what,
                "names": ", ".join(FUNCTIONS),
            }
        case "number":
            return _("A number in the formula is too large.")
    if wrong.what:
        return _(
            "“%(what)s” cannot stand in a formula. It has names, numbers, + - * / and brackets."
        ) % {"what": wrong.what}
    return _("This is no formula. It has names, numbers, + - * / and brackets.")
