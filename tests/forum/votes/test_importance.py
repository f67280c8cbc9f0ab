"""How important something is to whoever wants it: on the post, and on its ask."""

import pytest

from feedback.asks.counts import count_weights, drifted, recount, weights_drifted
from feedback.asks.models import Ask, Membership
from feedback.forum.counts import reconcile_counts
from feedback.forum.models import Vote
from feedback.forum.votes.operations import unvote, vote, weigh
from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal
from tests.roadmap.test_at_once import at_once

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def post(ann, publish):
    return publish(ann)


def say(client, post, importance, **more):
    return client.post(f"/posts/{post.public_id}/importance/", {"importance": importance}, **more)


def test_whoever_has_just_voted_is_asked_where_they_did(client_of, bo, post):
    client = client_of(bo)
    assert f'id="importance-{post.public_id}"' in client.get("/").content.decode()
    answer = client.post(f"/posts/{post.public_id}/vote/", {"want": "1"}, **HTMX)
    page = answer.content.decode()
    assert f'id="importance-{post.public_id}" hx-swap-oob="true"' in page
    assert "How important is it to you?" in page
    answer = client.post(f"/posts/{post.public_id}/vote/", {"want": "0"}, **HTMX)
    assert "How important" not in answer.content.decode()


def test_it_is_said_changed_and_taken_back_without_javascript(client_of, bo, post):
    client = client_of(bo)
    client.post(f"/posts/{post.public_id}/vote/", {"want": "1"})
    for said in ("NICE", "CRITICAL", ""):
        answer = say(client, post, said)
        assert answer["Location"] == f"/posts/{post.public_id}/"
        assert Vote.objects.get(post=post, person=bo).importance == said
    assert Entry.objects.filter(verb="forum.vote-weighed").count() == 3


def test_everyone_reads_how_many_said_what(client, client_of, ann, bo, post):
    client_of(bo).post(f"/posts/{post.public_id}/vote/", {"want": "1"})
    for person in (ann, bo):
        say(client_of(person), post, "CRITICAL")
    page = client.get(f"/posts/{post.public_id}/").content.decode()
    assert "Critical: 2" in page
    assert "How important" not in page
    assert 'aria-pressed="true"' in client_of(bo).get(f"/posts/{post.public_id}/").content.decode()


def test_who_does_not_want_it_does_not_say_how_much(client_of, bo, post):
    assert say(client_of(bo), post, "NICE", **HTMX).status_code == 409
    assert say(client_of(bo), post, "HUGE", **HTMX).status_code == 422
    assert not Vote.objects.exclude(importance="").exists()


def test_what_was_said_goes_with_the_vote(bo, post, now):
    vote(post=post, person=bo, now=now)
    weigh(post=post, person=bo, importance="CRITICAL", now=now)
    unvote(post=post, person=bo, now=now)
    vote(post=post, person=bo, now=now)
    assert Vote.objects.get(post=post, person=bo).importance == ""


def test_a_person_counts_once_in_an_ask_by_the_most_they_said(
    ann, bo, mo, publish, make_ask, now, run_jobs
):
    one, two = publish(ann, "Dark"), publish(mo, "Night")
    ask = make_ask(one, two)
    for post, said in ((one, "NICE"), (two, "CRITICAL")):
        vote(post=post, person=bo, now=now)
        weigh(post=post, person=bo, importance=said, now=now)
    weigh(post=one, person=ann, importance="IMPORTANT", now=now)
    run_jobs()
    ask.refresh_from_db()
    assert (ask.nice_count, ask.important_count, ask.critical_count) == (0, 1, 1)
    assert ask.people_count == 3
    assert not [*drifted(), *weights_drifted()]


def test_leaving_an_ask_and_coming_back_leaves_its_importance_exact(
    bo, ann, publish, make_ask, now
):
    one, two = publish(ann, "Dark"), publish(ann, "Night")
    ask = make_ask(one, two)
    vote(post=two, person=bo, now=now)
    weigh(post=two, person=bo, importance="CRITICAL", now=now)
    recount([ask.pk])
    assert count_weights([ask.pk]) == {ask.pk: (0, 0, 1)}
    other = make_ask(publish(ann, "Something else"))
    Membership.objects.filter(post=two).update(ask=other)
    recount([ask.pk, other.pk])
    assert [Ask.objects.get(pk=one.pk).critical_count for one in (ask, other)] == [0, 1]
    Membership.objects.filter(post=two).update(ask=ask)
    recount([ask.pk, other.pk])
    assert [Ask.objects.get(pk=one.pk).critical_count for one in (ask, other)] == [1, 0]


def test_the_team_sorts_by_it_and_reads_it_on_the_desk(
    client_of, pia, ann, bo, publish, make_ask, now
):
    small, large = publish(ann, "Small but critical"), publish(ann, "Large")
    critical, popular = make_ask(small), make_ask(large, publish(bo, "Large too"))
    weigh(post=small, person=ann, importance="CRITICAL", now=now)
    recount([critical.pk, popular.pk])
    page = client_of(pia).get("/desk/asks/?sort=-critical").content.decode()
    assert page.index("Small but critical") < page.index("Large")
    assert "critical to 1 person" in page
    assert (
        "critical to them"
        in client_of(pia).get(f"/desk/asks/{critical.public_id}/").content.decode()
    )


def test_on_the_page_of_an_ask_it_is_asked_of_the_post_that_was_voted_for(
    client_of, bo, ann, publish, make_ask
):
    post = publish(ann)
    ask = make_ask(post)
    answer = client_of(bo).post(f"/asks/{ask.public_id}/vote/", {"want": "1"}, **HTMX)
    assert f'action="/posts/{post.public_id}/importance/"' in answer.content.decode()
    said = {"importance": "IMPORTANT", "key": ask.public_id}
    answer = client_of(bo).post(f"/posts/{post.public_id}/importance/", said, **HTMX)
    assert f'id="importance-{ask.public_id}"' in answer.content.decode()
    listed = client_of(bo).get("/asks/").content.decode()
    assert "You want it" in listed
    assert "You want it" not in client_of(None).get("/asks/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_many_clicks_at_once_leave_one_vote_with_one_word(bo, post, now):
    def act(said):
        vote(post=post, person=bo, now=now)
        return weigh(post=post, person=bo, importance=said, now=now)

    outcomes = at_once(*[lambda said=said: act(said) for said in ("NICE", "CRITICAL") * 3])
    assert not [
        one for one in outcomes if isinstance(one, Exception) and not isinstance(one, Refusal)
    ]
    kept = Vote.objects.get(post=post, person=bo)
    assert kept.importance in ("NICE", "CRITICAL")
    assert set(reconcile_counts(fix=False).values()) == {0}


def test_every_list_of_asks_shows_what_its_reader_wants(client_of, bo, item):
    for address in ("/search/?q=dark", f"/roadmap/{item.public_id}/"):
        assert "You want it" in client_of(bo).get(address).content.decode(), address
        assert "You want it" not in client_of(None).get(address).content.decode(), address
