"""Beside an encoder that lies, hangs or drips words answer, posts wait, and nobody sees an error."""

import logging

import pytest

from feedback.encoder.client import EncoderDown
from feedback.grouping import tasks
from feedback.grouping.models import EncoderModel, Vector
from feedback.grouping.similar import similar
from feedback.grouping.vectors.encoders import client_of
from feedback.journal.tasks import deliver_entries
from feedback.kernel import doorbell
from feedback.ops import worker
from tests.encoder.lying import Encoder, rows, served

pytestmark = pytest.mark.django_db


@pytest.fixture
def model(settings, now):
    settings.ENCODER = "hashing"
    return EncoderModel.objects.create(
        model_key="hashing-1",
        spec="hashing",
        dims=8,
        views=[["use", 0, 4]],
        is_current=True,
        first_seen_at=now,
    )


@pytest.fixture
def beside(settings):
    """Have the site ask this encoder."""

    def have(url):
        settings.ENCODER_URL = url
        settings.OWN_ENCODER_URL = ""
        similar.forget()

    return have


LIES = {
    "too wide": Encoder(rows([0.1] * 8)),
    "too many": Encoder(rows([0.1] * 4, [0.1] * 4)),
    "no numbers": Encoder(rows([float("nan")] * 4)),
    "hangs": Encoder(),
    "drips": Encoder(rows([0.5] * 4), drips="body"),
}


@pytest.mark.parametrize("lie", LIES)
def test_words_answer_while_somebody_types(model, beside, publish, bo, ann, client_of, lie):
    publish(bo, "Dark mode for the settings")
    with served(LIES[lie]) as url:
        beside(url)
        page = client_of(ann).get("/posts/similar/", {"title": "Dark mode, please"})
    assert page.status_code == 200
    assert "Dark mode for the settings" in page.content.decode()
    assert LIES[lie].asked


def test_a_model_of_another_width_writes_no_vector_and_fails_no_job(
    model, beside, publish, ann, caplog, monkeypatch
):
    publish(ann)
    monkeypatch.setattr("feedback.grouping.vectors.embedding.is_own", lambda model: False)
    monkeypatch.setattr("feedback.grouping.vectors.embedding.judge_of", lambda *_: None)
    with served(Encoder(rows([0.5] * 4))) as url, caplog.at_level(logging.INFO):
        beside(url)
        tasks.embed_posts.call()
    assert not Vector.objects.exists()
    assert "it answers with 4 numbers, not 8" in caplog.text


def test_whoever_asks_for_a_model_knows_its_width(model, beside):
    with served(Encoder(rows([0.5] * 7))) as url:
        beside(url)
        with pytest.raises(EncoderDown, match="7 numbers, not 8"):
            client_of(model).embed(["x"])


def test_what_asks_the_encoder_has_a_lane_where_no_notice_waits():
    asking = {tasks.embed_posts.queue_name, tasks.place_posts.queue_name}
    assert asking == {doorbell.VECTORS}
    assert deliver_entries.queue_name == doorbell.QUICK


def test_every_lane_is_served_and_ends(settings):
    lanes = set(settings.TASKS["default"]["QUEUES"])
    assert lanes == set(worker.PAUSES) == set(worker.LEASES)
    assert {job.queue_name for job, _ in doorbell.periodic()} <= lanes
