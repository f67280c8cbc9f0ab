"""Which language a text is in."""

import pytest

from feedback.kernel.languages import likely_languages, reads_as, spoken_in


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Please add a dark mode", "en"),
        ("希望增加深色模式", "zh"),
        ("希望支持 Android Auto 和 CarPlay", "zh"),
        ("ダークモードを追加してください", "ja"),
        ("音声入力の精度を上げてほしい", "ja"),
        ("다크 모드를 추가해 주세요", "ko"),
        ("Добавьте тёмную тему, пожалуйста", "ru"),
        ("Ajoutez un mode sombre, s'il vous plaît", "fr"),
        ("Bitte einen dunklen Modus hinzufügen", "de"),
        ("Por favor, añadan un modo oscuro", "es"),
        ("Por favor, adicionem um modo escuro, não consigo ler à noite", "pt"),
        ("الرجاء إضافة الوضع الداكن", "ar"),
        ("", "en"),
        ("???", "en"),
        ("14.2.1", "en"),
    ],
)
def test_the_language_of_a_sentence(words: str, language: str) -> None:
    assert spoken_in(words) == language


def test_a_few_words_may_be_of_any_language_with_such_letters() -> None:
    assert reads_as("mode sombre", "fr")
    assert not reads_as("深色模式", "fr")
    assert reads_as("深色模式", "zh")


def test_a_language_that_is_sure_stands_alone_and_one_in_doubt_has_a_share() -> None:
    assert likely_languages("Karanlık mod eklensin lütfen") == {"tr": 1.0}
    assert likely_languages("I would like to have a dark mode, please") == {"en": 1.0}
    doubtful = likely_languages("Terminal error git bash")
    assert sum(doubtful.values()) == pytest.approx(1.0)
    assert len(doubtful) > 1
    assert max(doubtful, key=doubtful.__getitem__) == "en"
    assert likely_languages("14.2.1") == {"en": 1.0}
