"""Words are read by what they mean where the encoder says so, and by their letters where it is away or gives nonsense."""

import numpy as np
import pytest

from feedback.encoder.client import EncoderDown
from feedback.engine.verdicts import adverts as engine
from feedback.forum.moderation.holding.judging import SURE
from feedback.grouping.models import EncoderModel
from feedback.grouping.verdicts import adverts

pytestmark = pytest.mark.django_db
KEY = "use3.p3m2"
PLAIN = "Casino bonus\nCasino slots with a no deposit bonus, WhatsApp +44 7700 900123"
HARMLESS = "Please add a dark mode to the settings"


@pytest.fixture
def encoder(monkeypatch, now):
    """A current model of this key, and what its encoder answers: an array or an error."""
    EncoderModel.objects.create(
        model_key=KEY, dims=512, views=[["use", 0, 512]], is_current=True, first_seen_at=now
    )

    class Encoder:
        answer = np.zeros(512, dtype=np.float32)

        def embed(self, texts, *, timeout):
            if isinstance(self.answer, Exception):
                raise self.answer
            return np.stack([self.answer] * len(texts))

    made = Encoder()
    monkeypatch.setattr(adverts, "client_of", lambda model: made)
    return made


def test_the_meaning_decides_where_there_is_one(encoder):
    reader = engine.shipped(KEY)
    towards = reader.weights[:512]
    encoder.answer = towards / np.linalg.norm(towards)
    assert adverts.read(HARMLESS, 0) == SURE
    encoder.answer = -encoder.answer
    assert adverts.read(PLAIN, 0) == 0


@pytest.mark.parametrize(
    "answer", [EncoderDown("away"), np.zeros(7, dtype=np.float32)], ids=["away", "too short"]
)
def test_letters_decide_where_there_is_none(encoder, answer):
    encoder.answer = answer
    assert (adverts.read(PLAIN, 0), adverts.read(HARMLESS, 0)) == (SURE, 0)
