"""What an advert by a stranger means, as the encoders that ship read it."""

import pytest

from feedback.encoder.models.base import Encoder
from feedback.engine.verdicts import adverts
from feedback.engine.verdicts.adverts import Advert

ADVERTS = [
    "Cash before Friday\nOur lenders say yes to nine out of ten, whatever your bank says. Write on WhatsApp +44 7700 900123",
    "Dinero rápido\nGana 300 dólares al día desde casa, sin experiencia. Telegram @gana_hoy",
    "急用钱\n无视征信当天下款，凭身份证就行，加微信 dk88666",
    "副業\nスマホだけで日給3万円、初心者歓迎。LINE ID: fukugyo88",
]
POSTS = [
    "Casino ads\nEvery second advert in the app is for a casino. Can we switch that kind off?",
    "退款\n贷款计算器多扣了一次利息，请问怎么申请退款？",
    "No me llega el código\nMi número es +34 600 000 551 y no llega ningún SMS.",
    "Dark mode\nPlease add a dark theme, my eyes hurt at night.",
]


@pytest.mark.parametrize("name", ["use", "fused"])
def test_adverts_are_told_from_what_speaks_of_the_same(name: str, request) -> None:
    encoder: Encoder = request.getfixturevalue(name)
    reader = adverts.shipped(encoder.model_key)
    assert reader is not None
    vectors = encoder.encode([*ADVERTS, *POSTS])
    said = [
        reader.says(adverts.by_meaning(vector, text, links=0))
        for vector, text in zip(vectors, [*ADVERTS, *POSTS], strict=True)
    ]
    assert said == [Advert.YES] * len(ADVERTS) + [Advert.NO] * len(POSTS)
