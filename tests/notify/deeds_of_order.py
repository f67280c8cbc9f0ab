"""What the team does to keep order, and whom it makes what: what raises the kinds that tell of it."""

import datetime as dt
from collections.abc import Callable

from django.db import transaction

from feedback.asks.decisions.rehouse import move_post_to
from feedback.forum.closed.naming import name_on_board, take_off_board
from feedback.forum.models import Board, Post, Rule
from feedback.forum.moderation import deciding as moderation
from feedback.forum.moderation import waiting
from feedback.forum.moderation.cases import hold
from feedback.forum.moderation.flagging import flag
from feedback.forum.pins.operations import lock_post, unlock_post
from feedback.forum.rights.operations import Place, give, take
from feedback.forum.witnessing.reproductions import reproduce, take_off
from tests.cast import administrator, make_person


def hidden(here):
    rule = Rule.objects.get_or_create(slug="respect", defaults={"name": "Be kind"})[0]
    said = moderation.Said(action="HIDE", rule=rule, word="Be kind.")
    return moderation.decide_about(thing=here.post, said=said, **here.by)


def hidden_in_error(here):
    moderation.undo(ruling=hidden(here), **here.by)


def reported_and_hidden(here):
    flag(thing=here.post, person=here.bo, reason="ABUSE", now=here.by["now"])
    hidden(here)


def held_by_reports(here):
    now = here.by["now"]
    for name in ("Uma", "Vic", "Wim"):
        known = make_person(name)
        known.joined_at = now - dt.timedelta(days=365)
        known.save()
        flag(thing=here.post, person=known, reason="ABUSE", now=now)


def held_for_a_day(here):
    now = here.by["now"]
    with transaction.atomic():
        hold(here.post, held_for=["LINK"], now=now - waiting.SILENCE)
    waiting.tell_of_silence(now=now)


def locked_and_unlocked(here):
    lock_post(post=here.post, word="It went in circles.", **here.by)
    here.deliver()
    unlock_post(post=here.post, **here.by)


def moved_to_another_board(here):
    other = Board.objects.create(product=here.post.board.product, slug="bugs", name="Bugs")
    move_post_to(post=here.post, to=other, word="A bug.", **here.by)


def taken_off_a_bug(here):
    Post.objects.filter(pk=here.post.pk).update(kind="BUG")
    here.post.refresh_from_db()
    said = {"version": "2.1", "device": "", "now": here.by["now"]}
    seen = reproduce(post=here.post, person=here.bo, **said)
    take_off(reproduction=seen, word="There is no 2.1.", **here.by)


def role_given_and_taken(here):
    place, by = Place(board=here.post.board), here.by | {"actor": administrator()}
    give(person=here.bo, role="MODERATOR", place=place, **by)
    take(person=here.bo, place=place, **by)


def named_and_taken_off(here):
    board = here.post.board
    Board.objects.filter(pk=board.pk).update(posters="RING")
    board.refresh_from_db()
    name_on_board(board=board, person=here.bo, **here.by)
    take_off_board(board=board, person=here.bo, **here.by)


#: The deeds by the kind that they raise.
ORDER: dict[str, Callable] = {
    "board_members": named_and_taken_off,
    "flag_answered": reported_and_hidden,
    "held": held_by_reports,
    "still_held": held_for_a_day,
    "cases_wait": held_for_a_day,
    "moderated": hidden,
    "moderation_undone": hidden_in_error,
    "post_locked": locked_and_unlocked,
    "post_moved": moved_to_another_board,
    "reproduction_taken_off": taken_off_a_bug,
    "role_changed": role_given_and_taken,
}
