"""The encoder's page of the desk: what is in force, what another would change, switching, staying, the way back."""

import pytest

from feedback.grouping.models import Comparison, EncoderModel, Vector
from feedback.grouping.vectors import embedding
from feedback.grouping.vectors.encoders import current_model
from tests.trial import OTHER, key_of, until_loaded

pytestmark = pytest.mark.django_db

PAGE = "/desk/encoder/"


def words(client, **headers):
    answer = client.get(PAGE, headers=headers)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def press(client, button, spec, **options):
    model = EncoderModel.objects.get(model_key=key_of(spec))
    answer = client.post(f"{PAGE}{button}/", {"model": model.pk}, **options)
    assert answer.status_code in (302, 403)
    return answer


def test_before_the_first_post_is_read_it_says_what_will_read(desk, db):
    page = words(desk)
    assert "No post has been read yet" in page
    assert "Heed will read with" in page


def test_with_nothing_tried_it_says_so_and_how_to_try_another(read_site, desk):
    page = words(desk)
    assert "Heed reads with <strong>hashing</strong>; nothing else is being tried." in page
    assert "cannot be asked" not in page
    for name in ("fused-minilm", "fused", "use", "e5", "minilm", "hashing"):
        assert f"<code>{name}</code>" in page


def test_while_the_other_reads_it_shows_how_far_it_is(decided, desk, settings, both):
    settings.ENCODER = OTHER
    until_loaded(both[1], OTHER)
    assert "is to be tried" in words(desk)
    model = embedding.register_model(now=current_model().first_seen_at)
    some = list(Vector.objects.values_list("content_hash", "embedding")[:7])
    Vector.objects.bulk_create(
        Vector(content_hash=one, model_key=model.model_key, embedding=vector[: model.dims])
        for one, vector in some
    )
    page = words(desk)
    assert f"{OTHER} is being tried" in page
    assert 'hx-trigger="every 5s"' in page
    assert '<progress value="7"' in page
    Vector.objects.filter(model_key=model.model_key).delete()
    part = words(desk, HX_Request="true")
    assert "<html" not in part
    assert '<progress value="0"' in part


def test_the_difference_comes_first_in_figures_then_ask_by_ask(trying, desk):
    comparison = Comparison.objects.get()
    figures = comparison.figures
    page = words(desk)
    happening = figures["moved"] + figures["entered"] + figures["left"]
    assert f"{happening} of {figures['posts']} posts would change" in page
    assert f"By itself {OTHER} agrees with" in page
    assert "So few decisions tell little yet." in page
    assert f"Switch to {OTHER}" in page
    assert "Stay with hashing" in page
    assert page.index("would change") < page.index("Asks that change most")
    shown = [one["post"] for change in comparison.changes for one in change["posts"]]
    assert shown
    for public_id in shown:
        assert f"/posts/{public_id}/" in page


def test_the_difference_says_what_it_leaves_alone(trying, desk, ask_of):
    Comparison.objects.update(
        figures=Comparison.objects.get().figures
        | {
            "otherwise": 2,
            "decided": {
                "asks": 2, "touched": 0, "gaining": 0, "offered": 0, "otherwise": 1,
                "answered": 0, "adopted": 0, "shipped": 0,
            },
        }
    )  # fmt: skip
    page = words(desk)
    assert "All 2 asks you have confirmed stay as they are." in page
    assert "2 posts that people confirmed would stand elsewhere" in page


def test_switching_and_the_way_back_are_one_button_each(trying, desk, run_jobs):
    press(desk, "switch", OTHER)
    assert current_model().spec == OTHER
    page = words(desk)
    assert f"Heed reads with <strong>{OTHER}</strong>; nothing else is being tried." in page
    assert "chosen by Pia" in page
    assert "Switch back to it" in page
    run_jobs()
    press(desk, "switch", "hashing")
    assert current_model().spec == "hashing"
    page = words(desk)
    assert f"{OTHER} was set aside" in page
    assert "Pia stayed with hashing" in page


def test_staying_takes_the_question_away_until_somebody_asks(trying, desk, run_jobs):
    press(desk, "stay", OTHER)
    page = words(desk)
    assert f"{OTHER} was set aside" in page
    assert f"Switch to {OTHER}" not in page
    press(desk, "look", OTHER)
    assert "What it would change is being worked out" in words(desk)
    run_jobs()
    assert f"Switch to {OTHER}" in words(desk)


def test_removing_frees_what_it_says(trying, desk, run_jobs):
    press(desk, "stay", OTHER)
    assert "Remove, frees 1 MB" in words(desk)
    press(desk, "remove", OTHER)
    run_jobs()
    assert not Vector.objects.filter(model_key=key_of(OTHER)).exists()
    assert "Kept from before" not in words(desk)


def test_what_cannot_be_done_is_said_in_a_sentence(trying, desk):
    press(desk, "remove", OTHER)
    assert "is being tried. Stay with today" in words(desk)
    assert desk.post(f"{PAGE}switch/", {"model": "nonsense"}).status_code == 404


def test_when_the_one_in_force_cannot_be_asked_the_page_says_so_and_the_way_out(
    trying, desk, settings
):
    settings.ENCODER_URL = "http://127.0.0.1:9"
    page = words(desk)
    assert "hashing cannot be asked now." in page
    assert "People search by words" in page
    assert f"Bring it back, or switch to {OTHER} below." in page


def test_the_desk_leads_to_what_waits_for_a_decision(trying, desk):
    assert f"{OTHER} has read every post." in " ".join(desk.get("/desk/").content.decode().split())
    press(desk, "stay", OTHER)
    assert "See what it would change" not in desk.get("/desk/").content.decode()


def test_the_desk_says_when_posts_wait_for_an_encoder_that_does_not_answer(
    read_site, desk, settings, publish, ann
):
    assert "cannot be asked" not in desk.get("/desk/").content.decode()
    settings.ENCODER_URL = "http://127.0.0.1:9"
    publish(ann, "Please add a dark mode to the app")
    assert "hashing cannot be asked now." in desk.get("/desk/").content.decode()


def test_a_moderator_reads_and_does_not_decide(trying, client_of, mo):
    client = client_of(mo)
    page = words(client)
    assert f"Switch to {OTHER}" not in page
    assert "A product manager decides" in page
    assert press(client, "switch", OTHER).status_code == 403
    assert current_model().spec == "hashing"
