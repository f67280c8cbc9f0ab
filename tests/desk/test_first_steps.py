"""The first steps of a new site, each ticked by what is really there."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend

from feedback.desk.first_steps.queries import first_steps
from feedback.forum.models import Product
from feedback.forum.products.operations import default_product

pytestmark = pytest.mark.django_db

STEPS = "/desk/first-steps/"
HREF = f'href="{STEPS}"'


@pytest.fixture
def desk(client_of, pia, now):
    default_product(now=now)
    return client_of(pia)


@pytest.fixture
def mail_server(settings):
    settings.HAS_MAIL_SERVER, settings.EMAIL_HOST, settings.EMAIL_PORT = True, "mail.example", 587


def ticked(client):
    page = client.get(STEPS).content.decode()
    return [bool(done) for done in re.findall(r'<li class="first-step( first-step--done)?">', page)]


def tab(client, page="/desk/"):
    found = re.search(r"Set up</span> <span[^>]*>(\d)/3<", client.get(page).content.decode())
    return found and int(found.group(1))


def test_a_new_site_has_nothing_ticked_and_says_so_on_the_desk(desk):
    assert ticked(desk) == [False, False, False]
    assert tab(desk) == tab(desk, "/desk/asks/") == 0
    page = desk.get(STEPS).content.decode()
    assert 'href="/desk/import/"' in page
    assert "EMAIL_URL=" in page


def test_home_leads_a_manager_there_until_they_are_put_away(desk, client_of, mo):
    assert HREF in desk.get("/").content.decode()
    assert HREF not in desk.get("/asks/").content.decode()
    for other in (client_of(None), client_of(mo)):
        assert HREF not in other.get("/").content.decode()
    desk.post("/desk/first-steps/away/")
    assert HREF not in desk.get("/").content.decode()


def test_a_desk_without_posts_leads_to_what_brings_some(desk, client_of, mo, ann, publish, embed):
    page = desk.get("/desk/").content.decode()
    assert "No posts yet" in page
    assert "Regroup now" not in page and "0 posts are" not in page
    assert f'class="button button--primary" {HREF}' in page
    assert (
        f'class="button button--primary" {HREF}' not in client_of(mo).get("/desk/").content.decode()
    )
    publish(ann)
    embed()
    cache.clear()
    page = desk.get("/desk/").content.decode()
    assert "Nothing waits for you" in page
    assert "without an answer" not in page


def test_the_tab_says_what_the_page_says(desk, ann, publish):
    assert tab(desk) == 0
    publish(ann)
    assert ticked(desk) == [False, True, False]
    assert tab(desk, STEPS) == 1


def test_naming_the_product_ticks_the_first(desk):
    answer = desk.post(STEPS, {"name": "Lumen, Inc.", "name_zh": "流明"})
    assert answer.status_code == 302
    product = Product.objects.get()
    assert (product.name, product.name_zh) == ("Lumen, Inc.", "流明")
    assert ticked(desk) == [True, False, False]
    assert tab(desk) == 1


@pytest.mark.parametrize("name", ["", "\u2800", "x" * 61])
def test_a_name_that_is_none_is_refused_with_what_was_typed(desk, name):
    answer = desk.post(STEPS, {"name": name, "name_zh": "流明"})
    assert answer.status_code == 422
    assert "流明" in answer.content.decode()
    assert Product.objects.get().name == "Heed"


def test_the_operators_name_for_the_site_is_a_name(client_of, pia, settings, now):
    settings.SITE_NAME = "Acme"
    default_product(now=now)
    assert ticked(client_of(pia)) == [True, False, False]


def test_a_post_of_ones_own_ticks_the_second_and_a_samples_does_not(desk, ann, publish, board):
    Product.objects.update(sample="living")
    publish(ann)
    assert ticked(desk) == [False, False, False]
    Product.objects.update(sample="")
    assert ticked(desk) == [False, True, False]


def test_a_mail_that_left_ticks_the_third(desk, pia, mail_server):
    assert "mail.example:587" in desk.get(STEPS).content.decode()
    assert ticked(desk) == [False, False, False]
    answer = desk.post("/desk/first-steps/mail/", follow=True)
    assert f"A mail to {pia.email} is on its way." in answer.content.decode()
    assert mail.outbox[-1].to == [pia.email]
    assert ticked(desk) == [False, False, True]


def test_another_mail_server_is_tried_anew(desk, mail_server, settings):
    desk.post("/desk/first-steps/mail/")
    assert first_steps().can_mail
    settings.EMAIL_HOST = "other.example"
    assert not first_steps().can_mail


def test_a_mail_server_that_refuses_is_quoted_and_ticks_nothing(desk, mail_server, monkeypatch):
    def refuse(self, messages):
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    page = desk.post("/desk/first-steps/mail/", follow=True).content.decode()
    assert "could not be handed over to mail.example:587" in page
    assert "Connection refused" in page
    assert ticked(desk) == [False, False, False]


def test_without_a_mail_server_a_file_is_no_tick(desk):
    desk.post("/desk/first-steps/mail/")
    assert ticked(desk) == [False, False, False]


def test_put_away_the_desk_says_no_more_of_them_until_they_are_taken_out(desk):
    page = desk.post("/desk/first-steps/away/", follow=True).content.decode()
    assert "Put away." in page
    assert tab(desk) is None
    page = desk.get(STEPS).content.decode()
    assert "You put these steps away." in page
    desk.post("/desk/first-steps/away/", {"away": "0"})
    assert tab(desk) == 0


def test_done_the_desk_says_no_more_of_them(desk, ann, publish, mail_server):
    desk.post(STEPS, {"name": "Lumen"})
    publish(ann)
    desk.post("/desk/first-steps/mail/")
    assert tab(desk) is None
    assert "All done." in desk.get(STEPS).content.decode()
    assert ticked(desk) == [True, True, True]


def test_only_who_may_do_them_sees_them(desk, client_of, mo):
    assert tab(client_of(mo)) is None
    assert client_of(mo).get(STEPS).status_code == 403


def test_where_all_products_are_samples_the_page_stands(desk):
    Product.objects.update(sample="living")
    assert desk.get(STEPS).status_code == 200
    assert desk.post(STEPS, {"name": "Lumen"}).status_code == 200
    assert Product.objects.get().name == "Heed"
