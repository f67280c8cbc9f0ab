"""Every field of a post, those to come too: shown, kept over a sign-in, stored, and left alone by an edit of another."""

import pytest
from django import forms
from zeal import zeal_ignore

from feedback.forum.models import Post
from feedback.forum.posts.forms import PostForm

pytestmark = pytest.mark.django_db

COMPOSE = "/posts/new/"
FIELDS = [name for name in PostForm.base_fields if name != "board"]


def answer_to(name):
    """Return something to send as field ``name`` that is not what it starts with."""
    field = PostForm.base_fields[name]
    if isinstance(field, forms.ChoiceField):
        return next(key for key, _ in field.choices if key and key != field.initial)
    return f"My {name}"


@pytest.fixture
def answers(board):
    return {name: answer_to(name) for name in FIELDS} | {"board": board.slug}


def starts_with(response):
    form = response.context["form"]
    return {name: form[name].value() for name in form.fields}


def test_the_page_asks_for_every_field(client_of, ann, board):
    page = client_of(ann).get(COMPOSE).content.decode()
    assert [name for name in PostForm.base_fields if f'name="{name}"' not in page] == []


def test_every_field_waits_for_a_visitor_to_sign_in(client_of, ann, answers):
    client = client_of(None)
    response = client.post(COMPOSE, answers)
    with zeal_ignore():  # Django itself asks twice for a session that gets a new key
        client.post(response["Location"], {"login": ann.email, "password": "a long password"})
    started = starts_with(client.get(COMPOSE))
    assert started.items() >= answers.items()
    assert {name for name in started if name not in answers} == {
        "uses_said", "uses_quote", "uses_evaluate", "uses_train",
    }, "what a member ticks, and no visitor could"  # fmt: skip


def test_the_board_that_was_found_for_a_visitor_waits_too(client_of, answers):
    client = client_of(None)
    client.post(COMPOSE, answers | {"board": ""})
    assert starts_with(client.get(COMPOSE))["board"] == answers["board"]


def test_every_field_is_stored(client_of, ann, answers):
    client_of(ann).post(COMPOSE, answers)
    post = Post.objects.get()
    assert {name: getattr(post, name) for name in FIELDS} == {
        name: answers[name] for name in FIELDS
    }


@pytest.mark.parametrize("changed", FIELDS)
def test_an_edit_changes_what_was_changed_and_nothing_else(client_of, ann, answers, changed):
    client = client_of(ann)
    client.post(COMPOSE, answers)
    post = Post.objects.get()
    address = f"/posts/{post.public_id}/edit/"
    shown = starts_with(client.get(address))
    assert shown == {name: answers[name] for name in FIELDS}
    other = Post.Kind.SUGGESTION if changed == "kind" else f"Other {changed}"
    assert client.post(address, shown | {changed: other}).status_code == 302
    post.refresh_from_db()
    assert {name: getattr(post, name) for name in FIELDS} == shown | {changed: other}
