"""The prompts of an ask go out as an eval, and its pass rate comes back."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from feedback.forum.prompts.operations import keep_prompt
from feedback.journal.models import Entry
from feedback.roadmap.models import Release

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(ann, bo, board, publish, make_ask, now):
    """An ask of two posts with prompts; Bo has not agreed to have a model tested with his."""
    board.asks_for_prompt = True
    board.save()
    one, other = publish(ann, "9.11 is more than 9.9"), publish(bo, "It cannot count")
    keep_prompt(post=one, author=ann, prompt="=9.11 <b>or</b> 9.9?", answer="9.11", model_version="m-2", may_evaluate=True, now=now)  # fmt: skip
    keep_prompt(post=other, author=bo, prompt="Count to ten", now=now)
    Release.objects.create(product=one.board.product, version="2.3", release_date=now.date())
    return make_ask(one, other, title="Numbers")


def bring(client, ask, said, **more):
    file = SimpleUploadedFile("results.jsonl", said.encode())
    sent = {"release": "2.3", "file": file} | more
    return client.post(f"/desk/asks/{ask.public_id}/evals/", sent)


def test_only_agreed_prompts_go_out_one_a_line(client_of, person, ask, bo):
    analyst = person("Dan", role="ANALYST")
    answer = client_of(analyst).get(f"/desk/asks/{ask.public_id}/prompts.jsonl")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    (row,) = map(json.loads, lines)
    assert row["prompt"] == "=9.11 <b>or</b> 9.9?"
    assert (row["answer"], row["model_version"], row["language"]) == ("9.11", "m-2", "en")
    assert "<b>" not in lines[0]
    assert client_of(bo).get(f"/desk/asks/{ask.public_id}/prompts.jsonl").status_code == 403


def test_a_pass_rate_comes_back_per_release_and_is_public_when_the_team_says_so(
    client_of, pia, mo, ask
):
    client, page = client_of(pia), f"/desk/asks/{ask.public_id}/"
    assert bring(client, ask, '{"release": "2.3", "passed": 41, "total": 60}').status_code == 302
    assert "passes 41 of 60 in 2.3" in client.get(page).content.decode()
    public = f"/asks/{ask.public_id}/"
    assert "passes 41" not in client_of(None).get(public).content.decode()
    client.post(f"{page}evals/shown/", {"shown": "1"})
    assert "passes 41 of 60 in 2.3" in client_of(None).get(public).content.decode()
    assert Entry.objects.filter(verb="asks.eval-brought").count() == 1
    assert bring(client_of(mo), ask, '{"passed": 1, "total": 1}').status_code == 403


def test_results_by_prompt_are_counted_and_strange_files_refused(client_of, pia, ask):
    client = client_of(pia)
    post = ask.memberships.order_by("pk").first().post
    assert bring(client, ask, f"id,passed\n{post.public_id},yes\n").status_code == 302
    assert "passes 1 of 1 in 2.3" in client.get(f"/desk/asks/{ask.public_id}/").content.decode()
    for wrong in (
        "",
        "nonsense",
        '{"id": "abc", "passed": true}',
        '{"passed": 3, "total": 2}',
        "[1]",
        "{",
    ):
        assert bring(client, ask, wrong).status_code == 422, wrong
    assert bring(client, ask, '{"passed": 1, "total": 1}', release="9").status_code == 422
