"""A checker of one's own, asked about what new people post: never while they wait, and the team sees what it says."""

import datetime as dt
import json
import re
import threading
from http.server import HTTPServer
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from feedback.forum.counts import reconcile_counts
from feedback.forum.models import Case, Comment, OutsideCheck, Post
from feedback.forum.moderation.outside.asking import WAITS, ask_due, tidy
from feedback.journal.models import Entry
from feedback.kernel import clock
from tests.receiver import closes, says

pytestmark = pytest.mark.django_db

SECRET = "whsec_" + "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"
GUIDE = Path(__file__).parents[3] / "docs" / "guide" / "outside-checker.md"
HOLD = {"verdict": "hold", "reason": "Two links"}


@pytest.fixture
def checker(settings, receiver):
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    settings.CHECKER = {"url": receiver.url, "secret": SECRET, "for": "new"}
    receiver.answers(says(200, {"verdict": "allow"}))
    return receiver


def post(client, title="Dark mode", body="See https://a.example and https://b.example"):
    words = {"title": title, "body": body, "kind": "SUGGESTION", "board": "suggestions"}
    return client.post("/posts/new/", words, follow=True)


@pytest.fixture(autouse=True)
def links_stand(db):
    from feedback.forum.models import HoldingWishes

    HoldingWishes.objects.create(holds_links=False)


def test_nobody_is_asked_unless_the_operator_says_so(client_of, ann, board, receiver):
    post(client_of(ann))
    assert ask_due() == 0
    assert not OutsideCheck.objects.exists()
    assert not receiver.got


def test_it_is_asked_by_the_worker_signed_and_told_what_it_needs(
    client_of, ann, board, checker, now
):
    post(client_of(ann))
    assert not checker.got, "nobody waits for it"
    assert Post.objects.get().state == "PUBLISHED"
    assert ask_due() == 1
    (asked,) = checker.got
    told = Webhook(SECRET).verify(asked.body, asked.headers)
    made = Post.objects.get()
    assert told["type"] == "post.check"
    data = told["data"]
    assert data["author"] == {"id": ann.public_id, "trust": "new", "age_in_hours": 0}
    assert data["links"] == ["https://a.example", "https://b.example"]
    assert (data["title"], data["language"], data["board"]) == ("Dark mode", "en", "suggestions")
    assert data["url"].endswith(f"/posts/{made.public_id}/")
    assert ann.email not in asked.body.decode()
    assert OutsideCheck.objects.get().verdict == "ALLOW"
    assert ask_due() == 0, "once is enough"
    assert Post.objects.get().state == "PUBLISHED"


@pytest.mark.parametrize(
    ("verdict", "words"), [("hold", "look at it first"), ("block", "should not stand")]
)
def test_what_it_is_against_waits_for_the_team_with_its_reason(
    client_of, ann, bo, mo, board, checker, verdict, words, run_jobs
):
    post(client_of(ann))
    made = Post.objects.get()
    checker.answers(says(200, {"verdict": verdict, "reason": "Two links\u202e<b>"}))
    ask_due()
    made.refresh_from_db()
    assert made.state == "HELD"
    assert client_of(bo).get(f"/posts/{made.public_id}/").status_code == 404
    own = client_of(ann).get(f"/posts/{made.public_id}/").content.decode()
    assert "What checks new posts for the team" in own
    assert "Two links" not in own
    run_jobs()
    inbox = client_of(ann).get("/inbox/").content.decode()
    assert "Your post waits until the team has looked" in inbox
    case = Case.objects.get()
    desk = client_of(mo).get(f"/desk/moderation/{case.public_id}/").content.decode()
    assert words in desk.lower() and "Two links" in desk and "127.0.0.1" in desk
    assert "<b>" not in desk.partition("Two links")[2][:20]
    assert not any(reconcile_counts().values())
    # The team publishes it, and nothing is asked again.
    client_of(mo).post(f"/desk/moderation/{case.public_id}/", {"do": "KEEP"})
    made.refresh_from_db()
    assert made.state == "PUBLISHED"
    assert not any(reconcile_counts().values())
    assert ask_due() == 0


def test_a_comment_is_asked_about_and_held_too(client_of, ann, bo, board, publish, checker):
    stands = publish(ann)
    client_of(bo).post(f"/posts/{stands.public_id}/comments/", {"body": "Buy https://c.example"})
    checker.answers(says(200, HOLD))
    assert ask_due() == 1
    told = checker.got[0].json()
    assert (told["type"], told["data"]["text"]) == ("comment.check", "Buy https://c.example")
    assert Comment.objects.get().is_hidden
    assert Case.objects.get().held_for == ["CHECKER", "EDIT"]
    assert not any(reconcile_counts().values())


def test_what_waits_already_keeps_its_grounds_and_gets_one_more(client_of, ann, board, checker):
    from feedback.forum.models import HoldingWishes

    HoldingWishes.objects.update(first_posts=1)
    post(client_of(ann))
    assert Case.objects.get().held_for == ["FIRST"]
    checker.answers(says(200, HOLD))
    ask_due()
    assert Case.objects.get().held_for == ["FIRST", "CHECKER"]


def test_what_the_team_decided_meanwhile_stands(client_of, ann, mo, board, checker):
    post(client_of(ann))
    made = Post.objects.get()
    client_of(ann).post(f"/report/post/{made.public_id}/", {"reason": "SPAM"})
    client_of(mo).post(f"/report/post/{made.public_id}/", {"reason": "SPAM"})
    case = Case.objects.get()
    client_of(mo).post(f"/desk/moderation/{case.public_id}/", {"do": "KEEP"})
    checker.answers(says(200, HOLD))
    assert ask_due() == 1
    made.refresh_from_db()
    assert made.state == "PUBLISHED"


def test_words_that_were_changed_are_asked_about_anew(client_of, ann, board, checker):
    post(client_of(ann))
    made = Post.objects.get()
    words = {"title": "Dark mode", "body": "No links", "kind": "SUGGESTION"}
    client_of(ann).post(f"/posts/{made.public_id}/edit/", words)
    checker.answers(says(200, HOLD))
    ask_due()
    assert [one.json()["data"]["text"] for one in checker.got] == ["No links"]
    made.refresh_from_db()
    assert made.state == "HELD"


@pytest.mark.parametrize(
    "then",
    [
        closes,
        says(500),
        says(302, Location="http://127.0.0.1/"),
        says(200, b"yes"),
        says(200, {"verdict": "maybe"}),
        says(200, b"[" * 60_000),
    ],
    ids=["closes", "500", "elsewhere", "nonsense", "maybe", "nested"],
)
def test_one_that_gives_no_verdict_is_asked_again_and_at_last_no_more(
    client_of, ann, board, checker, then, frozen
):
    post(client_of(ann))
    checker.answers(then)
    assert ask_due() == 0
    assert ask_due() == 0
    assert len(checker.got) == 1, "it is given a rest"
    for wait in WAITS:
        frozen.shift(wait.total_seconds() + 1)
        ask_due()
    check = OutsideCheck.objects.get()
    assert (check.state, len(checker.got)) == ("GIVEN_UP", len(WAITS) + 1)
    assert check.trouble
    assert Post.objects.get().state == "PUBLISHED"
    frozen.shift(365 * 24 * 3600)
    assert ask_due() == 0


def test_a_killed_worker_loses_nothing(client_of, ann, board, checker, frozen):
    post(client_of(ann))
    OutsideCheck.objects.update(leased_until=clock.now() + dt.timedelta(minutes=1), attempts=1)
    assert ask_due() == 0
    frozen.shift(61)
    assert ask_due() == 1


def test_a_private_address_is_not_asked(client_of, ann, board, checker, settings):
    settings.OUTBOUND_ALLOW = []
    post(client_of(ann))
    assert ask_due() == 0
    assert not checker.got
    assert "private address" in OutsideCheck.objects.get().trouble


def test_who_is_known_and_what_is_closed_is_shown_to_nobody(
    client_of, ann, pia, board, checker, frozen, settings
):
    post(client_of(pia))
    frozen.shift(2 * 24 * 3600)
    post(client_of(ann))
    assert not OutsideCheck.objects.exists()
    settings.CHECKER = {**settings.CHECKER, "for": "members"}
    post(client_of(ann), "Light mode")
    assert OutsideCheck.objects.count() == 1
    board.readers = "MEMBERS"
    board.save()
    post(client_of(ann), "Grey mode")
    assert OutsideCheck.objects.count() == 1


def test_verdicts_are_forgotten_and_held_is_in_the_journal(client_of, ann, board, checker, now):
    post(client_of(ann))
    checker.answers(says(200, HOLD))
    ask_due()
    told = Entry.objects.get(verb="forum.held")
    assert (told.actor_id, told.data["for"]) == (None, ["CHECKER", "EDIT"])
    tidy(now=now + dt.timedelta(days=91))
    assert not OutsideCheck.objects.exists()


def test_the_checker_of_the_guide_works_as_it_stands(
    client_of, ann, board, checker, settings, monkeypatch
):
    code = re.search(r"```python\n(.+?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[1]
    assert len(code.splitlines()) < 28
    monkeypatch.setenv("CHECKER_SECRET", SECRET)
    names = {"__name__": "checker"}
    exec(compile(code, str(GUIDE), "exec"), names)
    names["Checker"].log_message = lambda *_: None
    server = HTTPServer(("127.0.0.1", 0), names["Checker"])
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        settings.CHECKER = {**settings.CHECKER, "url": f"http://127.0.0.1:{server.server_port}/"}
        post(client_of(ann), body="https://a.example https://b.example https://c.example")
        post(client_of(ann), "Light mode", "No links at all")
        assert ask_due() == 2
    finally:
        server.shutdown()
        server.server_close()
    found = {one.post.title: (one.verdict, one.reason) for one in OutsideCheck.objects.all()}
    assert found == {"Dark mode": ("HOLD", "3 links"), "Light mode": ("ALLOW", "")}


def test_the_question_of_the_guide_is_the_one_that_is_asked(client_of, ann, board, checker):
    post(client_of(ann))
    ask_due()
    shown = json.loads(
        re.search(r"```json\n(.+?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[1]
    )
    asked = checker.got[0].json()
    assert shown.keys() == asked.keys()
    assert shown["data"].keys() == asked["data"].keys()
    assert shown["data"]["author"].keys() == asked["data"]["author"].keys()
