"""Old links of the tool that was here before lead to the posts that came from it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from feedback.forum.addresses.operations import remember
from feedback.forum.models import Board, OldAddress, Post
from feedback.forum.posts.operations import hide_post

pytestmark = pytest.mark.django_db

FILES = Path(__file__).parents[1] / "importing" / "sources"


@pytest.mark.parametrize(
    ("name", "external_id", "old"),
    [
        ("fider.csv", "1", "/posts/1"),
        ("fider.csv", "1", "/posts/1/dark-theme"),
        ("fider.csv", "1", "/posts/1/dark-theme?utm=mail"),
        ("canny.json", "65a0c1", "/ideas/p/shared-shopping-list"),
        (
            "uservoice.csv",
            "4002",
            "/forums/1-tea/suggestions/4002-work-without-internet",
        ),
        ("astuto.json", "11", "/posts/keyboard-shortcuts"),
        ("discourse-topic.json", "88", "/t/vibrate/88/4"),
        ("discourse-posts.json", "95", "/t/95"),
        ("gitlab.json", "tea/apps/kettle#3", "/tea/apps/kettle/-/issues/3"),
        ("jira.csv", "TEA-2", "/browse/TEA-2"),
    ],
)
def test_an_old_link_leads_to_its_post(
    board: Board, client: Client, name: str, external_id: str, old: str
) -> None:
    call_command("import_posts", str(FILES / name), "--board", board.slug)
    post = Post.objects.get(external_id=external_id)
    response = client.get(old)
    assert response.status_code == 301
    assert response["Location"] == reverse("forum:post-detail", args=[post.public_id])


def test_what_nobody_knows_is_not_found(
    client: Client, publish: Callable[..., Post], ann: Any
) -> None:
    remember([("/posts/12", publish(ann).pk)])
    for path in ("/posts/13", "/posts", "/posts/1", "/index.php?id=12", "/posts/zzzzzzzzzzz/"):
        assert client.get(path, follow=True).status_code == 404


def test_a_query_may_be_all_that_tells_pages_apart(
    client: Client, publish: Callable[..., Post], ann: Any
) -> None:
    one, other = publish(ann, title="One"), publish(ann, title="Other")
    remember([("/view.php?id=1", one.pk), ("/view.php?id=2", other.pk)])
    assert one.public_id in client.get("/view.php?id=1")["Location"]
    assert other.public_id in client.get("/view.php?id=2")["Location"]
    assert client.get("/view.php").status_code == 404


def test_pages_of_this_site_are_never_taken(publish: Callable[..., Post], ann: Any) -> None:
    remember(
        [("/", publish(ann).pk), ("/roadmap", publish(ann).pk), ("/posts/new/", publish(ann).pk)]
    )
    assert not OldAddress.objects.exists()


def test_the_first_that_was_shown_at_an_address_keeps_it(
    client: Client, publish: Callable[..., Post], ann: Any
) -> None:
    first, second = publish(ann, title="First"), publish(ann, title="Second")
    remember([("/p/1", first.pk)])
    remember([("/p/1/", second.pk)])
    assert first.public_id in client.get("/p/1")["Location"]


def test_a_hidden_post_stays_hidden(
    client: Client, publish: Callable[..., Post], ann: Any, mo: Any, now: Any
) -> None:
    post = publish(ann)
    remember([("/p/1", post.pk)])
    hide_post(post=post, moderator=mo, now=now)
    assert client.get("/p/1", follow=True).status_code == 404


def test_a_page_that_is_there_is_itself(
    client: Client, publish: Callable[..., Post], ann: Any
) -> None:
    post = publish(ann)
    page = reverse("forum:post-detail", args=[post.public_id])
    remember([(page, post.pk)])
    assert client.get(page).status_code == 200
