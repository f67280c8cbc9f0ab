"""The team decides in a case, and takes a decision back. Nothing is done silently: the journal has each, and its author hears."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from feedback.accounts.language import language_of
from feedback.accounts.models import Origin, User
from feedback.accounts.permissions import by_moderator, is_manager
from feedback.accounts.restrictions import FOR_EVER
from feedback.forum.comments import operations as comments
from feedback.forum.models import Board, Case, Comment, Post, Rule, Ruling
from feedback.forum.moderation import hiding, queries
from feedback.forum.moderation.cases import WAS_PUBLIC, key_of, take_up
from feedback.forum.moderation.models import EVERYWHERE, TAKES_AWAY, TO_PEOPLE, WORD_LENGTH, Action
from feedback.forum.moderation.taking_away import give_back, take_away
from feedback.forum.posts import operations as posts
from feedback.forum.posts.held import hold_again, publish_held
from feedback.forum.rights.reading import manages
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.public_ids import new_public_id
from feedback.kernel.refusals import Refusal

#: So long a decision is taken back with one click; later only an appeal does it.
UNDO_WITHIN = dt.timedelta(days=1)
MOST_DAYS = 365
_TAKES_NO_RULE = (Action.KEEP, Action.GRANT, Action.DENY)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody of the team decides: by which rule, for how many days, to which board, with a word of their own.

    Without one the author is sent the rule's word in their own language.
    """

    action: str
    rule: Rule | None = None
    word: str = ""
    days: int = 0
    board: Board | None = None


@by_moderator
def decide(*, case: Case, said: Said, actor: User, now: dt.datetime, together: str = "") -> Ruling:
    """Decide in ``case`` and close it. What is decided at once has one name, ``together``, and is undone at once.

    What is muted, suspended and banned for is hidden too; a ban hides all that the person wrote. Raises `Refusal` where
    somebody else decided meanwhile, where the decision does not fit the case or names no rule, and to whoever made the
    decision that is appealed while there is anybody else, and to who wrote the words; `PermissionDenied` for a move by who is no
    manager there, and for what follows a person everywhere by who keeps order on some boards alone.
    Lock contract: the case's row, the author's, then those of what they wrote.
    """
    with transaction.atomic():
        held = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        if held.closed_at is not None:
            raise Refusal(_("Somebody else of the team has decided this meanwhile."))
        _check(held, said, actor)
        author = User.objects.select_for_update(no_key=True).get(pk=held.author.pk)
        ruling = Ruling.objects.create(
            case=held,
            action=said.action,
            rule=said.rule,
            word=_word(said, author),
            actor=actor,
            made_at=now,
            until=_until(said, now),
            together=together or new_public_id(),
        )
        _carry_out(ruling, held, said, author, actor=actor, now=now)
        held.closed_at = now
        held.save(update_fields=["closed_at"])
        _record(Verb.MODERATED, ruling, held, actor=actor, now=now)
        if held.flags.filter(person__isnull=False).exists():
            _record(Verb.FLAGS_ANSWERED, ruling, held, actor=actor, now=now)
    return ruling


@by_moderator
def decide_about(
    *, thing: "Post | Comment | User", said: Said, actor: User, now: dt.datetime
) -> Ruling:
    """Decide about something that need not have been reported. Raises and locks as `decide`."""
    with transaction.atomic():
        case = take_up(thing=thing, actor=actor, now=now)
        return decide(case=case, said=said, actor=actor, now=now)


@by_moderator
def undo(*, ruling: Ruling, actor: User, now: dt.datetime) -> int:
    """Take back what was decided in one act with ``ruling``, within a day; return how many decisions that were.

    Everything is as it was before, and the cases wait again. Raises `Refusal` when it is too late or was done.
    Lock contract: as `decide`, case by case.
    """
    if now - ruling.made_at > UNDO_WITHIN:
        raise Refusal(_("A day has gone by: only an appeal of its author takes this back now."))
    if ruling.action == Action.GRANT:
        raise Refusal(_("An appeal was granted: decide anew if that was wrong."))
    with transaction.atomic():
        made = Ruling.objects.filter(together=ruling.together, undone_at=None).order_by("-pk")
        for one in made:
            refuse_to_judge(one.case, actor)
            if one.action in EVERYWHERE and not actor.is_moderator:
                raise PermissionDenied
        done = [one for one in made if take_back(one, actor=actor, now=now, reopens=True)]
    if not done:
        raise Refusal(_("This was taken back already."))
    return len(done)


def take_back(ruling: Ruling, *, actor: User, now: dt.datetime, reopens: bool = False) -> bool:
    """Bring back what was before ``ruling``, and have its case wait again if it ``reopens``; return whether it stood.

    Call in a transaction. Lock contract: as `decide`.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=ruling.case_id)
    is_ours = Ruling.objects.filter(pk=ruling.pk, undone_at=None).update(
        undone_at=now, undone_by=actor
    )
    if not is_ours:
        return False
    author = User.objects.select_for_update(no_key=True).get(pk=case.author.pk)
    _restore(ruling, case, author, actor=actor, now=now)
    restrict(author)
    if reopens:
        _reopen(case)
    _record(Verb.MODERATION_UNDONE, ruling, case, actor=actor, now=now)
    return True


def _reopen(case: Case) -> None:
    """Have ``case`` wait again; where the thing has another by now, its reports and appeals go there."""
    other = Case.objects.select_for_update().filter(thing=case.thing, closed_at=None).first()
    if other is None:
        case.closed_at = None
        case.save(update_fields=["closed_at"])
        return
    case.flags.update(case=other)
    case.appeals.update(appeal_case=other)
    if case.held_for:
        other.held_for = case.held_for
        other.save(update_fields=["held_for"])


def _restore(ruling: Ruling, case: Case, author: User, *, actor: User, now: dt.datetime) -> None:
    hiding.show_again(list(ruling.hidings.all()), actor=actor, now=now)
    give_back(ruling, author)
    if "board" in ruling.before and case.post is not None:
        there, back = ruling.before["board"]
        if case.post.board_id == there:
            board, by = Board.objects.get(pk=back), ruling.public_id
            posts.put_post(post=case.post, board=board, actor=actor, now=now, ruling=by)
    if "posted_at" in ruling.before:
        was = ruling.before["posted_at"]
        posted_at = dt.datetime.fromisoformat(was) if was else None
        if case.post is not None:
            hold_again(post=case.post, posted_at=posted_at, actor=actor, now=now)
        elif case.comment is not None:
            comments.hold_again(comment=case.comment, posted_at=posted_at, actor=actor, now=now)


def restrict(person: User) -> None:
    """Write until when ``person`` is muted and suspended, by all decisions that stand. Lock contract: their row, held."""
    until = queries.restrictions_of(person)
    person.muted_until, person.suspended_until = until
    person.save(update_fields=["muted_until", "suspended_until"])


def refuse_to_judge(case: Case, actor: User) -> None:
    """Raise `PermissionDenied` to who does not keep order where ``case`` comes from, `Refusal` to its author while there is anybody else."""
    if not queries.may_decide_in(actor, case):
        raise PermissionDenied
    if case.author.pk == actor.pk and queries.others_of_the_team(actor):
        raise Refusal(_("This is about yourself: somebody else of the team decides."))


def _check(case: Case, said: Said, actor: User) -> None:
    action = said.action
    if action not in Action.values:
        raise Refusal(_("Say what is to be done."), status=422)
    refuse_to_judge(case, actor)
    appeals = list(case.appeals.filter(undone_at=None))
    if bool(appeals) != (action in (Action.GRANT, Action.DENY)):
        raise Refusal(
            _("Its author appealed: say whether the decision stands.")
            if appeals
            else _("Nobody appealed here.")
        )
    is_own = any(one.actor_id == actor.pk for one in appeals)
    if is_own and queries.others_of_the_team(actor):
        raise Refusal(_("You decided this yourself: somebody else of the team answers the appeal."))
    if action not in _TAKES_NO_RULE and said.rule is None:
        raise Refusal(_("Say by which rule: its author hears it."), status=422)
    if action in (Action.HIDE, Action.REMOVE) and case.person is not None:
        raise Refusal(_("A person is not hidden: mute, suspend or ban them."), status=422)
    if action in TAKES_AWAY and (
        case.person is None or not getattr(case.person, TAKES_AWAY[Action(action)])
    ):
        raise Refusal(_("There is nothing of this to take away."), status=422)
    if action == Action.MOVE:
        _check_move(case, said.board, actor)
    if action in EVERYWHERE and not actor.is_moderator:
        raise PermissionDenied
    if action in TO_PEOPLE:
        if case.author.has_duties:
            raise Refusal(_("This is somebody of the team: talk to them."))
        if case.author.origin != Origin.SIGNED_UP:
            raise Refusal(_("This person has no account here. Hide the words."))
    if action in (Action.MUTE, Action.SUSPEND) and not 1 <= said.days <= MOST_DAYS:
        raise Refusal(_("Say for how many days, from 1 to 365."), status=422)


def _check_move(case: Case, board: Board | None, actor: User) -> None:
    if case.post is None:
        raise Refusal(_("Only a post can be moved."), status=422)
    if board is None:
        if not is_manager(actor):
            raise PermissionDenied
        raise Refusal(_("Say to which board the post goes."), status=422)
    if not manages(actor, case.post.board.product):
        raise PermissionDenied
    if board.is_archived or board.product_id != case.post.board.product_id:
        raise Refusal(_("It can only go to an open board of the same product."), status=422)
    if board.pk == case.post.board_id:
        raise Refusal(_("The post is on this board already."))


def _word(said: Said, author: User) -> str:
    own = typed.words(said.word, most=WORD_LENGTH)
    if own or said.rule is None:
        return own
    with override(language_of(author) or queries.SITE_LANGUAGE):
        return said.rule.template


def _until(said: Said, now: dt.datetime) -> dt.datetime | None:
    match said.action:
        case Action.MUTE | Action.SUSPEND:
            return now + dt.timedelta(days=said.days)
        case Action.BAN:
            return FOR_EVER
    return None


def _carry_out(
    ruling: Ruling, case: Case, said: Said, author: User, *, actor: User, now: dt.datetime
) -> None:
    match said.action:
        case Action.KEEP | Action.MOVE:
            if case.is_held:
                _publish(ruling, case, actor=actor, now=now)
            if said.action == Action.MOVE and case.post is not None and said.board is not None:
                ruling.before["board"] = [said.board.pk, case.post.board_id]
                to, by = said.board, ruling.public_id
                posts.put_post(post=case.post, board=to, actor=actor, now=now, ruling=by)
            ruling.save(update_fields=["before"])
        case Action.GRANT:
            for appealed in case.appeals.filter(undone_at=None).order_by("-pk"):
                take_back(appealed, actor=actor, now=now, reopens=False)
                if appealed.case.is_held:
                    _publish(ruling, appealed.case, actor=actor, now=now)
        case Action.HIDE | Action.REMOVE | Action.MUTE | Action.SUSPEND | Action.BAN:
            _hide(ruling, case, actor=actor, now=now)
        case Action.WARN if case.is_held:
            _hide(ruling, case, actor=actor, now=now)
        case Action.NAME | Action.BIO | Action.FACE:
            take_away(ruling, author)
    if said.action == Action.BAN:
        hiding.hide_all_of(ruling, author, actor=actor, now=now)
    if said.action in TO_PEOPLE:
        restrict(author)


def _hide(ruling: Ruling, case: Case, *, actor: User, now: dt.datetime) -> None:
    for_good = ruling.action == Action.REMOVE
    if case.post is not None:
        hiding.hide_post(ruling, case.post.pk, actor=actor, now=now, for_good=for_good)
    elif case.comment is not None:
        hiding.hide_comment(ruling, case.comment.pk, actor=actor, now=now, for_good=for_good)


def _publish(ruling: Ruling, case: Case, *, actor: User, now: dt.datetime) -> None:
    """Publish what is held, unless its author took it back meanwhile."""
    if case.post is not None:
        post = (
            Post.objects.select_for_update(no_key=True, of=("self",))
            .select_related("board")
            .get(pk=case.post.pk)
        )
        if post.state != Post.State.HELD:
            return
        if WAS_PUBLIC in case.held_for:
            ruling.before["posted_at"] = ""
            posts.change_state(
                post=post,
                was=(Post.State.HELD,),
                becomes=Post.State.PUBLISHED,
                verb=Verb.POST_SHOWN,
                actor=actor,
                now=now,
            )
        else:
            ruling.before["posted_at"] = post.posted_at.isoformat()
            publish_held(post=post, now=now)
    elif case.comment is not None:
        held = Comment.objects.select_for_update(no_key=True, of=("self",))
        comment = held.select_related("post__board", "author", "reply_to").get(pk=case.comment.pk)
        is_gone = not comment.is_hidden or comment.withdrawn_at is not None
        if is_gone or comment.hidings.filter(ruling__undone_at=None).exists():
            return
        if WAS_PUBLIC in case.held_for:
            ruling.before["posted_at"] = ""
            comments.set_hidden(comment, False, actor, now)
        else:
            ruling.before["posted_at"] = comment.posted_at.isoformat()
            comments.publish_held(comment=comment, now=now)


def _record(verb: Verb, ruling: Ruling, case: Case, *, actor: User, now: dt.datetime) -> None:
    data: dict[str, object] = {
        "ruling": ruling.public_id,
        "case": case.public_id,
        "thing": key_of(case.subject),
        "person": case.author.public_id,
        "action": ruling.action,
    }
    if verb == Verb.MODERATED:
        data["word"] = ruling.word
    if ruling.rule is not None:
        data["rule"] = ruling.rule.slug
    if ruling.until is not None:
        data["until"] = ruling.until.isoformat()
    if case.held_for:
        data["held_for"] = list(case.held_for)
    subject = case.comment.post if case.comment is not None else case.subject
    journal.write(verb=verb, subject=subject, actor_id=actor.pk, now=now, data=data)


def cases_of(keys: Collection[str], *, reader: User) -> list[Case]:
    """Return the open cases with these public ids that ``reader`` may know of, in the order they were opened."""
    known = queries.within_reach_of(reader).filter(public_id__in=keys, closed_at=None)
    return list(known.order_by("opened_at", "pk"))
