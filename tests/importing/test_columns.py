"""Columns are taken for what is in them, not for their names alone."""

import datetime as dt
from pathlib import Path

import pytest

from feedback.importing.formats import Field, Undecided
from feedback.importing.formats.columns.fields import plain
from tests.importing.files import mapped, posts_of, table, taken, written


def why(path: Path) -> dict[str, str]:
    """Return why each column is taken for what it is, or for nothing."""
    return {one.name: one.why for one in mapped(path).columns}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("App Version Name", "app_version_name"),
        ("reviewCreatedVersion", "review_created_version"),
        ("e-mail", "e_mail"),
        ("标题", "标题"),
        ("userID", "user_id"),
        ("#", "#"),
    ],
)
def test_spellings_of_a_name_are_one(name: str, expected: str) -> None:
    assert plain(name) == expected


def test_chinese_and_english_headers_are_understood(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "t.csv",
        table(
            "编号,标题,评论内容,用户名,评论时间,版本号,国家,星级,类型,机型",
            "17,闪退,打不开,小明,2024年3月5日 下午3:20,8.1,中国,★★,缺陷,小米 14",
        ),
    )
    row = posts_of(path)[0]
    assert (row.external_id, row.title, row.body, row.author.name) == (
        "17",
        "闪退",
        "打不开",
        "小明",
    )
    assert row.posted_at == dt.datetime(2024, 3, 5, 7, 20, tzinfo=dt.UTC)
    assert (row.version, row.country, row.stars, row.kind, row.device) == (
        "8.1",
        "CN",
        2,
        "BUG",
        "小米 14",
    )


@pytest.mark.parametrize(
    "flags",
    [
        ("0", "1", "0"),
        ("true", "false", "true"),
        ("Y", "N", "Y"),
        ("是", "否", "是"),
        ("yes", "no", "yes"),
    ],
)
@pytest.mark.parametrize("name", ["comment", "content", "text", "feedback", "review"])
def test_a_flag_is_no_text_whatever_it_is_called(
    tmp_path: Path, name: str, flags: tuple[str, ...]
) -> None:
    said = ("Sync is slow on my phone", "It lost all my notes", "Please add a dark theme")
    path = written(
        tmp_path,
        "t.csv",
        table(
            f"id,{name},What they said",
            *(
                f"{at},{flag},{text}"
                for at, (flag, text) in enumerate(zip(flags, said, strict=True))
            ),
        ),
    )
    assert taken(path)["body"] == "What they said"
    assert "yes or no" in why(path)[name]
    assert [post.body for post in posts_of(path)] == list(said)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Score", ["9", "3", "0"]), ("Rating", ["10", "7", "2"]), ("NPS", ["4", "5", "3"]), ("How likely are you to recommend us?", ["5", "4", "1"]), ("score", ["87", "12", "55"]),
        ("评分", ["9", "10", "1"]), ("rating", ["0", "3", "4"]), ("nps_score", ["1", "2", "3"]), ("total_votes", ["41", "3", "5"]), ("upvotes", ["1", "2", "3"]), ("点赞数", ["4", "2", "5"]),
    ],
)  # fmt: skip
def test_votes_and_other_scores_are_no_stars_and_cost_no_row(
    tmp_path: Path, name: str, values: list[str]
) -> None:
    path = written(
        tmp_path,
        "t.csv",
        table(f"id,title,{name}", *(f"{at},Post {at},{value}" for at, value in enumerate(values))),
    )
    found = posts_of(path)
    assert [post.stars for post in found] == [None] * 3
    assert [post.fields.get(name) or str(post.votes) for post in found] == values


@pytest.mark.parametrize(
    "values",
    [
        ["4", "5", "1"],
        ["4.0", "3.5", "1.0"],
        ["4/5", "5/5", "1/5"],
        ["4星", "5星", "1星"],
        ["★★★★", "★★★★★", "★☆☆☆☆"],
    ],
)
@pytest.mark.parametrize("name", ["score", "rating", "Star Rating", "星级", "评分"])
def test_stars_are_stars_however_they_are_written(
    tmp_path: Path, name: str, values: list[str]
) -> None:
    path = written(
        tmp_path,
        "t.csv",
        table(f"id,title,{name}", *(f"{at},Post {at},{value}" for at, value in enumerate(values))),
    )
    assert [post.stars for post in posts_of(path)][::2] == [4, 1]


def test_votes_elsewhere_are_a_number_and_no_people(tmp_path: Path) -> None:
    path = written(tmp_path, "t.csv", table("id,title,votes", '1,Dark mode,"1,204"', "2,Search,"))
    assert [post.votes for post in posts_of(path)] == [1204, None]


# --- Ids --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "name",
    [
        "id",
        "ID",
        "number",
        "reviewId",
        "Review ID",
        "#",
        "编号",
        "key",
        "Issue key",
        "response_id",
        "ticket number",
        "uuid",
        "No.",
    ],
)
def test_an_id_is_found(tmp_path: Path, name: str) -> None:
    path = written(
        tmp_path, "t.csv", table(f"title,{name},userId", "Dark mode,a-1,7", "Search,a-2,7")
    )
    assert [post.external_id for post in posts_of(path)] == ["a-1", "a-2"]


def test_what_many_rows_share_is_no_id_of_theirs(tmp_path: Path) -> None:
    rows = [f"{at % 3},r{at},Post number {at}" for at in range(40)]
    path = written(tmp_path, "t.csv", table("id,review_id,title", *rows))
    assert taken(path)["external_id"] == "review_id"
    others = written(tmp_path, "o.csv", table("productId,userId,title", *rows))
    assert "external_id" not in taken(others)
    assert all(post.is_id_made for post in posts_of(others))


def test_an_address_of_its_own_tells_a_row_from_others(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "t.csv",
        table(
            "title,Link", "Dark mode,https://example.org/?r=1", "Search,https://example.org/?r=2"
        ),
    )
    found = posts_of(path)
    assert [post.external_id for post in found] == [
        "https://example.org/?r=1",
        "https://example.org/?r=2",
    ]
    assert found[0].url == "https://example.org/?r=1"


def test_rows_without_an_id_get_the_same_one_every_time_and_namesakes_stay_apart(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, "t.csv", table("text", "不好用", "不好用", "crash"))
    once = [post.external_id for post in posts_of(path)]
    assert once == [post.external_id for post in posts_of(path)]
    assert len(set(once)) == 3


# --- Dates ------------------------------------------------------------------------------------------
def test_of_several_dates_the_one_of_the_posting_is_taken(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "t.csv",
        table(
            "id,title,updated_at,created_at,resolved",
            "1,Dark mode,2024-05-01,2024-01-01,2024-06-01",
        ),
    )
    assert taken(path)["posted_on"] == "created_at"


def test_a_date_is_found_by_what_is_in_it(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "t.csv",
        table(
            "id,title,Zeitpunkt der Meldung",
            "1,Dark mode,2024-01-01 10:00",
            "2,Search,2024-01-02 11:00",
        ),
    )
    assert taken(path)["posted_on"] == "Zeitpunkt der Meldung"
    two = written(
        tmp_path,
        "two.csv",
        table(
            "id,title,Alpha,Beta",
            "1,Dark mode,2024-01-01,2024-01-02",
            "2,Search,2024-01-02,2024-02-02",
        ),
    )
    with pytest.raises(Undecided) as caught:
        mapped(two)
    assert caught.value.setting == "columns.posted_on"
    assert taken(two, columns={Field.POSTED_ON: "Beta"})["posted_on"] == "Beta"


def test_versions_are_no_dates_and_numbers_called_time_no_posting(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "t.csv",
        table("id,title,version,build", "1,Dark mode,4.1.0,4.10.22", "2,Search,4.2.0,4.11.02"),
    )
    assert taken(path) == {"external_id": "id", "title": "title", "app_version": "version"}
    spent = written(tmp_path, "s.csv", table("id,title,time", "1,Dark mode,35", "2,Search,12"))
    assert "posted_on" not in taken(spent)
    assert posts_of(spent)[0].fields == {"time": "35"}
