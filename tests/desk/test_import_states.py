"""What the states of a file become: seen and confirmed on the page, done by the worker, told, stopped, killed and undone."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from feedback.accounts.models import User
from feedback.asks.answers import answer_ask
from feedback.asks.models import Answer, Ask, Bond, Decision, Membership
from feedback.asks.stages import Stage
from feedback.forum.models import Comment, Post
from feedback.importing.imports import working
from feedback.importing.models import Import
from feedback.journal import operations as journal
from feedback.kernel.leases import Lease, TakenOver
from feedback.notify.models import Notice
from feedback.roadmap.models import Item
from tests.desk.bringing import desk as desk
from tests.desk.bringing import page_of, start

pytestmark = pytest.mark.django_db

FIDER = (Path(__file__).parents[1] / "importing" / "sources" / "fider.csv").read_bytes()
#: The states of that file in the order in which the page lists them become these by themselves.
USUAL = {"planned": "PLANNED", "completed": "SHIPPED", "declined": "DECLINED"}
BOARD = """id,title,status
1,Dark mode,Next
2,Widgets for the phone,Out
3,Export as text,Next
4,Sync by cable,Somewhere
"""


@pytest.fixture
def fider(bring, run_jobs):
    """An export of a known tool that has been looked at."""
    one = bring(FIDER, "fider.csv")
    run_jobs()
    one.refresh_from_db()
    return one


def chosen(one, **stages):
    """Return the form's words for a map: its usual one, but for ``stages`` by state."""
    found = one.found["states"]
    words = {"makes_asks": "on"}
    for at, (state, _count) in enumerate(found["listed"]):
        usual = found["usual"].get(state.lower(), "")
        words[f"state-{at}"] = stages.get(state.lower(), usual)
    return words


def stage_of(external_id):
    return Membership.objects.get(post__external_id=external_id).ask.stage


def test_the_columns_of_a_known_tool_are_folded_away_until_somebody_says_more(
    fider, desk, run_jobs
):
    folded = '<details class="twin">\n    <summary>What each column is taken for'
    assert folded in page_of(desk, fider)
    columns = {f"column-{at}": one["field"] for at, one in enumerate(fider.found["columns"])}
    desk.post(f"/desk/import/{fider.public_id}/say/", columns | {"column-5": ""})
    run_jobs()
    page = page_of(desk, fider)
    assert "What each column is taken for" in page
    assert folded not in page


def test_the_page_shows_what_the_states_of_a_known_tool_become(fider, desk):
    page = page_of(desk, fider)
    found = fider.found["states"]
    assert "What their states become" in page
    assert 'id="id_makes_asks" checked' in page or "checked" in page.split("makes_asks")[1][:80]
    assert {state.lower() for state, _count in found["listed"]} >= set(USUAL)
    assert found["usual"].items() >= USUAL.items()
    assert page.count('<option value="PLANNED" selected>') == 1
    assert "3 rows have an official answer" in page
    assert "1 row was merged into another" in page
    assert not Post.objects.exists()


def test_the_worker_makes_asks_of_the_map_and_tells_what_came_of_it(
    fider, desk, run_jobs, pia, now
):
    assert start(desk, fider, **chosen(fider)).status_code == 302
    run_jobs()
    page = page_of(desk, fider)
    assert fider.state == "DONE", fider.error
    for words in (
        "3 asks confirmed",
        "3 asks brought to their stage",
        "2 official answers given",
        "1 merged post kept together",
        "Nobody was told",
    ):
        assert words in page
    assert [stage_of(one) for one in "134"] == [Stage.PLANNED, Stage.SHIPPED, Stage.DECLINED]
    assert set(Decision.objects.values_list("actor", flat=True)) == {pia.pk}
    assert Item.objects.count() == 2
    while journal.deliver_due(now=now):
        pass
    assert not Notice.objects.exists()


def test_another_map_is_taken_as_it_was_confirmed(fider, desk, run_jobs):
    start(desk, fider, **chosen(fider, planned="BETA", declined=""))
    run_jobs()
    fider.refresh_from_db()
    assert fider.stages["declined"] == ""
    assert stage_of("1") == Stage.BETA
    # Its official answer makes an ask of it whatever its state.
    assert stage_of("4") == Stage.UNDER_REVIEW
    assert Answer.objects.filter(ask__medoid__external_id="4").exists()


def test_nothing_is_decided_unless_somebody_says_so(fider, desk, run_jobs):
    words = chosen(fider)
    del words["makes_asks"]
    start(desk, fider, **words)
    run_jobs()
    assert "bring the file again" in page_of(desk, fider)
    assert Post.objects.count() == 5
    assert not Ask.objects.exists()


def test_states_of_any_file_are_offered_and_off(bring, desk, run_jobs):
    one = bring(BOARD, "board.csv")
    run_jobs()
    page = page_of(desk, one)
    assert one.found["states"]["listed"][0] == ["Next", 2]
    assert "checked" not in page.split('name="makes_asks"')[1][:80]
    empty = start(desk, one, makes_asks="on")
    assert empty.status_code == 422
    assert "Choose a stage for one state at least" in empty.content.decode()
    words = chosen(one, next="PLANNED", out="SHIPPED") | {"state-9": "PLANNED"}
    assert start(desk, one, **words).status_code == 302
    run_jobs()
    assert stage_of("1") == stage_of("3") == Stage.PLANNED
    assert stage_of("2") == Stage.SHIPPED
    assert not Membership.objects.filter(post__external_id="4").exists()


def test_what_is_no_stage_is_refused(fider, desk):
    assert start(desk, fider, **chosen(fider, planned="SOMEDAY")).status_code == 422
    fider.refresh_from_db()
    assert fider.state == "READY"


def test_a_file_without_states_says_nothing_of_them(bring, desk, run_jobs):
    one = bring()
    run_jobs()
    assert "What their states become" not in page_of(desk, one)


def test_the_most_frequent_states_are_listed_and_the_others_say_so(bring, desk, run_jobs):
    rows = [f"{n},Wish number {n} of many,S{n % 30}" for n in range(75)]
    one = bring("id,title,status\n" + "\n".join(rows), "many.csv")
    run_jobs()
    page = page_of(desk, one)
    found = one.found["states"]
    assert (len(found["listed"]), found["more"], found["more_rows"]) == (20, 10, 20)
    assert "10 more, of 20 rows, become nothing" in page
    start(desk, one, **chosen(one, s1="PLANNED"))
    run_jobs()
    assert Ask.objects.count() == 3
    assert "10 states that were not listed became nothing" in page_of(desk, one)


def test_too_many_states_are_none(bring, desk, run_jobs):
    rows = [f"{n},Wish number {n} of many,Wording {n}" for n in range(70)]
    one = bring("id,title,status\n" + "\n".join(rows), "many.csv")
    run_jobs()
    page = page_of(desk, one)
    assert "holds too many different values to be states" in page
    assert "Make asks of them" not in page


def test_a_worker_that_is_killed_goes_on_behind_the_last_ask(fider, desk, run_jobs, monkeypatch):
    """What a killed worker did not write is not there; what it wrote is neither lost nor counted twice."""
    start(desk, fider, **chosen(fider))
    renew, asks = Lease.renew, []

    def killed(self, **values):
        if "decided" in values:
            asks.append(values["decided"]["asks"])
            if len(asks) == 2:
                raise TakenOver
        renew(self, **values)

    monkeypatch.setattr(Lease, "renew", killed)
    working.work_on_next(now=dt.datetime.now(dt.UTC))
    fider.refresh_from_db()
    assert fider.state == "RUNNING"
    assert Ask.objects.count() == fider.decided["asks"] == 1
    assert "Making asks of their states" in page_of(desk, fider)
    monkeypatch.undo()
    Import.objects.update(leased_until=None)
    run_jobs()
    fider.refresh_from_db()
    assert fider.state == "DONE", fider.error
    figures = {
        name: fider.decided[name] for name in ("asks", "moved", "answers", "together", "left")
    }
    assert figures == {"asks": 3, "moved": 3, "answers": 2, "together": 1, "left": 0}
    assert (Ask.objects.count(), Answer.objects.count(), Bond.objects.count()) == (3, 2, 1)
    assert Post.objects.count() == 5


def test_it_is_stopped_and_goes_on(fider, desk, run_jobs, monkeypatch):
    monkeypatch.setattr(working, "LOOKS_EVERY", 0.0)
    start(desk, fider, **chosen(fider))
    renew = Lease.renew

    def then_stop(self, **values):
        renew(self, **values)
        if values.get("decided", {}).get("asks") == 1 and values["decided"]["through"] < 3:
            Import.objects.filter(pk=fider.pk).update(state="STOPPED")

    monkeypatch.setattr(Lease, "renew", then_stop)
    run_jobs()
    monkeypatch.undo()
    fider.refresh_from_db()
    assert fider.state == "STOPPED"
    assert Ask.objects.count() == 1
    assert desk.post(f"/desk/import/{fider.public_id}/go-on/").status_code == 302
    run_jobs()
    fider.refresh_from_db()
    assert (fider.state, fider.decided["asks"], Ask.objects.count()) == ("DONE", 3, 3)


def test_undoing_takes_all_of_it_along(fider, desk, run_jobs, pia):
    start(desk, fider, **chosen(fider))
    run_jobs()
    assert (
        "Nobody here has voted"
        in desk.get(f"/desk/import/{fider.public_id}/undo/").content.decode()
    )
    desk.post(f"/desk/import/{fider.public_id}/undo/")
    run_jobs()
    fider.refresh_from_db()
    assert fider.state == "UNDONE", fider.error
    for model in (Post, Ask, Item, Decision, Bond, Answer):
        assert not model.objects.exists(), model
    assert not User.objects.exclude(pk=pia.pk).exists()


def test_asks_of_posts_that_were_here_before_go_and_the_posts_stay(
    bring, fider, desk, run_jobs, pia, now
):
    """A file is brought without asks, then again with them; undoing the second leaves what the first had brought."""
    start(desk, fider, source="fider")
    run_jobs()
    assert not Ask.objects.exists()
    again = bring(FIDER, "fider.csv")
    run_jobs()
    again.refresh_from_db()
    start(desk, again, **(chosen(again) | {"source": "fider"}))
    run_jobs()
    assert Ask.objects.count() == 3
    kept = Ask.objects.get(medoid__external_id="3")
    answer_ask(ask=kept, body="It is out, enjoy.", actor=pia, now=now + dt.timedelta(days=1))
    asked = desk.get(f"/desk/import/{again.public_id}/undo/").content.decode()
    assert "3 asks that it made of posts which were here before go too" in asked
    assert "1 of these asks has been answered, moved or decided about since" in asked
    desk.post(f"/desk/import/{again.public_id}/undo/")
    run_jobs()
    again.refresh_from_db()
    assert (again.state, again.undone_asks) == ("UNDONE", 2), again.error
    assert list(Ask.objects.all()) == [kept]
    assert Post.objects.count() == 5
    assert Item.objects.count() == 1
    assert "2 asks of posts that were here before are gone too" in page_of(desk, again)
    desk.post(f"/desk/import/{again.public_id}/undo/", {"touched": "on"})
    run_jobs()
    assert not Ask.objects.exists()
    assert Post.objects.count() == 5


def test_a_mended_row_is_decided_by_its_state_too(bring, desk, run_jobs):
    text = "id,title,stars,status\n1,Dark mode,4,Next\n2,Widgets,1,Next\n3,Export,3,Out\n4,Sync,x,Out\n"
    one = bring(text, "board.csv")
    run_jobs()
    one.refresh_from_db()
    start(desk, one, **chosen(one, out="PLANNED"))
    run_jobs()
    row = one.refused_rows.get()
    columns = [column["name"] for column in one.found["columns"]]
    desk.post(
        f"/desk/import/{one.public_id}/refused/",
        {"row": row.pk, f"cell-{columns.index('stars')}": "4"},
    )
    run_jobs()
    assert stage_of("4") == Stage.PLANNED
    assert "2 asks confirmed" in page_of(desk, one)


def test_asks_are_made_in_nobody_s_name_who_may_not(fider, desk, run_jobs, pia):
    start(desk, fider, **chosen(fider))
    User.objects.filter(pk=pia.pk).update(role="MEMBER")
    run_jobs()
    fider.refresh_from_db()
    assert fider.state == "FAILED"
    assert "no product manager any more" in fider.error
    assert Post.objects.count() == 5
    assert not Ask.objects.exists()


def test_why_a_column_is_not_something_is_said_in_one_language(desk, run_jobs):
    text = "id,内容,rating\n" + "\n".join(f"{n},请增加深色模式{n},{n}" for n in range(30))
    file = SimpleUploadedFile("votes.csv", text.encode())
    answer = desk.post("/desk/import/", {"file": file}, headers={"accept-language": "zh-hans"})
    run_jobs()
    one = Import.objects.get(public_id=answer["Location"].split("/")[-2])
    whys = [column["why"] for column in one.found["columns"]]
    assert any(why.startswith("不是“评分”：") for why in whys), whys
    assert not any("stars" in why for why in whys)


def test_replies_under_posts_that_were_here_before_go_with_their_file(bring, desk, run_jobs):
    sources = Path(__file__).parents[1] / "importing" / "sources"
    imports = []
    for name in ("canny.json", "canny-comments.json"):
        one = bring((sources / name).read_bytes(), name)
        run_jobs()
        start(desk, one, source="canny")
        run_jobs()
        one.refresh_from_db()
        assert one.state == "DONE", one.error
        imports.append(one)
    _posts, replies = imports
    before, people = Comment.objects.count(), User.objects.count()
    assert replies.comments > 0
    assert replies.made == 0
    undo = f"/desk/import/{replies.public_id}/undo/"
    assert f"{replies.comments} replies that it put under posts" in desk.get(undo).content.decode()
    desk.post(undo)
    run_jobs()
    replies.refresh_from_db()
    assert replies.state == "UNDONE", replies.error
    assert Comment.objects.count() == before - replies.comments
    assert Post.objects.count() == imports[0].made
    assert User.objects.count() <= people
    for post in Post.objects.all():
        shown = post.comments.filter(is_internal=False, is_hidden=False).count()
        assert post.comment_count == shown
