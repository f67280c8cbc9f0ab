"""Whoever may read the words sees what hangs under them, and nobody else, by no address and no cache."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.forum.comments.operations import comment as write
from feedback.forum.comments.operations import hide_comment
from feedback.forum.models import Attachment, Post, Rule
from feedback.forum.moderation.deciding import Said, decide_about
from feedback.forum.posts.operations import hide_post, withdraw_post

pytestmark = pytest.mark.django_db

WORDS = {"title": "It stops", "body": "", "kind": "BUG", "board": "suggestions"}


@pytest.fixture
def mine(client_of, old_ann, board):
    return client_of(old_ann)


@pytest.fixture
def hung(mine, up):
    """A picture under a post of Ann's that everyone may read."""
    one = up(mine)
    mine.post("/posts/new/", {**WORDS, "attaching": "1", "attached": one.public_id})
    one.refresh_from_db()
    return one


def outcomes(one, client_of, *people):
    return [client_of(person).get(one.address).status_code for person in people]


def test_what_is_not_sent_is_its_owners_alone(mine, up, client_of, ann, bo, mo):
    one = up(mine)
    assert outcomes(one, client_of, ann, bo, mo, None) == [200, 404, 404, 404]
    assert mine.get(one.address)["Cache-Control"] == "private, max-age=300"


def test_what_everyone_may_see_may_stand_in_a_cache(hung, client_of):
    got = client_of(None).get(hung.address)
    assert got["Cache-Control"] == "public, max-age=86400, immutable"
    again = client_of(None).get(hung.address, headers={"if-none-match": got["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client_of(None).get(hung.small_address)["ETag"] != got["ETag"]


def test_a_hidden_post_hides_its_pictures(hung, client_of, ann, bo, mo, now):
    hide_post(post=hung.post, moderator=mo, now=now)
    assert outcomes(hung, client_of, None, bo, ann, mo) == [404, 404, 200, 200]
    assert client_of(ann).get(hung.address)["Cache-Control"] == "private, max-age=300"
    tag = f'"{hung.sha256[:32]}"'
    assert client_of(bo).get(hung.address, headers={"if-none-match": tag}).status_code == 404


@pytest.mark.parametrize("state", ["HELD", "WITHDRAWN"])
def test_what_waits_or_is_withdrawn_is_not_shown_either(hung, client_of, ann, bo, mo, state):
    Post.objects.filter(pk=hung.post_id).update(state=state)
    assert outcomes(hung, client_of, None, bo, ann, mo) == [404, 404, 200, 200]


def test_what_hangs_under_removed_words_is_the_teams_alone(hung, client_of, ann, bo, mo, now):
    rule = Rule.objects.get(slug="respect")
    decide_about(thing=hung.post, said=Said(action="REMOVE", rule=rule), actor=mo, now=now)
    assert outcomes(hung, client_of, None, bo, ann, mo) == [404, 404, 404, 200]
    assert (
        hung.public_id not in client_of(ann).get(f"/posts/{hung.post.public_id}/").content.decode()
    )


def test_a_comments_pictures_follow_the_comment(mine, client_of, publish, up, ann, bo, mo, now):
    post = publish(bo)
    one = up(mine)
    mine.post(
        f"/posts/{post.public_id}/comments/",
        {"body": "See", "attaching": "1", "attached": one.public_id},
    )
    one.refresh_from_db()
    assert outcomes(one, client_of, None, bo) == [200, 200]
    hide_comment(comment=one.comment, moderator=mo, now=now)
    assert outcomes(one, client_of, None, bo, ann, mo) == [404, 404, 200, 200]
    withdraw_post(post=post, author=bo, now=now)
    assert outcomes(one, client_of, None, ann, mo) == [404, 404, 200]


def test_a_picture_of_the_teams_note_is_the_teams(client_of, publish, up, bo, mo, pia, now):
    post = publish(bo)
    one = up(client_of(mo))
    note = write(post=post, author=mo, body="Look", is_internal=True, now=now)
    Attachment.objects.filter(pk=one.pk).update(comment=note)
    assert outcomes(one, client_of, None, bo, pia) == [404, 404, 200]
    assert client_of(pia).get(one.address)["Cache-Control"].startswith("private")


def test_a_text_shows_its_own_pictures_and_no_others(mine, client_of, up, hung, publish, ann, bo):
    own, theirs = up(mine), up(client_of(bo))
    body = "\n\n".join(
        [
            f"![my words](attachment:{own.public_id})",
            f"![a](attachment:{theirs.public_id}) ![b](attachment:{hung.public_id})",
            "![c](https://example.org/cat.png) ![d](//example.org/cat.png)",
            '![x](attachment:23456789abc "onerror=alert(1)")',
        ]
    )
    mine.post(
        "/posts/new/",
        {**WORDS, "title": "Mine", "body": body, "attaching": "1", "attached": own.public_id},
    )
    post = Post.objects.get(title="Mine")
    page = client_of(None).get(f"/posts/{post.public_id}/").content.decode()
    words = page[page.index('<div class="prose"') :]
    words = words[: words.index("</div>")]
    assert words.count("<img") == 1
    assert (
        f'<img src="/attachments/{own.public_id}/" alt="my words" width="800" height="600"' in words
    )
    assert "example.org" not in words.replace('href="https://example.org/cat.png"', "").replace(
        'href="//example.org/cat.png"', ""
    )
    # It stands in the words, so it is not shown below once more.
    assert f"/attachments/{own.public_id}/small/" not in page


def test_a_picture_is_seen_in_the_preview_by_who_writes(mine, up, client_of, bo):
    one = up(mine)
    said = {"body": f"![x](attachment:{one.public_id})", "attached": one.public_id}
    assert one.address in mine.post("/posts/preview/", said).content.decode()
    assert "<img" not in client_of(bo).post("/posts/preview/", said).content.decode()


def test_a_file_that_is_gone_is_not_found(hung, client_of, files):
    for path in files.rglob("*.webp"):
        path.unlink()
    assert outcomes(hung, client_of, None) == [404]


def test_a_hundred_pictures_cost_as_many_queries_as_one(mine, client_of, publish, up, bo):
    post = publish(bo)
    address = f"/posts/{post.public_id}/"

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert client_of(None).get(address).status_code == 200
        return len(seen)

    def answer(number):
        one = up(mine)
        mine.post(
            f"{address}comments/",
            {"body": f"See {number}", "attaching": "1", "attached": one.public_id},
        )

    answer(0)
    queries()  # what is remembered between requests is known from here on
    first = queries()
    for number in range(1, 4):
        answer(number)
    assert queries() == first
