"""Dates as the world writes them, with their zones; day and month are told by the whole column."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_datetime
from hypothesis import given
from hypothesis import strategies as st

from feedback.importing.formats import Order, Undecided, ValueUnreadable
from feedback.importing.formats.dates.column import DateColumn, DateReader, Question
from tests.importing.files import NOW, SHANGHAI, mapped, posts_of, refused_of, table, written


def reader(*values: str, order: Order | None = None, zone: dt.tzinfo = SHANGHAI) -> DateReader:
    """Return the reader of a column of ``values``."""
    column = DateColumn(NOW)
    for value in values:
        column.add(value)
    found = column.settle("created", order=order, time_zone=zone)
    assert isinstance(found, DateReader), found
    return found


def read(text: str) -> str:
    """Return the moment that ``text`` alone names, in UTC."""
    found = reader(text).read(text)
    assert found is not None
    return found.strftime("%Y-%m-%d %H:%M:%S")


FORMS = """
2024-01-15 10:20:30 UTC                                  | 2024-01-15 10:20:30
2024-01-15 10:20:30                                      | 2024-01-15 02:20:30
2024-01-15T10:20:30.123456789Z                           | 2024-01-15 10:20:30
2024-01-15T10:20:30-0700                                 | 2024-01-15 17:20:30
2024-01-15 10:20:30 +08                                  | 2024-01-15 02:20:30
2024-01-15T10:20:30+01:00[Europe/Paris]                  | 2024-01-15 09:20:30
2024-07-15 10:20:30 Europe/Berlin                        | 2024-07-15 08:20:30
2024-01-15 10:20 GMT+8                                   | 2024-01-15 02:20:00
2024/01/15 10:20:30 UTC+08:00                            | 2024-01-15 02:20:30
2024-01-15 UTC                                           | 2024-01-15 00:00:00
Mon Jan 15 2024 03:20:30 GMT+0800 (China Standard Time)  | 2024-01-14 19:20:30
Mon Jan 15 2024 03:20:30 GMT-0500 (Eastern Standard Time)| 2024-01-15 08:20:30
Mon Jan 15 2024 03:20:30 GMT+0800 (中国标准时间)           | 2024-01-14 19:20:30
Mon, 15 Jan 2024 03:20:30 GMT                            | 2024-01-15 03:20:30
Tue, 05 Mar 2024 10:20:00 +0000                          | 2024-03-05 10:20:00
Mon Jan 15 10:20:30 PST 2024                             | 2024-01-15 18:20:30
Mon Jan 15 10:20:30 CST 2024                             | 2024-01-15 02:20:30
Mon Jan 15 10:20:30 +0800 2024                           | 2024-01-15 02:20:30
15/Jan/24 10:20 AM                                       | 2024-01-15 02:20:00
15/Jan/24 12:05 AM                                       | 2024-01-14 16:05:00
Jan 15, 2024 10:20 PM PST                                | 2024-01-16 06:20:00
Monday, January 15, 2024 at 10:20 AM                     | 2024-01-15 02:20:00
January 15th, 2024                                       | 2024-01-14 16:00:00
12/25/2024, 3:20:30 PM                                   | 2024-12-25 07:20:30
25/12/2024 15:20                                         | 2024-12-25 07:20:00
15.01.2024 10:20                                         | 2024-01-15 02:20:00
2024年1月15日 星期一 下午3:20:30                            | 2024-01-15 07:20:30
2024年1月15日星期一 上午12:05                               | 2024-01-14 16:05:00
2024年1月15日 晚上8点20分                                  | 2024-01-15 12:20:00
2024/1/15 下午 03:20:30                                   | 2024-01-15 07:20:30
二〇二四年一月十五日                                         | 2024-01-14 16:00:00
民國113年1月15日                                           | 2024-01-14 16:00:00
2024年1月15日(月) 午後3時20分                              | 2024-01-15 07:20:00
令和6年1月15日                                             | 2024-01-14 16:00:00
2024. 1. 15. 오후 3:20:30                                 | 2024-01-15 07:20:30
2024년 1월 15일 월요일 오전 9시 5분                          | 2024-01-15 01:05:00
15 janv. 2024 à 10h20                                    | 2024-01-15 02:20:00
lundi 15 janvier 2024 10:20:30                           | 2024-01-15 02:20:30
15. Januar 2024 um 10:20 Uhr                             | 2024-01-15 02:20:00
mar, 16 ene 2024 10:20                                   | 2024-01-16 02:20:00
15 de janeiro de 2024 às 10:20                           | 2024-01-15 02:20:00
15 января 2024 г. в 10:20                                | 2024-01-15 02:20:00
15. tammikuuta 2024 klo 10.20                            | 2024-01-15 02:20:00
15 tháng 1, 2024                                         | 2024-01-14 16:00:00
1705314030                                               | 2024-01-15 10:20:30
1705314030123                                            | 2024-01-15 10:20:30
20240115102030                                           | 2024-01-15 02:20:30
20240115                                                 | 2024-01-14 16:00:00
"""


@pytest.mark.parametrize(
    ("text", "moment"),
    [[cell.strip() for cell in line.split("|")] for line in FORMS.strip().splitlines()],
)
def test_a_date_is_read_with_its_zone(text: str, moment: str) -> None:
    assert read(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "yesterday", "3 days ago", "昨天 10:20", "2024-13-45", "31/31/2024", "2023-02-29", "1024-01-01", "5", "May", "Jan 2024", "10:20", "4.1.0",
        "version 2 of May 2024", "2024-01-15 and more", "2024-01-15 10:20:30 XYZ", "2024-01-15 25:20", "1.70529E+12", "99999999999999999",
    ],
)  # fmt: skip
def test_what_names_no_day_is_said_so(text: str) -> None:
    with pytest.raises(ValueUnreadable, match="cannot be read"):
        reader().read(text)


@given(st.text(max_size=40))
def test_no_cell_breaks_the_reading(text: str) -> None:
    column = DateColumn(NOW)
    column.add(text)
    found = column.settle("created", order=Order.DAY_FIRST, time_zone=dt.UTC)
    try:
        if isinstance(found, DateReader):
            found.read(text)
    except ValueUnreadable as reason:
        assert str(reason)


ZONES = [dt.UTC, SHANGHAI, ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata")]
MOMENTS = st.builds(
    lambda seconds, zone: dt.datetime.fromtimestamp(seconds, zone),
    st.integers(800_000_000, 1_770_000_000),
    st.sampled_from(ZONES),
)
#: How programs write a moment with its zone, as Python's format or a function.
WITH_ZONE = [
    lambda m: m.isoformat(),
    lambda m: m.strftime("%a, %d %b %Y %H:%M:%S %z"),
    lambda m: m.strftime("%a %b %d %Y %H:%M:%S GMT%z (Some Standard Time)"),
    lambda m: m.strftime("%a %b %d %H:%M:%S %z %Y"),
    lambda m: m.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
    lambda m: m.astimezone(dt.UTC).strftime("%d/%b/%Y %I:%M:%S %p GMT"),
    lambda m: (
        m.strftime("%Y/%m/%d %H:%M:%S UTC") + m.strftime("%z")[:3] + ":" + m.strftime("%z")[3:]
    ),
    lambda m: str(int(m.timestamp())),
    lambda m: str(int(m.timestamp() * 1000)),
]


@given(MOMENTS, st.sampled_from(WITH_ZONE))
def test_any_moment_with_its_zone_round_trips(moment: dt.datetime, form) -> None:
    assert reader(form(moment)).read(form(moment)) == moment


LOCALES = [
    "en_US",
    "en_GB",
    "de",
    "fr",
    "es",
    "pt_BR",
    "it",
    "nl",
    "sv",
    "da",
    "pl",
    "cs",
    "ru",
    "uk",
    "tr",
    "el",
    "zh_Hans",
    "zh_Hant",
    "ja",
    "ko",
    "id",
    "fi",
    "hu",
    "ro",
]


@given(MOMENTS, st.sampled_from(LOCALES), st.sampled_from(["medium", "long", "full"]))
def test_any_moment_in_the_words_of_any_language_round_trips_to_the_minute(
    moment: dt.datetime, locale: str, width: str
) -> None:
    here = moment.astimezone(SHANGHAI).replace(tzinfo=None)
    text = f"{format_datetime(here, f'{_date_pattern(locale, width)}', locale=locale)} {here:%H:%M}"
    column = DateColumn(NOW)
    column.add(text)
    found = column.settle("created", order=None, time_zone=SHANGHAI)
    if isinstance(found, Question):  # a date of numbers alone may be ambiguous, never wrong
        assert found.setting in ("date_order", "date_language")
        return
    assert found.read(text) == here.replace(second=0, tzinfo=SHANGHAI)


def _date_pattern(locale: str, width: str) -> str:
    from babel import Locale

    return str(Locale.parse(locale).date_formats[width].pattern)


# --- Day and month -----------------------------------------------------------------------------------
def column_of(folder: Path, *dates: str) -> Path:
    return written(
        folder,
        "t.csv",
        table(
            "id,title,created",
            *(f'{number},Post {number},"{date}"' for number, date in enumerate(dates)),
        ),
    )


def days(path: Path, **answers: object) -> list[str]:
    return [
        f"{post.posted_at.astimezone(SHANGHAI):%m-%d}"
        for post in posts_of(path, **answers)
        if post.posted_at
    ]


def test_one_date_that_can_only_be_read_one_way_tells_for_all(tmp_path: Path) -> None:
    assert days(column_of(tmp_path, "3/5/2024", "25/12/2023", "7/8/2024")) == [
        "05-03",
        "12-25",
        "08-07",
    ]
    assert days(column_of(tmp_path, "3/5/2024", "12/25/2023", "7/8/2024")) == [
        "03-05",
        "12-25",
        "07-08",
    ]
    assert days(column_of(tmp_path, *["3/5/2024"] * 900, "25/12/2023"))[:1] == ["05-03"]


def test_nobody_posted_tomorrow(tmp_path: Path) -> None:
    assert days(column_of(tmp_path, "3/12/2025", "12/1/2026")) == ["12-03", "01-12"]


def test_what_nothing_tells_is_asked(tmp_path: Path) -> None:
    path = column_of(tmp_path, "3/5/2024", "4/6/2024")
    with pytest.raises(Undecided, match="may be one of several days") as caught:
        mapped(path)
    assert caught.value.setting == "date_order"
    assert {(choice.value, choice.label) for choice in caught.value.question.choices} == {
        ("day-first", "3/5/2024 = 2024-05-03"),
        ("month-first", "3/5/2024 = 2024-03-05"),
    }
    assert days(path, date_order=Order.DAY_FIRST) == ["05-03", "06-04"]
    assert days(path, date_order=Order.MONTH_FIRST) == ["03-05", "04-06"]
    assert days(column_of(tmp_path, "5/5/2024", "4/4/2024")) == ["05-05", "04-04"]


def test_a_column_that_mixes_both_is_asked_about(tmp_path: Path) -> None:
    path = column_of(tmp_path, "3/5/2024", "25/12/2023", "12/25/2023")
    with pytest.raises(Undecided, match=r'mixes dates .* "25/12/2023" and "12/25/2023"'):
        mapped(path)
    refused = refused_of(path, date_order=Order.DAY_FIRST)
    assert refused == []
    assert days(path, date_order=Order.DAY_FIRST) == ["05-03", "12-25", "12-25"]


def test_two_digits_of_the_year_may_come_first_beside_chinese(tmp_path: Path) -> None:
    def beside_chinese(*dates: str) -> Path:
        rows = (f"{number},希望有深色模式,{date}" for number, date in enumerate(dates))
        return written(tmp_path, "t.csv", table("编号,内容,时间", *rows))

    with pytest.raises(Undecided) as caught:
        mapped(beside_chinese("24/01/15", "23/02/14"))
    choices = {choice.value for choice in caught.value.question.choices}
    assert choices == {"day-first", "year-first"}
    assert days(beside_chinese("24/01/15"), date_order=Order.YEAR_FIRST) == ["01-15"]
    assert days(beside_chinese("24/01/15", "23/12/31")) == ["01-15", "12-31"]
    latin = column_of(tmp_path, "15/01/24", "28/02/24")
    assert days(latin) == ["01-15", "02-28"]


def test_a_zone_of_several_is_asked_about(tmp_path: Path) -> None:
    path = column_of(tmp_path, "Mon Jan 15 10:20:30 IST 2024")
    with pytest.raises(Undecided) as caught:
        mapped(path)
    assert caught.value.setting == "time_zone"
    found = posts_of(path, time_zone=ZoneInfo("Asia/Kolkata"), time_zone_is_said=True)
    assert found[0].posted_at == dt.datetime(2024, 1, 15, 4, 50, 30, tzinfo=dt.UTC)


def test_a_month_that_differs_between_languages_is_asked_about_unless_others_tell(
    tmp_path: Path,
) -> None:
    with pytest.raises(Undecided) as caught:
        mapped(column_of(tmp_path, "15 srp 2024"))
    assert caught.value.setting == "date_language"
    assert days(column_of(tmp_path, "15 srp 2024", "3 kvě 2024")) == ["08-15", "05-03"]
    assert days(column_of(tmp_path, "15 srp 2024"), date_language="hr") == ["07-15"]


def test_a_file_without_dates_says_so(tmp_path: Path) -> None:
    found = mapped(written(tmp_path, "t.csv", table("id,title", "1,Dark mode", "2,Search")))
    assert found.notes == ("2 rows have no date and will be dated at the import.",)
    some = mapped(column_of(tmp_path, "2024-01-15", "", ""))
    assert "2 rows have no date and will be dated at the import." in some.notes
    assert any("Asia/Shanghai" in note for note in some.notes)
