"""What was asked of a model stands with a post: without secrets, and read by whom its author wants."""

import json

import pytest

from feedback.forum.models import Case, Draft, HoldingWishes, Post, Prompt, WordRule
from tests.accounts.doors.product import Product, gone_on

pytestmark = pytest.mark.django_db

KEY = "sk-abcdefghijklmnopqrstuvwx"


@pytest.fixture
def asking(board):
    """A board that asks for prompts."""
    board.asks_for_prompt = True
    board.save()
    return board


def sent(client, board, **more):
    words = {
        "title": "It says 9.11 is more than 9.9",
        "kind": "BUG",
        "board": board.slug,
        "body": "",
    }
    prompt = {
        "prompt_words": f"Which is more? My key: {KEY}",
        "prompt_model": "m-2",
    }
    return client.post("/posts/new/", words | prompt | more, follow=True)


def test_a_prompt_is_kept_without_secrets_and_its_author_is_told(client_of, ann, bo, pia, asking):
    answer = sent(client_of(ann), asking, prompt_evaluate="on")
    assert "Taken out of the prompt before it was kept: 1 key." in answer.content.decode()
    post = Post.objects.get()
    assert post.prompt.prompt == "Which is more? My key: [KEY]"
    assert post.may_evaluate
    page = f"/posts/{post.public_id}/"
    seen = {
        name: "Which is more?" in client_of(person).get(page).content.decode()
        for name, person in (("ann", ann), ("bo", bo), ("pia", pia), ("visitor", None))
    }
    assert seen == {"ann": True, "bo": False, "pia": True, "visitor": False}
    client_of(ann).post(f"{page}prompt/", {"prompt_words": "Which is more?", "prompt_public": "on"})
    assert "Which is more?" in client_of(None).get(page).content.decode()
    assert not Post.objects.get().may_evaluate
    assert client_of(bo).post(f"{page}prompt/", {"remove": "1"}).status_code == 403
    client_of(ann).post(f"{page}prompt/", {"remove": "1"})
    assert not Prompt.objects.exists()


def test_a_board_that_does_not_ask_keeps_no_prompt(client_of, ann, board):
    sent(client_of(ann), board)
    assert not Prompt.objects.exists()
    page = f"/posts/{Post.objects.get().public_id}/prompt/"
    assert client_of(ann).get(page).status_code == 403
    assert client_of(ann).post(page, {"prompt_words": "Why?"}).status_code == 403
    assert not Prompt.objects.exists()


def test_a_prompt_is_changed_where_the_board_asks_no_longer(client_of, ann, asking):
    sent(client_of(ann), asking)
    asking.asks_for_prompt = False
    asking.save()
    page = f"/posts/{Post.objects.get().public_id}/prompt/"
    assert client_of(ann).post(page, {"prompt_words": "Why?"}).status_code == 302
    assert Prompt.objects.get().prompt == "Why?"


@pytest.mark.parametrize("where", ["prompt_words", "prompt_answer", "prompt_model"])
def test_what_everybody_is_to_read_of_a_prompt_is_judged_as_a_post_is(
    client_of, ann, asking, where
):
    WordRule.objects.create(words="casino", effect=WordRule.Effect.HOLD)
    WordRule.objects.create(words="damned", effect=WordRule.Effect.REPLACE, instead="cursed")
    said = {"prompt_words": "The damned one", where: "Casino", "prompt_public": "on"}
    sent(client_of(ann), asking, **said)
    post = Post.objects.get()
    assert (post.state, Case.objects.get().held_for) == (Post.State.HELD, ["WORD:casino"])
    assert "damned" not in post.prompt.prompt


def test_a_prompt_that_everybody_is_to_read_later_on_has_its_post_wait(client_of, ann, asking):
    HoldingWishes.objects.create(holds_links=True)
    WordRule.objects.create(words="casino", effect=WordRule.Effect.HOLD)
    WordRule.objects.create(words="forbidden", effect=WordRule.Effect.BLOCK)
    sent(client_of(ann), asking, prompt_answer="Casino")
    post, client = Post.objects.get(), client_of(ann)
    assert post.state == Post.State.PUBLISHED, "the team and its author alone read it"
    page, said = f"/posts/{post.public_id}/prompt/", {"prompt_public": "on"}
    assert client.post(page, said | {"prompt_words": "Forbidden"}).status_code == 422
    client.post(page, said | {"prompt_words": "Why?", "prompt_answer": "Casino"})
    post.refresh_from_db()
    assert (post.state, post.board.post_count) == (Post.State.HELD, 0)
    assert Case.objects.get().held_for == ["WORD:casino", "EDIT"]
    assert client_of(None).get(f"/posts/{post.public_id}/").status_code == 404
    assert client.post(page, said | {"prompt_words": "Why not?"}).status_code == 422
    assert Prompt.objects.get().prompt == "Why?"


def test_no_draft_and_no_session_holds_a_secret(client_of, ann, ada, asking, frozen):
    words = {"title": "It adds up wrong", "kind": "BUG", "board": asking.slug, "body": ""}
    words |= {"prompt_words": f"Use {KEY}", "prompt_answer": KEY, "prompt_public": "on"}
    client_of(ann).post("/posts/draft/", words)
    kept = Draft.objects.get().words
    assert (kept["prompt_words"], kept["prompt_public"]) == ("Use [KEY]", "on")
    assert KEY not in json.dumps(kept)
    visitor = client_of(None)
    visitor.post("/posts/new/", words)
    assert "Use [KEY]" in json.dumps(dict(visitor.session))
    assert KEY not in json.dumps(dict(visitor.session))
    handed = client_of(None)
    gone_on(handed, Product(ada).token(prompt=f"Use {KEY}", answer=KEY))
    assert "Use [KEY]" in json.dumps(dict(handed.session))
    assert KEY not in json.dumps(dict(handed.session))
    frozen.shift(31 * 60)
    handed.get(f"/posts/new/?board={asking.slug}")
    assert "Use [KEY]" not in json.dumps(dict(handed.session))


def test_the_form_begins_with_what_the_product_saw(client_of, ada, asking):
    client = client_of(None)
    token = Product(ada).token(prompt="Which is more?", answer="9.11", model_version="m-2")
    gone_on(client, token)
    page = client.get(f"/posts/new/?board={asking.slug}").content.decode()
    assert "Which is more?" in page
    assert 'value="m-2"' in page
