"""Files go up while one writes, or with the form, and hang under what is sent."""

import pytest

from feedback.forum.models import Attachment, Comment, Draft, Post
from feedback.journal.models import Entry
from tests.pictures import picture, sent

pytestmark = pytest.mark.django_db

COMPOSE = "/posts/new/"
WORDS = {
    "title": "It stops at night",
    "body": "Every night.",
    "kind": "BUG",
    "board": "suggestions",
}


@pytest.fixture
def mine(client_of, old_ann, board):
    return client_of(old_ann)


def test_a_file_is_a_row_of_the_form_and_then_a_picture_under_the_post(mine, up, client_of):
    key = mine.get(COMPOSE).context["start"].key
    answer = mine.post(
        "/attachments/", {"files": sent(picture()), "draft": key}, HTTP_HX_REQUEST="true"
    ).json()
    assert f'name="attached" value="{answer["id"]}"' in answer["html"]
    assert answer["words"] == f"![](attachment:{answer['id']})"
    alt = {f"alt-{answer['id']}": "The error at the foot of the page"}
    mine.post(COMPOSE, {**WORDS, "draft": key, "attaching": "1", "attached": answer["id"], **alt})
    post = Post.objects.get()
    one = Attachment.objects.get()
    assert (one.post, one.alt, one.draft) == (post, "The error at the foot of the page", "")
    page = client_of(None).get(f"/posts/{post.public_id}/").content.decode()
    assert f'href="/attachments/{one.public_id}/" data-gallery' in page
    assert 'alt="The error at the foot of the page"' in page
    for address in (one.address, one.small_address):
        got = client_of(None).get(address)
        assert (got.status_code, got["Content-Type"]) == (200, "image/webp")


def test_without_a_script_files_come_with_the_form(mine):
    page = mine.get(COMPOSE).content.decode()
    assert 'enctype="multipart/form-data"' in page
    mine.post(
        COMPOSE, {**WORDS, "attaching": "1", "files": [sent(picture()), sent(b"ok", "a.log")]}
    )
    kinds = Post.objects.get().attachments.values_list("kind", flat=True)
    assert list(kinds) == ["IMAGE", "LOG"]


def test_what_is_refused_says_why_and_nothing_is_lost(mine):
    files = [sent(picture(), "good.png"), sent(b"<svg onload='alert(1)'/>", "bad.svg")]
    answer = mine.post(COMPOSE, {**WORDS, "attaching": "1", "files": files})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "bad.svg: An SVG may carry a program" in page
    assert "It stops at night" in page
    assert "Every night." in page
    assert not Post.objects.exists()
    # The good one is a row of the form by now, and goes with what is sent next.
    one = Attachment.objects.get()
    assert f'name="attached" value="{one.public_id}"' in page
    mine.post(COMPOSE, {**WORDS, "attaching": "1", "attached": one.public_id})
    assert list(Post.objects.get().attachments.all()) == [one]


def test_a_row_that_is_ticked_goes(mine, up):
    one, other = up(mine), up(mine)
    mine.post(
        COMPOSE,
        {
            **WORDS,
            "attaching": "1",
            "attached": [one.public_id, other.public_id],
            "take_away": one.public_id,
        },
    )
    assert list(Post.objects.get().attachments.all()) == [other]
    one.refresh_from_db()
    assert one.removed_at is not None
    assert mine.get(one.address).status_code == 404


def test_a_draft_keeps_what_is_attached(mine, up, client_of, bo, frozen):
    own = mine.get(COMPOSE).context["start"].key
    one = up(mine, draft=own)
    saved = mine.post(
        "/posts/draft/",
        {
            **WORDS,
            "draft": own,
            "seen": "",
            "attached": one.public_id,
            f"alt-{one.public_id}": "A lamp",
        },
    ).json()
    frozen.shift(24 * 3600 * 3)
    page = mine.get(COMPOSE).content.decode()
    assert f'name="attached" value="{one.public_id}"' in page
    assert 'value="A lamp"' in page
    assert one.public_id not in client_of(bo).get(COMPOSE).content.decode()
    # Two windows: what the second wrote is a draft of its own, with what that window lists.
    frozen.shift(60)
    other = mine.post(
        "/posts/draft/",
        {**WORDS, "title": "Other", "draft": own, "seen": "", "attached": one.public_id},
    ).json()
    assert other["key"] != saved["key"]
    one.refresh_from_db()
    assert one.draft == other["key"]
    assert Draft.objects.count() == 2


def test_a_comment_carries_files_too_and_an_edit_changes_them(mine, client_of, bo, publish, up):
    post = publish(bo)
    one, other = up(mine), up(mine)
    mine.post(
        f"/posts/{post.public_id}/comments/",
        {"body": "Like this", "attaching": "1", "attached": one.public_id},
    )
    comment = Comment.objects.get()
    assert list(comment.attachments.all()) == [one]
    address = f"/comments/{comment.public_id}/edit/"
    assert one.public_id in mine.get(address).content.decode()
    mine.post(address, {"body": "Like this", "attaching": "1", "attached": other.public_id})
    one.refresh_from_db()
    assert one.removed_at is not None
    assert list(comment.attachments.filter(removed_at=None)) == [other]
    comment.refresh_from_db()
    assert comment.edited_at is not None
    entry = Entry.objects.get(verb="forum.attachments-changed")
    assert entry.data == {"attached": 1, "removed": 1, "comment": comment.public_id}


def test_a_picture_alone_is_a_comment_and_nothing_alone_is_none(mine, client, bo, publish, up):
    post = publish(bo)
    where = f"/posts/{post.public_id}/comments/"
    one = up(mine)
    sent = {"body": "", "attaching": "1", "attached": one.public_id}
    assert mine.post(where, sent).status_code == 302
    assert list(Comment.objects.get().attachments.all()) == [one]
    assert one.address in client.get(f"/posts/{post.public_id}/").content.decode()
    for nothing in ({"body": ""}, {"body": " ", "attaching": "1", "attached": "23456789abc"}):
        assert mine.post(where, nothing).status_code == 422
    assert Comment.objects.count() == 1


def test_an_edit_from_a_form_without_a_place_for_files_leaves_them(mine, old_ann, publish, up):
    one = up(mine)
    mine.post(COMPOSE, {**WORDS, "attaching": "1", "attached": one.public_id})
    post = Post.objects.get()
    mine.post(f"/posts/{post.public_id}/edit/", {"title": "Other", "body": "x", "kind": "BUG"})
    assert list(post.attachments.filter(removed_at=None)) == [one]


def test_nobody_sends_what_is_another_s(mine, client_of, bo, up, publish):
    theirs = up(client_of(bo))
    mine.post(COMPOSE, {**WORDS, "attaching": "1", "attached": theirs.public_id})
    theirs.refresh_from_db()
    assert theirs.post is None
    assert mine.post(f"/attachments/{theirs.public_id}/remove/").status_code == 404
    # What hangs under one post is not taken along to another.
    client_of(bo).post(COMPOSE, {**WORDS, "attaching": "1", "attached": theirs.public_id})
    first = Post.objects.get(author=bo)
    client_of(bo).post(
        COMPOSE, {**WORDS, "title": "Another", "attaching": "1", "attached": theirs.public_id}
    )
    theirs.refresh_from_db()
    assert theirs.post == first


def test_eleven_are_too_many_and_the_words_stay(mine, up):
    rows = [up(mine).public_id for _ in range(11)]
    answer = mine.post(COMPOSE, {**WORDS, "attaching": "1", "attached": rows})
    assert answer.status_code == 422
    assert "10 files at most" in answer.content.decode()
    assert not Post.objects.exists()


def test_a_visitor_is_offered_no_place_and_sends_no_files(client_of, board):
    visitor = client_of(None)
    assert 'name="files"' not in visitor.get(COMPOSE).content.decode()
    answer = visitor.post(COMPOSE, {**WORDS, "attaching": "1", "files": sent(picture())})
    assert answer.status_code == 302
    assert not Attachment.objects.exists()


def test_who_is_muted_sends_no_files(mine, old_ann, now, frozen):
    old_ann.muted_until = now.replace(year=now.year + 1)
    old_ann.save()
    answer = mine.post("/attachments/", {"files": sent(picture())}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 403
    assert not Attachment.objects.exists()
