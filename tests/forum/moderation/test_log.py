"""The internal log of order: which acts it has, who reads what of it, how it is narrowed and taken along."""

import csv
import datetime as dt
import io
import json

import pytest

from feedback.accounts.own_data.erasing import ask_erasure
from feedback.forum.boards.operations import make_board
from feedback.forum.comments.operations import comment
from feedback.forum.models import Ruling
from feedback.forum.moderation.acts import ACTS
from feedback.forum.rights.operations import Place, give
from feedback.journal.models import Entry
from feedback.journal.operations import write
from feedback.journal.verbs import Verb
from feedback.kernel import clock

pytestmark = pytest.mark.django_db
LOG = "/desk/moderation/log/"

#: Rooms in which nothing is an act of order: what they decide about is grouped, planned, measured or told.
OF_OTHER_ROOMS = {
    "asks", "briefs", "desk", "grouping", "honours", "identity", "importing", "measure", "notify", "ops", "roadmap",
    "sample",
}  # fmt: skip
#: What people do for themselves, what sets up the site, and what the machine tells.
NO_ACTS = {
    "accounts": {
        Verb.MAIL_TRIED, Verb.AUTHOR_CLAIMED, Verb.INVITATION_MADE, Verb.INVITATION_WITHDRAWN, Verb.INVITATION_USED,
        Verb.HAND_OVER_KEY_MADE, Verb.HAND_OVER_KEY_RETIRED, Verb.HANDED_OVER, Verb.UNCLAIMED_MAIL_ALLOWED,
        Verb.UNCLAIMED_MAIL_FORBIDDEN, Verb.SEGMENT_CHANGED,
    },
    "forum": {
        Verb.PRODUCT_MADE, Verb.PRODUCT_EDITED, Verb.BOARD_MADE, Verb.BOARD_EDITED, Verb.BOARD_FIELDS_EDITED,
        Verb.POST_PUBLISHED, Verb.POST_BY_AGENT, Verb.AGENT_CONFIRMED, Verb.AGENT_TURNED_DOWN, Verb.PROMPT_KEPT,
        Verb.PROMPT_REMOVED, Verb.POST_EDITED, Verb.POST_WITHDRAWN, Verb.POSTS_IMPORTED, Verb.COMMENTED,
        Verb.COMMENT_EDITED, Verb.COMMENT_WITHDRAWN, Verb.ATTACHMENTS_CHANGED, Verb.MENTIONED, Verb.ANSWER_ACCEPTED,
        Verb.ANSWER_NOT_ACCEPTED, Verb.CASE_WAITED, Verb.CASES_WAITED, Verb.FLAGS_ANSWERED, Verb.CONSENTS_CHOSEN,
        Verb.VOTED, Verb.UNVOTED, Verb.VOTE_WEIGHED, Verb.REPRODUCED, Verb.REPRODUCTION_CONFIRMED,
        Verb.REPRODUCTION_NOT_CONFIRMED, Verb.SAID_SAME, Verb.UNSAID_SAME, Verb.CUSTOMER_VOTED,
        Verb.CUSTOMER_UNVOTED, Verb.POLL_MADE, Verb.POLL_CLOSED, Verb.POLL_REMOVED, Verb.POLL_RESULTS,
    },
}  # fmt: skip


def test_of_every_verb_it_is_said_whether_it_is_an_act_of_order():
    """A new verb stands in `acts.KINDS`, or here among what is none."""
    for verb in Verb:
        room = verb.split(".")[0]
        is_none = room in OF_OTHER_ROOMS or verb in NO_ACTS[room]
        assert is_none != (verb.value in ACTS), verb


@pytest.fixture
def read(client_of):
    """Return the page of the log as somebody sees it."""
    return lambda who, query="": client_of(who).get(f"{LOG}{query}").content.decode()


@pytest.fixture
def rows(client_of):
    """Return the rows of the CSV as somebody gets them."""

    def of(who, query=""):
        answer = client_of(who).get(f"/desk/moderation/log.csv{query}")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    return of


def test_a_line_says_who_did_what_to_whom_and_what_they_were_told(
    ann, bo, mo, rule, publish, reported, ruled, read, rows
):
    post = publish(ann, "Cheap hats")
    ruled(reported(post, bo), mo, "HIDE", word="No hats here.")
    page = read(mo)
    for words in ("<bdi>Mo</bdi></strong> · Decided: Hide", "<bdi>Ann</bdi>", "No hats here."):
        assert words in page
    row = next(row for row in rows(mo) if row["what"] == "forum.moderated")
    assert (row["by"], row["concerns"], row["about"], row["word"]) == (
        "Mo", "Ann", f"post:{post.public_id}", "No hats here.",
    )  # fmt: skip
    assert (row["by_id"], row["concerns_id"]) == (str(mo.pk), str(ann.pk))
    assert json.loads(row["data"])["rule"] == rule.slug


def test_a_decision_of_before_entries_kept_the_word_shows_it(
    ann, bo, mo, publish, reported, ruled, rows
):
    ruling = ruled(reported(publish(ann, "Cheap hats"), bo), mo, "HIDE", word="Told before.")
    Ruling.objects.filter(pk=ruling.pk).update(word="Told then.")
    data = {"ruling": ruling.public_id, "action": "HIDE"}
    write(verb=Verb.MODERATED, subject=ruling.case.post, actor_id=mo.pk, now=clock.now(), data=data)
    words = [row["word"] for row in rows(mo) if row["what"] == "forum.moderated"]
    assert words == ["Told before.", "Told then."]


def test_what_concerns_who_wrote_a_comment_concerns_nobody_else(
    ann, bo, mo, publish, reported, ruled, rows, now
):
    post = publish(ann, "Dark mode")
    said = comment(post=post, author=bo, body="Cheap hats", now=now)
    ruled(reported(said, ann), mo, "HIDE")
    kept = rows(mo)
    assert {row["concerns"] for row in kept} == {"Bo"}
    assert {row["about"] for row in kept} == {f"comment:{said.public_id}"}
    assert rows(mo, "?person=Bo") == kept
    assert rows(mo, "?person=Ann") == []


@pytest.fixture
def some_acts(ann, bo, mo, pia, ada, board, publish, reported, ruled, frozen):
    """A post is hidden and one is removed three days later; a role is given."""
    ruled(reported(publish(ann, "Cheap hats"), bo), mo, "HIDE")
    frozen.shift(dt.timedelta(days=3))
    elsewhere = make_board(slug="elsewhere", name="Elsewhere", now=clock.now())
    ruled(reported(publish(bo, "Dear hats", board=elsewhere), ann), pia, "REMOVE")
    give(person=bo, role="MODERATOR", place=Place(board=board), actor=ada, now=clock.now())
    return elsewhere


@pytest.mark.parametrize(
    ("query", "acts"),
    [
        ("kind=REPORTS", ["flagged", "flagged"]),
        ("kind=HIDE", ["moderated"]),
        ("kind=REMOVE&by=mo", []),
        ("kind=DECISIONS&by=pi", ["moderated"]),
        ("kind=RIGHTS", ["right-given"]),
        ("kind=DECISIONS&person=ann", ["moderated"]),
        ("kind=SIGHT&person=bo", ["post-hidden"]),
        ("board=elsewhere", ["flagged", "post-hidden", "moderated"]),
        ("kind=RIGHTS&board=wishes", ["right-given"]),
        ("by=nobody+at+all", []),
    ],
)
def test_it_is_narrowed(some_acts, board, mo, rows, read, query, acts):
    query = query.replace("wishes", board.slug)
    assert [row["what"].removeprefix("forum.") for row in rows(mo, f"?{query}")] == acts
    assert read(mo, f"?{query}").count("data-row>") == len(acts)


def test_it_is_narrowed_to_days(now, some_acts, mo, rows):
    first, last = f"{now:%Y-%m-%d}", f"{now + dt.timedelta(days=3):%Y-%m-%d}"
    everything = len(rows(mo))
    assert len(rows(mo, f"?until={first}")) == 3
    assert len(rows(mo, f"?since={last}")) == everything - 3
    assert len(rows(mo, f"?since={first}&until={last}")) == everything


def test_a_filter_that_is_none_is_said(mo, read, client_of):
    assert "field__error" in read(mo, "?since=yesterday")
    assert client_of(mo).get("/desk/moderation/log.csv?since=yesterday").status_code == 422


def test_who_keeps_order_on_a_board_reads_what_was_done_there(some_acts, bo, client_of, rows):
    """Not what was done elsewhere, nor who got which role."""
    bo.refresh_from_db()
    kept = rows(bo)
    assert {row["concerns"] for row in kept} == {"Ann"} and len(kept) == 3
    assert client_of(bo).get(f"{LOG}?board=elsewhere").content.decode().count("data-row>") == 0


def test_members_and_visitors_have_no_log(ann, client_of):
    assert client_of(None).get(LOG).status_code == 404
    assert client_of(ann).get(LOG).status_code == 403
    assert client_of(ann).get("/desk/moderation/log.jsonl").status_code == 403


def test_one_turns_the_pages_by_a_cursor(ann, bo, mo, publish, reported, read):
    for number in range(60):
        reported(publish(ann, f"Hats {number}"), bo)
    page = read(mo, "?by=Bo")
    assert page.count("data-row>") == 50
    before = Entry.objects.filter(verb=Verb.FLAGGED).order_by("-pk")[49].pk
    assert f"?by=Bo&amp;before={before}" in page
    rest = read(mo, f"?by=Bo&before={before}")
    assert rest.count("data-row>") == 10 and "before=" not in rest.partition("<main")[2]
    assert read(mo, "?before=x").count("data-row>") == 50


def test_who_was_erased_stays_as_a_pseudonym(ann, bo, mo, publish, reported, ruled, rows, read):
    ruled(reported(publish(ann, "Cheap hats"), bo), mo, "HIDE")
    before = Entry.objects.filter(verb=Verb.MODERATED).values().get()
    ask_erasure(person=ann, keeps_words=False, actor=ann, now=clock.now())
    done = next(row for row in rows(mo) if row["what"] == "forum.moderated")
    assert done["concerns"] == f"former-{ann.pk}"
    assert f"former-{ann.pk}" in read(mo) and "<bdi>Ann</bdi>" not in read(mo)
    assert done in rows(mo, f"?person=former-{ann.pk}")
    assert Entry.objects.filter(verb=Verb.MODERATED).values().get() == before


def test_json_lines_have_the_same(ann, bo, mo, publish, reported, ruled, rows, client_of):
    ruled(reported(publish(ann, "Cheap hats"), bo), mo, "HIDE")
    answer = client_of(mo).get("/desk/moderation/log.jsonl?kind=HIDE")
    (line,) = b"".join(answer.streaming_content).decode().splitlines()
    (row,) = rows(mo, "?kind=HIDE")
    assert json.loads(line) | {"data": 0} == row | {
        "by_id": mo.pk, "concerns_id": ann.pk, "data": 0,
    }  # fmt: skip
    assert json.loads(line)["data"]["action"] == "HIDE"


def test_many_lines_are_read_like_few(
    ann, bo, mo, publish, reported, client_of, django_assert_max_num_queries
):
    for number in range(20):
        reported(publish(ann, f"Hats {number}"), bo)
    client = client_of(mo)
    client.get(LOG)
    with django_assert_max_num_queries(25):
        client.get(LOG)
