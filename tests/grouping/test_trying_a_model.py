"""Another model reads beside the one in force, is shown as a difference, and comes into force on a person's word."""

import datetime as dt
import threading

import pytest
from django.core.management import call_command
from django.db import OperationalError

from feedback.asks.decisions.pairs import say_apart, say_together
from feedback.asks.decisions.shape import move_post
from feedback.asks.models import Ask, Membership, PlacementAttempt
from feedback.encoder.app import EncoderApp
from feedback.grouping.models import Comparison, EncoderModel, Run, Vector
from feedback.grouping.similar.similar import similar
from feedback.grouping.trial import compare
from feedback.grouping.trial.switch_model import look_again, remove_vectors, stay, switch_model
from feedback.grouping.vectors import embedding
from feedback.grouping.vectors.embedding import embed_pending
from feedback.grouping.vectors.encoders import EncoderDown, current_model, specs_to_serve
from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal
from feedback.ops.doctor.examine import examine
from feedback.ops.management.commands.serve import _parts
from tests.encoder.conftest import served
from tests.trial import OTHER, key_of, load, until_loaded

pytestmark = pytest.mark.django_db


def memberships():
    return dict(Membership.objects.values_list("post", "ask"))


# --- Reading beside -----------------------------------------------------------------------------------


def test_where_nothing_is_decided_yet_the_new_model_takes_over_by_itself(
    read_site, settings, both, run_jobs
):
    settings.ENCODER = OTHER
    until_loaded(both[1], OTHER)
    run_jobs()
    run_jobs()
    assert current_model().model_key == key_of(OTHER)
    assert Run.objects.order_by("-id").first().model_key == key_of(OTHER)
    assert not Comparison.objects.exists()


def test_once_people_have_decided_nobody_is_switched_without_a_word(trying, run_jobs):
    for _ in range(3):
        run_jobs()
    assert current_model().model_key == key_of("hashing")
    assert embedding.missing_count(key_of(OTHER)) == 0
    assert Run.objects.count() == 1
    assert Comparison.objects.get().state == "READY"


def test_while_another_is_tried_the_site_goes_on_with_the_model_in_force(
    trying, publish, ann, bo, run_jobs, ask_of
):
    new = publish(bo, "Please add a dark mode to the app")
    run_jobs()
    assert ask_of(new) == ask_of(trying["dark"][0])
    keys = Vector.objects.filter(content_hash=new.content_hash).values_list("model_key", flat=True)
    assert set(keys) == {key_of("hashing"), key_of(OTHER)}
    found = similar(title="A dark mode", body="", person=ann)
    assert found.by_meaning
    assert found.asks or found.posts
    assert PlacementAttempt.objects.get(post=new).model_key == key_of("hashing")


def test_without_the_model_in_force_words_answer_and_the_other_reads_on(
    decided, settings, run_jobs, ann, publish
):
    app = EncoderApp(OTHER, load=load)
    loaded = threading.Event()
    app.start(loaded.set)
    with served(app) as url:
        assert loaded.wait(60)
        settings.ENCODER, settings.ENCODER_URL = OTHER, url
        publish(ann, "Please add a dark mode to the app")
        run_jobs()
        assert not similar(title="A dark mode", body="", person=ann).by_meaning
        assert current_model().model_key == key_of("hashing")
        assert embedding.missing_count(key_of("hashing")) == 1
        assert embedding.missing_count(key_of(OTHER)) == 0
        assert Comparison.objects.get().state == "READY"


def test_a_model_of_the_same_name_with_other_numbers_is_another_model(read_site, settings, both):
    """After an upgrade of Heed a name may stand for other weights; their vectors are never mixed."""
    EncoderModel.objects.update(model_key="hashing0.p1", spec="hashing")
    Vector.objects.update(model_key="hashing0.p1")
    embedding.forget()
    settings.ENCODER_URL = both[0]
    with pytest.raises(EncoderDown):
        embed_pending(now=dt.datetime.now(dt.UTC))
    assert set(Vector.objects.values_list("model_key", flat=True)) == {"hashing0.p1"}


# --- The difference --------------------------------------------------------------------------------------


def test_the_difference_is_what_the_switch_then_does(trying, pia, now, run_jobs):
    figures = Comparison.objects.get().figures
    homes = memberships()
    switch_model(model=EncoderModel.objects.get(spec=OTHER), actor=pia, now=now)
    run_jobs()
    after = memberships()
    changed = {pk for pk in homes.keys() | after.keys() if homes.get(pk) != after.get(pk)}
    assert len(changed) == figures["moved"] + figures["entered"] + figures["left"]
    assert changed
    assert figures["alone_then"] == pytest.approx(1 - len(after) / figures["posts"])


def test_the_difference_heeds_what_was_said_of_single_posts(
    decided, settings, both, publish, person, run_jobs, ask_of, pia, now
):
    """A pair said together or apart frees a post even of a confirmed ask, where nobody confirmed it."""
    late = [
        publish(person(f"Late {number}"), title)
        for number, title in enumerate(
            ["Please add a dark mode to the app", "Add dark mode to the app please"]
        )
    ]
    run_jobs()
    dark, export = ask_of(decided["dark"][0]), ask_of(decided["export"][0])
    assert {ask_of(post) for post in late} == {dark}
    assert dark != export
    say_together(post=late[0], other=decided["export"][0], actor=pia, now=now)
    say_apart(post=late[1], other=decided["dark"][0], actor=pia, now=now)
    settings.ENCODER = OTHER
    until_loaded(both[1], OTHER)
    run_jobs()
    figures = Comparison.objects.get().figures
    homes = memberships()
    switch_model(model=EncoderModel.objects.get(spec=OTHER), actor=pia, now=now)
    run_jobs()
    after = memberships()
    changed = {pk for pk in homes.keys() | after.keys() if homes.get(pk) != after.get(pk)}
    assert ask_of(late[0]) == export
    assert ask_of(late[1]) != dark
    assert len(changed) == figures["moved"] + figures["entered"] + figures["left"]


def test_both_models_are_asked_what_they_say_of_the_decisions(trying):
    agreement = Comparison.objects.get().figures["agreement"]
    assert agreement["kinds"].keys() == {"CONFIRMED"}
    assert agreement["decisions"] == Ask.objects.filter(state="PUBLIC").count() == 2
    assert agreement["today"] == 2  # they were its own proposals
    assert 0 < agreement["tomorrow"] < 2


def test_each_kind_of_decision_is_counted_for_itself(
    decided, settings, both, run_jobs, ask_of, pia, now
):
    lonely, other = decided["alone"]
    move_post(post=lonely, to=ask_of(decided["dark"][0]), actor=pia, now=now)
    say_apart(post=decided["crash"][0], other=other, actor=pia, now=now)
    settings.ENCODER = OTHER
    until_loaded(both[1], OTHER)
    run_jobs()
    kinds = Comparison.objects.get().figures["agreement"]["kinds"]
    assert kinds["CONFIRMED"][:2] == [2, 2]
    assert kinds["CORRECTED"][:2] == [1, 0]  # today's model had left it alone
    assert kinds["ANSWERED"][:2] == [1, 1]


def test_every_listed_change_names_posts_and_asks_that_are_there(trying):
    comparison = Comparison.objects.get()
    figures = comparison.figures
    known = set(Ask.objects.values_list("public_id", flat=True)) | set(figures["titles"]) | {""}
    listed = 0
    for change in comparison.changes:
        assert change["key"] in known
        for row in change["posts"]:
            assert {row["from"], row["to"]} <= known
            listed += 1
        listed += change["more"]
    happening = ("moved", "entered", "left", "offered")
    assert listed == sum(figures[name] for name in happening)


def test_it_is_computed_anew_when_much_has_come_and_not_before(
    trying, publish, person, run_jobs, frozen, now
):
    first = Comparison.objects.get()
    frozen.shift(dt.timedelta(minutes=1))
    for number in range(25):
        publish(person(f"Late {number}"), f"A wish of its own kind, number {number}")
    run_jobs()
    assert Comparison.objects.get() == first  # not within the hour
    frozen.shift(dt.timedelta(hours=2))
    run_jobs()
    assert Comparison.objects.filter(state="READY").get() != first
    first.refresh_from_db()
    assert first.state == "STALE"


def test_a_comparison_that_was_cut_short_is_taken_up_again_and_given_up_after_three(
    trying, run_jobs, frozen
):
    comparison = Comparison.objects.get()
    for attempts, state in ((1, "READY"), (3, "FAILED")):
        Comparison.objects.filter(pk=comparison.pk).update(
            state="RUNNING", attempts=attempts, leased_until=frozen_now()
        )
        frozen.shift(dt.timedelta(minutes=1))
        run_jobs()
        comparison.refresh_from_db()
        assert comparison.state == state


def frozen_now():
    from feedback.kernel import clock

    return clock.now()


# --- Deciding --------------------------------------------------------------------------------------------


def test_switching_is_journalled_regroups_and_breaks_no_word_of_a_person(
    trying, pia, now, run_jobs
):
    confirmed = dict(
        Membership.objects.filter(is_confirmed=True).values_list("post", "ask__public_id")
    )
    switch_model(model=EncoderModel.objects.get(spec=OTHER), actor=pia, now=now)
    run_jobs()
    model = current_model()
    assert (model.spec, model.chosen_by, model.chosen_at) == (OTHER, pia, now)
    entry = Entry.objects.filter(verb="grouping.model-taken").latest("pk")
    assert entry.actor_id == pia.pk
    assert Run.objects.order_by("-id").first().model_key == model.model_key
    assert confirmed == dict(
        Membership.objects.filter(is_confirmed=True).values_list("post", "ask__public_id")
    )


def test_it_can_be_switched_back_while_the_vectors_are_there(trying, pia, now, run_jobs, publish):
    new, old = EncoderModel.objects.get(spec=OTHER), EncoderModel.objects.get(spec="hashing")
    switch_model(model=new, actor=pia, now=now)
    run_jobs()
    late = publish(pia, "Please add a dark mode to the app")
    run_jobs()
    switch_model(model=old, actor=pia, now=now)
    run_jobs()
    run_jobs()
    assert current_model() == old
    assert Run.objects.filter(state="DONE").order_by("-id").first().model_key == old.model_key
    assert embedding.missing_count(old.model_key) == 0
    assert Membership.objects.filter(post=late).exists()
    new.refresh_from_db()
    assert new.set_aside_by == pia  # HEED_ENCODER still names it, and nobody is asked again


def test_staying_is_remembered_and_saves_the_work(trying, pia, now, run_jobs, publish, ann):
    model = EncoderModel.objects.get(spec=OTHER)
    stay(model=model, actor=pia, now=now)
    publish(ann, "Please add a dark mode to the app")
    run_jobs()
    assert embedding.missing_count(model.model_key) == 1
    assert compare.unfinished() is None
    assert Entry.objects.get(verb="grouping.model-set-aside").actor_id == pia.pk
    look_again(model=model, actor=pia, now=now)
    run_jobs()
    assert embedding.missing_count(model.model_key) == 0
    assert compare.unfinished().candidate == model


def test_vectors_go_when_somebody_says_so_and_never_those_in_force(trying, pia, now, run_jobs):
    new, old = EncoderModel.objects.get(spec=OTHER), EncoderModel.objects.get(spec="hashing")
    for model in (new, old):
        with pytest.raises(Refusal):
            remove_vectors(model=model, actor=pia, now=now)
    switch_model(model=new, actor=pia, now=now)
    remove_vectors(model=old, actor=pia, now=now)
    run_jobs()
    assert set(Vector.objects.values_list("model_key", flat=True)) == {new.model_key}
    with pytest.raises(Refusal):
        switch_model(model=old, actor=pia, now=now)


def test_a_model_that_has_not_read_everything_does_not_come_into_force(decided, pia, now):
    half = EncoderModel.objects.create(
        model_key="half", dims=3, views=[["whole", 0, 3]], first_seen_at=now
    )
    with pytest.raises(Refusal, match="has not read"):
        switch_model(model=half, actor=pia, now=now)


def test_a_model_that_the_encoder_has_not_does_not_come_into_force(trying, pia, now):
    EncoderModel.objects.filter(spec=OTHER).update(model_key="gone")
    Vector.objects.filter(model_key=key_of(OTHER)).update(model_key="gone")
    embedding.forget()
    with pytest.raises(Refusal, match="cannot serve"):
        switch_model(model=EncoderModel.objects.get(model_key="gone"), actor=pia, now=now)


# --- What is served -----------------------------------------------------------------------------------------


def test_the_encoder_is_told_of_both_the_one_in_force_first(trying, pia, now):
    assert specs_to_serve() == ["hashing", OTHER]
    switch_model(model=EncoderModel.objects.get(spec=OTHER), actor=pia, now=now)
    assert specs_to_serve() == [OTHER, "hashing"]  # the way back
    remove_vectors(model=EncoderModel.objects.get(spec="hashing"), actor=pia, now=now)
    assert specs_to_serve() == [OTHER]


def words_of_the_encoder_process(monkeypatch):
    """Return what `manage.py encoder` would become."""
    became = []
    monkeypatch.setattr("os.execv", lambda _, words: became.append(words))
    monkeypatch.chdir(".")
    call_command("encoder")
    return became[0][became[0].index("feedback.ops.encoder_process") + 1 :]


def test_the_encoder_command_asks_the_database_which(trying, monkeypatch):
    words = ["--encoder", "hashing", "--encoder", OTHER]
    assert words_of_the_encoder_process(monkeypatch) == words


def test_on_a_machine_without_the_database_the_encoder_takes_the_setting(db, monkeypatch, settings):
    def nobody():
        raise OperationalError("no such table: grouping_encodermodel")

    settings.ENCODER = "use"
    monkeypatch.setattr("feedback.ops.management.commands.encoder.specs_to_serve", nobody)
    assert words_of_the_encoder_process(monkeypatch) == ["--encoder", "use"]


def test_serve_runs_the_model_in_force_beside_another_server(decided, monkeypatch, settings):
    settings.ENCODER, settings.ENCODER_URL = "qwen", "http://127.0.0.1:9"
    monkeypatch.setenv("HEED_ENCODER_URL", settings.ENCODER_URL)
    _, environment, parts = _parts("127.0.0.1", "8000")
    assert environment["HEED_ENCODER_URL"] == "http://127.0.0.1:9"
    assert environment["HEED_OWN_ENCODER_URL"].startswith("http://127.0.0.1:")
    [encoder] = [part for part in parts if part.name == "encoder"]
    assert list(encoder.command)[-6:-4] == ["--encoder", "hashing"]


def test_serve_runs_none_beside_a_server_that_has_the_model_in_force(
    decided, monkeypatch, settings
):
    monkeypatch.setenv("HEED_ENCODER_URL", settings.ENCODER_URL)
    _, environment, parts = _parts("127.0.0.1", "8000")
    assert "HEED_OWN_ENCODER_URL" not in environment
    assert [part.name for part in parts] == ["web", "worker"]


# --- Whoever runs the site hears of it ------------------------------------------------------------------------


def finding(about):
    return next((one.level.value, one.words) for one in examine() if one.about == about)


def test_doctor_says_that_somebody_has_to_decide(trying, pia, now):
    level, words = finding("model")
    assert level == "WARN"
    assert f"{OTHER} would change the ask of" in words
    assert "/desk/encoder/" in words
    assert finding("encoder")[0] == "PASS"
    stay(model=EncoderModel.objects.get(spec=OTHER), actor=pia, now=now)
    assert finding("model") == ("PASS", "no other model is tried")


def test_doctor_says_what_to_do_when_the_model_in_force_is_not_served(trying):
    EncoderModel.objects.filter(spec="hashing").update(model_key="hashing0.p1")
    level, words = finding("encoder")
    assert level == "FAIL"
    assert "bring hashing back, or switch at /desk/encoder/" in words


def test_a_fleet_in_force_is_asked_where_it_was_while_another_is_tried(decided, settings):
    from feedback.grouping.vectors.encoders import client_of, name_of

    fleet = EncoderModel.objects.create(
        model_key="remote-BAAI-bge-m3",
        dims=3,
        views=[["whole", 0, 3]],
        spec="BAAI/bge-m3@http://old.example.org:8080/v1",
        first_seen_at=dt.datetime.now(dt.UTC),
    )
    settings.ENCODER, settings.ENCODER_URL = "qwen", "http://new.example.org"
    assert client_of(fleet).url == "http://old.example.org:8080/v1"
    assert client_of(fleet).model == "BAAI/bge-m3"
    assert name_of(fleet) == "BAAI/bge-m3"
    settings.OWN_ENCODER_URL = "http://127.0.0.1:8765"
    assert client_of(current_model()).url == "http://127.0.0.1:8765"
    assert specs_to_serve() == ["hashing", "qwen"]
