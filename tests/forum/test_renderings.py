"""What a text becomes is kept with its words: shown while both fit, and gone when the words go."""

import pytest
from django.core.cache import cache

from feedback.accounts.own_data.erasing import ask_erasure, erase_due
from feedback.forum.comments.operations import comment, edit_comment
from feedback.forum.models import Comment, Post, RenderedComment, RenderedPost
from feedback.forum.moderation.deciding import undo
from feedback.forum.posts.operations import edit_post
from feedback.forum.renderings import keeping
from feedback.kernel import clock, markdown
from feedback.ops.reconciling import reconcile

SECRET = "marzipan"


@pytest.fixture
def said(ann, bo, publish):
    """A post and a comment that say a secret."""
    post = publish(ann, body=f"More **{SECRET}**")
    return post, comment(post=post, author=bo, body=f"And *{SECRET}*", now=clock.now())


def kept():
    """All that is kept, as one text."""
    return "".join(one.html for kind in (RenderedPost, RenderedComment) for one in kind.objects.all())  # fmt: skip


def page(client_of, post):
    return client_of(None).get(f"/posts/{post.public_id}/").content.decode()


def filled():
    """What the worker keeps in one go, all texts looked at anew."""
    cache.clear()
    return keeping.fill()


def test_a_page_shows_what_was_kept_as_it_was_written(said, client_of, monkeypatch):
    shown = page(client_of, said[0])
    assert f"<strong>{SECRET}</strong>" in shown
    assert f"<em>{SECRET}</em>" in shown
    markdown._recent.forget()
    monkeypatch.setattr(markdown, "_rendered", lambda *_: pytest.fail("rendered by a reader"))
    assert f"<strong>{SECRET}</strong>" in page(client_of, said[0])


def test_other_words_are_kept_with_the_edit_and_the_old_ones_nowhere(said, ann, bo, client_of):
    post, answer = said
    edit_post(post=post, editor=ann, title=post.title, body="Less **sugar**", now=clock.now())
    edit_comment(comment=answer, editor=bo, body="Agreed", now=clock.now())
    assert SECRET not in kept()
    assert "<strong>sugar</strong>" in kept()
    assert SECRET not in page(client_of, post)
    edit_post(post=post, editor=ann, title=post.title, body="", now=clock.now())
    assert not RenderedPost.objects.exists()


def test_words_that_nobody_told_of_are_shown_and_what_was_kept_is_forgotten(said, client_of):
    post, _answer = said
    Post.objects.filter(pk=post.pk).update(body="By *another* way")
    assert "By <em>another</em> way" in page(client_of, post)
    assert reconcile(fix=True)["renderings"] == 1
    assert reconcile(fix=False)["renderings"] == 0
    assert RenderedComment.objects.exists()
    assert not RenderedPost.objects.exists()


def test_words_that_are_removed_go_and_come_back(said, mo, reported, ruled, bo, ann):
    post, answer = said
    rulings = [ruled(reported(post, bo), mo, "REMOVE"), ruled(reported(answer, ann), mo, "REMOVE")]
    assert kept() == ""
    for ruling in rulings:
        undo(ruling=ruling, actor=mo, now=clock.now())
    assert kept().count(SECRET) == 2


def test_words_that_are_erased_are_not_kept(said, ann, bo):
    for person in (ann, bo):
        ask_erasure(person=person, keeps_words=False, actor=person, now=clock.now())
    erase_due(now=clock.now())
    erase_due(now=clock.now())
    assert SECRET not in kept()
    said[0].delete()
    assert kept() == ""


def test_the_worker_keeps_what_came_without_and_what_an_older_pipeline_made(said, monkeypatch):
    post, _answer = said
    RenderedComment.objects.all().delete()
    RenderedPost.objects.update(pipeline="older", html="older")
    monkeypatch.setattr(keeping, "_WRITTEN", 1)
    Comment.objects.bulk_create(
        Comment(post=post, author=post.author, body=f"*{n}*", posted_at=clock.now())
        for n in range(3)
    )
    assert not filled()
    assert RenderedPost.objects.get().html == f"<p>More <strong>{SECRET}</strong></p>\n"
    assert RenderedComment.objects.count() == 4
    RenderedPost.objects.all().delete()
    keeping.fill()
    assert not RenderedPost.objects.exists(), "it goes on behind what it has looked at"


def test_an_older_pipeline_s_html_is_not_shown(said, client_of):
    RenderedPost.objects.update(pipeline="older", html="<b>zimtstern</b>")
    shown = page(client_of, said[0])
    assert "zimtstern" not in shown
    assert f"<strong>{SECRET}</strong>" in shown


def test_words_that_change_while_they_are_rendered_are_not_overwritten(said, monkeypatch):
    RenderedPost.objects.all().delete()
    made = keeping._made

    def slowly(text):
        found = made(text)
        type(text).objects.filter(pk=text.pk).update(body="Other words")
        return found

    monkeypatch.setattr(keeping, "_made", slowly)
    filled()
    assert not RenderedPost.objects.exists()


def test_what_depends_on_more_than_its_words_is_made_for_each_reader(ann, publish):
    publish(ann, body=f"Put together {markdown.MACHINE_SIGN}")
    publish(ann, title="With a picture", body="![x](attachment:abc)")
    filled()
    assert not RenderedPost.objects.exists()
