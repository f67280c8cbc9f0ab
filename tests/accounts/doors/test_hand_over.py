"""A product's token opens the forum as its user, with what the product says of them."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from feedback.accounts.models import JoiningWishes, ProductAccount, User
from feedback.journal.models import Entry
from tests.accounts.doors.product import Product, gone_on, opened, who

pytestmark = pytest.mark.django_db


@pytest.fixture
def app(ada):
    return Product(ada)


def test_a_new_person_is_asked_once_and_comes_in(app, client):
    token = app.token(email="cleo@acme.example", email_verified=True, language="zh-CN")
    page = opened(client, token)
    assert page.status_code == 200 and "Go on as Cleo?" in page.content.decode()
    assert not User.objects.filter(display_name="Cleo").exists()  # a look changes nothing
    assert page.headers["Cache-Control"].startswith("max-age=0")
    answer = gone_on(client, token)
    assert answer.status_code == 302 and answer["Location"] == "/"
    assert who(client) == "Cleo"
    person = User.objects.get(display_name="Cleo")
    assert (person.role, person.language, person.email) == (
        "MEMBER",
        "zh-hans",
        "cleo@acme.example",
    )
    assert EmailAddress.objects.get(user=person).verified
    said = ProductAccount.objects.get(person=person)
    assert (said.plan, said.product_version, said.device) == ("Pro", "5.2.1", "Xiaomi 14")
    assert Entry.objects.filter(verb="accounts.handed-over", subject_id=person.pk).count() == 1


def test_the_same_browser_comes_in_without_a_question_and_another_is_asked(app, client, client_of):
    gone_on(client, app.token())
    client.post("/accounts/logout/")
    assert who(client) == ""
    answer = opened(client, app.token(plan="Team", next="/roadmap/"))
    assert answer.status_code == 302 and answer["Location"] == "/roadmap/"
    assert who(client) == "Cleo"
    assert ProductAccount.objects.get().plan == "Team"
    another = client_of(None)
    assert opened(another, app.token()).status_code == 200 and who(another) == ""
    assert User.objects.filter(display_name="Cleo").count() == 1


def test_nobody_is_signed_in_as_another_without_being_asked(app, client, client_of, bo):
    """A link of somebody else, put on a page of theirs, has nobody write under their name."""
    gone_on(client, app.token(sub="43", name="Mallory"))
    victim = client_of(bo)
    page = opened(victim, app.token(sub="43", name="Mallory"))
    assert page.status_code == 200 and "Here you are signed in as Bo" in page.content.decode()
    assert who(victim) == "Bo"
    other_site = client_of(bo, enforce_csrf_checks=True)
    token = app.token(sub="43", name="Mallory")
    assert other_site.post("/hand-over/", {"token": token}).status_code == 200
    assert gone_on(other_site, token).status_code == 403
    assert who(other_site) == "Bo"
    assert gone_on(victim, token).status_code == 302  # asked, and meant
    assert who(victim) == "Mallory"


def test_going_back_to_a_used_link_goes_on_for_who_is_signed_in_and_for_nobody_else(
    app, client, client_of
):
    token = app.token(next="/roadmap/")
    gone_on(client, token)
    assert opened(client, token)["Location"] == "/roadmap/"
    stranger = client_of(None)
    page = opened(stranger, token)
    assert page.status_code == 403 and "used already" in page.content.decode()


def test_what_a_product_says_changes_with_each_link_also_for_who_is_here_already(app, client):
    gone_on(client, app.token())
    assert opened(client, app.token(version="6.0", device=None)).status_code == 302
    said = ProductAccount.objects.get()
    assert (said.product_version, said.device) == ("6.0", "")


def test_it_leads_to_a_page_of_ours_and_nowhere_else(app, client):
    for where in (
        "https://evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "\\\\evil.example",
        "/\\evil.example",
        "roadmap",
        7,
    ):
        assert gone_on(client, app.token(next=where))["Location"] == "/", where


# --- Whose account it is ------------------------------------------------------------------------------------------------
def test_an_address_that_both_have_checked_finds_the_account_that_is_there(app, client, ann):
    EmailAddress.objects.create(user=ann, email="ann@example.org", verified=True, primary=True)
    gone_on(client, app.token(email="Ann@Example.org", email_verified=True))
    assert who(client) == "Ann"
    assert ProductAccount.objects.get().person == ann


@pytest.mark.parametrize(
    ("here", "there"), [(False, True), (True, False), (True, "true"), (True, None)]
)
def test_nobody_gets_an_account_by_an_address_that_is_not_checked(app, client, ann, here, there):
    EmailAddress.objects.create(user=ann, email="ann@example.org", verified=here, primary=True)
    gone_on(client, app.token(email="ann@example.org", email_verified=there))
    assert who(client) == "Cleo"
    assert ProductAccount.objects.get().person.email is None  # it is Ann's


def test_a_product_opens_no_desk(app, client, pia, mo):
    for member, sub in ((pia, "1"), (mo, "2")):
        EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
        token = app.token(sub=sub, email=member.email, email_verified=True)
        for page in (opened(client, token), gone_on(client, token)):
            assert page.status_code == 403
            assert "Who belongs to the team signs in here" in page.content.decode()
    gone_on(client, app.token(role="ADMIN", is_staff=True))
    assert User.objects.get(display_name="Cleo").role == "MEMBER"
    User.objects.filter(display_name="Cleo").update(role="MODERATOR")
    client.post("/accounts/logout/")
    assert opened(client, app.token()).status_code == 403  # who has become one of the team
    assert not who(client)


def test_who_is_suspended_is_told_so(app, client, now):
    gone_on(client, app.token())
    User.objects.filter(display_name="Cleo").update(suspended_until=now.replace(year=now.year + 1))
    page = gone_on(client, app.token())
    assert page.status_code == 403 and "You cannot sign in" in page.content.decode()
    assert not who(client)


def test_a_second_step_is_asked_for(app, client, ann):
    EmailAddress.objects.create(user=ann, email="ann@example.org", verified=True, primary=True)
    TOTP.activate(ann, generate_totp_secret())
    answer = gone_on(client, app.token(email="ann@example.org", email_verified=True))
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert not who(client)


def test_two_products_may_call_two_people_the_same(app, client, client_of, ada):
    gone_on(client, app.token())
    gone_on(client_of(None), Product(ada, "other-app").token(name="Dan"))
    assert ProductAccount.objects.count() == 2
    assert User.objects.filter(display_name__in=["Cleo", "Dan"]).count() == 2


def test_the_rules_are_accepted_where_the_owner_wants_it(app, client):
    JoiningWishes.objects.create(has_tick=True)
    token = app.token()
    assert "accepts_rules" in opened(client, token).content.decode()
    refused = gone_on(client, token)
    assert refused.status_code == 422 and "Read the rules" in refused.content.decode()
    assert gone_on(client, token, accepts_rules="on").status_code == 302
    assert User.objects.get(display_name="Cleo").rules_accepted_at is not None


# --- What the team and the person have of it -----------------------------------------------------------------------------
def test_the_version_stands_in_the_form_and_the_plan_beside_the_post_for_the_team(
    app, client, client_of, board, mo, bo, publish
):
    gone_on(client, app.token())
    assert 'value="5.2.1"' in client.get("/posts/new/").content.decode()
    post = publish(User.objects.get(display_name="Cleo"))
    for path in (f"/posts/{post.public_id}/", f"/people/{post.author.public_id}/"):
        assert "Xiaomi 14" in client_of(mo).get(path).content.decode()
        for other in (client_of(bo), client_of(None), client):
            assert "Xiaomi 14" not in other.get(path).content.decode()


def test_the_plan_stands_beside_the_post_on_the_desk(app, client, client_of, mo, publish, make_ask):
    gone_on(client, app.token())
    ask = make_ask(publish(User.objects.get(display_name="Cleo")))
    page = client_of(mo).get(f"/desk/asks/{ask.public_id}/").content.decode()
    assert "Plan Pro" in page


@pytest.mark.parametrize(
    "name", ["", None, "x" * 5000, "\u202e<script>alert(1)</script>", ["a"], {"a": 1}, 7]
)
def test_what_a_product_says_of_a_person_is_only_words(app, client, name):
    token = app.token(name=name, plan=name, device=name, language=name, email=name)
    if len(token) > 4000:
        assert opened(client, token).status_code == 403
        return
    page = opened(client, token)
    assert page.status_code == 200 and "<script>alert" not in page.content.decode()
    assert gone_on(client, token).status_code == 302
    assert client.get("/settings/").status_code == 200
