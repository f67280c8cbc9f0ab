"""Forms that files take out there, beyond those that were tried first: each is a kind, told by its values."""

from pathlib import Path
from typing import Any

import pytest

from feedback.importing.formats import people, values
from tests.importing.files import posts_of, table, taken, written


@pytest.mark.parametrize(
    ("said", "votes"),
    [("1.2k", 1_200), ("3万", 30_000), ("1,5 K", 1_500), ("2M", 2_000_000), ("+7", 7), ("2 345", 2_345),
     ("k", None), ("1.2.3k", None), ("v2", None)],
)  # fmt: skip
def test_rounded_votes_are_counted(said: str, votes: int | None) -> None:
    assert values.count(said) == votes


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("Bo Berg <bo@example.org>", "bo@example.org"),
        ("mailto:bo@example.org", "bo@example.org"),
        ("bo@example.org", "bo@example.org"),
        ("a@example.org, b@example.org", "a@example.org, b@example.org"),
        ("none", "none"),
    ],
)
def test_an_address_is_found_beside_a_name(said: str, address: str) -> None:
    assert values.email(said) == address


@pytest.mark.parametrize("name", ["(hidden)", "Private", "Not available", "匿名網友", "[redacted]"])
def test_more_words_for_nobody(name: str) -> None:
    assert people.name_of(name) == ""


def test_an_author_who_was_deleted_hides_nobody_else(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "some.ndjson",
        '{"id": 1, "text": "Please add folders", "user": {"name": "Mei"}}\n'
        '{"id": 2, "text": "It crashes at once", "user": null}\n',
    )
    assert [post.author.name for post in posts_of(path)] == ["Mei", ""]


def test_rows_that_were_all_merged_into_the_first(tmp_path: Path) -> None:
    rows = ("1,Dark mode,", "2,Night theme,1", "3,Widgets,")
    path = written(tmp_path, "merged.csv", table("id,title,merged_into", *rows))
    assert taken(path)["merged_into"] == "merged_into"
    flags = written(tmp_path, "flags.csv", table("id,title,merged_into", "1,a b,0", "2,b c,1"))
    assert "merged_into" not in taken(flags)


def test_a_title_of_several_cells_stands_above_the_names(tmp_path: Path) -> None:
    rows = (
        "Feedback,,,",
        "Generated,2024-06-01,,",
        ",,,",
        "ID,Subject,Created,Stars",
        "7,Dark mode,2024-05-01,4",
    )
    found: list[Any] = posts_of(written(tmp_path, "above.csv", table(*rows)))
    assert [(one.external_id, one.title, one.stars) for one in found] == [("7", "Dark mode", 4)]


def test_stars_and_people_in_other_words(tmp_path: Path) -> None:
    rows = ("2021-05-03,José,Añadan un modo oscuro,5", "2021-05-04,Eva,Se cierra sola,1")
    path = written(tmp_path, "es.csv", table("Fecha,Who,Comentario,Estrellas", *rows))
    assert [(one.author.name, one.stars) for one in posts_of(path)] == [("José", 5), ("Eva", 1)]
