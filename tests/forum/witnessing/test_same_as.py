"""Saying that two posts ask the same: seen by whoever may, and worth something once they stand in one ask."""

import pytest

from feedback.accounts.models import Standing
from feedback.accounts.outcomes import counting
from feedback.forum.models import Board, Post, SameAs
from feedback.forum.products.operations import ensure_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(ann, person, publish):
    return publish(ann, "Dark mode please"), publish(person("cy"), "A night theme")


@pytest.fixture
def same(client_of):
    def say(person, post, other, **more):
        address = f"/posts/{post.public_id}/same-as/"
        return client_of(person).post(address, {"other": other, **more})

    return say


def counts(person):
    counting.reconcile(fix=True)
    found = Standing.objects.filter(person=person).first()
    return found.counts if found is not None else {}


@pytest.mark.parametrize("form", ["https://a.example/posts/{0.public_id}/?page=2#reply", "#{0.pk}"])
def test_a_link_or_a_number_names_the_other_and_both_pages_say_it(client, bo, pair, same, form):
    one, other = pair
    assert same(bo, one, form.format(other))["Location"] == f"/posts/{one.public_id}/"
    for here, there in (pair, pair[::-1]):
        page = client.get(f"/posts/{here.public_id}/").content.decode()
        assert "Members say it asks the same as" in page
        assert there.title in page
    assert same(bo, other, f"#{one.pk}").status_code == 302
    assert SameAs.objects.count() == 1, "Said from the other side it is the same."


def test_it_is_worth_something_once_both_stand_in_one_ask(bo, pair, same, make_ask, frozen):
    same(bo, pair[0], f"#{pair[1].pk}")
    assert "same" not in counts(bo)
    frozen.shift(60)
    make_ask(*pair)
    assert counts(bo)["same"] == 1


def test_what_is_known_already_and_ones_own_posts_are_worth_nothing(
    bo, ann, pair, same, make_ask, frozen
):
    same(ann, pair[0], f"#{pair[1].pk}")
    frozen.shift(60)
    make_ask(*pair)
    frozen.shift(60)
    same(bo, pair[0], f"#{pair[1].pk}")
    assert "same" not in counts(bo)
    assert "same" not in counts(ann)


def test_it_is_taken_back(bo, pair, same):
    same(bo, pair[0], f"#{pair[1].pk}")
    same(bo, pair[0], f"#{pair[1].pk}", want="0")
    assert not SameAs.objects.exists()


def test_nonsense_itself_and_another_product_are_refused(bo, ann, pair, same, now):
    for said in ("", "nothing", "https://[", "/posts/", "#999999", f"#{pair[0].pk}"):
        assert same(bo, pair[0], said).status_code == 422, said
    elsewhere = ensure_product(slug="tv", name="TV", name_zh="电视", sample="", now=now)
    board = Board.objects.create(product=elsewhere, slug="tv-bugs", name="TV", name_zh="电视")
    Post.objects.filter(pk=pair[1].pk).update(board=board)
    assert same(bo, pair[0], f"#{pair[1].pk}").status_code == 422
    assert not SameAs.objects.exists()


def test_what_a_reader_may_not_know_of_is_not_named(client, client_of, bo, mo, pair, same):
    one, other = pair
    same(bo, one, f"#{other.pk}")
    Post.objects.filter(pk=other.pk).update(state="HIDDEN")
    page = client.get(f"/posts/{one.public_id}/").content.decode()
    assert other.title not in page
    answer = same(bo, one, f"#{other.pk}")
    assert answer.status_code == 422
    assert "There is no such post" in answer.content.decode()
