"""What reads like an advert by somebody who is not known here waits; what speaks of money, adverts or addresses does not."""

import datetime as dt

import pytest

from feedback.accounts.models import Standing, User
from feedback.forum.models import Case, HoldingWishes, Post

ADVERTS = [
    "Casino bonus for every new player, no deposit needed. WhatsApp +44 7700 900123",
    "Earn 300 dollars per day from home, no experience needed. WhatsApp +44 7700 900124",
    "低息贷款，无抵押，当天放款，不看征信，加微信 dk88666",
    "招兼职，日结，一天三百，手机就能做，加QQ 884422119",
    "代开发票，各地都有，真票可查，联系电话 13700001234",
]
#: What is enough only while many come.
DOUBTFUL = "Cheap followers for everybody, good price"
HONEST = [
    "Please stop the casino ads, they are full of scams",
    "My phone number +44 7700 900123 gets no code, contact me at ann@example.org",
    "手机号13812345678收不到验证码，请联系我",
    "希望可以用微信登录，也可以分享到微信群",
    "贷款页面的利率算错了",
]


def send(client, body, title="Something for all of you"):
    words = {"title": title, "body": body, "kind": "SUGGESTION", "board": "suggestions"}
    return client.post("/posts/new/", words, follow=True)


@pytest.fixture
def here_for(now):
    """Have a person be here for so many days."""

    def age(person, days):
        User.objects.filter(pk=person.pk).update(joined_at=now - dt.timedelta(days=days))
        return User.objects.get(pk=person.pk)

    return age


def test_an_advert_waits_and_its_author_and_the_team_read_why(ann, mo, board, client_of):
    send(client_of(ann), ADVERTS[0])
    sent = Post.objects.get()
    assert (sent.state, Case.objects.get().held_for) == ("HELD", ["ADVERT"])
    for reader, address in (
        (ann, f"/posts/{sent.public_id}/"),
        (mo, "/desk/moderation/?kind=held"),
    ):
        assert "It reads like an advert" in client_of(reader).get(address).content.decode()


@pytest.mark.parametrize("said", HONEST)
def test_who_speaks_of_money_adverts_or_addresses_stands(said, ann, board, client_of):
    send(client_of(ann), said, title="About this")
    assert Post.objects.get().state == "PUBLISHED"


def test_a_comment_and_an_edit_wait_too(ann, bo, board, publish, client_of, frozen):
    mine = publish(ann, "Dark mode")
    client_of(ann).post(f"/posts/{mine.public_id}/comments/", {"body": ADVERTS[2]})
    frozen.shift(60)
    words = {"title": "Dark mode", "body": ADVERTS[1], "kind": "SUGGESTION"}
    client_of(ann).post(f"/posts/{mine.public_id}/edit/", words)
    assert [one.held_for for one in Case.objects.order_by("pk")] == [["ADVERT"], ["ADVERT", "EDIT"]]


def test_who_waited_for_days_is_not_known_by_that_but_by_what_came_of_them(
    ann, board, client_of, here_for
):
    aged = here_for(ann, 30)
    send(client_of(aged), ADVERTS[1])
    assert Post.objects.get().state == "HELD"
    Standing.objects.create(person=aged, counts={"answers": 1})
    send(client_of(aged), ADVERTS[3])
    assert Post.objects.order_by("-pk")[0].state == "PUBLISHED"


def test_while_many_send_adverts_less_is_enough(ann, person, board, client_of):
    for number, said in enumerate(ADVERTS[:5]):
        send(client_of(person(f"P{number}")), said)
    send(client_of(ann), DOUBTFUL)
    assert Post.objects.get(author=ann).state == "HELD"


def test_what_the_team_publishes_were_no_adverts(ann, mo, person, board, client_of, ruled):
    for number, said in enumerate(ADVERTS[:5]):
        send(client_of(person(f"P{number}")), said)
    ruled(Case.objects.order_by("pk")[0], mo, "KEEP")
    send(client_of(ann), DOUBTFUL)
    assert Post.objects.get(author=ann).state == "PUBLISHED"


def test_the_same_words_stand_while_nobody_else_sends_adverts(ann, board, client_of):
    send(client_of(ann), DOUBTFUL)
    assert Post.objects.get().state == "PUBLISHED"


def test_a_site_about_such_things_can_leave_it(ann, board, client_of):
    HoldingWishes.objects.create(holds_adverts=False)
    send(client_of(ann), ADVERTS[0])
    assert Post.objects.get().state == "PUBLISHED"
