"""Taking one's data along, and being erased."""

import io
import json
import zipfile

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from feedback.accounts.imported import Writer, bring_writers
from feedback.accounts.models import Erasure, User
from feedback.accounts.own_data.erasing import ask_erasure, erase_due
from feedback.asks.counts import drifted
from feedback.forum.comments.operations import comment, edit_comment
from feedback.forum.comments.reactions import react
from feedback.forum.counts import reconcile_counts
from feedback.forum.models import Comment, Draft, Post, Vote
from feedback.forum.posts.drafts import new_key, save_draft
from feedback.forum.posts.operations import edit_post
from feedback.forum.votes.operations import vote
from feedback.grouping.models import Vector
from feedback.journal import operations as journal
from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal
from feedback.notify.following.operations import subscribe
from feedback.notify.groups import About
from feedback.notify.models import Notice, Subscription
from tests.accounts.imported import author, bring_posts, owns

pytestmark = pytest.mark.django_db

PAGE = "/settings/data/"
SECRET = "marmalade"


def tell_all(now):
    while journal.deliver_due(now=now):
        pass


@pytest.fixture
def life(ann, bo, mo, publish, now):
    """What Ann did here: a post, edited, a comment under Bo's, a vote, a reaction, a draft, something followed."""
    own = publish(ann, f"More {SECRET}", body="On toast.")
    edit_post(post=own, editor=ann, title=f"More {SECRET}, please", body="On toast.", now=now)
    other = publish(bo, "Dark mode")
    said = comment(post=other, author=ann, body=f"And {SECRET}", now=now)
    edit_comment(comment=said, editor=ann, body=f"And {SECRET} too", now=now)
    answer = comment(post=own, author=bo, body="Yes!", now=now)
    react(comment=answer, person=ann, kind="LIKE", is_wanted=True)
    vote(post=other, person=ann, now=now)
    save_draft(person=ann, key=new_key(), words={"title": SECRET}, seen="", now=now)
    subscribe(person=ann, about=About.POST, about_id=other.pk, is_muted=False, now=now)
    EmailAddress.objects.create(user=ann, email=ann.email, verified=True, primary=True)
    tell_all(now)
    return own, other, said


def opened(answer):
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    return {
        name.removesuffix(".json"): json.loads(archive.read(name))
        for name in archive.namelist()
        if name.endswith(".json")
    }


def erase(client, words, typed="ann@example.org"):
    return client.post(f"{PAGE}erase/", {"words": words, "name": typed})


def test_the_file_holds_all_that_is_one_s_own_and_nothing_of_others(client_of, ann, bo, life):
    found = opened(client_of(ann).post(f"{PAGE}export/"))
    (post,) = found["posts"]
    assert post["title"] == f"More {SECRET}, please"
    assert [one["body"] for one in found["comments"]] == [f"And {SECRET} too"]
    assert {one["post"] for one in found["votes"]} == {f"More {SECRET}, please", "Dark mode"}
    assert found["profile"][0]["name"] == "Ann"
    assert found["e-mail-addresses"][0]["email"] == "ann@example.org"
    assert found["drafts"][0]["words"] == {"title": SECRET}
    assert any("commented" in one["text"] for one in found["inbox"])
    assert "bo@example.org" not in json.dumps(found)


def test_what_is_taken_along_is_read_by_an_import(client_of, ann, life, tmp_path, board):
    posts = opened(client_of(ann).post(f"{PAGE}export/"))["posts"]
    file = tmp_path / "posts.json"
    file.write_text(json.dumps(posts))
    call_command("import_posts", file, board=board.slug, source="before", verbosity=0)
    brought = Post.objects.get(source="before")
    assert (brought.title, brought.body) == (f"More {SECRET}, please", "On toast.")
    assert brought.posted_at == life[0].posted_at


def test_it_takes_the_address_typed_and_a_choice_to_be_erased(client_of, ann, life):
    client = client_of(ann)
    assert erase(client, "stay", typed="bo@example.org").status_code == 422
    assert erase(client, "", typed="ann@example.org").status_code == 422
    assert not Erasure.objects.exists()
    assert erase(client, "stay", typed="Ann@Example.org").status_code == 302
    assert client.get("/settings/").status_code == 302  # signed out, for good
    ann.refresh_from_db()
    assert (ann.email, ann.display_name, ann.is_active) == (None, "", False)
    assert not EmailAddress.objects.filter(user=ann).exists()


def test_words_that_stay_are_a_former_member_s(client, client_of, ann, bo, life, now):
    own, _other, _said = life
    erase(client_of(ann), "stay")
    assert erase_due(now=now) == 1
    page = client.get(f"/posts/{own.public_id}/").content.decode()
    assert "Former member" in page
    assert SECRET in page
    assert ">Ann<" not in page
    assert client.get(f"/people/{ann.public_id}/").status_code == 404
    assert Vote.objects.filter(person=ann).count() == 2
    assert not Draft.objects.exists()
    assert not Subscription.objects.filter(person=ann).exists()
    told = client_of(bo).get("/inbox/").content.decode()
    assert "A former member commented on your post" in told
    assert not any(reconcile_counts().values())


def test_words_that_go_are_nowhere_any_more(client, client_of, ann, bo, life, now):
    own, other, _said = life
    own.refresh_from_db()
    Vector.objects.create(
        content_hash=own.content_hash, model_key="m", embedding=[0.0], lead=SECRET
    )
    erase(client_of(ann), "go")
    assert erase_due(now=now) == 1
    tell_all(now)
    assert client.get(f"/posts/{own.public_id}/").status_code == 404
    assert not Post.objects.filter(title__contains=SECRET).exists()
    assert not Comment.objects.filter(body__contains=SECRET).exists()
    assert not Vector.objects.exists()
    assert SECRET not in json.dumps([*Entry.objects.values_list("data", flat=True)])
    assert SECRET not in json.dumps([*Notice.objects.values_list("data", flat=True)])
    assert own.public_id not in client.get(f"/search/?q={SECRET}").content.decode()
    other.refresh_from_db()
    assert (other.vote_count, other.comment_count) == (1, 0)
    assert not any(reconcile_counts().values())
    assert not drifted()


def test_erasing_goes_on_where_it_was_killed(client_of, ann, life, now, monkeypatch):
    from feedback.forum import own_data

    ask_erasure(person=ann, keeps_words=False, actor=ann, now=now)

    def killed(*args, **kwargs):
        raise SystemExit

    monkeypatch.setattr(own_data, "write_words", killed)
    with pytest.raises(SystemExit):
        erase_due(now=now)
    monkeypatch.undo()
    assert erase_due(now=now) == 0  # somebody seems to be at it
    Erasure.objects.update(leased_until=None)
    assert erase_due(now=now) == 1
    assert not Post.objects.filter(title__contains=SECRET).exists()
    assert erase_due(now=now) == 0


def test_the_last_administrator_stays(client_of, ada, mo, now):
    answer = erase(client_of(ada), "stay", typed="ada@example.org")
    assert answer.status_code == 422
    assert "last administrator" in answer.content.decode()
    ada.refresh_from_db()
    assert ada.is_active
    with pytest.raises(Refusal):
        ask_erasure(person=ada, keeps_words=True, actor=None, now=now)


def test_an_import_knows_an_erased_author_again_and_gives_no_name_back(ann, board, now):
    bring_posts(board, ("ann-gh", "ann@old.example"))
    ghost = author("ann-gh")
    key = ghost.origin_key
    call_command("erase_person", ghost.public_id, words="go", verbosity=0)
    ghost.refresh_from_db()
    assert "ann" not in f"{ghost.origin_key}{ghost.display_name}{ghost.imported_email}"
    again = bring_writers({key: Writer("ann-gh", "Ann", "ann@old.example")}, now=now)
    assert again[key].pk == ghost.pk
    ghost.refresh_from_db()
    assert (ghost.display_name, ghost.imported_email) == ("", "")


def test_what_was_claimed_goes_too(client_of, ann, board, now):
    bring_posts(board, ("ann-gh", "ann@old.example"))
    owns(ann, "ann@old.example")
    client_of(ann).post("/claim/", {"author": [author("ann-gh").public_id]})
    ask_erasure(person=ann, keeps_words=True, actor=ann, now=now)
    assert not User.objects.filter(origin_key__contains="ann-gh").exists()
    assert not User.objects.filter(imported_email="ann@old.example").exists()


def test_the_command_exports_and_says_whom_it_does_not_know(ann, life, tmp_path, capsys):
    file = tmp_path / "ann.zip"
    call_command("erase_person", "ann@example.org", export=file)
    assert "posts.json" in zipfile.ZipFile(file).namelist()
    assert User.objects.get(pk=ann.pk).is_active
    with pytest.raises(CommandError, match="nobody"):
        call_command("erase_person", "who@example.org")


def test_too_many_files_wait(client_of, ann):
    client = client_of(ann)
    for _ in range(5):
        assert client.post(f"{PAGE}export/").status_code == 200
    assert client.post(f"{PAGE}export/").status_code == 429
