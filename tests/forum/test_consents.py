"""What authors agree to, and that it is kept to."""

import json

import pytest
from django.core.management import call_command

from feedback.briefs.drafting.quoting import stands_in
from feedback.forum.consents.models import Use
from feedback.forum.consents.operations import choose, consent
from feedback.forum.models import Post
from feedback.kernel import clock

pytestmark = pytest.mark.django_db


def exported(tmp_path, **options):
    file = tmp_path / "posts.jsonl"
    call_command("export_posts", output=file, verbosity=0, **options)
    return [json.loads(line)["title"] for line in file.read_text().splitlines()]


def test_no_machine_learns_from_words_whose_author_has_not_said_so(ann, publish, tmp_path):
    publish(ann, "Dark mode")
    assert exported(tmp_path) == ["Dark mode"]
    assert exported(tmp_path, use="quote") == ["Dark mode"]
    assert exported(tmp_path, use="train") == []
    assert exported(tmp_path, use="evaluate") == []


def test_a_choice_holds_for_what_is_posted_from_then_on(client_of, ann, bo, publish, tmp_path):
    publish(ann, "Before")
    answer = client_of(ann).post("/settings/words/", {"uses": ["TRAIN"]})
    assert answer["Location"] == "/settings/words/"
    publish(ann, "After")
    publish(bo, "Another's")
    assert exported(tmp_path, use="train") == ["After"]
    assert exported(tmp_path, use="quote") == ["Before", "Another's"]


def test_what_is_taken_back_is_left_out_of_every_later_export(client_of, ann, publish, tmp_path):
    post = publish(ann, "Dark mode")
    client = client_of(ann)
    page = f"/posts/{post.public_id}/uses/"
    client.post(page, {"uses": ["TRAIN", "EVALUATE"]})
    assert exported(tmp_path, use="train") == ["Dark mode"]
    assert client.get(page).content.decode().count("checked") == 2
    client.post(page, {"uses": ["EVALUATE"]})
    assert exported(tmp_path, use="train") == []
    assert exported(tmp_path, use="evaluate") == ["Dark mode"]


def test_all_posts_so_far_may_be_chosen_at_once(client_of, ann, bo, publish):
    publish(ann, "One")
    publish(bo, "Not mine")
    client_of(ann).post("/settings/words/", {"uses": [], "earlier_too": "on"})
    assert not Post.objects.get(title="One").consents
    assert Post.objects.get(title="Not mine").consents == {Use.QUOTE}


def test_nobody_chooses_for_another(client_of, ann, bo, publish):
    post = publish(ann, "Dark mode")
    assert client_of(bo).post(f"/posts/{post.public_id}/uses/", {}).status_code == 403
    assert Post.objects.get(pk=post.pk).consents == {Use.QUOTE}


def test_a_use_that_there_is_not_is_refused(client_of, ann):
    answer = client_of(ann).post("/settings/words/", {"uses": ["SELL"]})
    assert answer.status_code == 422


def test_a_brief_stops_quoting_whoever_takes_it_back(ann, publish, now):
    post = publish(ann, "I want a dark mode for the night.")
    assert stands_in(post.title, post)
    assert consent(post=post, author=ann, uses=[], now=now)
    post.refresh_from_db()
    assert not stands_in(post.title, post)
    choose(person=ann, uses=[Use.QUOTE], earlier_too=True, now=now)
    post.refresh_from_db()
    assert stands_in(post.title, post)


def test_an_export_leaves_out_whose_author_agrees_to_nothing_and_says_so(
    ann, bo, publish, now, tmp_path, capsys
):
    consent(post=publish(ann, "Mine alone"), author=ann, uses=[], now=now)
    consent(post=publish(bo, "To learn from"), author=bo, uses=[Use.TRAIN], now=now)
    publish(bo, "To quote")
    assert exported(tmp_path) == ["To learn from", "To quote"]
    assert "Left out: 1 posts whose authors do not agree to any use" in capsys.readouterr().err
    assert exported(tmp_path, use="train") == ["To learn from"]
    assert "Left out: 2 posts whose authors do not agree" in capsys.readouterr().err


def test_who_writes_sees_what_their_words_may_be_used_for(client, client_of, ann, publish, now):
    assert "Quoted by the team" in client.get("/posts/new/").content.decode()
    post = publish(ann, "Dark mode")
    choose(person=ann, uses=[], now=now)
    page = client_of(ann).get("/posts/new/").content.decode()
    assert "used for nothing else" in page
    assert 'href="/settings/words/"' in page
    page = client_of(ann).get(f"/posts/{post.public_id}/edit/").content.decode()
    assert "Quoted by the team" in page
    assert f'href="/posts/{post.public_id}/uses/"' in page


SENT = {"board": "suggestions", "kind": "SUGGESTION", "title": "Dark mode", "uses_said": "1"}


@pytest.mark.parametrize(
    ("ticked", "wanted"), [({}, set()), ({"uses_train": "on"}, {Use.TRAIN}), (None, {Use.QUOTE})]
)
def test_it_is_ticked_where_a_post_is_written(client_of, ann, board, ticked, wanted):
    sent = SENT | {"title": "Dark mode", **(ticked or {})}
    if ticked is None:
        del sent["uses_said"]  # a program that knows of no ticks
    client_of(ann).post("/posts/new/", sent)
    assert Post.objects.get().consents == wanted


def test_the_ticks_begin_as_chosen_for_all_posts_and_a_draft_keeps_its_own(client_of, ann, board):
    choose(person=ann, uses=[Use.TRAIN], now=clock.now())
    mine = client_of(ann)

    def ticked():
        form = mine.get("/posts/new/").context["form"]
        return form.ticked_uses

    assert ticked() == [Use.TRAIN.label]
    mine.post("/posts/draft/", SENT | {"body": "Please.", "uses_evaluate": "on"})
    assert ticked() == [Use.EVALUATE.label], "also where the other was ticked off"
