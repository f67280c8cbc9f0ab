"""Answering questions on the desk, over HTTP."""

import pytest

from feedback.asks.decisions.pairs import say_apart, say_together
from feedback.asks.models import Decision
from feedback.grouping.models import Question, Run
from feedback.grouping.questions import operations as asking

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(grouped, now):
    """Three questions, the first about the dark mode in two languages."""
    Question.objects.all().delete()
    pairs = [("dark", "深色"), ("crash", "offline"), ("export", "crash")]
    return [
        Question.objects.create(
            post=grouped[one][0],
            other_post=grouped[other][0],
            fingerprint=f"{one}:{other}",
            weight=10 - at,
            people_count=8,
            run=Run.objects.get(),
            asked_at=now,
        )
        for at, (one, other) in enumerate(pairs)
    ]


def answer(desk, question, word, **options):
    return desk.post(
        f"/desk/questions/{question.public_id}/answer/", {"do": word}, follow=True, **options
    )


def test_the_page_shows_both_posts_their_asks_and_what_an_answer_decides(asked, desk, ask_of):
    page = desk.get("/desk/questions/").content.decode()
    first = asked[0]
    for post in (first.post, first.other_post):
        assert post.title in page
        assert f"/desk/asks/{ask_of(post).public_id}/" in page
    assert "1 of 3" in page
    assert "an answer decides about 8 posts of 8 people" in page
    for key in "yns":
        assert f'data-key="{key}"' in page


def test_an_answer_leads_to_the_next_question_and_can_be_taken_back(asked, desk):
    page = answer(desk, asked[0], "same").content.decode()
    assert f'data-question="{asked[1].public_id}"' in page
    assert "2 of 3" in page
    assert "You said of the last two: the same." in page
    back = desk.post(f"/desk/questions/{asked[0].public_id}/undo/", follow=True)
    page = back.content.decode()
    assert f'data-question="{asked[0].public_id}"' in page
    assert "1 of 3" in page
    assert Decision.objects.get().undone_at is not None


def test_who_cannot_tell_decides_nothing_and_goes_on(asked, desk):
    page = answer(desk, asked[0], "unsure").content.decode()
    assert f'data-question="{asked[1].public_id}"' in page
    assert Decision.objects.count() == 0


def test_all_answered_starts_a_run_and_says_so(asked, desk):
    for question in asked:
        page = answer(desk, question, "different").content.decode()
    assert "All answered" in page
    assert "being grouped with your answers" in page
    assert "/desk/questions/progress/" in page
    assert Run.objects.filter(state="WAITING").count() == 1
    # As soon as the run is done, the page comes anew.
    assert "HX-Refresh" not in desk.get("/desk/questions/progress/")
    Run.objects.filter(state="WAITING").delete()
    assert desk.get("/desk/questions/progress/")["HX-Refresh"] == "true"


def test_what_was_learned_is_told_after_the_run(asked, desk, regroup):
    answer(desk, asked[0], "same")
    regroup()
    page = desk.get("/desk/questions/").content.decode()
    assert "The last grouping learned from 1 answer" in page


def test_a_contradiction_stays_on_the_question_and_names_the_chain(asked, desk, pia, now):

    question, middle = asked[0], asked[1].post
    say_together(post=question.post, other=middle, actor=pia, now=now)
    say_apart(post=middle, other=question.other_post, actor=pia, now=now)
    page = answer(desk, question, "same").content.decode()
    assert "This contradicts what was decided before" in page
    assert middle.title in page
    assert f'data-question="{question.public_id}"' in page


def test_a_question_somebody_has_answered_is_told(asked, desk, client_of, ada):
    answer(client_of(ada), asked[0], "same")
    page = answer(desk, asked[0], "different").content.decode()
    assert "answered this question already" in page
    assert Decision.objects.count() == 1


def test_a_word_nobody_knows_answers_nothing(asked, desk):
    assert answer(desk, asked[0], "perhaps").status_code == 200
    assert asking.open_questions().count() == 3


def test_no_question_says_what_will_be_here(desk, db):
    assert "No question is open" in desk.get("/desk/questions/").content.decode()


def test_the_inbox_mentions_open_questions(asked, desk):
    page = desk.get("/desk/").content.decode()
    assert "3 quick questions would sharpen the grouping" in page
    Question.objects.update(state="STALE")
    assert "sharpen the grouping" not in desk.get("/desk/").content.decode()


def test_a_moderator_reads_the_question_but_does_not_answer(asked, client_of, mo, ann):
    client = client_of(mo)
    page = client.get("/desk/questions/").content.decode()
    assert asked[0].post.title in page
    assert 'data-key="y"' not in page
    refused = client.post(f"/desk/questions/{asked[0].public_id}/answer/", {"do": "same"})
    assert refused.status_code == 403
    assert client_of(ann).get("/desk/questions/").status_code == 403
    assert client_of(None).get("/desk/questions/").status_code == 404


def test_the_page_reads_the_same_with_one_question_or_many(
    asked, desk, django_assert_max_num_queries
):
    with django_assert_max_num_queries(40):
        desk.get("/desk/questions/")


def test_the_decisions_name_the_two_posts_an_answer_spoke_of(asked, desk):
    answer(desk, asked[0], "same")
    page = desk.get("/desk/decisions/").content.decode()
    assert f"/posts/{asked[0].post.public_id}/" in page
    assert f"/posts/{asked[0].other_post.public_id}/" in page
