"""Writing about the roadmap: adopt, move, plan, ship, decline, link.

Every verb holds the grouping first (an ask may be joined elsewhere at the same moment), then its item, then its
asks, so that two people (or one double click) come one after the other and the second sees what the first did. An item's stage is mirrored onto the asks it answers in the same
transaction; whoever is behind them hears of it through the journal entry, once.
"""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks.decisions.recording import refuse_two_products
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Ask, Decision
from feedback.asks.models.asks import REASON_LENGTH
from feedback.asks.queries import resolve
from feedback.asks.stages import Stage
from feedback.forum.models import TITLE_LENGTH, VERSION_LENGTH
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import refuse_stale
from feedback.kernel.stale import words_of as fields_said
from feedback.measure.alerts.operations import end_mind
from feedback.roadmap import lengths, queries
from feedback.roadmap.minds import key_of
from feedback.roadmap.models import ChangelogLine, Confidence, Item, ItemAsk
from feedback.roadmap.promises.telling import tell_of_day
from feedback.roadmap.steps import bring, check_way, free, locked, mirror, record
from feedback.roadmap.train.departing import depart, release_called
from feedback.roadmap.train.recording import record as record_release

#: How many people a changelog line can name; the rest are counted.
CREDITED = 500
#: What only the team reads of an item.
PRIVATE = ("private_notes", "owner", "confidence")


class AlreadyShipped(Refusal):
    """Somebody shipped the item a moment ago."""


@by_manager
@transaction.atomic
def adopt(
    *,
    ask: Ask,
    actor: User,
    now: dt.datetime,
    title: str,
    summary: str = "",
    item: Item | None = None,
) -> Item:
    """Put ``ask`` on the roadmap: as a new item, or under ``item``, which answers it too.

    Everyone behind a newly adopted item is told. Raises `Refusal` when the ask is not public, is answered by
    an item already or the title is empty.
    """
    if item is not None:
        return link_ask(item=item, ask=ask, actor=actor, now=now)
    title = _titled(title)
    hold_grouping()
    ask = free(ask)
    item = Item.objects.create(
        product=ask.product,
        title=title,
        summary=typed.words(summary, most=lengths.SUMMARY),
        stage=Stage.PLANNED,
        stage_changed_at=now,
        adopted_at=now,
    )
    ItemAsk.objects.create(item=item, ask=ask, linked_at=now)
    bring(ask, to=Stage.PLANNED, actor=actor, now=now)
    record(verb=Verb.ITEM_ADOPTED, item=item, actor=actor, now=now)
    return item


def _titled(title: str) -> str:
    title = typed.line(title, most=TITLE_LENGTH)
    if not title:
        raise Refusal(_("Give the item a title: what will be different for the people who asked."))
    return title


@by_manager
@transaction.atomic
def move(
    *,
    item: Item,
    stage: Stage | str,
    actor: User,
    now: dt.datetime,
    reason: str = "",
    mind_people: int | None = None,
    mind_votes: int | None = None,
) -> Item:
    """Move ``item`` and its asks to ``stage``; no-op when it stands there already.

    With a refusal goes what would change our mind, in the open: from how many people or votes on (`minds`).

    Raises `Refusal` for a stage that may not follow, for declining without a public reason or for another one than
    everyone has read, and for `Stage.SHIPPED`, which needs a version: `ship`.
    """
    item, stage = locked(item), Stage(stage)
    reason = typed.words(reason, most=REASON_LENGTH)
    if item.stage == stage:
        if stage == Stage.DECLINED and reason not in ("", item.decline_reason):
            raise Refusal(
                _("“%(title)s” is declined already, for another reason. Reopen it first.")
                % {"title": item.title}
            )
        return item
    if stage == Stage.SHIPPED:
        raise Refusal(_("Say in which version it ships."))
    check_way(item, stage)
    if stage == Stage.DECLINED and not reason:
        raise Refusal(_("Say why, in a sentence that everyone who asked may read."))
    came_from = item.stage
    end_mind(key=key_of(item), now=now)
    item.stage, item.stage_changed_at = stage, now
    is_declined = stage == Stage.DECLINED
    item.decline_reason = reason if is_declined else ""
    item.mind_people = mind_people if is_declined else None
    item.mind_votes = mind_votes if is_declined else None
    item.mind_reached_at = None
    item.save(
        update_fields=[
            "stage", "stage_changed_at", "decline_reason", "mind_people", "mind_votes", "mind_reached_at"
        ]
    )  # fmt: skip
    mirror(item, actor=actor, now=now)
    if stage == Stage.DECLINED:
        record(verb=Verb.ITEM_DECLINED, item=item, actor=actor, now=now, reason=reason)
    else:
        record(verb=Verb.ITEM_MOVED, item=item, actor=actor, now=now, came_from=came_from)
    return item


@by_manager
def decline(*, item: Item, reason: str, actor: User, now: dt.datetime) -> Item:
    """Decline ``item`` and its asks with a reason that everyone who asked may read. See `move`."""
    return move(item=item, stage=Stage.DECLINED, actor=actor, now=now, reason=reason)


@by_manager
@transaction.atomic
def ship(
    *,
    item: Item,
    version: str,
    actor: User,
    now: dt.datetime,
    text: str = "",
    release_date: dt.date | None = None,
) -> Item:
    """Ship ``item`` in ``version``: the item and its asks move, the changelog gets a line with its credits.

    ``text`` says what changed (the item's title when empty); ``release_date`` is today unless given, or the version has its
    day. Shipping twice at once ships once: the second raises `AlreadyShipped`. The version is out from then on, and who
    follows it is told. Raises `Refusal` without a version, for one that was skipped or stopped, for one that is on the
    train (that is `leaving.leave`), and where the stage does not allow it.
    """
    item = locked(item)
    version = typed.line(version, most=VERSION_LENGTH)
    if not version:
        raise Refusal(_("Say in which version it ships."))
    if item.stage == Stage.SHIPPED:
        raise AlreadyShipped(
            _("“%(title)s” has shipped already, in %(version)s.")
            % {"title": item.title, "version": item.release and item.release.version}
        )
    check_way(item, Stage.SHIPPED)
    today = timezone.localdate(now)
    release = release_called(item.product, version, date=release_date, otherwise=today)
    if not release.is_out:
        if release.is_dated and not release.is_halted:
            raise Refusal(
                _("%(version)s is on the train. Release it on its page, with what is ready.")
                % {"version": version}
            )
        if release_date is None and release.release_date > today:
            release.release_date = today  # it leaves early
            release.save(update_fields=["release_date"])
        depart(release, now=now)
        left = {"shipped": [item.pk], "items": [], "instead": ""}
        record_release(verb=Verb.RELEASED, release=release, actor=actor, now=now, **left)
    item.stage, item.stage_changed_at, item.release = Stage.SHIPPED, now, release
    item.save(update_fields=["stage", "stage_changed_at", "release"])
    mirror(item, actor=actor, now=now)
    ask_ids = queries.live_ask_ids(item)
    line, _made = ChangelogLine.objects.update_or_create(
        item=item,
        defaults={
            "release": release,
            "text": typed.line(text, most=lengths.LINE) or item.title,
            "category": queries.category_of(ask_ids),
            "people_count": queries.count_people(ask_ids),
            "credited": queries.to_credit(ask_ids, limit=CREDITED),
            "written_at": now,
        },
    )
    record(
        verb=Verb.ITEM_SHIPPED,
        item=item,
        actor=actor,
        now=now,
        version=release.version,
        text=line.text,
        people=line.people_count,
    )
    return item


@by_manager
@transaction.atomic
def edit_item(
    *,
    item: Item,
    title: str,
    summary: str,
    actor: User,
    now: dt.datetime,
    version: str = "",
    release_date: dt.date | None = None,
    seen: str | None = None,
) -> Item:
    """Change the words of ``item`` and, until it ships, the version it is planned for ("" for none yet).

    ``release_date`` is needed for a version that is not planned so far, and moves none that is on the train. Everyone
    behind the item is told of the day that is promised, or that there is none any more, and of nothing else. ``seen`` is the
    mark of the words that the person began with. Raises `Refusal`, and `StaleEdit` when somebody changed those words since.
    """
    item = locked(item)
    refuse_stale(words_of(item), seen=seen)
    title, before = _titled(title), item.release
    version = typed.line(version, most=VERSION_LENGTH)
    if item.stage != Stage.SHIPPED:
        if (
            version
            and release_date is None
            and not item.product.releases.filter(version=version).exists()
        ):
            raise Refusal(_("Say on which day %(version)s leaves.") % {"version": version})
        item.release = (
            release_called(
                item.product, version, date=release_date, otherwise=timezone.localdate(now)
            )
            if version
            else None
        )
    item.title, item.summary = title, typed.words(summary, most=lengths.SUMMARY)
    item.save(update_fields=["title", "summary", "release"])
    record(verb=Verb.ITEM_EDITED, item=item, actor=actor, now=now)
    if item.release != before:
        tell_of_day(item, before, actor=actor, now=now)
    return item


def words_of(item: Item) -> dict[str, str]:
    """Return the public words of ``item`` by their field."""
    return {"title": item.title, "summary": item.summary}


@by_manager
@transaction.atomic
def note_privately(
    *,
    item: Item,
    private_notes: str,
    owner: User | None,
    confidence: str,
    actor: User,
    now: dt.datetime,
    seen: str | None = None,
) -> Item:
    """Keep what only the team reads of ``item``: notes, whose it is, how sure they are. Raises `Refusal`.

    ``seen`` is the mark of `PRIVATE` that the person began with: raises `StaleEdit` when somebody changed them since.
    """
    item = locked(item)
    refuse_stale(fields_said(item, PRIVATE), seen=seen)
    if owner is not None and not owner.is_team:
        raise Refusal(_("Only somebody of the team can own an item."))
    item.private_notes = typed.words(private_notes, most=lengths.NOTES)
    item.owner, item.confidence = owner, Confidence(confidence) if confidence else ""
    item.save(update_fields=["private_notes", "owner", "confidence"])
    record(verb=Verb.ITEM_EDITED, item=item, actor=actor, now=now)
    return item


@by_manager
@transaction.atomic
def link_ask(*, item: Item, ask: Ask, actor: User, now: dt.datetime) -> Item:
    """Say that ``item`` answers ``ask`` too; the ask comes along to the item's stage.

    Everyone behind the ask is told where the item stands by now. Raises `Refusal` when the ask is not public or is answered by an item already, and for an item that has
    shipped or is declined: its people have heard the end of it.
    """
    item = locked(item)
    if item.stage in (Stage.SHIPPED, Stage.DECLINED):
        raise Refusal(
            _("“%(title)s” is closed. Move it back first, or adopt the ask as an item of its own.")
            % {"title": item.title}
        )
    ask = free(ask)
    refuse_two_products([item.product_id, ask.product_id])
    ItemAsk.objects.create(item=item, ask=ask, linked_at=now)
    bring(ask, to=Stage(item.stage), actor=actor, now=now)
    record(verb=Verb.ASK_LINKED, item=item, actor=actor, now=now, ask=ask.public_id)
    return item


@by_manager
@transaction.atomic
def unlink_ask(*, item: Item, ask: Ask, actor: User, now: dt.datetime) -> Item:
    """Say that ``item`` does not answer ``ask`` after all; the ask goes back under review.

    Raises `Refusal` for the item's only ask and for an item that has shipped; no-op when it is not linked.
    """
    item = locked(item)
    links = list(ItemAsk.objects.filter(item=item).select_related("ask"))
    link = next((link for link in links if link.ask_id == ask.pk), None)
    if link is None:
        return item
    if len(links) == 1:
        raise Refusal(_("An item answers one ask at least. Decline the item instead."))
    if item.stage == Stage.SHIPPED:
        raise Refusal(_("This has shipped, and everyone who asked was told."))
    link.delete()
    if link.ask.is_public:
        bring(link.ask, to=Stage.UNDER_REVIEW, actor=actor, now=now)
    record(verb=Verb.ASK_UNLINKED, item=item, actor=actor, now=now, ask=link.ask.public_id)
    return item


@transaction.atomic
def tell_those_joined(*, joined: Decision, actor: User, now: dt.datetime) -> Entry | None:
    """Have everyone who came along when two asks were joined hear where their item stands by now.

    No-op when no item answers what they were joined into, or when the join was undone meanwhile.
    """
    hold_grouping()
    assert joined.ask is not None and joined.other_ask is not None
    home = resolve(joined.ask)
    item = queries.item_of(home) if home != joined.ask else None
    if item is None:
        return None
    item = locked(item)
    more = {"ask": home.public_id, "decision": joined.public_id}
    if item.stage == Stage.SHIPPED and item.release is not None:
        more["version"] = item.release.version
    if item.stage == Stage.DECLINED:
        more["reason"] = item.decline_reason
    return record(verb=Verb.ASK_LINKED, item=item, actor=actor, now=now, **more)


@transaction.atomic
def keep_in_step(*, asks: Collection[Ask], actor: User, now: dt.datetime) -> None:
    """Bring what ``asks`` are now to the stage of the items that answer them. Nobody is told: nothing is new.

    For asks that came back to life, or whose posts went back, by undoing a decision. One that no item answers
    any more goes back under review; one that is declined stays so, its reason was read.
    """
    hold_grouping()
    live = {ask.pk: ask for ask in (resolve(ask) for ask in asks)}
    items = queries.items_of([*asks, *live.values()])
    for item in sorted(set(items.values()), key=lambda item: item.pk):
        mirror(locked(item), actor=actor, now=now)
    for pk in sorted(live.keys() - items.keys()):
        ask = live[pk]
        if ask.is_public and ask.stage != Stage.DECLINED:
            bring(ask, to=Stage.UNDER_REVIEW, actor=actor, now=now)
