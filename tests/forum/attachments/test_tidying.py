"""No file lies about for ever, and none that somebody was told is kept is ever lost."""

import datetime as dt
import io
import os

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from feedback.accounts.faces.operations import choose_face
from feedback.accounts.own_data.erasing import ask_erasure, erase_due
from feedback.forum.attachments import operations, storing
from feedback.forum.cards import keeping
from feedback.forum.erasing import erase_posts
from feedback.forum.models import Attachment, Post, Rule
from feedback.forum.moderation.deciding import Said, decide_about
from feedback.forum.own_data import shows
from feedback.kernel import clock
from feedback.kernel.pictures.drawing import Card
from tests.forum.attachments.conftest import on_disk
from tests.pictures import picture

pytestmark = pytest.mark.django_db

WORDS = {"title": "It stops", "body": "", "kind": "BUG", "board": "suggestions"}
HOUR, DAY = 3600, 24 * 3600


@pytest.fixture
def mine(client_of, old_ann, board):
    return client_of(old_ann)


def tidy():
    return operations.tidy(now=clock.now())


def posted(mine, one):
    mine.post("/posts/new/", {**WORDS, "attaching": "1", "attached": one.public_id})
    one.refresh_from_db()
    return one.post


def test_what_nobody_sent_goes_after_a_day_with_its_files(mine, up, files, frozen):
    up(mine)
    frozen.shift(DAY - HOUR)
    assert tidy() == 0
    assert len(on_disk(files)) == 2
    frozen.shift(2 * HOUR)
    tidy()
    frozen.shift(2 * HOUR)
    assert tidy() == 1
    assert not Attachment.objects.exists()
    assert on_disk(files) == []


def test_what_was_sent_or_belongs_to_a_draft_stays(mine, up, files, frozen):
    posted(mine, up(mine))
    key = mine.get("/posts/new/?draft=new").context["start"].key
    kept = up(mine, draft=key)
    mine.post(
        "/posts/draft/",
        {**WORDS, "title": "Later", "draft": key, "seen": "", "attached": kept.public_id},
    )
    frozen.shift(7 * DAY)
    assert tidy() == 0
    assert len(on_disk(files)) == 4
    mine.post(f"/posts/draft/{key}/discard/")
    tidy()
    frozen.shift(2 * HOUR)
    assert tidy() == 1
    assert len(on_disk(files)) == 2


def test_files_go_with_the_post_that_is_erased(mine, up, files, frozen):
    post = posted(mine, up(mine))
    erase_posts(post_ids=[post.pk], now=clock.now())
    assert Attachment.objects.get().post is None
    frozen.shift(DAY + HOUR)
    tidy()
    frozen.shift(2 * HOUR)
    assert tidy() == 1
    assert on_disk(files) == []


def test_what_was_removed_for_good_goes_once_nothing_brings_it_back(mine, up, files, frozen, mo):
    post = posted(mine, up(mine))
    said = Said(action="REMOVE", rule=Rule.objects.get(slug="respect"))
    decide_about(thing=post, said=said, actor=mo, now=clock.now())
    frozen.shift(40 * DAY)
    tidy()
    frozen.shift(DAY)
    assert tidy() == 0
    frozen.shift(30 * DAY)
    tidy()
    frozen.shift(DAY)
    assert tidy() == 1
    assert on_disk(files) == []
    assert Post.objects.get().state == "REMOVED"


def test_what_was_cut_short_is_done_the_next_time(mine, up, files, frozen, monkeypatch):
    up(mine)
    frozen.shift(2 * DAY)
    tidy()
    frozen.shift(2 * HOUR)

    def broken(name):
        raise OSError("the disk is away")

    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "delete", broken)
        assert tidy() == 0
    assert Attachment.objects.count() == 1
    assert tidy() == 1
    assert on_disk(files) == []


def test_a_file_that_no_row_knows_is_swept_once_it_is_old(mine, up, files):
    one = up(mine)
    shard = one.public_id[0]
    stray = files / "attachments" / shard / f"{shard}3456789abc.webp"
    stray.write_bytes(b"left by a process that died")
    now = clock.now()
    os.utime(stray, (now.timestamp(), now.timestamp()))
    assert storing.sweep(shard, now=now) == 0
    assert storing.sweep(shard, now=now + dt.timedelta(days=3)) == 1
    assert not stray.exists()
    assert len(on_disk(files)) == 2
    assert storing.sweep("z" if shard != "z" else "y", now=now) == 0


def test_a_drawn_picture_that_nobody_asks_for_is_swept(files):
    card = Card("Ask", "Dark mode")
    keeping.drawn(card)
    path = next(files.rglob("*.png"))
    now = clock.now()
    os.utime(path, (now.timestamp(), now.timestamp()))
    for hour in range(16):
        assert keeping.sweep(hour, now=now) == 0
    assert sum(keeping.sweep(hour, now=now + dt.timedelta(days=15)) for hour in range(16)) == 1


def test_the_worker_does_all_of_it_in_an_hours_turn(mine, up, files, frozen, run_jobs):
    from feedback.forum import tasks

    up(mine)
    frozen.shift(2 * DAY)
    tasks.tidy_files.call()
    frozen.shift(2 * HOUR)
    tasks.tidy_files.call()
    assert on_disk(files) == []


@pytest.mark.parametrize("keeps_words", [True, False])
def test_who_leaves_takes_along_what_is_not_to_stay(mine, old_ann, up, files, frozen, keeps_words):
    sent, unsent = up(mine), up(mine)
    posted(mine, sent)
    choose_face(person=old_ann, file=io.BytesIO(picture()), now=clock.now())
    address = old_ann.face_address
    (row,) = [one for one in shows(old_ann)["attachments"] if one["url"].endswith(sent.address)]
    assert row["kind"] == "IMAGE"
    ask_erasure(person=old_ann, keeps_words=keeps_words, actor=old_ann, now=clock.now())
    erase_due(now=clock.now())
    frozen.shift(2 * HOUR)
    assert tidy() == (1 if keeps_words else 2)
    assert Attachment.objects.filter(pk=sent.pk).exists() == keeps_words
    assert not Attachment.objects.filter(pk=unsent.pk).exists()
    old_ann.refresh_from_db()
    assert old_ann.face == ""
    assert Client().get(address).status_code == 404
