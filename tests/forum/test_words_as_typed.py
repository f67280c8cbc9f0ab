"""What people type is what everyone reads; what shows nothing is refused with a sentence, whatever the form."""

import html
import re

import pytest

from feedback.accounts.models import User
from feedback.asks.models import Area
from feedback.forum.models import Board, Comment, Post
from tests.kernel.test_visible import NOTHING, TYPED

pytestmark = pytest.mark.django_db

WRITTEN = {"kind": "SUGGESTION", "body": "some words", "board": ""}
FAMILY = TYPED["a family"]
#: Half of a pair does not survive the way here.
SENT = {name: sign for name, sign in NOTHING.items() if name != "half of a pair"}


def h1_of(client, path):
    page = client.get(path).content.decode()
    return html.unescape(re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL).group(1))


@pytest.mark.parametrize("sign", SENT.values(), ids=SENT)
def test_a_title_with_nothing_to_see_is_refused(client_of, ann, board, sign):
    answer = client_of(ann).post("/posts/new/", WRITTEN | {"title": sign * 4})
    assert answer.status_code == 422
    assert "Give it a title" in answer.content.decode()
    assert "some words" in answer.content.decode()
    assert not Post.objects.exists()


@pytest.mark.parametrize("title", TYPED.values(), ids=TYPED)
def test_a_title_keeps_every_character(client_of, ann, board, title):
    client = client_of(ann)
    answer = client.post("/posts/new/", WRITTEN | {"title": title, "body": title})
    assert answer.status_code == 302
    assert h1_of(client, answer["Location"]) == title
    post = Post.objects.get()
    assert (post.title, post.body) == (title, title)


def test_a_title_is_as_long_as_it_looks(client_of, ann, board):
    client = client_of(ann)
    assert client.post("/posts/new/", WRITTEN | {"title": FAMILY * 200}).status_code == 302
    assert Post.objects.get().title == FAMILY * 200
    answer = client.post("/posts/new/", WRITTEN | {"title": FAMILY * 201})
    assert answer.status_code == 422
    assert "200 characters fit, and it has 201" in answer.content.decode()
    assert FAMILY * 201 in answer.content.decode()


def test_a_pile_of_marks_is_long_too(client_of, ann, board):
    answer = client_of(ann).post("/posts/new/", WRITTEN | {"title": "a" + "\u0301" * 2100})
    assert answer.status_code == 422
    assert not Post.objects.exists()


def test_a_title_reads_in_its_own_direction(client_of, ann, board):
    client = client_of(ann)
    answer = client.post("/posts/new/", WRITTEN | {"title": "מצב כהה", "body": "בבקשה\n\nplease"})
    page = client.get(answer["Location"]).content.decode()
    assert re.search(r'<h1[^>]* dir="auto"[^>]*>מצב כהה</h1>', page)
    assert '<p dir="auto">בבקשה</p>' in page
    assert '<p dir="auto">please</p>' in page
    assert re.search(r'<a [^>]*dir="auto"[^>]*>מצב כהה</a>', client.get("/").content.decode())


def test_an_override_reaches_nowhere(client_of, ann, board):
    client = client_of(ann)
    client.post("/posts/new/", WRITTEN | {"title": "\u202egpj.exe", "body": "a \u202eb \u2067c"})
    assert (Post.objects.get().title, Post.objects.get().body) == ("gpj.exe", "a b c")


def test_a_body_keeps_its_lists_and_its_links(client_of, ann, board):
    client = client_of(ann)
    body = "请看**重点（必读）**这一条。\n\n- 一\n  - 二\n\n见https://example.com/a。"
    answer = client.post("/posts/new/", WRITTEN | {"title": "Lists", "body": body})
    page = client.get(answer["Location"]).content.decode()
    assert "<strong>重点（必读）</strong>" in page
    assert re.search(r"<li>一\s*<ul>", page)
    assert 'href="https://example.com/a"' in page


# --- The same in every other form ------------------------------------------------------------------------------
@pytest.mark.parametrize("sign", ["\u2800", "\u3164", "\u200b\u00ad", "\u2066"])
def test_every_form_of_words_refuses_what_shows_nothing(
    client_of, ann, pia, publish, dark_mode, sign
):
    post, area = publish(ann, "Louder"), None
    member, manager = client_of(ann), client_of(pia)
    area = Area.objects.create(
        product=post.board.product, name="Sound", created_at=post.posted_at, state="PUBLIC"
    )
    refused = {
        f"/posts/{post.public_id}/comments/": (member, {"body": sign}),
        f"/posts/{post.public_id}/edit/": (member, {"title": sign, "kind": "BUG"}),
        f"/desk/asks/{dark_mode.public_id}/answer/": (manager, {"body": sign}),
        f"/desk/asks/{dark_mode.public_id}/adopt/": (manager, {"title": sign}),
        f"/desk/asks/{dark_mode.public_id}/decline/": (manager, {"reason": sign}),
        f"/desk/boards/{post.board.slug}/": (manager, {"name": sign, "position": 1}),
        "/desk/products/main/": (manager, {"name": sign, "position": 1}),
        "/desk/products/main/boards/new/": (manager, {"slug": "x", "name": sign, "position": 1}),
    }
    for path, (client, fields) in refused.items():
        assert client.post(path, fields).status_code == 422, path
    manager.post(f"/desk/asks/{dark_mode.public_id}/rename/", {"title": sign})
    manager.post(f"/desk/areas/{area.public_id}/rename/", {"name": sign})
    for row, name in ((post, "Louder"), (dark_mode, "Dark mode, please"), (area, "Sound")):
        row.refresh_from_db()
        assert str(row) == name
    assert not Comment.objects.exists()
    assert Board.objects.get(pk=post.board_id).name == "Suggestions"


def test_a_name_shows_what_it_says(client, client_of, ann):
    client.post(
        "/accounts/signup/",
        {"display_name": "Bob\u2067", "email": "bob@example.org", "password1": "kolibri-Tasse-77x"},
    )
    assert User.objects.get(email="bob@example.org").display_name == "Bob"
    mine = client_of(ann)
    mine.post("/settings/", {"display_name": "\u2800\u3164"})
    ann.refresh_from_db()
    assert ann.display_name == ""
    mine.post("/settings/", {"display_name": TYPED["a Persian half space"], "bio": FAMILY * 280})
    ann.refresh_from_db()
    assert (ann.display_name, ann.bio) == (TYPED["a Persian half space"], FAMILY * 280)


def test_a_comment_keeps_its_words(client_of, ann, publish):
    post = publish(ann, "Louder")
    body = "\n\n".join(TYPED.values())
    client_of(ann).post(f"/posts/{post.public_id}/comments/", {"body": body})
    assert Comment.objects.get().body == body


def test_an_ask_keeps_its_title(client_of, pia, dark_mode):
    client = client_of(pia)
    client.post(f"/desk/asks/{dark_mode.public_id}/rename/", {"title": FAMILY * 200})
    dark_mode.refresh_from_db()
    assert dark_mode.title == FAMILY * 200
    answer = client.post(
        f"/desk/asks/{dark_mode.public_id}/rename/", {"title": "x" * 201}, follow=True
    )
    assert "200 characters fit, and it has 201" in answer.content.decode()
    dark_mode.refresh_from_db()
    assert dark_mode.title == FAMILY * 200
