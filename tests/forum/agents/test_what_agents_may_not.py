"""An agent posts and does nothing else, by whatever door."""

import datetime as dt

import pytest

from feedback.forum.comments.operations import comment
from feedback.forum.models import (
    Ballot,
    Comment,
    Flag,
    Post,
    Reaction,
    Reproduction,
    SameAs,
    Vote,
)
from feedback.forum.polls.operations import make_poll

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(bo, ann, mo, publish, now):
    """A bug of Bo with a comment and a poll, and another one."""
    bug, other = publish(bo, "It freezes", kind="BUG"), publish(ann, "It stands still", kind="BUG")
    poll = make_poll(
        post=bug,
        question="Where?",
        options=["Here", "There"],
        closes_at=now + dt.timedelta(days=3),
        actor=mo,
        now=now,
    )
    said = comment(post=bug, author=ann, body="Here too", now=now)
    return {"bug": bug, "other": other, "poll": poll, "said": said}


def deeds(bug, other, poll, said):
    """Return each deed by its name: where it is sent to, what, and the rows that it makes."""
    post, option = f"/posts/{bug.public_id}", poll.options.first().pk
    return {
        "vote": (f"{post}/vote/", {"want": "1"}, Vote),
        "comment": (f"{post}/comments/", {"body": "Me too"}, Comment),
        "see it too": (f"{post}/me-too/", {"version": "2.1", "device": "Pixel 9"}, Reproduction),
        "call it the same": (f"{post}/same-as/", {"other": f"#{other.pk}"}, SameAs),
        "react": (f"/comments/{said.public_id}/react/", {"kind": "LOVE", "want": "1"}, Reaction),
        "answer a poll": (f"/polls/{poll.public_id}/answer/", {"option": [option]}, Ballot),
        "report a post": (f"/report/post/{bug.public_id}/", {"reason": "SPAM"}, Flag),
        "report a comment": (f"/report/comment/{said.public_id}/", {"reason": "SPAM"}, Flag),
        "report a person": (f"/report/person/{bug.author.public_id}/", {"reason": "SPAM"}, Flag),
    }


@pytest.mark.parametrize(
    "deed",
    [
        "vote",
        "comment",
        "see it too",
        "call it the same",
        "react",
        "answer a poll",
        "report a post",
        "report a comment",
        "report a person",
    ],
)
def test_a_person_may_and_an_agent_may_not(client_of, robo, person, there, deed):
    address, words, rows = deeds(**there)[deed]
    before = rows.objects.count()
    client_of(robo).post(address, words)
    assert rows.objects.count() == before
    client_of(person("Cleo")).post(address, words)
    assert rows.objects.count() == before + 1


def test_what_a_program_felt_and_wanted_is_taken_back_with_its_votes(
    client_of, person, ann, there, run_jobs
):
    cleo = person("Cleo")
    told = deeds(**there)
    kept = {rows: rows.objects.count() for _address, _words, rows in told.values()}
    taken = ["vote", "see it too", "call it the same", "react", "answer a poll"]
    for deed in taken:
        client_of(cleo).post(*told[deed][:2])
        assert told[deed][2].objects.count() == kept[told[deed][2]] + 1
    code = client_of(ann).get("/settings/agents/?code=1").context["code"]
    client_of(cleo).post("/settings/agents/", {"code": code})
    run_jobs()
    assert {rows: rows.objects.count() for rows in kept} == kept
    assert Post.objects.get(pk=there["bug"].pk).vote_count == 1
