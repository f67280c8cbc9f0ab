"""A person says which model is in force: switch to another, stay, look at it again, let its vectors go."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks.locking import hold_grouping
from feedback.encoder.client import EncoderRefused
from feedback.forum.models import Product
from feedback.forum.queries import grouped_posts
from feedback.grouping.models import Comparison, EncoderModel, Run, Vector
from feedback.grouping.runs.request import request_run, request_runs
from feedback.grouping.trial.compare import request_comparison
from feedback.grouping.vectors.embedding import make_current, missing_count
from feedback.grouping.vectors.encoders import (
    EncoderDown,
    client_of,
    configured_keys,
    current_model,
    name_of,
)
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import doorbell
from feedback.kernel.refusals import Refusal

#: A model may come into force when it has read all posts but this share: the newest are read at once afterwards.
MOST_UNREAD = 0.05


@by_manager
def switch_model(*, model: EncoderModel, actor: User, now: dt.datetime) -> None:
    """Bring ``model`` into force and have everything regrouped with it; no decision of a person changes.

    The model that was in force keeps its vectors, so that the way back is the same. When HEED_ENCODER still names
    it, it counts as set aside from now on. Raises `Refusal`. Lock contract: one transaction under
    `hold_grouping`; the encoder is asked before.
    """
    missing = missing_count(model.model_key)
    if missing > MOST_UNREAD * grouped_posts().count():
        raise Refusal(
            _("%(name)s has not read %(count)s of the posts yet. Wait until it has read all.")
            % {"name": name_of(model), "count": missing}
        )
    _refuse_unless_served(model)
    with transaction.atomic():
        hold_grouping()
        model = EncoderModel.objects.get(pk=model.pk)
        if model.is_current:
            return
        if model.removed_at is not None:
            raise Refusal(_("The vectors of %s were removed.") % name_of(model))
        Comparison.objects.filter(state__in=["WAITING", "RUNNING", "READY"]).update(
            state=Comparison.State.STALE, leased_until=None
        )
        left = current_model()
        if left is not None and left.model_key in configured_keys():
            _set_aside(left, actor=actor, now=now)
        make_current(model, actor_id=actor.pk, now=now)
    if not missing:
        request_runs(now=now, requested_by=actor)


def _refuse_unless_served(model: EncoderModel) -> None:
    """Raise `Refusal` when the encoder says that it cannot serve ``model``; a sleeping one is no reason."""
    try:
        client_of(model).health(timeout=5)
    except EncoderRefused as reason:
        raise Refusal(
            _("The encoder cannot serve %(name)s: %(reason)s")
            % {"name": name_of(model), "reason": reason}
        ) from reason
    except EncoderDown as reason:
        if not reason.loading:
            raise Refusal(
                _("%(name)s does not answer now: %(reason)s")
                % {"name": name_of(model), "reason": reason}
            ) from reason


@by_manager
@transaction.atomic
def stay(*, model: EncoderModel, actor: User, now: dt.datetime) -> None:
    """Stay with the model in force: ``model`` reads no more, and nobody is asked about it again."""
    model = EncoderModel.objects.select_for_update().get(pk=model.pk)
    if model.is_current:
        raise Refusal(_("%s is in force.") % name_of(model))
    _set_aside(model, actor=actor, now=now)
    Comparison.objects.filter(candidate=model, state__in=["WAITING", "RUNNING"]).update(
        state=Comparison.State.STALE, leased_until=None
    )
    journal.write(
        verb=Verb.MODEL_SET_ASIDE,
        subject=model,
        actor_id=actor.pk,
        now=now,
        data={"model_key": model.model_key},
    )


def _set_aside(model: EncoderModel, *, actor: User, now: dt.datetime) -> None:
    EncoderModel.objects.filter(pk=model.pk).update(set_aside_at=now, set_aside_by=actor)


@by_manager
@transaction.atomic
def look_again(*, model: EncoderModel, actor: User, now: dt.datetime) -> None:
    """Have ``model``, which HEED_ENCODER names, read what is new and compared anew. Raises `Refusal`."""
    model = EncoderModel.objects.select_for_update().get(pk=model.pk)
    current = current_model()
    if model.is_current or current is None:
        raise Refusal(_("%s is in force.") % name_of(model))
    if model.model_key not in configured_keys():
        raise Refusal(
            _("HEED_ENCODER does not name %s. Set it and start Heed again.") % name_of(model)
        )
    EncoderModel.objects.filter(pk=model.pk).update(
        set_aside_at=None, set_aside_by=None, removed_at=None
    )
    request_comparison(current=current, candidate=model, now=now)
    doorbell.ring("grouping.try_model")


@by_manager
@transaction.atomic
def remove_vectors(*, model: EncoderModel, actor: User, now: dt.datetime) -> None:
    """Let the vectors of ``model`` go; the worker deletes them a few at a time. Raises `Refusal`."""
    model = EncoderModel.objects.select_for_update().get(pk=model.pk)
    if model.is_current:
        raise Refusal(_("%s is in force.") % name_of(model))
    if model.model_key in configured_keys() and model.set_aside_at is None:
        raise Refusal(_("%s is being tried. Stay with today's first.") % name_of(model))
    EncoderModel.objects.filter(pk=model.pk).update(removed_at=now)
    Comparison.objects.filter(candidate=model).delete()
    journal.write(
        verb=Verb.MODEL_REMOVED,
        subject=model,
        actor_id=actor.pk,
        now=now,
        data={"model_key": model.model_key},
    )
    doorbell.ring("grouping.try_model")


def vector_count(model: EncoderModel) -> int:
    """Return how many texts ``model`` has read."""
    return Vector.objects.filter(model_key=model.model_key).count()


def regroup_after_switch(*, now: dt.datetime) -> None:
    """Have each product regrouped whose last run was another model's, once every post of it is read.

    A switch asks for its runs itself, unless posts were unread then; this is what makes up for those.
    """
    current = current_model()
    if current is None:
        return
    for product in Product.objects.all():
        if _is_due(product, current, now=now):
            request_run(product=product, now=now)


def _is_due(product: Product, current: EncoderModel, *, now: dt.datetime) -> bool:
    """Whether the last run of ``product`` was of another model, and it is time for one of ``current``."""
    last = Run.objects.filter(product=product).order_by("-id").first()
    if last is None or last.state in (Run.State.WAITING, Run.State.RUNNING):
        return False
    done = Run.objects.last_done(product)
    if done is None or done.model_key == current.model_key:
        return False
    if missing_count(current.model_key, product):
        return False
    if last.state != Run.State.FAILED or last.finished_at is None:
        return True
    return now >= last.finished_at + dt.timedelta(hours=1)
