"""Whoever saves second sees what the other saved beside their own, and loses nothing that they typed."""

import pytest

from feedback.asks.models import Ask
from feedback.forum.models import Board, Post, Product

pytestmark = pytest.mark.django_db

TYPED = "Night mode that I typed in the second window"


def seen_in(page):
    return page.content.decode().split('name="seen" value="')[1].split('"')[0]


@pytest.fixture
def words():
    return {"title": "Dark mode", "kind": "SUGGESTION", "product_version": "", "body": ""}


def test_of_two_windows_with_a_post_the_second_shows_both(client_of, ann, publish, words):
    post = publish(ann, "Dark mode", body="as it was")
    address, mine = f"/posts/{post.public_id}/edit/", client_of(ann)
    seen = seen_in(mine.get(address))
    first = mine.post(address, words | {"body": "from the first window", "seen": seen})
    assert first.status_code == 302
    second = mine.post(address, words | {"body": TYPED, "seen": seen})
    page = second.content.decode()
    assert second.status_code == 409
    assert "As it was saved meanwhile" in page
    assert "from the first window" in page
    assert TYPED in page
    assert Post.objects.get().body == "from the first window"
    again = mine.post(address, words | {"body": TYPED, "seen": seen_in(second)})
    assert again.status_code == 302
    assert Post.objects.get().body == TYPED


def test_the_same_words_sent_twice_are_no_conflict(client_of, ann, publish, words):
    post = publish(ann, "Dark mode")
    address, mine = f"/posts/{post.public_id}/edit/", client_of(ann)
    seen = seen_in(mine.get(address))
    for _ in range(2):
        assert mine.post(address, words | {"body": "new", "seen": seen}).status_code == 302


def test_a_look_before_saving_keeps_what_the_form_began_with(client_of, ann, publish, words):
    post = publish(ann, "Dark mode")
    address, mine = f"/posts/{post.public_id}/edit/", client_of(ann)
    seen = seen_in(mine.get(address))
    looked = mine.post(address, words | {"body": "x", "seen": seen, "preview": "1"})
    assert seen_in(looked) == seen


def test_of_two_managers_with_a_board_the_second_shows_both(client_of, pia, ada, board):
    address = f"/desk/boards/{board.slug}/"
    page = client_of(pia).get(address)
    form = page.context["form"]
    said = {name: form[name].value() for name in form.fields}
    said = {name: "" if value is None else value for name, value in said.items()}
    said |= {"seen": seen_in(page)}
    said = {name: value for name, value in said.items() if value is not False}
    assert client_of(ada).post(address, said | {"description": "Ada's"}).status_code == 302
    second = client_of(pia).post(address, said | {"description": TYPED})
    assert second.status_code == 409
    assert "Ada&#x27;s" in second.content.decode()
    assert TYPED in second.content.decode()
    assert Board.objects.get(pk=board.pk).description == "Ada's"
    again = client_of(pia).post(address, said | {"description": TYPED, "seen": seen_in(second)})
    assert again.status_code == 302
    assert Board.objects.get(pk=board.pk).description == TYPED


def test_of_two_managers_with_a_product_the_second_shows_both(client_of, pia, ada, product):
    address = f"/desk/products/{product.slug}/"
    said = {"name": product.name, "position": 0, "seen": seen_in(client_of(pia).get(address))}
    assert client_of(ada).post(address, said | {"description": "Ada's"}).status_code == 302
    second = client_of(pia).post(address, said | {"description": TYPED})
    assert second.status_code == 409
    assert "Ada&#x27;s" in second.content.decode()
    assert TYPED in second.content.decode()
    assert Product.objects.get(pk=product.pk).description == "Ada's"


def test_of_two_managers_with_a_title_the_second_is_told(client_of, pia, ada, dark_mode):
    page = f"/desk/asks/{dark_mode.public_id}/"
    seen = seen_in(client_of(pia).get(page))
    client_of(ada).post(f"{page}rename/", {"title": "Ada's title", "seen": seen})
    second = client_of(pia).post(f"{page}rename/", {"title": TYPED, "seen": seen}, follow=True)
    assert "Ada&#x27;s title" in second.content.decode()
    assert f'value="{TYPED}"' in second.content.decode()
    assert Ask.objects.get(pk=dark_mode.pk).title == "Ada's title"
    client_of(pia).post(f"{page}rename/", {"title": TYPED, "seen": seen_in(second)})
    assert Ask.objects.get(pk=dark_mode.pk).title == TYPED
