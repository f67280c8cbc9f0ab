"""The order "Most wanted": by people, of whom a crowd counts as a few."""

import datetime as dt

import pytest
from django.db import connection

from feedback.accounts.models import User
from feedback.forum import queries
from feedback.forum.models import Post
from feedback.forum.votes.operations import unvote, vote
from feedback.kernel import clock
from feedback.measure.priority import crowds
from feedback.measure.priority.crowds import count_crowds
from feedback.ops.reconciling import reconcile

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_posts(ann, bo, publish, person, frozen):
    """One post that a company's nine accounts want, one that five people want who have nothing in common."""
    loud, honest = publish(ann, "Loud"), publish(bo, "Honest")
    strangers = [person(f"Stranger {n}") for n in range(4)]
    company = [person(f"Colleague {n}") for n in range(8)]
    for number, one in enumerate([*company, *strangers]):
        mail = f"{number}@{'loud.example' if one in company else f'own{number}.example'}"
        User.objects.filter(pk=one.pk).update(email=mail)
    frozen.shift(dt.timedelta(days=9))
    for those, post in ((company, loud), (strangers, honest)):
        for one in those:
            frozen.shift(dt.timedelta(hours=2))
            vote(post=post, person=one, now=clock.now())
    return loud, honest


def order():
    return [post.title for post in queries.listing("top")]


def test_a_crowd_counts_as_a_few_and_everybody_is_still_shown(two_posts, client_of):
    assert order() == ["Loud", "Honest"]
    count_crowds()
    assert order() == ["Honest", "Loud"]
    page = client_of(None).get("/?sort=top")
    assert [row.post.vote_count for row in page.context["page"].rows] == [5, 9]
    assert "count as a few" in page.content.decode()


def test_a_vote_counts_at_once_and_a_crowd_that_leaves_is_forgotten(two_posts, person):
    loud, honest = two_posts
    count_crowds()
    crowded = Post.objects.get(pk=loud.pk).crowded
    vote(post=honest, person=person("One more"), now=clock.now())
    assert Post.objects.get(pk=loud.pk).crowded == crowded > 0
    for one in User.objects.filter(display_name__startswith="Colleague"):
        unvote(post=loud, person=one, now=clock.now())
    count_crowds()
    assert not Post.objects.exclude(crowded=0).exists()


def test_reconcile_finds_and_mends_what_a_crowd_is_not(two_posts, person, frozen):
    count_crowds()
    assert reconcile(fix=False)["crowds"] == 0
    Post.objects.update(crowded=1)
    vote(post=two_posts[0], person=person("One more"), now=clock.now())
    assert reconcile(fix=False)["crowds"] == 0, "Whoever votes is counted within minutes."
    frozen.shift(dt.timedelta(minutes=20))
    assert reconcile(fix=True)["crowds"] == 2
    assert reconcile(fix=False)["crowds"] == 0


def test_where_nobody_voted_nothing_is_read(two_posts, frozen, django_assert_num_queries):
    count_crowds()
    frozen.shift(dt.timedelta(minutes=1))
    with django_assert_num_queries(1):
        count_crowds()


def test_the_order_is_read_from_an_index(two_posts):
    listed = queries.listing("top").values_list("pk", flat=True)[:25]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # of two posts it would read the table
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert "forum_post_by_people" in listed.explain()


def test_posts_beyond_the_most_voted_for_count_as_they_are(two_posts, monkeypatch):
    count_crowds()
    monkeypatch.setattr(crowds, "MOST", 0)
    assert crowds.reconcile(fix=True)
    assert order() == ["Loud", "Honest"]
