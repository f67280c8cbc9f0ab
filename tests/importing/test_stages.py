"""States, official answers and merges of another tool become asks, once a product manager confirms the map."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from feedback.asks.coverage import coverage
from feedback.asks.decisions.shape import move_posts, start_ask
from feedback.asks.decisions.undo import undo
from feedback.asks.models import Answer, Ask, Bond, Decision, Membership
from feedback.asks.stages import Stage
from feedback.forum.models import Board, Post
from feedback.importing.stages import UnknownStage, stages_from
from feedback.journal import operations as journal
from feedback.journal.models import Dispatch, Entry
from feedback.notify.models import Notice
from feedback.roadmap.models import ChangelogLine, Item, Release

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).parent / "sources"
Imports = Callable[..., str]


@pytest.fixture
def imports(board: Board, pia: Any, capsys: pytest.CaptureFixture[str]) -> Imports:
    """Return what imports a file of the folder and has pia confirm the map of its states."""

    def run(name: str | Path, stages: str | None = "default", *words: str) -> str:
        confirm = ["--stages", stages, "--by", pia.email] if stages else []
        call_command("import_posts", str(FOLDER / name), "--board", board.slug, *confirm, *words)
        return " ".join(capsys.readouterr().out.split())

    return run


def ask_of(external_id: str) -> Ask:
    return Membership.objects.select_related("ask").get(post__external_id=external_id).ask


def test_a_state_becomes_a_confirmed_ask_with_its_stage(imports: Imports, pia: Any) -> None:
    said = imports("fider.csv")
    assert "Asks confirmed: 3; brought to their stage: 3; official answers: 2" in said
    planned, shipped, declined = ask_of("1"), ask_of("3"), ask_of("4")
    assert (planned.stage, shipped.stage, declined.stage) == (
        Stage.PLANNED,
        Stage.SHIPPED,
        Stage.DECLINED,
    )
    assert all(ask.is_public for ask in (planned, shipped, declined))
    assert planned.title == "Dark theme"
    assert declined.decline_reason.startswith("Nobody else asked for fax in two years.")
    assert not Membership.objects.filter(post__external_id="5").exists()  # it is open
    confirmed = Decision.objects.filter(kind=Decision.Kind.CONFIRM)
    assert set(confirmed.values_list("actor", flat=True)) == {pia.pk}


def test_an_official_answer_keeps_its_date_and_its_author_s_name(imports: Imports) -> None:
    imports("fider.csv")
    answer = Answer.objects.get(ask=ask_of("1"))
    assert answer.body == "We want it for spring.\n\n— Tom Reyes"
    assert answer.answered_at == dt.datetime(2022, 2, 3, 10, tzinfo=dt.UTC)
    # People waited from the post to the answer, not until the import.
    wait = coverage().median_wait
    assert wait is not None
    assert wait < dt.timedelta(days=90)


def test_what_has_shipped_is_in_the_release_of_its_month_or_of_its_milestone(
    imports: Imports,
) -> None:
    imports("fider.csv")
    imports("github.json")
    lines = {
        line.item.title: (line.release.version, line.release.release_date.isoformat())
        for line in ChangelogLine.objects.select_related("item", "release")
    }
    assert lines == {
        "Export as CSV": ("2022-05", "2022-05-20"),
        "Crash when two timers end at once": ("v1.4", "2023-03-01"),
    }


def test_what_was_decided_long_ago_says_so(imports: Imports) -> None:
    imports("fider.csv")
    item = Item.objects.get(title="Export as CSV")
    declined, day = ask_of("4"), dt.datetime(2022, 3, 9, 8, 30, tzinfo=dt.UTC)
    assert item.stage_changed_at == dt.datetime(2022, 5, 20, 8, 30, tzinfo=dt.UTC)
    assert ask_of("3").stage_changed_at == item.stage_changed_at
    assert declined.stage_changed_at == day


def test_what_shipped_on_no_day_that_is_known_is_on_no_train_of_this_week(
    imports: Imports, tmp_path: Path, now: dt.datetime
) -> None:
    path = tmp_path / "old.csv"
    path.write_text(
        "id,title,status,created\n1,Dark mode,done,2019-04-05\n2,Widgets,done,2020-04-05\n"
    )
    imports(path, "done=shipped")
    release = Release.objects.get()
    assert (release.version, release.release_date) == ("Earlier", dt.date(2019, 4, 5))
    assert release.lines.count() == 2


@pytest.mark.parametrize(
    ("said", "version"), [("Q1/2026", "Q1-2026"), ("v1 #2?", "v1 -2-"), ("..", "2023-03")]
)
def test_a_version_that_no_address_can_hold_is_written_so_that_one_can(
    imports: Imports, tmp_path: Path, client: Any, said: str, version: str
) -> None:
    path = tmp_path / "github.json"
    path.write_text((FOLDER / "github.json").read_text().replace("v1.4", said))
    imports(path)
    release = Release.objects.get()
    assert release.version == version
    assert client.get(release.address).status_code == 200


def test_merged_posts_are_one_ask_and_stay_together(imports: Imports, pia: Any) -> None:
    said = imports("fider.csv")
    assert "merged posts kept together: 1" in said
    ask = ask_of("1")
    assert ask_of("2") == ask
    assert ask.post_count == 2
    assert ask.votes_elsewhere == 44
    bond = Bond.objects.get(kind=Bond.Kind.TOGETHER)
    assert {bond.post.external_id, bond.other_post and bond.other_post.external_id} == {"1", "2"}
    assert bond.decision.actor == pia


def test_a_merge_into_a_post_without_a_stage_makes_their_ask(imports: Imports) -> None:
    imports("clearflask.json", "st-new=none")
    ask = ask_of("steeping-notes-x1")
    assert ask == ask_of("taste-diary-x2")
    assert ask.stage == Stage.UNDER_REVIEW


def test_merges_in_a_chain_end_in_the_last_and_in_a_circle_nowhere(
    imports: Imports, tmp_path: Path
) -> None:
    path = tmp_path / "merges.csv"
    path.write_text(
        "id,title,status,merged_into\n1,Night colours,open,2\n2,Dark theme,open,3\n3,Dark mode,planned,\n"
        "4,Round,open,5\n5,And round,open,4\n"
    )
    imports(path, "planned=planned,open=none")
    assert {ask_of(one) for one in "123"} == {ask_of("3")}
    assert Bond.objects.filter(kind=Bond.Kind.TOGETHER).count() == 2
    assert not Membership.objects.filter(post__external_id__in=["4", "5"]).exists()


def test_nobody_is_told_of_old_news(imports: Imports, now: dt.datetime) -> None:
    imports("fider.csv")
    while journal.deliver_due(now=now):
        pass
    assert not Notice.objects.exists()
    assert not Dispatch.objects.exclude(state=Dispatch.State.DONE).exists()
    told = Entry.objects.filter(verb__in=["asks.ask-answered", "roadmap.item-shipped"])
    assert told.exists()
    assert all(entry.data["is_old"] for entry in told)


def test_without_the_flag_posts_come_and_it_says_which_flag_makes_asks(imports: Imports) -> None:
    said = imports("fider.csv", None)
    assert Post.objects.count() == 5
    assert not Ask.objects.exists()
    assert "5 have a state, 3 an official answer, 1 were merged into another" in said
    assert "--stages default --by EMAIL makes confirmed asks of them" in said


def test_a_second_time_changes_nothing_and_leaves_what_people_undid(
    imports: Imports, pia: Any, now: dt.datetime
) -> None:
    imports("fider.csv")
    decision = Decision.objects.get(ask=ask_of("4"), kind=Decision.Kind.CONFIRM)
    before = (Ask.objects.count(), Decision.objects.count(), Item.objects.count())
    said = imports("fider.csv")
    assert (
        "confirmed: 0; brought to their stage: 0; official answers: 0; merged posts kept together: 0"
        in said
    )
    assert (Ask.objects.count(), Decision.objects.count(), Item.objects.count()) == before
    bond = Bond.objects.get(kind=Bond.Kind.TOGETHER)
    undo(decision=bond.decision, actor=pia, now=now)
    imports("fider.csv")
    assert not Bond.objects.filter(
        kind=Bond.Kind.TOGETHER, decision__undone_at__isnull=True
    ).exists()
    assert decision.undone_at is None


def test_a_stage_that_moved_on_in_the_source_is_taken_over_with_update_alone(
    imports: Imports, tmp_path: Path
) -> None:
    path = tmp_path / "board.csv"
    path.write_text("id,title,status\n1,Dark mode,Next\n")
    imports(path, "Next=planned,Out=shipped")
    path.write_text("id,title,status\n1,Dark mode,Out\n")
    said = imports(path, "Next=planned,Out=shipped")
    assert ask_of("1").stage == Stage.PLANNED
    assert "1 were decided about here before, and were left" in said
    imports(path, "Next=planned,Out=shipped", "--update")
    assert ask_of("1").stage == Stage.SHIPPED
    assert Item.objects.get().release is not None


def test_a_post_that_people_put_elsewhere_stays_there(
    imports: Imports, publish: Callable[..., Post], ann: Any, pia: Any, now: dt.datetime
) -> None:
    imports("fider.csv", None)
    own = publish(ann, title="Dark mode")
    ask = start_ask(posts=[own], title="Dark mode", actor=pia, now=now).ask
    assert ask is not None
    move_posts(posts=[Post.objects.get(external_id="1")], to=ask, actor=pia, now=now)
    imports("fider.csv")
    assert ask_of("1") == ask
    ask.refresh_from_db()
    assert ask.stage == Stage.UNDER_REVIEW
    assert not ask.answers.exists()


def test_what_the_machine_guessed_gives_way_to_what_people_of_the_source_said(
    imports: Imports, publish: Callable[..., Post], ann: Any, pia: Any, now: dt.datetime
) -> None:
    imports("fider.csv", None)
    ask = start_ask(posts=[publish(ann, title="Exports")], title="Exports", actor=pia, now=now).ask
    assert ask is not None
    post = Post.objects.get(external_id="3")
    Membership.objects.create(post=post, ask=ask, source=Ask.Source.MACHINE, placed_at=now)
    imports("fider.csv")
    assert ask_of("3") != ask
    assert ask_of("3").stage == Stage.SHIPPED


def test_states_that_the_map_does_not_name_are_told(imports: Imports) -> None:
    said = imports("uservoice.csv", "Started=in-progress")
    assert "--stages names no stage for: Planned (1)" in said
    assert not Ask.objects.filter(stage=Stage.PLANNED).exists()


def test_only_a_product_manager_confirms(board: Board, bo: Any, mo: Any) -> None:
    file = str(FOLDER / "fider.csv")
    with pytest.raises(CommandError, match="which product manager confirms them with --by"):
        call_command("import_posts", file, "--board", board.slug, "--stages", "default")
    for person in (bo, mo):
        with pytest.raises(CommandError, match="is no product manager here"):
            call_command(
                "import_posts",
                file,
                *("--board", board.slug, "--stages", "default", "--by", person.email),
            )
    assert not Post.objects.exists()


def test_a_slip_in_the_map_is_told_before_anything_is_written(board: Board, pia: Any) -> None:
    words = ["--board", board.slug, "--by", pia.email, "--stages"]
    with pytest.raises(CommandError, match="no STATE=stage"):
        call_command("import_posts", str(FOLDER / "fider.csv"), *words, "planned=someday")
    with pytest.raises(CommandError, match="have no usual stages"):
        call_command("import_posts", str(FOLDER / "typeform.csv"), *words, "default")
    assert not Post.objects.exists()


def test_the_map_takes_any_spelling() -> None:
    assert stages_from("Planned=planned, In Work=in progress,Nö=none,A=B=shipped") == {
        "planned": Stage.PLANNED,
        "in work": Stage.IN_PROGRESS,
        "nö": None,
        "a=b": Stage.SHIPPED,
    }
    assert stages_from("default,open=under-review", {"open": "", "done": "SHIPPED"}) == {
        "open": Stage.UNDER_REVIEW,
        "done": Stage.SHIPPED,
    }
    with pytest.raises(UnknownStage):
        stages_from("planned")


def test_votes_elsewhere_are_shown_and_are_nobody_s(
    imports: Imports, client_of: Callable[..., Any], pia: Any
) -> None:
    imports("fider.csv")
    ask, post = ask_of("1"), Post.objects.get(external_id="1")
    assert (ask.votes_elsewhere, ask.people_count, post.vote_count) == (44, 2, 1)
    shown = {
        f"/posts/{post.public_id}/": "41 elsewhere",
        f"/boards/{post.board.slug}/": "41 elsewhere",
        "/asks/": "44 elsewhere",
        f"/asks/{ask.public_id}/": "votes elsewhere, without names",
        f"/desk/asks/{ask.public_id}/": "Votes elsewhere",
    }
    for path, words in shown.items():
        assert words in client_of(pia).get(path).content.decode(), path


def test_a_later_export_with_more_votes_says_so_on_the_ask(
    imports: Imports, tmp_path: Path
) -> None:
    imports("fider.csv")
    path = tmp_path / "may.csv"
    path.write_text(
        (FOLDER / "fider.csv").read_text("utf-8").replace("Ana Lima,41,", "Ana Lima,50,"), "utf-8"
    )
    imports(path, "default", "--update")
    assert ask_of("1").votes_elsewhere == 53
