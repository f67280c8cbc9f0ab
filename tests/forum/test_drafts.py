"""Drafts: kept while one writes, one for each window, and posted once."""

import datetime as dt

import pytest

from feedback.forum.models import Draft, Post
from feedback.forum.posts import drafts

pytestmark = pytest.mark.django_db

COMPOSE, SAVE = "/posts/new/", "/posts/draft/"


@pytest.fixture
def mine(client_of, ann, board):
    return client_of(ann)


def begun(client, **query):
    """Open the form; return what it sends of its own, and what stands in it."""
    page = client.get(COMPOSE, query)
    start, form = page.context["start"], page.context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {"draft": start.key, "seen": page.context["stamp"]}, shown


def save(client, own, **words):
    answer = client.post(SAVE, {"kind": "SUGGESTION", "board": "", **own, **words})
    assert answer.status_code == 200
    return answer.json()


def test_what_was_written_is_there_after_a_closed_tab(mine, ann, frozen):
    own, _ = begun(mine)
    save(mine, own, title="Dark", body="- one\n  - inside", kind="BUG", board="suggestions")
    frozen.shift(3 * 24 * 3600)
    again, shown = begun(mine)
    assert again["draft"] == own["draft"]
    assert (shown["title"], shown["body"]) == ("Dark", "- one\n  - inside")
    assert (shown["kind"], shown["board"]) == ("BUG", "suggestions")
    assert "Your draft, saved:" in mine.get(COMPOSE).content.decode()


def test_a_draft_is_its_writers_alone(mine, client_of, bo):
    own, _ = begun(mine)
    save(mine, own, title="Dark")
    _, shown = begun(client_of(bo))
    assert shown["title"] == ""
    _, shown = begun(client_of(bo), draft=own["draft"])
    assert shown["title"] == ""
    client_of(bo).post(f"/posts/draft/{own['draft']}/discard/")
    assert Draft.objects.get().title == "Dark"
    # A key that somebody else has is one of one's own, too.
    save(client_of(bo), own, title="Bright")
    assert sorted(map(str, Draft.objects.all())) == ["Bright", "Dark"]


def test_a_draft_that_says_nothing_is_none(mine):
    own, _ = begun(mine)
    saved = save(mine, own, title="Dark")
    save(mine, own | {"seen": saved["seen"]}, title="\u2800", body=" ")
    assert not Draft.objects.exists()


def test_two_windows_do_not_write_over_each_other(mine, frozen):
    own, _ = begun(mine)
    first = save(mine, own, title="Dark")
    frozen.shift(60)
    here, there = begun(mine)[0], begun(mine)[0]
    one = save(mine, here, title="Dark mode")
    frozen.shift(60)
    other = save(mine, there, title="Dark theme")
    assert first["key"] == one["key"] != other["key"]
    assert sorted(map(str, Draft.objects.all())) == ["Dark mode", "Dark theme"]
    page = mine.get(COMPOSE).content.decode()
    assert "Dark theme" in page
    assert f"draft={one['key']}" in page


def test_one_may_start_afresh_and_come_back(mine):
    own, _ = begun(mine)
    save(mine, own, title="Dark")
    fresh, shown = begun(mine, draft="new")
    assert shown["title"] == ""
    assert fresh["draft"] != own["draft"]
    _, shown = begun(mine, draft=own["draft"])
    assert shown["title"] == "Dark"
    _, shown = begun(mine, title="From the search")
    assert shown["title"] == "From the search"
    _, shown = begun(mine, board="suggestions")
    assert (shown["title"], shown["board"]) == ("", "suggestions")


@pytest.mark.parametrize("key", ["", "x", "../../etc", "a" * 11 + "\x00", "ABCDEFGHIJK"])
def test_a_key_that_no_page_gave_makes_a_draft_all_the_same(mine, key):
    saved = save(mine, {"draft": key, "seen": ""}, title="Dark")
    assert drafts.is_key(saved["key"])
    assert Draft.objects.get().key == saved["key"]
    assert mine.get(COMPOSE, {"draft": key}).status_code == 200


def test_a_draft_is_thrown_away_after_being_asked_once(mine):
    own, _ = begun(mine)
    save(mine, own, title="Dark")
    address = f"/posts/draft/{own['draft']}/discard/"
    assert "Throw this draft away?" in mine.get(address).content.decode()
    answer = mine.post(address, follow=True)
    assert "Thrown away" in answer.content.decode()
    assert f'data-gone="{own["draft"]}"' in answer.content.decode()
    assert not Draft.objects.exists()


def test_what_nobody_could_post_is_refused_with_a_sentence(mine, monkeypatch):
    monkeypatch.setattr(drafts, "_MOST", 20)
    answer = mine.post(SAVE, {"title": "x" * 30}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 422
    assert "too long to keep" in answer.content.decode()


def test_a_title_that_is_too_long_to_post_is_kept(mine):
    save(mine, begun(mine)[0], title="x" * 500)
    assert begun(mine)[1]["title"] == "x" * 500


def test_of_very_many_drafts_the_last_stay(mine, ann, frozen, monkeypatch):
    monkeypatch.setattr(drafts, "_MOST_OF_ONE", 3)
    for number in range(5):
        frozen.shift(60)
        save(mine, {"draft": drafts.new_key(), "seen": ""}, title=f"No {number}")
    assert sorted(map(str, drafts.drafts_of(ann))) == ["No 2", "No 3", "No 4"]


# --- Sending ---------------------------------------------------------------------------------------------------------
def send(client, own, **words):
    return client.post(COMPOSE, {"kind": "SUGGESTION", "board": "", "body": "", **own, **words})


def test_a_sent_draft_is_a_post_and_no_draft(mine):
    own, _ = begun(mine)
    save(mine, own, title="Dark mode")
    assert send(mine, own, title="Dark mode").status_code == 302
    assert Post.objects.get().title == "Dark mode"
    assert begun(mine)[1]["title"] == ""


def test_sent_again_much_later_it_is_still_one_post(mine, frozen):
    own, _ = begun(mine)
    first = send(mine, own, title="Dark mode")
    frozen.shift(3600)
    second = send(mine, own, title="Dark mode")
    assert first["Location"] == second["Location"]
    assert Post.objects.count() == 1


def test_other_words_in_an_old_form_are_another_post(mine, frozen):
    own, _ = begun(mine)
    send(mine, own, title="Dark mode")
    frozen.shift(3600)
    send(mine, own, title="Louder bells")
    assert sorted(Post.objects.values_list("title", flat=True)) == ["Dark mode", "Louder bells"]


def test_the_same_words_in_a_new_form_may_be_another_post(mine, frozen):
    send(mine, begun(mine)[0], title="Dark mode")
    frozen.shift(3600)
    send(mine, begun(mine)[0], title="Dark mode")
    assert Post.objects.count() == 2


def test_a_withdrawn_post_can_be_sent_again(mine):
    own, _ = begun(mine)
    send(mine, own, title="Dark mode")
    first = Post.objects.get()
    mine.post(f"/posts/{first.public_id}/withdraw/")
    send(mine, own, title="Dark mode")
    assert Post.objects.filter(state="PUBLISHED").count() == 1
    assert Post.objects.count() == 2


def test_saving_that_comes_after_sending_makes_no_draft(mine):
    own, _ = begun(mine)
    send(mine, own, title="Dark mode")
    saved = save(mine, own, title="Dark mode")
    assert saved["sent"] == f"/posts/{Post.objects.get().public_id}/"
    assert begun(mine)[1]["title"] == ""
    # What is written in the old form since is a draft of its own.
    saved = save(mine, own, title="Louder bells")
    assert saved["sent"] == ""
    assert begun(mine)[1]["title"] == "Louder bells"


def test_htmx_is_led_to_the_post_and_shown_what_is_wrong(mine):
    own, _ = begun(mine)
    wrong = mine.post(COMPOSE, {**own, "title": ""}, HTTP_HX_REQUEST="true")
    assert wrong.status_code == 422
    assert f'value="{own["draft"]}"' in wrong.content.decode()
    right = mine.post(COMPOSE, {**own, "title": "Dark mode", "kind": "BUG"}, HTTP_HX_REQUEST="true")
    assert right["HX-Redirect"] == f"/posts/{Post.objects.get().public_id}/"


def test_drafts_are_tidied_away(mine, ann, run_jobs, frozen):
    send(mine, begun(mine)[0], title="Sent")
    save(mine, begun(mine)[0], title="Not sent")
    frozen.shift(40 * 24 * 3600)
    drafts.tidy(now=dt.datetime.now(dt.UTC))
    assert list(map(str, Draft.objects.all())) == ["Not sent"]
    frozen.shift(400 * 24 * 3600)
    run_jobs()
    assert not Draft.objects.exists()
    assert Post.objects.count() == 1


# --- Preview ---------------------------------------------------------------------------------------------------------
def test_a_preview_is_what_will_be_read(mine, client_of):
    body = "请看**重点（必读）**这一条。\n\n<b>x</b> https://example.org/a"
    for client in (mine, client_of(None)):
        page = client.post(
            "/posts/preview/", {"body": body}, HTTP_HX_REQUEST="true"
        ).content.decode()
        assert "<strong>重点（必读）</strong>" in page
        assert "&lt;b&gt;x" in page
        assert 'href="https://example.org/a"' in page
        assert "<html" not in page
    assert "no details yet" in mine.post("/posts/preview/", {"body": " "}).content.decode()


def test_without_javascript_a_preview_is_the_page_with_the_words(mine, ann, publish):
    page = mine.post(COMPOSE, {"title": "", "body": "**so**", "preview": "1"})
    assert page.status_code == 200
    assert "<strong>so</strong>" in page.content.decode()
    assert "**so**</textarea>" in page.content.decode()
    assert not Post.objects.exists()
    post = publish(ann)
    page = mine.post(
        f"/posts/{post.public_id}/edit/", {"title": "T", "body": "*so*", "preview": "1"}
    )
    assert "<em>so</em>" in page.content.decode()
    post.refresh_from_db()
    assert post.title != "T"


def test_looking_at_previews_has_an_end_for_a_visitor(client_of, board):
    visitor = client_of(None)
    pages = [visitor.post("/posts/preview/", {"body": "**so**"}).content for _ in range(61)]
    assert [b"<strong>" in page for page in pages] == [True] * 60 + [False]
