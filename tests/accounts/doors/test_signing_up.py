"""Who may sign up, by whose invitation, with which address, and what they accept."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.test import Client

from feedback.accounts.joining import queries
from feedback.accounts.joining.operations import invite, withdraw
from feedback.accounts.models import Invitation, Invited, JoiningWishes, QuizQuestion, User
from feedback.kernel.refusals import Refusal
from tests.accounts.doors.product import who
from tests.accounts.doors.test_hand_over_refused import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def old_ann(ann, now):
    """Ann, who joined a week ago."""
    User.objects.filter(pk=ann.pk).update(joined_at=now - dt.timedelta(days=7))
    ann.refresh_from_db()
    return ann


def sign_up(client, name="Cleo", **more):
    fields = {
        "display_name": name,
        "email": f"{name.lower()}@new.example",
        "password1": "a long password",
    }
    return client.post("/accounts/signup/", fields | more)


def link(person, now, **more):
    return f"/join/{invite(person=person, now=now, **more).code}/"


# --- Open, closed, by invitation, by domain ------------------------------------------------------------------------------
def test_an_open_site_asks_for_no_invitation(client):
    page = client.get("/accounts/signup/").content.decode()
    assert 'name="invitation"' not in page and 'href="/rules/"' in page
    assert sign_up(client).status_code == 302 and who(client) == "Cleo"


def test_a_closed_site_lets_nobody_in_and_offers_nothing(client, client_of, mo, now, settings):
    where = link(mo, now)
    settings.SIGN_UP = "closed"
    page = sign_up(client).content.decode()
    assert (
        "Nobody can sign up just now" in page
        and not User.objects.filter(display_name="Cleo").exists()
    )
    assert client.get(where).status_code == 404
    assert "/accounts/signup/" not in client.get("/accounts/login/").content.decode()
    assert "/settings/invitations/" not in client_of(mo).get("/settings/").content.decode()


def test_who_is_invited_comes_by_a_link_and_it_is_known_by_whose(
    client, client_of, settings, old_ann, now
):
    settings.SIGN_UP = "invitation"
    assert (
        "Here one signs up by invitation" in sign_up(client, invitation="").content.decode()
        or sign_up(client).status_code == 200
    )
    assert not User.objects.filter(display_name="Cleo").exists()
    answer = client.get(link(old_ann, now))
    assert answer["Location"] == "/accounts/signup/"
    assert 'name="invitation"' not in client.get("/accounts/signup/").content.decode()
    assert sign_up(client).status_code == 302
    came = Invited.objects.get()
    assert (came.person.name, came.invitation.made_by) == ("Cleo", old_ann)
    assert "Cleo" in client_of(old_ann).get("/settings/invitations/").content.decode()


@pytest.mark.parametrize("typed", ["{code}", " http://testserver/join/{code}/ "])
def test_the_link_or_the_code_may_be_typed(client, settings, mo, now, typed):
    settings.SIGN_UP = "invitation"
    code = invite(person=mo, now=now).code
    assert sign_up(client, invitation=typed.format(code=code)).status_code == 302
    assert Invited.objects.get().invitation.made_by == mo


def test_an_invitation_works_once_and_not_for_ever(client_of, settings, mo, now, frozen):
    settings.SIGN_UP = "invitation"
    used, old, withdrawn = (invite(person=mo, now=now) for _n in range(3))
    assert sign_up(client_of(None), invitation=used.code).status_code == 302
    withdraw(invitation=withdrawn, person=mo, now=now)
    for code in (used.code, withdrawn.code, "nonsense", "x" * 90):
        page = sign_up(client_of(None), "Dan", invitation=code)
        assert page.status_code == 200 and "does not work any more" in page.content.decode()
        assert client_of(None).get(f"/join/{code}/").status_code == 404
    frozen.shift(dt.timedelta(days=31))
    assert client_of(None).get(f"/join/{old.code}/").status_code == 404
    assert not User.objects.filter(display_name="Dan").exists()


def test_an_invitation_of_who_is_suspended_works_no_more(client, settings, old_ann, now):
    where = link(old_ann, now)
    User.objects.filter(pk=old_ann.pk).update(suspended_until=now + dt.timedelta(days=1))
    assert client.get(where).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_more_come_than_were_invited(settings, mo, now):
    settings.SIGN_UP = "invitation"
    code = invite(person=mo, now=now, most=2).code
    together([lambda n=n: sign_up(Client(), f"N{n}", invitation=code) for n in range(5)])
    assert Invitation.objects.get().used == 2 == Invited.objects.count()
    assert User.objects.filter(email__endswith="@new.example").count() == 2


def test_by_domain(client, client_of, settings, mo, now):
    settings.SIGN_UP, settings.SIGN_UP_DOMAINS = "domain", ["acme.example"]
    for address in (
        "cleo@evil.example",
        "cleo@notacme.example",
        "cleo@acme.example.evil.example",
        "cleo@sub.acme.example",
    ):
        page = sign_up(client, email=address).content.decode()
        assert "Sign up with an address of @acme.example" in page, address
    assert sign_up(client, email="Cleo@ACME.example").status_code == 302
    guest = client_of(None)
    assert sign_up(guest, "Dan", invitation=invite(person=mo, now=now).code).status_code == 302
    assert who(guest) == "Dan"


# --- How many -------------------------------------------------------------------------------------------------------------
def test_members_invite_a_few_who_is_new_nobody_and_the_team_as_many_as_it_likes(
    client_of, old_ann, bo, mo, now
):
    with pytest.raises(Refusal):
        invite(person=bo, now=now)  # joined today
    for _n in range(5):
        invite(person=old_ann, now=now)
    with pytest.raises(Refusal):
        invite(person=old_ann, now=now)
    with pytest.raises(Refusal):
        invite(person=old_ann, now=now, most=2)
    assert queries.left_to_invite(old_ann, now=now + dt.timedelta(days=31)) == 5  # nobody used them
    for _n in range(8):
        invite(person=mo, now=now, most=500)
    assert (
        "You have no invitation to give"
        in client_of(old_ann).get("/settings/invitations/").content.decode()
    )


@pytest.mark.django_db(transaction=True)
def test_the_quota_is_exact_however_many_are_made_at_once(old_ann, now):
    def one():
        try:
            return invite(person=old_ann, now=now)
        except Refusal:
            return None

    assert sum(made is not None for made in together([one] * 9)) == 5


def test_a_link_is_made_and_withdrawn_on_the_page_and_nobody_else_s_is(client_of, old_ann, bo, mo):
    client = client_of(old_ann)
    page = client.post(
        "/settings/invitations/", {"note": "my sister"}, follow=True
    ).content.decode()
    made = Invitation.objects.get()
    assert f"{settings.BASE_URL}/join/{made.code}/" in page and "my sister" in page
    away = f"/settings/invitations/{made.public_id}/withdraw/"
    assert client_of(bo).post(away).status_code == 404
    assert "/join/" not in client_of(bo).get("/settings/invitations/").content.decode()
    client.post(away)
    made.refresh_from_db()
    assert made.withdrawn_at is not None


# --- Rules and quiz ---------------------------------------------------------------------------------------------------------
def test_the_rules_are_ticked_where_the_owner_wants_it(client, client_of, pia):
    client_of(pia).post("/desk/doors/tick/", {"has_tick": "on"})
    assert JoiningWishes.objects.get().has_tick
    page = sign_up(client)
    assert page.status_code == 200 and "Read the rules and accept them" in page.content.decode()
    assert sign_up(client, accepts_rules="on").status_code == 302
    assert User.objects.get(display_name="Cleo").rules_accepted_at is not None


def test_a_quiz_is_answered_in_the_reader_s_language(client, client_of, pia):
    asked = {
        "text": "Whose ideas win?", "text_zh": "谁的想法胜出？", "right": "Those with reasons", "right_zh": "有理由的",
        "wrong": "The loudest\n\nMine", "wrong_zh": "声音最大的", "position": "1",
    }  # fmt: skip
    client_of(pia).post("/desk/doors/questions/0/", asked)
    question = QuizQuestion.objects.get()
    name = f"quiz_{question.pk}"
    page = client.get("/accounts/signup/").content.decode()
    assert "Whose ideas win?" in page and "The loudest" in page
    values = re.findall(rf'name="{name}" value="([^"]+)"', page)
    assert len(values) == 3 and question.right_value in values
    wrong = next(one for one in values if one != question.right_value)
    for answer in (wrong, "nonsense", None):
        more = {name: answer} if answer else {}
        assert sign_up(client, **more).status_code == 200
    assert (
        "谁的想法胜出？"
        in client.get("/accounts/signup/", headers={"accept-language": "zh-CN"}).content.decode()
    )
    assert sign_up(client, **{name: question.right_value}).status_code == 302
    client_of(pia).post(f"/desk/doors/questions/{question.pk}/remove/")
    assert "Whose ideas win?" not in client_of(None).get("/accounts/signup/").content.decode()
