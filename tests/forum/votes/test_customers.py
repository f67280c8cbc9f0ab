"""The team votes and posts for customers: people like any other, and never a member's own doing."""

import pytest

from feedback.accounts.claiming.operations import claim_words, undo_claim
from feedback.accounts.models import User
from feedback.asks.counts import drifted, recount
from feedback.asks.models import Ask
from feedback.forum.counts import reconcile_counts
from feedback.forum.customers.operations import Customer, bring_customer, vote_for_customer
from feedback.forum.models import Draft, Post, PostForCustomer, Vote, VoteForCustomer
from feedback.forum.posts.bulk import is_source
from feedback.forum.votes.operations import vote, weigh
from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal
from tests.roadmap.test_at_once import at_once

pytestmark = pytest.mark.django_db
WEI = {
    "customer_name": "Wei Li",
    "customer_company": "Acme",
    "customer_email": "Wei@acme.example",
    "customer_source": "TICKET",
    "customer_link": "https://tickets.example/7",
}


@pytest.fixture
def post(ann, publish):
    return publish(ann)


def enter(client, post, **said):
    return client.post(f"/posts/{post.public_id}/customer/", WEI | said)


def test_a_vote_for_a_customer_counts_and_is_shown_as_one(client, client_of, mo, post):
    answer = enter(client_of(mo), post, importance="CRITICAL")
    assert answer["Location"] == f"/posts/{post.public_id}/voters/"
    post.refresh_from_db()
    assert post.vote_count == 2
    entered = VoteForCustomer.objects.select_related("vote__person").get()
    assert (entered.entered_by, entered.source, entered.vote.importance) == (
        mo,
        "TICKET",
        "CRITICAL",
    )
    assert entered.customer == "Wei Li, Acme <Wei@acme.example>"
    assert not entered.vote.person.can_be_told
    assert not Vote.objects.filter(person=mo).exists()
    public = client.get(answer["Location"]).content.decode()
    assert "on behalf of a customer" in public
    assert "Wei" not in public
    team = client_of(mo).get(answer["Location"]).content.decode()
    assert "Wei@acme.example" in team
    assert 'href="https://tickets.example/7"' in team


def test_a_customer_counts_once_on_a_post_and_across_an_ask(
    client_of, mo, pia, ann, publish, make_ask
):
    one, two = publish(ann, "Dark"), publish(ann, "Night")
    ask = make_ask(one, two)
    enter(client_of(mo), one)
    again = enter(client_of(pia), one, customer_email="wei@ACME.example", customer_name="W. Li")
    assert again.status_code == 422
    assert "they count once" in again.content.decode()
    enter(client_of(pia), two)
    recount([ask.pk])
    assert Ask.objects.get(pk=ask.pk).people_count == 2
    assert Vote.objects.filter(for_customer__isnull=False).values("person").distinct().count() == 1
    page = client_of(pia).get(f"/desk/asks/{ask.public_id}/").content.decode()
    assert "on behalf of customers" in page
    assert not drifted()


def test_by_name_alone_a_customer_is_the_same_one_however_it_is_written(now):
    first = bring_customer(Customer(name="Wei Li", company="Acme"), now=now)
    assert bring_customer(Customer(name=" wei  LI", company="ACME"), now=now) == first
    assert bring_customer(Customer(name="Wei Li", company="Umbrella"), now=now) != first
    assert (first.name, first.origin) == ("Wei Li (Acme)", "IMPORTED")


@pytest.mark.parametrize(
    "wrong",
    [
        {"customer_name": "", "customer_company": "", "customer_email": ""},
        {"customer_email": "not one"},
        {"customer_link": "javascript:alert(1)"},
        {"customer_source": "DREAM"},
        {"importance": "HUGE"},
    ],
)
def test_what_cannot_be_meant_stays_in_the_form(client_of, mo, post, wrong):
    answer = enter(client_of(mo), post, **wrong)
    assert answer.status_code == 422
    assert not VoteForCustomer.objects.exists()


def test_only_the_team_speaks_for_customers(client_of, bo, post):
    assert client_of(bo).get(f"/posts/{post.public_id}/customer/").status_code == 403
    assert enter(client_of(bo), post).status_code == 403
    assert not VoteForCustomer.objects.exists()


def test_it_is_removed_and_the_count_is_as_before(client_of, mo, bo, post):
    enter(client_of(mo), post)
    address = f"/customer-votes/{VoteForCustomer.objects.get().public_id}/remove/"
    assert client_of(bo).post(address).status_code == 403
    client_of(mo).post(address)
    post.refresh_from_db()
    assert post.vote_count == 1
    assert not VoteForCustomer.objects.exists()
    assert set(reconcile_counts(fix=False).values()) == {0}
    verbs = [entry.verb for entry in Entry.objects.filter(actor_id=mo.pk).order_by("pk")]
    assert verbs == [
        "forum.voted",
        "forum.customer-voted",
        "forum.unvoted",
        "forum.customer-unvoted",
    ]
    assert client_of(mo).post(address).status_code == 404


def test_no_import_is_called_as_the_team_s_own_source_is():
    assert not is_source("desk")


@pytest.mark.django_db(transaction=True)
def test_many_of_the_team_at_once_count_one_customer_once(mo, pia, ada, post, now):
    def enter_as(actor):
        customer = Customer(name="Wei Li", email="wei@acme.example")
        return vote_for_customer(post=post, customer=customer, actor=actor, now=now)

    outcomes = at_once(*[lambda actor=actor: enter_as(actor) for actor in (mo, pia, ada) * 3])
    made = [one for one in outcomes if isinstance(one, VoteForCustomer)]
    assert len(made) == 1
    assert all(isinstance(one, Refusal) for one in outcomes if one not in made), outcomes
    assert Post.objects.get(pk=post.pk).vote_count == 2
    assert User.objects.filter(origin_key__startswith="desk:").count() == 1


def claimed(customer, ann, now):
    """Have Ann show that the customer is her."""
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=ann, email=customer.imported_email, verified=True)
    return claim_words(person=ann, authors=[customer.public_id], now=now)


def test_who_claims_a_vote_has_it_and_the_team_takes_it_back_no_more(
    client_of, mo, pia, bo, post, now
):
    enter(client_of(mo), post)
    entered = VoteForCustomer.objects.get()
    claimed(entered.vote.person, bo, now)
    assert Vote.objects.get(post=post, person=bo).for_customer == entered
    client_of(mo).post(f"/customer-votes/{entered.public_id}/remove/")
    assert Vote.objects.filter(post=post, person=bo).exists()
    refused = enter(client_of(mo), post)
    assert "ask them to speak for themselves" in refused.content.decode()


def test_a_claim_that_is_undone_brings_both_votes_back_as_they_were(
    client_of, mo, pia, bo, post, now
):
    enter(client_of(mo), post, importance="CRITICAL")
    vote(post=post, person=bo, now=now)
    weigh(post=post, person=bo, importance="NICE", now=now)
    customer = VoteForCustomer.objects.get().vote.person
    (claim,) = claimed(customer, bo, now)
    assert not VoteForCustomer.objects.exists()
    undo_claim(claim=claim, actor=pia, now=now)
    entered = VoteForCustomer.objects.select_related("vote").get()
    assert (entered.vote.person, entered.vote.importance, entered.entered_by) == (
        customer,
        "CRITICAL",
        mo,
    )
    assert Vote.objects.get(post=post, person=bo).importance == "NICE"
    assert set(reconcile_counts(fix=False).values()) == {0}


WORDS = {"title": "Sync with our calendar", "kind": "SUGGESTION", "board": "suggestions"}


def test_the_team_writes_for_a_customer(client, client_of, mo, board):
    page = client_of(mo).get("/posts/new/").content.decode()
    assert "Write it for a customer" in page
    answer = client_of(mo).post("/posts/new/", WORDS | WEI | {"draft": "23456789abc"})
    post = Post.objects.select_related("author").get()
    assert answer["Location"] == f"/posts/{post.public_id}/"
    assert (post.author.name, post.author.imported_email) == ("Wei Li (Acme)", "wei@acme.example")
    assert (post.vote_count, PostForCustomer.objects.get().entered_by) == (1, mo)
    assert Entry.objects.get(verb="forum.post-published").actor_id == mo.pk
    public = client.get(answer["Location"]).content.decode()
    assert "on behalf of a customer" in public
    assert "acme.example" not in public
    assert "tickets.example" not in public
    assert "https://tickets.example/7" in client_of(mo).get(answer["Location"]).content.decode()
    client_of(mo).post("/posts/new/", WORDS | WEI | {"draft": "23456789abc"})
    assert Post.objects.count() == 1
    assert Draft.objects.get().person == mo


def test_a_member_writes_for_nobody_else(client_of, ann, board):
    assert "for a customer" not in client_of(ann).get("/posts/new/").content.decode()
    client_of(ann).post("/posts/new/", WORDS | WEI)
    assert Post.objects.get().author == ann


def test_whom_it_is_for_is_kept_with_the_draft(client_of, mo, board):
    client_of(mo).post("/posts/draft/", WORDS | WEI | {"draft": "23456789abc", "seen": ""})
    page = client_of(mo).get("/posts/new/").content.decode()
    assert 'value="Wei Li"' in page
    assert 'value="https://tickets.example/7"' in page
