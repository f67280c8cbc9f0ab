"""Encodings are judged by how plausible a text reads: read back as it was, or declared unsure, never wrong letters."""

import gzip
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.importing.formats import CannotImport, Undecided
from feedback.importing.formats.files import shape_of
from feedback.importing.formats.opening import look_at
from tests.importing.files import good, posts_of, said, table, written

#: What people write, in the encodings in which spreadsheets and old programs of their countries save it.
PHRASES: dict[tuple[str, ...], tuple[str, ...]] = {
    ("cp1252", "mac_roman"): (
        "La synchronisation est très lente depuis la mise à jour", "J’ai perdu mes notes, c’est déjà arrivé à Noël", "Où est passée la recherche ?",
        "Bitte ein dunkles Design für abends", "Größere Schrift wäre schön, das Menü ist zu klein", "Die App stürzt ständig ab",
        "Añadan un modo oscuro, por favor", "La sincronización no funciona mañana ni tarde", "¿Dónde está la búsqueda? El botón desapareció",
        "A sincronização é lenta e perdi as anotações", "Não encontro a opção de exportação", "Perché la ricerca non c’è più?", "Sökningen går långsamt på min gamla läsplatta",
        "Søgning virker ikke på min ældre tablet", "Don’t make me sign in each time – it’s “secure” enough",
    ),
    ("cp1251", "koi8_r"): ("Добавьте тёмную тему, глаза болят", "Приложение вылетает при запуске", "Поиск не работает после обновления", "Нужен экспорт заметок в PDF"),
    ("gb18030",): ("希望增加深色模式，晚上太亮了", "一打开就闪退", "搜索不能用，什么都找不到", "建议支持导出PDF", "用 iPhone 登录时卡住，等很久", "更新以后笔记没了"),
    ("cp950",): ("希望增加深色模式，晚上太亮了", "一打開就閃退", "搜尋不能用，什麼都找不到", "建議支援匯出PDF", "更新以後筆記不見了"),
    ("cp932", "euc_jp"): ("ダークモードを追加してください", "起動するとすぐ落ちる", "検索が使えない、困っています", "文字が小さくて読めない", "更新後にメモが消えた"),
    ("cp949",): ("다크 모드를 추가해 주세요", "실행하면 바로 꺼집니다", "검색이 안 돼요, 고쳐 주세요", "글자가 너무 작아요", "업데이트 후 메모가 사라졌어요"),
    ("cp1250",): ("Přidejte prosím tmavý režim", "Vyhledávání je příliš pomalé", "Proszę dodać tryb ciemny", "Aplikacja się zawiesza, brakuje też eksportu", "Kérem, legyen sötét mód és nagyobb betű"),
    ("cp1254",): ("Karanlık mod ekleyin lütfen", "Arama çalışmıyor, uygulama çöküyor", "Yazı tipi daha büyük olmalı"),
    ("cp1253",): ("Προσθέστε σκοτεινή λειτουργία", "Η αναζήτηση δεν δουλεύει", "Η εφαρμογή κολλάει συνέχεια"),
}  # fmt: skip
CASES = [(encoding, phrases) for encodings, phrases in PHRASES.items() for encoding in encodings]


def file_of(folder: Path, phrases: list[str], encoding: str) -> tuple[Path, list[str]]:
    """Return a file with a row a phrase, and the phrases as the encoding has them."""
    kept = [phrase.encode(encoding, "ignore").decode(encoding) for phrase in phrases]
    text = table("id,title,body", *(f'{number},"{one}",' for number, one in enumerate(kept, 1)))
    return written(folder, "t.csv", text, encoding), kept


@pytest.mark.parametrize(("encoding", "phrases"), CASES, ids=[one[0] for one in CASES])
def test_a_file_of_some_rows_is_read_in_its_own_encoding(
    tmp_path: Path, encoding: str, phrases: tuple[str, ...]
) -> None:
    path, kept = file_of(tmp_path, list(phrases), encoding)
    assert [row["title"] for row in good(path)] == kept


@pytest.mark.parametrize(("encoding", "phrases"), CASES, ids=[one[0] for one in CASES])
def test_a_file_of_few_words_is_read_rightly_or_not_at_all(
    tmp_path: Path, encoding: str, phrases: tuple[str, ...]
) -> None:
    chance = random.Random(encoding)
    pieces = [*phrases, *(word for phrase in phrases for word in phrase.split())]
    for _ in range(25):
        some = chance.sample(pieces, k=chance.randint(1, 3))
        path, kept = file_of(tmp_path, some, encoding)
        try:
            assert [row["title"].strip() for row in good(path)] == [
                one.strip() for one in kept if one.strip()
            ]
        except Undecided as unsure:
            assert unsure.setting == "encoding"
            assert len(unsure.question.choices) == 2


@given(data=st.data())
def test_any_sentences_of_a_language_in_any_of_its_encodings(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    encoding, phrases = data.draw(st.sampled_from(CASES))
    some = data.draw(st.lists(st.sampled_from(phrases), min_size=1, max_size=6))
    path, kept = file_of(tmp_path_factory.mktemp("given"), some, encoding)
    try:
        assert [row["title"] for row in good(path)] == kept
    except Undecided as unsure:
        assert unsure.setting == "encoding"


@given(data=st.data())
def test_utf_8_and_utf_16_are_known_by_their_form(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    everything = [phrase for phrases in PHRASES.values() for phrase in phrases]
    some = data.draw(st.lists(st.sampled_from(everything), min_size=1, max_size=5))
    encoding = data.draw(
        st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
    )
    path, kept = file_of(tmp_path_factory.mktemp("given"), some, encoding)
    assert [row["title"] for row in good(path)] == kept


def test_what_is_unsure_is_said_with_two_readings_and_settled_by_a_person(tmp_path: Path) -> None:
    path, _ = file_of(tmp_path, ["Título"], "mac_roman")
    with pytest.raises(Undecided, match="reads plausibly in more than one encoding") as caught:
        good(path)
    choices = {choice.value: choice.label for choice in caught.value.question.choices}
    assert set(choices) == {"cp1252", "mac_roman"}
    assert "Título" in choices["mac_roman"]
    assert good(path, encoding="mac_roman")[0]["title"] == "Título"
    with pytest.raises(CannotImport, match="There is no encoding klingon"):
        good(path, encoding="klingon")


def test_no_han_letters_in_a_western_text(tmp_path: Path) -> None:
    for text in (
        "Größe ändern",
        "schöner wäre größer",
        "Bücher übertragen, bitte für später",
        "señal y años",
    ):
        path, _ = file_of(tmp_path, [text], "cp1252")
        try:
            assert good(path)[0]["title"] == text
        except Undecided as unsure:
            assert not any(
                "\u4e00" <= char <= "\u9fff"
                for choice in unsure.question.choices
                for char in choice.label
            )


def test_the_last_line_of_a_large_file_decides_as_well(tmp_path: Path) -> None:
    raw = (
        b"id,title\n"
        + b"1,plain words\n" * 60_000
        + "2,希望增加深色模式\n3,一打开就闪退\n".encode("gb18030")
    )
    assert posts_of(written(tmp_path, "t.csv", raw))[-1].title == "一打开就闪退"


def test_a_packed_file_is_judged_like_a_plain_one(tmp_path: Path) -> None:
    text = table("id,title", "1,Größere Schrift wäre schön", "2,Die Übersicht fehlt für Tablets")
    path = written(tmp_path, "t.csv.gz", gzip.compress(text.encode("cp1252")))
    assert good(path)[0]["title"] == "Größere Schrift wäre schön"
    assert shape_of(path, said()).looked.is_judged


def test_a_few_damaged_rows_do_not_change_the_encoding_of_the_rest(tmp_path: Path) -> None:
    raw = (
        table("id,title", *(f"{number},希望增加深色模式" for number in range(40))).encode()
        + b"99,caf\xe9\n"
    )
    assert look_at(written(tmp_path, "t.csv", raw)).encoding == "utf-8"
