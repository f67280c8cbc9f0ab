"""A comment or a post that becomes very long is cut, and shown whole to whoever wants it."""

from feedback.forum.comments.operations import comment
from feedback.forum.models import Comment
from feedback.forum.renderings.keeping import MOST
from feedback.kernel import clock

LINKS = "[a](b) " * 1_400


def test_a_long_comment_is_cut_with_a_way_to_all_of_it(ann, bo, publish, client_of):
    post = publish(ann)
    long = comment(post=post, author=bo, body=f"{LINKS}\n\nThe end.", now=clock.now())
    comment(post=post, author=ann, body="Short.", now=clock.now())
    client = client_of(None)
    page = client.get(f"/posts/{post.public_id}/").content.decode()
    way = f"/comments/{long.public_id}/?whole=1"
    assert "The end." not in page
    assert "Short." in page
    assert way in page
    leads = client.get(way)["Location"]
    assert f"whole={long.public_id}" in leads
    assert leads.endswith(f"#comment-{long.public_id}")
    whole = client.get(leads).content.decode()
    assert "The end." in whole
    assert way not in whole
    assert len(page) < len(whole) - MOST[Comment]


def test_what_people_write_is_shown_whole(ann, bo, publish, client_of):
    post = publish(ann, body="Words and words. " * 1_000 + "The end.")
    comment(post=post, author=bo, body="字" * 9_000 + "完", now=clock.now())
    page = client_of(bo).get(f"/posts/{post.public_id}/").content.decode()
    assert "The end." in page
    assert "完" in page
    assert "Show all" not in page


def test_a_long_post_is_cut_too(ann, publish, client_of):
    post = publish(ann, body=f"{'[a](b) ' * 2_800}\n\nThe end.")
    client = client_of(None)
    page = client.get(f"/posts/{post.public_id}/").content.decode()
    assert "The end." not in page
    assert f"?whole={post.public_id}" in page
    assert "The end." in client.get(f"/posts/{post.public_id}/?whole={post.public_id}").content.decode()  # fmt: skip
