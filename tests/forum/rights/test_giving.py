"""Roles are given and taken on one page of the administrators', and offered by links that work once."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from feedback.accounts.models import User
from feedback.forum.models import Offer, Right
from feedback.forum.rights.operations import SITE, Place, give, take
from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal

PAGE = "/desk/rights/"


def said(person, role, place="site"):
    return {"person": person, "role": role, "place": place}


def test_the_page_is_the_administrators_alone(una, mo, pia, kit, ada, client_of):
    for person in (una, mo, pia, kit):
        assert client_of(person).get(PAGE).status_code == 403
        assert client_of(person).post(f"{PAGE}give/", said("Mo", "ADMIN")).status_code == 403
        assert client_of(person).post(f"{PAGE}{ada.public_id}/take/").status_code == 403
    page = client_of(ada).get(PAGE).content.decode()
    for name in ("Una", "Mo", "Pia", "Kit", "Ada"):
        assert name in page


def test_a_role_is_given_by_name_or_address_and_taken(ada, ann, board, client_of):
    client = client_of(ada)
    assert (
        client.post(f"{PAGE}give/", said("Ann", "MODERATOR", f"board:{board.slug}")).status_code
        == 302
    )
    ann.refresh_from_db()
    assert (ann.role, ann.part_role) == ("MEMBER", "MODERATOR")
    assert client_of(ann).get("/desk/moderation/").status_code == 200
    assert client.post(f"{PAGE}give/", said("ann@example.org", "ANALYST")).status_code == 302
    assert client_of(ann).get("/desk/").status_code == 200
    taken = f"{PAGE}{ann.public_id}/take/?on=board:{board.slug}"
    assert "Suggestions" in client.get(taken).content.decode()
    client.post(taken)
    client.post(f"{PAGE}{ann.public_id}/take/?on=site")
    ann.refresh_from_db()
    assert (ann.role, ann.part_role) == ("MEMBER", "")
    assert client_of(ann).get("/desk/moderation/").status_code == 403
    verbs = Entry.objects.filter(subject_id=ann.pk, verb__startswith="forum.right").order_by("pk")
    assert [one.verb.split("-")[1] for one in verbs] == ["given", "given", "taken", "taken"]
    assert {one.actor_id for one in verbs} == {ada.pk}


@pytest.mark.parametrize(
    ("name", "role", "place", "sentence"),
    [
        ("Nobody", "ANALYST", "site", "Nobody who can sign in"),
        ("Ann", "MANAGER", "board:suggestions", "A board has moderators"),
        ("Ann", "ANALYST", "board:suggestions", "of the whole site"),
        ("Ann", "EMPEROR", "site", "Select a valid choice"),
        ("Ann", "MODERATOR", "board:nowhere", "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_beside_the_form(
    name, role, place, sentence, ada, ann, board, client_of
):
    answer = client_of(ada).post(f"{PAGE}give/", said(name, role, place))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert f'value="{name}"' in answer.content.decode()
    assert not Right.objects.exists()


def test_the_last_administrator_stays(ada, pia, client_of, now):
    client = client_of(ada)
    for send in (
        lambda: client.post(f"{PAGE}{ada.public_id}/take/?on=site", follow=True),
        lambda: client.post(f"{PAGE}give/", said("Ada", "MODERATOR")),
    ):
        assert "last administrator" in send().content.decode()
        ada.refresh_from_db()
        assert ada.role == "ADMIN"
    client.post(f"{PAGE}give/", said("Pia", "ADMIN"))
    client.post(f"{PAGE}{ada.public_id}/take/?on=site")
    ada.refresh_from_db()
    assert (ada.role, ada.is_staff, ada.is_superuser) == ("MEMBER", False, False)
    pia.refresh_from_db()
    with pytest.raises(Refusal):
        take(person=pia, place=SITE, actor=pia, now=now)


def test_an_administrator_who_is_gone_does_not_count(ada, person, now):
    person("Old", role="ADMIN", is_active=False)
    with pytest.raises(Refusal):
        take(person=ada, place=SITE, actor=ada, now=now)


def test_who_was_brought_by_an_import_has_no_role(ada, board, now):
    author = User.objects.create_user(origin="IMPORTED", origin_key="x:y")
    with pytest.raises(Refusal):
        give(person=author, role="MODERATOR", place=Place(board=board), actor=ada, now=now)


def test_the_database_holds_a_role_to_one_place(ann, board, product, now):
    for place in ({}, {"board": board, "product": product}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Right.objects.create(person=ann, role="MODERATOR", given_at=now, **place)
    with pytest.raises(IntegrityError), transaction.atomic():
        Right.objects.create(person=ann, role="MANAGER", board=board, given_at=now)


def test_of_several_roles_the_most_counts_and_is_left_when_the_other_goes(
    ada, ann, board, product, now
):
    for role, place in (("MANAGER", Place(product=product)), ("MODERATOR", Place(board=board))):
        give(person=ann, role=role, place=place, actor=ada, now=now)
    assert User.objects.get(pk=ann.pk).part_role == "MANAGER"
    assert not give(person=ann, role="MODERATOR", place=Place(board=board), actor=ada, now=now)
    take(person=ann, place=Place(product=product), actor=ada, now=now)
    assert User.objects.get(pk=ann.pk).part_role == "MODERATOR"


def test_a_role_goes_with_the_product_it_was_on(max_, notes, now):
    from feedback.forum.erasing import erase_product

    erase_product(product=notes, now=now)
    assert User.objects.get(pk=max_.pk).part_role == ""


def test_who_is_erased_has_no_role(ada, kit, client_of, now):
    from feedback.accounts.own_data.erasing import ask_erasure, erase_due

    ask_erasure(person=kit, keeps_words=True, actor=kit, now=now)
    erase_due(now=now)
    kit.refresh_from_db()
    assert kit.part_role == "" and not Right.objects.exists()


def test_a_product_does_not_hand_over_who_looks_after_a_board(kit):
    from feedback.accounts.handover.operations import refuse_team

    with pytest.raises(Refusal):
        refuse_team(kit)


# --- Offers ------------------------------------------------------------------------------------------------
def offered(client, role="MODERATOR", place="board:suggestions", mail_to=""):
    client.post(f"{PAGE}offers/", {"role": role, "place": place, "mail_to": mail_to})
    return f"/team/{Offer.objects.get().code}/"


def test_a_link_says_the_role_and_works_once(ada, ann, bo, board, client_of, client):
    link = offered(client_of(ada))
    assert link in client_of(ada).get(PAGE).content.decode()
    page = client.get(link).content.decode()
    assert "Moderator" in page and "Suggestions" in page and "Ada invites you" in page
    assert client.post(link).status_code == 302
    assert not Right.objects.exists()
    client_of(ann).post(link)
    ann.refresh_from_db()
    assert ann.part_role == "MODERATOR" and ann.rights.get().board == board
    assert client_of(bo).get(link).status_code == 404
    client_of(bo).post(link)
    bo.refresh_from_db()
    assert bo.part_role == ""
    assert link not in client_of(ada).get(PAGE).content.decode()


def test_a_link_that_cannot_be_mailed_is_there_all_the_same(ada, client_of, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    client = client_of(ada)
    link = offered(client, role="ANALYST", place="site", mail_to="una@example.org")
    page = client.get(PAGE).content.decode()
    assert "handed over to 127.0.0.1:9" in page and "Pass the link on yourself." in page
    assert link in page


def test_it_is_mailed_and_the_address_forgotten_once_it_is_taken(ada, ann, board, client_of):
    link = offered(client_of(ada), role="ANALYST", place="site", mail_to="una@example.org")
    assert mail.outbox[0].to == ["una@example.org"]
    assert link in mail.outbox[0].body and "Analyst" in mail.outbox[0].body
    assert "una@example.org" in client_of(ada).get(PAGE).content.decode()
    client_of(ann).post(link)
    assert Offer.objects.get().mailed_to == ""
    ann.refresh_from_db()
    assert ann.role == "ANALYST"


def test_it_ends_is_withdrawn_and_ends_with_its_maker(ada, ann, board, person, client_of, frozen):
    second = person("Zoe", role="ADMIN")
    link = offered(client_of(second))
    User.objects.filter(pk=second.pk).update(role="MEMBER")
    assert client_of(ann).get(link).status_code == 404
    User.objects.filter(pk=second.pk).update(role="ADMIN")
    assert client_of(ann).get(link).status_code == 200
    frozen.shift(dt.timedelta(days=8))
    assert client_of(ann).get(link).status_code == 404
    frozen.shift(dt.timedelta(days=-8))
    one = Offer.objects.get()
    client_of(ada).post(f"{PAGE}offers/{one.public_id}/withdraw/")
    assert client_of(ann).get(link).status_code == 404
    client_of(ann).post(link)
    assert not Right.objects.exists()


def test_nobody_is_less_by_a_link(ada, pia, board, client_of):
    link = offered(client_of(ada), role="ANALYST", place="site")
    client_of(pia).post(link)
    pia.refresh_from_db()
    assert pia.role == "MANAGER"


def test_it_lets_somebody_sign_up_where_that_takes_an_invitation(
    ada, board, client, client_of, settings
):
    settings.SIGN_UP = "invitation"
    link = offered(client_of(ada))
    page = client.get(link).content.decode()
    sign_up = re.search(r'href="(/accounts/signup/[^"]*)"', page)[1]
    form = client.get(sign_up)
    assert form.status_code == 200
    assert 'name="invitation"' not in form.content.decode()


def test_guessing_codes_costs_nothing_and_opens_nothing(client, db):
    for _try in range(40):
        assert client.get("/team/23456789abc/").status_code == 404
