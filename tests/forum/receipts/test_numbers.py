"""Each post has a number that is said aloud: given once, told to its author, and found in the search."""

import pytest

from feedback.forum.boards.operations import open_board
from feedback.forum.closed.naming import name_on_board
from feedback.forum.models import Post
from feedback.forum.posts.bulk import ImportRow, import_rows
from feedback.forum.posts.operations import hide_post
from feedback.forum.receipts.numbers import number_of, numbered
from tests.roadmap.test_at_once import at_once

pytestmark = pytest.mark.django_db


def page_of(client, address):
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def post(client, title):
    return client.post("/posts/new/", {"title": title, "kind": "BUG", "board": "suggestions"})


def test_whoever_posts_lands_on_the_receipt(client_of, ann, board):
    client = client_of(ann)
    landed = page_of(client, post(client, "It crashes")["Location"])
    number = number_of(Post.objects.get(title="It crashes"))
    assert f"Posted as {number}. You hear from us" in landed
    receipt = landed.partition('id="receipt"')[2].partition("</section>")[0]
    assert number in receipt
    assert "Received" in receipt and "Not yet" in receipt


def test_the_number_leads_to_the_post(client, publish, ann):
    wanted = publish(ann, "Dark mode")
    for typed in (f"#{wanted.pk}", f" # {wanted.pk} ", f"＃{wanted.pk}"):
        answer = client.get("/search/", {"q": typed})
        assert answer["Location"] == f"/posts/{wanted.public_id}/", typed


def test_digits_alone_are_words_too_and_the_post_stands_above(client, publish, ann):
    wanted = publish(ann, "Dark mode")
    other = publish(ann, f"Error {wanted.pk}")
    page = page_of(client, f"/search/?q={wanted.pk}")
    assert page.index(f"#{wanted.pk}") < page.index('id="found"')
    assert f'href="/posts/{wanted.public_id}/"' in page
    assert f'href="/posts/{other.public_id}/"' in page


def test_a_number_tells_nobody_of_what_they_may_not_know(
    client_of, publish, ann, bo, mo, pia, product, now
):
    hidden = publish(ann, "Marzipan")
    hide_post(post=hidden, moderator=mo, now=now)
    lab = open_board(slug="lab", name="Lab", product=product, readers="RING", actor=pia, now=now)
    name_on_board(board=lab, person=ann, actor=pia, now=now)
    inside = publish(ann, "Marzipan inside", board=lab)
    for one in (hidden, inside):
        for typed in (f"%23{one.pk}", str(one.pk)):
            for stranger in (None, bo):
                page = page_of(client_of(stranger), f"/search/?q={typed}")
                assert "Marzipan" not in page
        assert "Marzipan" in page_of(client_of(ann), f"/search/?q=%23{one.pk}")


@pytest.mark.parametrize(
    "typed", ["", "#", "4183a", "#0x1", "12 34", "9" * 16, "#" + "9" * 16, "-4"]
)
def test_what_is_no_number_is_words(client, db, typed):
    assert numbered(typed) is None
    assert client.get("/search/", {"q": typed}).status_code == 200


def test_a_number_that_nobody_has_finds_nothing(client, db):
    assert "Nothing found" in page_of(client, "/search/?q=%23999999999999999")


def test_an_import_numbers_its_rows_in_their_order(board, now):
    rows = (
        ImportRow(external_id=str(n), title=f"Row {n}", body="words", author=f"author {n % 3}")
        for n in range(60)
    )
    import_rows(rows, board=board, source="elsewhere", now=now)
    assert list(Post.objects.order_by("pk").values_list("title", flat=True)) == [
        f"Row {n}" for n in range(60)
    ]


@pytest.mark.django_db(transaction=True)
def test_posts_sent_at_once_each_get_a_number_of_their_own(client_of, person, board):
    crowd = [client_of(person(f"Fan {n}")) for n in range(6)]
    answers = at_once(
        *[lambda client=client, n=n: post(client, f"Wish {n}") for n, client in enumerate(crowd)]
    )
    assert [answer.status_code for answer in answers] == [302] * 6
    pages = [page_of(client, one["Location"]) for client, one in zip(crowd, answers, strict=True)]
    for n, page in enumerate(pages):
        made = Post.objects.get(title=f"Wish {n}")
        assert f"Posted as {number_of(made)}." in page
    assert Post.objects.values("pk").distinct().count() == 6
