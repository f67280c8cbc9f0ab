""" "The same request?": what is asked, what an answer does, and what the board learns from it."""

import pytest

from feedback.asks.decisions.confirm import confirm_ask
from feedback.asks.decisions.pairs import say_apart, say_together
from feedback.asks.decisions.undo import undo
from feedback.asks.models import Ask, Bond, Decision, Membership, Proposal
from feedback.forum.posts.operations import hide_post
from feedback.grouping.models import Question, Run
from feedback.grouping.questions import operations as asking
from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask_about(now):
    """Put a question about two posts: ``ask_about(post, other)``."""

    def put(post, other, weight=1.0):
        return Question.objects.create(
            post=post,
            other_post=other,
            fingerprint=":".join(sorted([post.public_id, other.public_id])),
            weight=weight,
            people_count=2,
            run=Run.objects.order_by("-id").first(),
            asked_at=now,
        )

    return put


@pytest.fixture
def afresh(grouped):
    """The board after its first run, without the questions that came of it."""
    Question.objects.all().delete()
    return grouped


# --- What is asked -----------------------------------------------------------------------------------------
def test_a_run_leaves_questions_of_different_posts_that_nobody_decided(grouped):
    questions = list(asking.open_questions())
    assert questions
    for question in questions:
        assert question.post_id != question.other_post_id
        assert question.post.title.casefold() != question.other_post.title.casefold()
        assert Membership.objects.filter(post__in=[question.post, question.other_post]).exists()
    assert [one.weight for one in questions] == sorted(
        (one.weight for one in questions), reverse=True
    )


def test_what_touches_more_people_is_asked_first(afresh, now, ask_of):
    run = Run.objects.get()
    dark, crash, offline = (afresh[theme] for theme in ("dark", "crash", "offline"))
    Ask.objects.filter(pk=ask_of(dark[0]).pk).update(people_count=90)
    asking.store_questions(
        [(crash[0].pk, offline[0].pk, 1.0), (dark[0].pk, offline[1].pk, 1.0)], run=run, now=now
    )
    first, second = asking.open_questions()
    assert {first.post, first.other_post} == {dark[0], offline[1]}
    assert (first.people_count, second.people_count) == (93, 7)


def test_what_is_decided_or_says_the_same_in_the_same_words_is_not_asked(
    afresh, now, pia, publish, person, regroup, ask_of
):
    twin = publish(person("Twin"), "Add a dark mode!")
    regroup()
    Question.objects.all().delete()
    dark, crash = afresh["dark"], afresh["crash"]
    confirm_ask(ask=ask_of(dark[0]), actor=pia, now=now)
    confirm_ask(ask=ask_of(crash[0]), actor=pia, now=now)
    alone = afresh["alone"]
    asking.store_questions(
        [
            (dark[0].pk, dark[1].pk, 9.0),
            (dark[0].pk, crash[0].pk, 9.0),
            (dark[0].pk, twin.pk, 9.0),
            (alone[0].pk, alone[1].pk, 9.0),
        ],
        run=Run.objects.order_by("-id").first(),
        now=now,
    )
    assert not asking.open_questions().exists()


def test_a_hidden_post_is_not_asked_about(afresh, ask_about, mo, now):

    question = ask_about(afresh["dark"][0], afresh["crash"][0])
    hide_post(post=question.post, moderator=mo, now=now)
    assert not asking.open_questions().exists()


def test_the_next_run_closes_what_it_no_longer_asks_and_keeps_the_rest(afresh, ask_about, now):
    stale = ask_about(afresh["dark"][0], afresh["crash"][0])
    kept = ask_about(afresh["export"][0], afresh["crash"][0])
    run = Run.objects.get()
    asking.store_questions([(kept.post_id, kept.other_post_id, 4.0)], run=run, now=now)
    stale.refresh_from_db()
    assert stale.state == "STALE"
    assert [one.pk for one in asking.open_questions()] == [kept.pk]
    # What comes up again is the same question.
    asking.store_questions([(stale.post_id, stale.other_post_id, 4.0)], run=run, now=now)
    assert [one.pk for one in asking.open_questions()] == [stale.pk]


def test_who_could_not_tell_is_not_asked_again(afresh, ask_about, pia, now):
    question = ask_about(afresh["dark"][0], afresh["crash"][0])
    asking.answer_question(question=question, verdict="unsure", actor=pia, now=now)
    asking.store_questions(
        [(question.post_id, question.other_post_id, 4.0)], run=Run.objects.get(), now=now
    )
    question.refresh_from_db()
    assert (question.state, question.decision) == ("SKIPPED", None)
    assert Decision.objects.count() == 0


# --- Answering ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("verdict", "kind"), [("same", "TOGETHER"), ("different", "APART")])
def test_an_answer_is_a_decision_that_binds(afresh, ask_about, pia, now, verdict, kind):
    question = ask_about(afresh["dark"][0], afresh["深色"][0])
    ask_about(afresh["crash"][0], afresh["offline"][0])
    answered = asking.answer_question(question=question, verdict=verdict, actor=pia, now=now)
    bond = Bond.objects.get()
    assert (answered.state, answered.decision.kind, bond.kind) == ("ANSWERED", kind, kind)
    assert {bond.post_id, bond.other_post_id} == {question.post_id, question.other_post_id}


def test_together_brings_the_two_asks_into_one(afresh, ask_about, pia, now, regroup, ask_of):
    question = ask_about(afresh["dark"][0], afresh["深色"][0])
    asking.answer_question(question=question, verdict="same", actor=pia, now=now)
    regroup()
    assert ask_of(afresh["dark"][0]) == ask_of(afresh["深色"][0])


def test_apart_takes_a_post_out_of_a_public_ask_where_nobody_confirmed_it(
    grouped, ask_about, pia, now, regroup, ask_of, publish, person
):
    ask = ask_of(grouped["dark"][0])
    confirm_ask(ask=ask, actor=pia, now=now)
    late = publish(person("Late"), "Add a dark mode to the app")
    regroup()
    assert ask_of(late) == ask
    Question.objects.all().delete()
    question = ask_about(late, grouped["dark"][0])
    asking.answer_question(question=question, verdict="different", actor=pia, now=now)
    regroup()
    assert ask_of(late) != ask
    assert ask_of(grouped["dark"][0]) == ask


def test_an_answer_that_contradicts_is_told_with_its_chain_and_changes_nothing(
    afresh, ask_about, pia, now
):
    a, b, c = afresh["dark"][0], afresh["dark"][1], afresh["dark"][2]
    say_together(post=a, other=b, actor=pia, now=now)
    say_apart(post=b, other=c, actor=pia, now=now)
    question = ask_about(a, c)
    with pytest.raises(Refusal, match="contradicts") as told:
        asking.answer_question(question=question, verdict="same", actor=pia, now=now)
    assert b.title in str(told.value)
    question.refresh_from_db()
    assert question.state == "OPEN"


def test_what_an_answer_settles_is_not_asked_any_more(afresh, ask_about, pia, now):
    a, b, c = afresh["dark"][0], afresh["dark"][1], afresh["深色"][0]
    first, second, third = ask_about(a, b, 3.0), ask_about(b, c, 2.0), ask_about(a, c, 1.0)
    asking.answer_question(question=first, verdict="same", actor=pia, now=now)
    asking.answer_question(question=second, verdict="different", actor=pia, now=now)
    third.refresh_from_db()
    assert third.state == "STALE"


def test_two_people_cannot_answer_the_same_question(afresh, ask_about, pia, ada, now):
    question = ask_about(afresh["dark"][0], afresh["深色"][0])
    ask_about(afresh["crash"][0], afresh["offline"][0])
    asking.answer_question(question=question, verdict="same", actor=pia, now=now)
    with pytest.raises(Refusal, match="answered this question already"):
        asking.answer_question(question=question, verdict="different", actor=ada, now=now)
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("verdict", ["same", "different", "unsure"])
def test_taking_an_answer_back_asks_again_and_ends_its_bond(afresh, ask_about, pia, now, verdict):
    question = ask_about(afresh["dark"][0], afresh["深色"][0])
    ask_about(afresh["crash"][0], afresh["offline"][0])
    asking.answer_question(question=question, verdict=verdict, actor=pia, now=now)
    asking.take_back(question=question, actor=pia, now=now)
    question.refresh_from_db()
    assert (question.state, question.decision, question.answered_by) == ("OPEN", None, None)
    assert not Decision.objects.filter(undone_at__isnull=True).exists()


def test_an_answer_undone_among_the_decisions_can_be_asked_again(afresh, ask_about, pia, now):
    question = ask_about(afresh["dark"][0], afresh["深色"][0])
    answered = asking.answer_question(question=question, verdict="same", actor=pia, now=now)
    undo(decision=answered.decision, actor=pia, now=now)
    asking.store_questions(
        [(question.post_id, question.other_post_id, 4.0)], run=Run.objects.first(), now=now
    )
    question.refresh_from_db()
    assert question.state == "OPEN"


# --- Learning ----------------------------------------------------------------------------------------------
def test_five_answers_ask_for_a_run_and_fewer_do_not(afresh, ask_about, pia, now):
    pairs = [
        (afresh[one][number], afresh["alone"][number % 2])
        for number in range(3)
        for one in ("dark", "crash")
    ]
    questions = [ask_about(*pair) for pair in pairs]
    for question in questions[:4]:
        asking.answer_question(question=question, verdict="different", actor=pia, now=now)
    assert not Run.objects.filter(state="WAITING").exists()
    asking.answer_question(question=questions[4], verdict="different", actor=pia, now=now)
    assert Run.objects.filter(state="WAITING").count() == 1


def test_the_last_question_answered_asks_for_a_run(afresh, ask_about, pia, now):
    question = ask_about(afresh["dark"][0], afresh["crash"][0])
    asking.answer_question(question=question, verdict="different", actor=pia, now=now)
    assert Run.objects.filter(state="WAITING").exists()


def test_a_run_says_what_it_made_of_the_answers_once(product, afresh, ask_about, pia, now, regroup):
    question = ask_about(afresh["dark"][0], afresh["深色"][0])
    asking.answer_question(question=question, verdict="same", actor=pia, now=now)
    assert asking.answers_between(product, asking.learned_until(product)) == 1
    regroup()
    learned = asking.learned_last(product)
    assert learned.answers == 1
    assert learned.moved >= 1
    assert asking.answers_between(product, asking.learned_until(product)) == 0
    regroup()
    assert asking.learned_last(product) is None
    assert Entry.objects.filter(verb="grouping.run-finished").count() == 3


def test_the_proposals_of_a_board_stay_as_they_were_with_questions_open(afresh, regroup):
    before = set(Proposal.objects.values_list("fingerprint", flat=True))
    regroup()
    assert set(Proposal.objects.values_list("fingerprint", flat=True)) == before
