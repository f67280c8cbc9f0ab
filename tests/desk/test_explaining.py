"""Summaries, parts, and posts that say too little, over HTTP."""

import datetime as dt

import pytest

from feedback.asks.decisions.confirm import confirm_ask
from feedback.asks.models import Ask, Decision, Membership, PlacementAttempt
from feedback.forum.models import Post
from feedback.grouping.models import Run
from tests.grouping.test_explaining import big, explain

__all__ = ["big", "explain"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(big, explain, pia, now):
    """A public ask of three parts."""
    ask, parts = big
    confirm_ask(ask=ask, actor=pia, now=now)
    night, sunset = parts["Night shift"][0], parts["Sunset"][0]
    explain(
        ask,
        parts,
        quotes=[(night.pk, "Night shift number 0"), (sunset.pk, "Sunset number 0")],
    )
    return ask


def test_a_part_becomes_an_ask_of_its_own_under_its_title(ask, desk):
    address = f"/desk/asks/{ask.public_id}/split/?part=2"
    assert address in desk.get(f"/desk/asks/{ask.public_id}/?part=2").content.decode()
    page = desk.get(address).content.decode()
    assert 'value="Sunset"' in page
    assert "Make a new ask of 3 posts" in page
    posts = ask.facets[1]["posts"]
    answer = desk.post(
        f"/desk/asks/{ask.public_id}/split/", {"post": posts, "title": "At sunset"}, follow=True
    )
    made = Ask.objects.get(split_from=ask)
    assert (made.title, made.post_count, made.state) == ("At sunset", 3, "PUBLIC")
    decision = Decision.objects.get(kind="SPLIT")
    assert f"/desk/decisions/{decision.public_id}/undo/" in answer.content.decode()


def test_a_part_that_is_not_there_splits_nothing_off(ask, desk):
    address = f"/desk/asks/{ask.public_id}/split/"
    assert desk.get(f"{address}?part=77").headers["Location"] == f"/desk/asks/{ask.public_id}/"
    desk.post(address, {"title": "Nothing"})
    assert not Decision.objects.filter(kind="SPLIT").exists()


def test_the_public_page_quotes_people_and_shows_what_is_inside(ask, client_of):
    address = f"/asks/{ask.public_id}/"
    page = client_of(None).get(address).content.decode()
    assert "In their words" in page
    assert "Night shift number 0</q>" in page
    assert "Inside this ask" in page
    assert "?part=2" in page
    part = client_of(None).get(address + "?part=2").content.decode()
    assert "3 posts: Sunset" in part
    assert "Contrast number 0" not in part
    assert client_of(None).get(address + "?part=77").status_code == 200


def test_the_list_of_asks_quotes_one_sentence(ask, client_of):
    page = client_of(None).get("/asks/").content.decode()
    assert "<q>Night shift number 0</q>" in page


def test_the_ask_on_the_desk_shows_its_parts_and_reads_one(ask, desk):
    page = desk.get(f"/desk/asks/{ask.public_id}/").content.decode()
    assert "Inside this ask" in page
    part = desk.get(f"/desk/asks/{ask.public_id}/?part=1").content.decode()
    assert "Night shift number 1" in part
    assert "Sunset number 1" not in part


def test_asks_on_the_desk_are_found_by_words_of_their_posts(ask, desk):
    found = desk.get("/desk/asks/?q=sunset").content.decode()
    assert f"/desk/asks/{ask.public_id}/" in found
    missing = desk.get("/desk/asks/?q=zeppelin").content.decode()
    assert f"/desk/asks/{ask.public_id}/" not in missing


# --- Posts that say too little -------------------------------------------------------------------------------
@pytest.fixture
def thanks(grouped, publish, person, now):
    """A post that only says thanks, and is marked so."""
    post = publish(person("Kind"), "Thanks!")
    PlacementAttempt.objects.update_or_create(
        post=post,
        defaults={
            "content_hash": post.content_hash,
            "model_key": Run.objects.get().model_key,
            "boilerplate": "courtesy",
            "looked_at": now,
        },
    )
    return post


def test_the_desk_tells_how_many_posts_say_too_little_and_lists_them(thanks, desk):
    assert "1 post is set aside" in desk.get("/desk/").content.decode()
    page = desk.get("/desk/too-little/").content.decode()
    assert "Thanks!" in page
    assert "thanks, praise or a greeting" in page


def test_only_the_team_sees_that_a_post_says_too_little(thanks, desk, client_of, ann):
    address = f"/posts/{thanks.public_id}/"
    assert "Says little by itself" in desk.get(address).content.decode()
    for person in (None, ann, thanks.author):
        assert "Says little" not in client_of(person).get(address).content.decode()
    assert client_of(ann).get("/desk/too-little/").status_code == 403


def test_it_can_be_grouped_anyway(thanks, desk, grouped, ask_of):
    address = f"/desk/posts/{thanks.public_id}/group/"
    ask = ask_of(grouped["dark"][0])
    found = desk.get(address + "?q=dark mode").content.decode()
    assert ask.title in found
    desk.post(address, {"to": ask.public_id})
    membership = Membership.objects.get(post=thanks)
    assert (membership.ask, membership.is_confirmed) == (ask, True)
    assert "set aside" not in desk.get("/desk/").content.decode()


def test_it_can_become_an_ask_of_its_own(thanks, desk):
    desk.post(f"/desk/posts/{thanks.public_id}/group/", {"title": "Say thanks back"})
    ask = Ask.objects.get(title="Say thanks back")
    assert (ask.state, ask.post_count) == ("PUBLIC", 1)


def test_a_moderator_does_not_group(thanks, client_of, mo):
    assert client_of(mo).get("/desk/too-little/").status_code == 200
    assert client_of(mo).post(f"/desk/posts/{thanks.public_id}/group/", {}).status_code == 403


# --- Since you were here ---------------------------------------------------------------------------------------
def test_the_inbox_tells_what_came_since_the_last_visit(
    grouped, desk, pia, now, frozen, publish, person, ask_of
):
    assert "In the last week:" in desk.get("/desk/").content.decode()
    confirm_ask(ask=ask_of(grouped["dark"][0]), actor=pia, now=now)
    frozen.shift(dt.timedelta(hours=5))
    publish(person("Later"), "Something newer")
    for _minutes in range(3):
        page = desk.get("/desk/").content.decode()
        assert "Since you were here" in page
        assert "1 new post" in page, "It says so for as long as the visit lasts."
        frozen.shift(dt.timedelta(minutes=10))
    frozen.shift(dt.timedelta(hours=1))
    assert "Since you were here" not in desk.get("/desk/").content.decode()


# --- Drawers -------------------------------------------------------------------------------------------------
@pytest.fixture
def moody(publish, person, product, now):
    """Three that say that it is bad and not what, one that praises."""
    found = []
    for number, (title, why) in enumerate(
        [("Bad", "mood"), ("Very bad", "mood"), ("So bad", "mood"), ("Love it", "praise")]
    ):
        post = publish(person(f"Person {number}"), title)
        Post.objects.filter(pk=post.pk).update(rating=1 if why == "mood" else 5)
        PlacementAttempt.objects.create(
            post=post,
            content_hash=post.content_hash,
            model_key="test",
            boilerplate=why,
            looked_at=now,
        )
        found.append(post)
    return found


def test_what_is_set_aside_lies_in_drawers_with_its_figures(desk, moody):
    page = desk.get("/desk/too-little/")
    assert [tab[3] for tab in page.context["tabs"]] == [4, 3, 1]
    mood = " ".join(desk.get("/desk/too-little/?drawer=mood").content.decode().split())
    assert "3 say that it is bad, and not what." in mood
    assert "1.0 stars on average" in mood
    assert "3 in the last four weeks, 0 in the four before" in mood
    assert "Love it" not in mood
    assert "Love it" in desk.get("/desk/too-little/?drawer=praise").content.decode()
    assert desk.get("/desk/too-little/?drawer=nonsense").status_code == 200


def test_the_author_alone_is_asked_what_is_wrong(client_of, moody, bo):
    address = f"/posts/{moody[0].public_id}/"
    assert "What is wrong?" in client_of(moody[0].author).get(address).content.decode()
    for reader in (bo, None):
        assert "What is wrong?" not in client_of(reader).get(address).content.decode()
    praise = moody[3]
    page = client_of(praise.author).get(f"/posts/{praise.public_id}/").content.decode()
    assert "What is wrong?" not in page
