"""The preview of a release on a board of announcements."""

import pytest

from feedback.forum.models import Board, Post
from feedback.kernel.refusals import Refusal
from feedback.roadmap.train import editing
from feedback.roadmap.train.announcing import post_preview
from feedback.roadmap.train.leaving import leave


@pytest.fixture
def news(product):
    return Board.objects.create(product=product, slug="news", name="News", posters="TEAM")


def test_a_preview_is_posted_once_in_both_languages(client, client_of, coming, news, pia):
    editing.change_notes(release=coming.release, notes_en="Dark.", notes_zh="深色。", **coming.by)
    for _again in range(2):
        client_of(pia).post("/releases/1.4.0/preview/", {"board": "news"})
    post = Post.objects.get(board=news)
    assert post.title == "Coming on Friday 6 March: 1.4.0 / 3月6日（星期五）发布：1.4.0"
    assert post.body == "Dark.\n\n---\n\n深色。"
    assert f"/posts/{post.public_id}/" in client.get("/releases/1.4.0/").content.decode()


def test_without_notes_it_says_what_is_on_board(coming, news):
    post = post_preview(release=coming.release, board=news, **coming.by)
    assert "- A dark theme" in post.body


def test_a_machines_draft_says_so_in_the_post(coming, news):
    editing.draft_notes(release=coming.release, **coming.by)
    post = post_preview(release=coming.release, board=news, **coming.by)
    assert "the machine put together" in post.body


def test_a_preview_comes_before_the_release(coming, news):
    leave(release=coming.release, **coming.by)
    with pytest.raises(Refusal):
        post_preview(release=coming.release, board=news, **coming.by)
    assert not Post.objects.filter(board=news).exists()
