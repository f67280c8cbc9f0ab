"""Proving who one was by a code: mailed to the old address, or from the team."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from feedback.accounts.claiming.codes import make_code
from feedback.accounts.claiming.models import Claim, ClaimCode
from feedback.accounts.claiming.unclaimed import may_be_mailed_unclaimed
from feedback.forum.models import Post
from feedback.journal.models import Entry
from tests.accounts.imported import author, bring_posts

pytestmark = pytest.mark.django_db

OLD = "ann@old.example"


@pytest.fixture
def ghost(board):
    bring_posts(board, ("ann-gh", OLD))
    return author("ann-gh")


def ask(client, address=OLD):
    return client.post("/claim/mail/", {"address": address}, follow=True).content.decode()


def mailed():
    return re.search(r"[2-9A-Z]{5}-[2-9A-Z]{5}", mail.outbox[-1].body).group()


def typed(client, code):
    return client.post("/claim/code/", {"code": code})


def confirm(client, ghost, code):
    return client.post("/claim/", {"author": ghost.public_id, "code": code}, follow=True)


def refused(answer):
    return answer.status_code == 422 and "This code does not work" in answer.content.decode()


# --- In a mail ------------------------------------------------------------------------------------------------------
def test_a_code_in_a_mail_proves_it(client_of, ann, ghost, run_jobs):
    client = client_of(ann)
    ask(client, "  Ann@OLD.example ")
    run_jobs()
    (sent,) = mail.outbox
    assert sent.to == [OLD]
    page = typed(client, mailed().lower().replace("-", " ")).content.decode()
    assert "ann-gh" in page and "1 post" in page
    assert Post.objects.get().author == ghost  # shown first
    confirm(client, ghost, mailed())
    assert Post.objects.get().author == ann
    assert Claim.objects.get().proof == "MAIL"


def test_whoever_asks_cannot_tell_whether_there_is_such_an_author(client_of, ann, ghost, run_jobs):
    client = client_of(ann)

    def without_token(page):
        return re.sub(r'(csrfmiddlewaretoken" value=|nonce=)"[^"]*"', "", page)

    there, not_there = ask(client), ask(client, "nobody@old.example")
    assert without_token(there) == without_token(not_there)
    assert ClaimCode.objects.count() == 2
    assert not mail.outbox  # the worker does it, so that neither takes longer
    run_jobs()
    assert [sent.to for sent in mail.outbox] == [[OLD]]
    run_jobs()
    assert len(mail.outbox) == 1


def test_the_old_address_is_never_shown(client_of, ann, ghost, pia, run_jobs):
    ask(client_of(ann))
    run_jobs()
    code = mailed()
    page = typed(client_of(ann), code).content.decode()
    confirm(client_of(ann), ghost, code)
    for client in (client_of(ann), client_of(pia)):
        page += client.get("/claim/").content.decode()
        page += client.get(f"/people/{ann.public_id}/").content.decode()
    assert OLD not in page


def test_a_mailed_code_is_for_whoever_asked_for_it(client_of, ann, bo, ghost, run_jobs):
    ask(client_of(ann))
    run_jobs()
    assert refused(typed(client_of(bo), mailed()))
    confirm(client_of(bo), ghost, mailed())
    assert not Claim.objects.exists()


def test_one_code_is_for_all_who_wrote_under_the_address(client_of, ann, ghost, board, run_jobs):
    bring_posts(board, ("Ann on Canny", OLD), source="canny")
    ask(client_of(ann))
    run_jobs()
    both = [ghost, author("Ann on Canny", source="canny")]
    client_of(ann).post("/claim/", {"author": [one.public_id for one in both], "code": mailed()})
    assert Post.objects.filter(author=ann).count() == 2


def test_asking_without_end_ends(client_of, ann, bo, ghost):
    pages = [ask(client_of(ann), f"{number}@old.example") for number in range(8)]
    assert ["too often" in page for page in pages] == [False] * 6 + [True] * 2
    for _number in range(5):
        ask(client_of(bo))
    assert "too often" in ask(client_of(bo))
    assert ClaimCode.objects.count() == 11


def test_nobody_uses_up_the_tries_of_whoever_an_address_belongs_to(client_of, ann, bo, ghost):
    for _number in range(6):
        ask(client_of(bo))
    assert "too often" not in ask(client_of(ann))


def test_however_many_ask_an_address_gets_so_many_mails_a_day(client_of, person, ghost):
    for number in range(4):
        client = client_of(person(f"P{number}"))
        for _number in range(5):
            ask(client)
    assert ClaimCode.objects.count() == 20
    assert "too often" in ask(client_of(person("Late")))


def test_a_mailed_code_works_for_an_hour_from_when_it_is_sent(
    client_of, ann, ghost, run_jobs, frozen
):
    ask(client_of(ann))
    frozen.shift(dt.timedelta(minutes=50))  # the worker was away
    run_jobs()
    frozen.shift(dt.timedelta(minutes=59))
    assert typed(client_of(ann), mailed()).status_code == 200
    frozen.shift(dt.timedelta(minutes=2))
    assert refused(typed(client_of(ann), mailed()))


def test_what_is_no_address_is_said(client_of, ann):
    answer = client_of(ann).post("/claim/mail/", {"address": "nobody"})
    assert answer.status_code == 422
    assert not ClaimCode.objects.exists()


def test_a_mail_that_could_not_leave_is_tried_again(
    client_of, ann, ghost, run_jobs, monkeypatch, frozen
):
    send = EmailBackend.send_messages
    monkeypatch.setattr(
        EmailBackend, "send_messages", lambda *_: (_ for _ in ()).throw(OSError("down"))
    )
    ask(client_of(ann))
    run_jobs()
    monkeypatch.setattr(EmailBackend, "send_messages", send)
    run_jobs()
    assert not mail.outbox  # not at once
    frozen.shift(180)
    run_jobs()
    assert len(mail.outbox) == 1
    assert typed(client_of(ann), mailed()).status_code == 200


# --- From the team ----------------------------------------------------------------------------------------------------
def test_a_code_from_the_team_proves_it(client_of, ann, pia, ghost):
    answer = client_of(pia).post(f"/claim/of/{ghost.public_id}/code/")
    code = re.search(r"[2-9A-Z]{5}-[2-9A-Z]{5}", answer.content.decode()).group()
    assert code.replace("-", "") not in str(list(ClaimCode.objects.values()))
    assert "ann-gh" in typed(client_of(ann), code).content.decode()
    confirm(client_of(ann), ghost, code)
    assert Post.objects.get().author == ann
    assert Claim.objects.get().proof == "CODE"


def test_a_code_is_listed_and_withdrawn(client_of, ann, mo, pia, ghost, now):
    code = make_code(author=ghost, actor=pia, now=now)
    page = f"/people/{ghost.public_id}/"
    assert "Code made by Pia" in client_of(pia).get(page).content.decode()
    assert "Code made by" not in client_of(mo).get(page).content.decode()
    made = ClaimCode.objects.get()
    assert code not in client_of(pia).get(page).content.decode()
    client_of(pia).post(f"/claim/codes/{made.public_id}/withdraw/")
    client_of(pia).post(f"/claim/codes/{made.public_id}/withdraw/")
    assert "Code made by" not in client_of(pia).get(page).content.decode()
    assert refused(typed(client_of(ann), code))
    assert Entry.objects.filter(verb="accounts.claim-code-withdrawn").count() == 1


def test_wrong_used_and_expired_codes_are_refused_in_the_same_words(
    client_of, ann, bo, pia, ghost, board, now, frozen
):
    used = make_code(author=ghost, actor=pia, now=now)
    confirm(client_of(ann), ghost, used)
    bring_posts(board, ("cleo-gh", ""), start=9)
    late = make_code(author=author("cleo-gh"), actor=pia, now=now)
    frozen.shift(dt.timedelta(days=14, seconds=1))
    answers = [typed(client_of(bo), code) for code in (used, late, "AAAAA-AAAAA", "", "?" * 40)]
    assert [refused(answer) for answer in answers] == [True, True, True, False, True]
    confirm(client_of(bo), author("cleo-gh"), late)
    assert Claim.objects.count() == 1


def test_guessing_ends(client_of, ann, ghost, pia, now):
    client = client_of(ann)
    for number in range(20):
        assert refused(typed(client, f"AAAAA-AAA{number:02}"))
    answer = typed(client, make_code(author=ghost, actor=pia, now=now))
    assert answer.status_code == 422 and "too often" in answer.content.decode()


def test_a_code_is_for_its_author_alone(client_of, ann, pia, ghost, board, now):
    bring_posts(board, ("cleo-gh", ""), start=9)
    code = make_code(author=ghost, actor=pia, now=now)
    confirm(client_of(ann), author("cleo-gh"), code)
    assert not Claim.objects.exists()
    assert ClaimCode.objects.get().used_at is None


def test_no_code_is_made_for_who_is_claimed_or_not_imported(client_of, ann, pia, ghost, now):
    confirm(client_of(ann), ghost, make_code(author=ghost, actor=pia, now=now))
    client_of(pia).post(f"/claim/of/{ghost.public_id}/code/")
    assert ClaimCode.objects.count() == 1
    assert client_of(pia).post(f"/claim/of/{ann.public_id}/code/").status_code == 404


def test_old_codes_are_forgotten(pia, ghost, now, run_jobs, frozen):
    make_code(author=ghost, actor=pia, now=now)
    frozen.shift(dt.timedelta(days=16))
    run_jobs()
    assert not ClaimCode.objects.exists()


# --- Before anybody claims ----------------------------------------------------------------------------------------------
def test_whether_imported_authors_are_mailed_is_said_by_a_manager(client_of, pia, mo, ghost):
    box = 'name="allowed" checked'
    assert not may_be_mailed_unclaimed()
    assert client_of(mo).post("/desk/first-steps/unclaimed/", {"allowed": "on"}).status_code == 403
    assert box not in client_of(pia).get("/desk/first-steps/").content.decode()
    for _number in range(2):
        client_of(pia).post("/desk/first-steps/unclaimed/", {"allowed": "on"})
    assert box in client_of(pia).get("/desk/first-steps/").content.decode()
    assert may_be_mailed_unclaimed()
    assert Entry.objects.filter(verb="accounts.unclaimed-mail-allowed").count() == 1
    client_of(pia).post("/desk/first-steps/unclaimed/")
    assert not may_be_mailed_unclaimed()
