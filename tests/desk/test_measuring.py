"""The desk's pages of quality and trends over HTTP."""

import datetime as dt

import pytest

from feedback.asks.models import Membership
from feedback.grouping.models import EncoderModel
from feedback.measure.models import Alert, Calibration, Judgement
from feedback.measure.quality import queries as quality
from feedback.measure.quality.readings import take_reading

pytestmark = pytest.mark.django_db


def judge(client, do, *, kind="belongs", at=0):
    """Open the next case and say something of it; return the page that follows."""
    page = client.get(f"/desk/quality/judge/?kind={kind}&at={at}")
    case = page.context["case"]
    assert case is not None
    return client.post(
        "/desk/quality/judge/answer/",
        {"kind": kind, "at": at, "case": case["token"], "do": do},
        follow=True,
    )


def test_the_page_says_how_many_judgements_are_missing(grouped, desk):
    page = desk.get("/desk/quality/").content.decode()
    assert f"{quality.ENOUGH} more judgements" in page
    assert "100%" not in page.split("Alone")[0]


def test_a_site_without_a_model_says_what_comes(desk):
    assert "Nothing to measure yet" in desk.get("/desk/quality/").content.decode()


def test_ten_are_judged_one_after_the_other(grouped, desk, pia):
    for at in range(10):
        page = judge(desk, "yes", at=at)
    assert Judgement.objects.filter(person=pia, verdict="SAME").count() == 10
    assert "Ten judged" in page.content.decode()
    assert "10" in desk.get("/desk/quality/").content.decode()


def test_twenty_are_judged_where_the_address_says_so(grouped, desk):
    page = desk.get("/desk/quality/judge/?kind=belongs&of=20")
    assert (page.context["total"], page.context["at"]) == (20, 0)
    form = {"kind": "belongs", "at": 9, "of": 20, "case": page.context["case"]["token"]}
    answer = desk.post("/desk/quality/judge/answer/", {**form, "do": "yes"})
    assert answer.url == "/desk/quality/judge/?kind=belongs&at=10&of=20"
    assert "11 of 20" in desk.get(answer.url).content.decode()
    done = desk.get("/desk/quality/judge/?kind=belongs&at=20&of=20").content.decode()
    assert "Twenty judged" in done
    assert "of=20" in desk.get("/desk/quality/").content.decode()
    assert desk.get("/desk/quality/judge/?of=900").context["total"] == 10


def test_the_machines_likeness_is_not_told(grouped, desk):
    page = desk.get("/desk/quality/judge/")
    row = Membership.objects.get(post=page.context["case"]["post"], ask=page.context["case"]["ask"])
    assert f"{round(row.score * 100)}%" not in page.content.decode()
    assert "like its closest" not in page.content.decode()


def test_a_no_offers_to_take_the_post_out_and_to_take_it_back(grouped, desk):
    page = judge(desk, "no")
    assert "take the post out" in page.content.decode()
    last = Judgement.objects.get()
    answer = desk.post(
        "/desk/quality/judge/follow/",
        {"kind": "belongs", "at": 1, "judgement": last.pk},
        follow=True,
    )
    assert "left the ask" in answer.content.decode()
    assert not Membership.objects.filter(post=last.post).exists()
    undo = next(m.extra_tags for m in answer.context["messages"]).removeprefix("undo:")
    desk.post(undo)
    assert Membership.objects.filter(post=last.post, ask=last.ask).exists()


def test_the_last_word_is_taken_back(grouped, desk):
    judge(desk, "no")
    desk.post("/desk/quality/judge/answer/", {"kind": "belongs", "at": 1, "do": "back"})
    assert not Judgement.objects.exists()


def test_a_case_nobody_drew_is_not_taken(grouped, desk, client_of, mo):
    token = desk.get("/desk/quality/judge/").context["case"]["token"]
    for client, case in ((desk, "made up"), (client_of(mo), token)):
        answer = client.post(
            "/desk/quality/judge/answer/", {"case": case, "do": "yes", "at": "0"}, follow=True
        )
        assert "too old" in answer.content.decode()
    assert not Judgement.objects.exists()


def test_a_moderator_judges_and_does_not_decide(grouped, client_of, mo):
    client = client_of(mo)
    page = judge(client, "no")
    assert "take the post out" not in page.content.decode()
    last = Judgement.objects.get()
    assert client.post("/desk/quality/judge/follow/", {"judgement": last.pk}).status_code == 403


def test_anothers_judgement_is_not_followed_up(grouped, desk, client_of, mo):
    judge(client_of(mo), "no")
    number = Judgement.objects.get().pk
    assert desk.post("/desk/quality/judge/follow/", {"judgement": number}).status_code == 404
    assert desk.post("/desk/quality/judge/follow/", {"judgement": "x"}).status_code == 404


@pytest.mark.parametrize("at", ["-1", "x", "٣", "9" * 5000, ""])
def test_a_strange_place_in_the_sitting_is_the_first(grouped, desk, at):
    page = desk.get("/desk/quality/judge/", {"at": at})
    assert page.status_code == 200
    assert page.context["number"] == 1


def test_pairs_apart_are_judged_too(product, grouped, desk, now, monkeypatch):
    take_reading(product=product, now=now)
    page = judge(desk, "yes", kind="missed")
    assert "they belong together" in page.content.decode()
    assert Judgement.objects.get().kind == "PAIR"
    monkeypatch.setattr(quality, "ENOUGH", 1)
    page = desk.get("/desk/quality/")
    assert "By how alike" in page.content.decode()
    assert page.context["columns"][0]["twins"].share is not None


def test_the_threshold_is_told_with_what_it_rests_on(product, grouped, desk, now):
    Calibration.objects.create(
        product=product,
        model_key=EncoderModel.objects.get().model_key,
        threshold=0.43,
        precision_wanted=0.9,
        precision_found=0.93,
        precision_low=0.9,
        judged_count=214,
        calibrated_at=now,
    )
    page = desk.get("/desk/quality/").content.decode()
    assert "from similarity 0.43" in page
    assert "of 214 judged ones" in page
    assert "(89% to 96%)" in page


def test_figures_are_drawn_over_time_with_their_table(product, grouped, desk, now, frozen):
    take_reading(product=product, now=now)
    frozen.shift(25 * 3600)
    take_reading(product=product, now=now + dt.timedelta(hours=25))
    page = desk.get("/desk/quality/").content.decode()
    assert "Over time" in page
    assert "As a table" in page


# --- Trends ---------------------------------------------------------------------------------------------


@pytest.fixture
def alert(grouped, ask_of, now):
    """An alert about the dark mode."""
    post = grouped["dark"][0]
    return Alert.objects.create(
        kind="GROWTH",
        ask=ask_of(post),
        fingerprint="growth:dark",
        strength=2.4,
        people_count=14,
        evidence={
            "first": "2026-02-28",
            "last": "2026-03-06",
            "posts": 16,
            "past": 20,
            "past_days": 56,
            "expected": 2.5,
            "raw": 6.4,
            "ratio": 6.4,
            "version": "",
            "versions": [["2.1.0", 9]],
            "votes": 3,
            "sample": [post.public_id],
        },
        raised_at=now,
    )


def test_trends_show_alerts_with_their_evidence(alert, desk):
    page = desk.get("/desk/trends/").content.decode()
    assert alert.ask.title in page
    assert "16 posts by 14 people" in page
    assert "2.5 would have come" in page
    assert "at least 2.4 times" in page
    assert "2.1.0 (9)" in page
    assert f"/posts/{alert.evidence['sample'][0]}/" in page


def test_the_inbox_and_the_ask_tell_of_it(alert, desk):
    assert "1 ask stands out" in desk.get("/desk/").content.decode()
    assert (
        "16 posts by 14 people" in desk.get(f"/desk/asks/{alert.ask.public_id}/").content.decode()
    )


def test_seen_leaves_the_inbox_and_comes_back(alert, desk, pia):
    address = f"/desk/trends/{alert.public_id}/seen/"
    desk.post(address, {"do": "seen"})
    assert "stands out:" not in desk.get("/desk/").content.decode()
    assert f"seen by {pia.name}" in desk.get("/desk/trends/").content.decode()
    desk.post(address, {"do": "undo", "next": "https://elsewhere.example/"})
    assert "1 ask stands out" in desk.get("/desk/").content.decode()


def test_an_unknown_alert_is_not_there(desk):
    assert desk.post("/desk/trends/zzzzzzzzzz/seen/").status_code == 404


@pytest.mark.parametrize("query", ["", "?sort=people", "?sort=x&version=%00", "?version=9.9"])
def test_trends_open_whatever_is_asked(grouped, desk, query):
    assert desk.get(f"/desk/trends/{query}").status_code == 200


def test_trends_of_an_empty_board(desk):
    assert "No dated posts yet" in desk.get("/desk/trends/").content.decode()
