"""Words that the team answers with again and again, and what is filled into them."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks.models import Answer, AnswerTemplate, Ask
from feedback.asks.models.answers import TEMPLATE_NAME_LENGTH
from feedback.asks.models.asks import ANSWER_LENGTH
from feedback.forum.models import Product
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import refuse_stale, words_of

#: The last answers of a person that are offered to them again.
CANNED = 5
#: What the desk changes of a template.
EDITED = ("name", "body", "body_zh")
#: How long a removed template can be brought back.
UNDO_WITHIN = dt.timedelta(days=1)


@by_manager
@transaction.atomic
def keep_template(
    *,
    product: Product,
    name: str,
    body: str,
    body_zh: str,
    actor: User,
    now: dt.datetime,
    template: AnswerTemplate | None = None,
    seen: str | None = None,
) -> AnswerTemplate:
    """Keep a template, a new one or ``template`` with other words. Raises `Refusal` without a name or words.

    ``seen`` is the mark of `EDITED` that the actor began with: raises `StaleEdit` where they are others now. Lock contract: the template's row.
    """
    name = typed.line(name, most=TEMPLATE_NAME_LENGTH)
    body = typed.words(body, most=ANSWER_LENGTH)
    body_zh = typed.words(body_zh, most=ANSWER_LENGTH)
    if not name or not body:
        raise Refusal(_("Give the template a name and words."))
    before = {}
    if template is not None:
        stands = AnswerTemplate.objects.select_for_update().get(pk=template.pk)
        refuse_stale(words_of(stands, EDITED), seen=seen)
        before = {"body": stands.body, "body_zh": stands.body_zh}
    kept = template or AnswerTemplate(product=product)
    kept.name, kept.body, kept.body_zh, kept.removed_at = name, body, body_zh, None
    kept.save()
    after = {"body": body, "body_zh": body_zh}
    journal.write(
        verb=Verb.ANSWER_TEMPLATE_KEPT,
        subject=kept,
        actor_id=actor.pk,
        now=now,
        data={"name": name, "before": before, "after": after},
    )
    return kept


@by_manager
@transaction.atomic
def remove_template(*, template: AnswerTemplate, actor: User, now: dt.datetime) -> None:
    """Take a template off the list; for a day it can be brought back with `keep_template`."""
    if AnswerTemplate.objects.filter(pk=template.pk, removed_at=None).update(removed_at=now):
        journal.write(
            verb=Verb.ANSWER_TEMPLATE_REMOVED,
            subject=template,
            actor_id=actor.pk,
            now=now,
            data={"name": template.name},
        )


def templates_of(product: Product) -> list[AnswerTemplate]:
    """Return the templates of ``product`` by name."""
    return list(AnswerTemplate.objects.filter(product=product, removed_at=None))


def removed_lately(product: Product, *, now: dt.datetime) -> list[AnswerTemplate]:
    """Return the templates that can still be brought back."""
    since = now - UNDO_WITHIN
    return list(AnswerTemplate.objects.filter(product=product, removed_at__gte=since))


def canned(person: User, product: Product) -> list[Answer]:
    """Return the latest answers of ``person`` on ``product``, each wording once."""
    found = Answer.objects.standing().filter(author=person, ask__product=product)
    once: dict[str, Answer] = {}
    for answer in found.select_related("ask")[: CANNED * 4]:
        once.setdefault(answer.body, answer)
    return list(once.values())[:CANNED]


def filled(words: str, *, ask: Ask, person: User, language: str) -> str:
    """Return ``words`` with what is known of ``ask`` in place of the names in braces; other braces stay."""
    with override(language):
        known = {
            "{ask}": ask.title_here,
            "{people}": str(ask.people_count),
            "{posts}": str(ask.post_count),
            "{me}": person.name,
        }
    for name, value in known.items():
        words = words.replace(name, value)
    return words
