"""The team's queue: what weighs most comes first, one decides, undoes, goes on; several at once."""

import datetime as dt

import pytest
from zeal import zeal_ignore

from feedback.forum.comments.operations import comment
from feedback.forum.models import Case, Post, Ruling
from feedback.forum.moderation import queries
from feedback.kernel import clock

pytestmark = pytest.mark.django_db
HOME = "/desk/moderation/"


def address(case):
    return f"{HOME}{case.public_id}/"


def test_members_have_no_queue_and_the_team_sees_how_many_wait(
    ann, bo, mo, publish, client_of, reported
):
    reported(publish(ann, "Cheap hats"), bo)
    assert client_of(None).get(HOME).status_code == 404
    assert client_of(bo).get(HOME).status_code == 403
    page = client_of(mo).get(HOME).content.decode()
    assert "Cheap hats" in page and "1 person reported it" in page
    assert (
        '<span class="desk-rooms__number">1</span>' in client_of(mo).get("/desk/").content.decode()
    )


def test_an_empty_queue_says_what_will_be_here(mo, client_of):
    assert "Nothing waits for you" in client_of(mo).get(HOME).content.decode()


def test_people_seriousness_and_age_make_the_order(ann, bo, mo, pia, publish, reported, frozen):
    old = reported(publish(ann, "Old spam"), bo)
    frozen.shift(dt.timedelta(hours=6))
    two = reported(publish(ann, "Twice off topic"), bo, mo, reason="OFF_TOPIC")
    grave = reported(publish(ann, "Personal data"), bo, reason="PERSONAL")
    many = reported(publish(ann, "Off topic"), bo, reason="OFF_TOPIC")
    # 2 * 1.5, 2 * 1, 6 * 1, 1 * 1
    assert queries.in_order(reader=mo, now=clock.now()) == [grave.pk, old.pk, two.pk, many.pk]
    frozen.shift(dt.timedelta(days=30))
    last = reported(publish(ann, "Against the law"), pia, reason="ILLEGAL")
    assert queries.in_order(reader=mo, now=clock.now())[-1] != old.pk
    assert queries.in_order(reader=mo, now=clock.now()).index(last.pk) > queries.in_order(
        reader=mo, now=clock.now()
    ).index(grave.pk)


def test_a_case_shows_its_surroundings_its_author_and_like_ones(
    ann, bo, mo, publish, client_of, reported, ruled, now
):
    ruled(reported(publish(ann, "Before"), bo), mo, "HIDE")
    post = publish(bo, "Dark mode")
    asked = comment(post=post, author=bo, body="Which hats?", now=now)
    said = comment(post=post, author=ann, body="Cheap **hats**", reply_to=asked, now=now)
    case = reported(said, bo)
    page = client_of(mo).get(address(case)).content.decode()
    for words in ("Dark mode", "Which hats?", "<strong>hats</strong>", "1 decision against them"):
        assert words in page
    assert "Decided in like cases" in page and "New here" in page
    part = client_of(mo).get(address(case), headers={"HX-Request": "true"}).content.decode()
    assert "Cheap <strong>hats</strong>" in part and "<html" not in part


def test_deciding_leads_to_the_next_and_offers_an_undo(
    ann, bo, mo, rule, publish, client_of, reported
):
    first = reported(publish(ann, "Grave"), bo, reason="ILLEGAL")
    second = reported(publish(ann, "Small"), bo)
    client = client_of(mo)
    answer = client.post(address(first), {"do": "HIDE", "rule": rule.slug, "word": "No hats."})
    assert answer.headers["Location"] == address(second)
    ruling = Ruling.objects.get()
    assert ruling.word == "No hats."
    page = client.get(address(second)).content.decode()
    assert f"{HOME}decisions/{ruling.public_id}/undo/" in page
    assert client.post(f"{HOME}decisions/{ruling.public_id}/undo/").status_code == 302
    assert Post.objects.filter(state="PUBLISHED").count() == 2
    assert Case.objects.filter(closed_at=None).count() == 2


def test_a_decision_without_a_rule_is_refused_with_a_sentence(
    ann, bo, mo, publish, client_of, reported
):
    case = reported(publish(ann, "Cheap hats"), bo)
    answer = client_of(mo).post(address(case), {"do": "HIDE", "rule": "none"}, follow=True)
    assert "Say by which rule" in answer.content.decode()


def test_several_are_decided_at_once_and_undone_at_once(
    ann, bo, mo, pia, rule, publish, client_of, reported
):
    cases = [reported(publish(ann, f"Hats {n}"), bo) for n in range(3)]
    of_the_team = reported(pia, bo)
    client = client_of(mo)
    chosen = [one.public_id for one in (*cases, of_the_team)]
    words = {"case": chosen, "do": "BAN", "rule": rule.slug}
    with zeal_ignore():  # each case is one transaction
        answer = client.post(f"{HOME}several/", words, follow=True)
    page = answer.content.decode()
    assert "Decided 3 times" in page and "1 case waits still" in page
    ann.refresh_from_db()
    assert ann.suspended_until is not None
    with zeal_ignore():
        client.post(f"{HOME}decisions/{Ruling.objects.first().public_id}/undo/")
    assert Post.objects.filter(state="PUBLISHED").count() == 3
    ann.refresh_from_db()
    assert ann.suspended_until is None
    assert client.post(f"{HOME}several/", {"do": "HIDE"}).status_code == 302


def test_the_team_takes_up_what_nobody_reported(ann, bo, mo, publish, client_of):
    post = publish(ann, "Cheap hats")
    page = client_of(mo).get(f"/posts/{post.public_id}/").content.decode()
    there = f"{HOME}about/post/{post.public_id}/"
    assert there in page
    assert client_of(bo).post(there).status_code == 403
    answer = client_of(mo).post(there)
    assert answer.headers["Location"] == address(Case.objects.get())


def test_one_click_on_the_page_hides_by_a_rule_and_shows_again(
    ann, bo, mo, publish, client_of, run_jobs
):
    post, client = publish(ann, "Cheap hats"), client_of(mo)
    client.post(f"/posts/{post.public_id}/hide/", {"reason": "spam"})
    ruling = Ruling.objects.get()
    assert ruling.rule is not None and ruling.word == "spam"
    run_jobs()
    assert "spam" in client_of(ann).get("/inbox/").content.decode()
    client.post(f"/posts/{post.public_id}/show/")
    post.refresh_from_db()
    ruling.refresh_from_db()
    assert post.state == "PUBLISHED" and ruling.undone_at is not None


def test_the_queue_reads_as_much_for_many_as_for_few(
    ann, bo, mo, publish, client_of, reported, django_assert_max_num_queries
):
    for number in range(12):
        reported(publish(ann, f"Hats {number}"), bo)
    client = client_of(mo)
    client.get(HOME)
    with django_assert_max_num_queries(45):
        client.get(HOME)
