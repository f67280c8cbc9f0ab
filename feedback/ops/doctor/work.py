"""Checks of the work: jobs, deliveries, the encoder, vectors, runs, counters and the search index."""

import datetime as dt

from django.conf import settings
from django.db.models import Count, F, Q
from django_tasks_db.models import DBTaskResult

from feedback.asks.counts import drifted
from feedback.encoder.client import EncoderClient, EncoderDown, EncoderRefused
from feedback.forum.closed.reading import SHOWN
from feedback.forum.closed.standing import wrongly_public
from feedback.forum.models import Board, Post
from feedback.forum.search.language import words
from feedback.grouping.models import EncoderModel, Run
from feedback.grouping.trial import compare
from feedback.grouping.vectors.embedding import missing_count
from feedback.grouping.vectors.encoders import asking, configured_keys, current_model, name_of
from feedback.importing.models import Import
from feedback.journal.models import Dispatch
from feedback.kernel import clock, doorbell
from feedback.notify.mailbox import imap, polling
from feedback.notify.models import (
    ClosedAddress,
    Delivery,
    Device,
    Endpoint,
    Mail,
    Mailbox,
    Push,
    PushDelivery,
    WebhookDelivery,
)
from feedback.ops import running
from feedback.ops.doctor.finding import Check, Finding

#: A job that waits longer than this has no worker.
_LONG_WAIT = dt.timedelta(minutes=1)
#: Mail that is due for longer than this has no server, or one that takes none.
_LATE_MAIL = dt.timedelta(minutes=30)
#: A push service that failed before that is no news.
_RECENT = dt.timedelta(days=1)


def queue() -> Finding:
    """Whether a worker takes the jobs."""
    now = clock.now()
    waiting = DBTaskResult.objects.ready()
    if Import.objects.filter(leased_until__gt=now).exists():
        # A large file may take its lane an hour.
        waiting = waiting.exclude(queue_name=doorbell.FILES)
    oldest = waiting.order_by("enqueued_at").first()
    last = DBTaskResult.objects.exclude(finished_at=None).order_by("-finished_at").first()
    if oldest is not None and now - oldest.enqueued_at > _LONG_WAIT:
        return Finding.failure(
            "queue", f"a job has waited {_words(now - oldest.enqueued_at)}; is a worker running?"
        )
    if last is None or last.finished_at is None:
        return Finding.warning("queue", "no job has run within the last hour; is a worker running?")
    return Finding.well("queue", f"the last job ended {_words(now - last.finished_at)} ago")


def failed_jobs() -> Finding:
    """Whether jobs broke within the last day."""
    failed = DBTaskResult.objects.failed().order_by("-finished_at")
    count = failed.count()
    if not count:
        return Finding.well("jobs", "none failed within a day")
    last = failed[0]
    reason = last.traceback.strip().splitlines()[-1] if last.traceback.strip() else "no reason kept"
    return Finding.warning(
        "jobs", f"{count} failed within a day, last {last.task_path}: {reason[:160]}"
    )


def deliveries() -> Finding:
    """Whether the journal's consumers hear of what happened."""
    now = clock.now()
    parked = Dispatch.objects.filter(state=Dispatch.State.PARKED).order_by("-id")
    count = parked.count()
    if count:
        return Finding.failure(
            "deliveries",
            f"{count} were given up, last for {parked[0].consumer}: {parked[0].last_error[:120]}",
        )
    late = Dispatch.objects.filter(
        state=Dispatch.State.WAITING, due_at__lt=now - 5 * _LONG_WAIT
    ).count()
    if late:
        return Finding.warning("deliveries", f"{late} are more than 5 minutes late.")
    return Finding.well("deliveries", "none is late, none was given up")


def webhooks() -> Finding:
    """Whether what is told to other sites arrives there."""
    off = Endpoint.objects.filter(off__in=[Endpoint.Off.FAILING, Endpoint.Off.GONE]).count()
    deliveries = WebhookDelivery.objects.order_by()
    waiting = deliveries.filter(state=WebhookDelivery.State.WAITING).count()
    dead = deliveries.filter(state=WebhookDelivery.State.DEAD).count()
    failing = Endpoint.objects.filter(off="", failing_since__isnull=False).count()
    said = f"{waiting:,} wait, {dead:,} were given up"
    if off or failing or dead:
        return Finding.warning(
            "webhooks",
            f"{said}; {failing} failing, {off} switched off for it; see /desk/webhooks/.",
        )
    return Finding.well("webhooks", said)


def mails() -> Finding:
    """Whether news leaves by mail."""
    if not settings.HAS_MAIL_SERVER:
        return Finding.well("news by mail", "no mail server, so none is queued")
    now = clock.now()
    due = Mail.objects.filter(state=Mail.State.WAITING, due_at__lte=now)
    ungathered = Delivery.objects.filter(mail=None, due_at__lte=now)
    first = due.order_by("due_at").first() or ungathered.order_by("due_at").first()
    closed = ClosedAddress.objects.count()
    said = f"{due.count():,} mails and {ungathered.count():,} notices are due, {closed:,} addresses take none"
    if first is not None and now - first.due_at > _LATE_MAIL:
        why = Mail.objects.exclude(error="").order_by("-pk").values_list("error", flat=True).first()
        return Finding.warning(
            "news by mail",
            f"{said}; the first has waited {_words(now - first.due_at)}. {why or ''}".strip(),
        )
    return Finding.well("news by mail", said)


def pushes() -> Finding:
    """Whether news reach the devices on which they were turned on."""
    now = clock.now()
    waiting = Push.objects.filter(state=Push.State.WAITING)
    due = PushDelivery.objects.filter(push=None, due_at__lte=now).count() + waiting.count()
    on = Device.objects.filter(off="").count()
    last = Device.objects.filter(off="", failed_at__isnull=False).order_by("-failed_at").first()
    said = f"on in {on:,} browsers, {due:,} messages wait"
    if last is not None and last.failed_at is not None and now - last.failed_at < _RECENT:
        why = f"the last failure {_words(now - last.failed_at)} ago at {last.service}: {last.error}"
        level = Finding.warning if last.failures or due else Finding.well
        return level("news on devices", f"{said}; {why}"[:400])
    if waiting.filter(due_at__lt=now - _LATE_MAIL).exists():
        return Finding.warning("news on devices", f"{said}, some for over half an hour.")
    return Finding.well("news on devices", said)


def mailbox() -> Finding:
    """Whether replies and bounces are read."""
    if not polling.is_on():
        return Finding.well("mailbox", "none (HEED_MAIL_IN): nobody can reply by mail")
    now, where = clock.now(), polling.place()
    state = Mailbox.objects.filter(place=where).first()
    try:
        with imap.opened(patience=5) as box:
            waiting = polling.waiting(box, state)
    except imap.MailboxAway as away:
        return Finding.failure("mailbox", f"{where} does not let us in: {str(away)[:160]}")
    if state is None or state.looked_at is None:
        return Finding.warning(
            "mailbox", f"{waiting:,} wait in {where}, which no worker has read yet."
        )
    said = f"{waiting:,} wait in {where}, last read {_words(now - state.looked_at)} ago"
    if now - state.looked_at > _LATE_MAIL:
        return Finding.warning("mailbox", f"{said}; is a worker running? {state.error}".strip())
    return Finding.well("mailbox", said)


def runs() -> Finding:
    """Whether regrouping works."""
    now = clock.now()
    if Run.objects.filter(state=Run.State.RUNNING, leased_until__lt=now).exists():
        return Finding.warning("grouping", "a run was cut short; the worker takes it up again.")
    last = (
        Run.objects.exclude(state__in=[Run.State.WAITING, Run.State.RUNNING])
        .order_by("-id")
        .first()
    )
    if last is None:
        return Finding.well("grouping", "no run yet")
    if last.state == Run.State.FAILED:
        return Finding.failure("grouping", f"run {last.pk} failed: {last.error[:160]}")
    return Finding.well(
        "grouping", f"run {last.pk}: {last.post_count:,} posts, {last.group_count:,} groups"
    )


def encoder() -> Finding:
    """Whether the encoder answers, with the model whose vectors are compared."""
    found = running.where(settings.DATA_DIR) or {}
    url = found.get("encoder") or settings.ENCODER_URL
    current = current_model()
    if current is None:
        asked = EncoderClient(url, settings.ENCODER, settings.ENCODER_TOKEN or None)
    else:
        own = found.get("own_encoder") or settings.OWN_ENCODER_URL or url
        asked = asking(current, own=own)
    try:
        speaks = asked.health(timeout=3).model_key
    except EncoderDown as reason:
        if reason.loading:
            return Finding.warning("encoder", f"{asked.url} is loading its model.")
        way_out = (
            f"; bring {name_of(current)} back, or switch at /desk/encoder/"
            if current is not None and isinstance(reason, EncoderRefused)
            else ""
        )
        return Finding.failure(
            "encoder",
            f"{asked.url}: {str(reason)[:160]}{way_out}; people search by words meanwhile.",
        )
    finally:
        asked.close()
    return Finding.well("encoder", f"{speaks} at {asked.url}")


def tried_model() -> Finding:
    """Whether another model is tried, and whether somebody has to decide about it."""
    waiting = compare.unfinished()
    if waiting is not None:
        figures = waiting.figures
        moving = figures["moved"] + figures["entered"] + figures["left"]
        return Finding.warning(
            "model",
            f"{name_of(waiting.candidate)} would change the ask of {moving:,} of {figures['posts']:,} posts; "
            "somebody decides at /desk/encoder/.",
        )
    current = current_model()
    named = EncoderModel.objects.filter(model_key__in=configured_keys()).order_by("-pk").first()
    if current is None or named is None or named.is_current or named.set_aside_at:
        return Finding.well("model", "no other model is tried")
    missing = missing_count(named.model_key)
    done = (
        "has read every post; it is compared now"
        if not missing
        else f"has {missing:,} posts to read"
    )
    return Finding.well("model", f"{name_of(named)} is tried beside: {done}")


def vectors() -> Finding:
    """Whether every post has one."""
    current = EncoderModel.objects.filter(is_current=True).first()
    missing = missing_count(current.model_key if current else None)
    if missing:
        return Finding.warning("vectors", f"{missing:,} posts wait for the encoder.")
    return Finding.well("vectors", "every post has one")


def counters() -> Finding:
    """Whether the counters say what there is."""
    votes = Post.objects.annotate(there=Count("votes")).exclude(vote_count=F("there")).count()
    public = Q(comments__is_internal=False, comments__is_hidden=False)
    comments = (
        Post.objects.annotate(there=Count("comments", filter=public))
        .exclude(comment_count=F("there"))
        .count()
    )
    shown = Q(posts__state__in=SHOWN)
    boards = (
        Board.objects.annotate(there=Count("posts", filter=shown))
        .exclude(post_count=F("there"))
        .count()
    )
    wrong = [
        f"{count:,} {name}"
        for name, count in (
            ("posts' votes", votes),
            ("posts' comments", comments),
            ("boards' posts", boards),
            ("asks' posts or people", len(drifted())),
        )
        if count
    ]
    if wrong:
        return Finding.failure(
            "counters", f"wrong: {', '.join(wrong)}; run manage.py doctor --repair."
        )
    return Finding.well("counters", "votes, comments, boards and asks add up")


def closed_boards() -> Finding:
    """Whether what stands on closed boards is shown to nobody else."""
    if public := wrongly_public():
        return Finding.failure(
            "closed boards",
            f"{public:,} posts on closed boards are public; run manage.py doctor --repair.",
        )
    return Finding.well("closed boards", "nothing on them is public")


def search_index() -> Finding:
    """Whether every post can be found by its words."""
    fresh = Q(indexed_as__endswith=f":{words.CUT_VERSION}")
    waiting = Post.objects.filter(state=Post.State.PUBLISHED).exclude(fresh).count()
    if waiting:
        return Finding.warning("search", f"{waiting:,} posts wait to be indexed.")
    return Finding.well("search", "every post is indexed")


def _words(span: dt.timedelta) -> str:
    seconds = max(0, int(span.total_seconds()))
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 7200:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h"


CHECKS: tuple[Check, ...] = (
    queue,
    failed_jobs,
    deliveries,
    mails,
    pushes,
    mailbox,
    webhooks,
    encoder,
    tried_model,
    vectors,
    runs,
    counters,
    closed_boards,
    search_index,
)
