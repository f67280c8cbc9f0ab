"""Who is nobody, and what a post is called that brings no title or only a greeting."""

from pathlib import Path

import pytest

from feedback.importing.formats import people
from feedback.importing.formats.titles import only_greets, title_of
from tests.importing.files import posts_of, table, written


@pytest.mark.parametrize(
    "name",
    [
        "Anonymous", "anonymous user", "A Google user", "Google 用户", "匿名用户", "匿名", "User", "Guest", "deleted user", "[deleted]", "", " - ", "N/A", "Ein Google-Nutzer", "Un utilisateur de Google",
        "Аноним", "익명", "名無しさん", "游客", "微信用户", "(anonymous)", "ＡＮＯＮＹＭＯＵＳ", "null", "usuario anónimo", "已注销用户",
    ],
)  # fmt: skip
def test_these_are_nobody(name: str) -> None:
    assert people.name_of(name) == ""


@pytest.mark.parametrize(
    "name",
    [
        "Ana",
        "小明",
        "User 8812",
        "用户12345",
        "Guest Ahmed",
        "Gus",
        "Anonymouse",
        "Guestav",
        "匿名的小猫",
        "Google Fan",
        "김철수",
        "Юзер Иванов",
    ],
)
def test_these_are_somebody(name: str) -> None:
    assert people.name_of(name) == name


@pytest.mark.parametrize(
    "greeting",
    [
        "Hi", "Hello!", "Hi support team,", "Dear developers,", "Hey guys", "Good morning", "您好：", "你好", "大家好！", "尊敬的开发者：", "Hallo zusammen,", "Sehr geehrte Damen und Herren,", "Bonjour,", "Hola equipo",
        "Здравствуйте!", "こんにちは", "안녕하세요", "Regards", "Best regards,", "Thanks in advance", "谢谢！", "Mit freundlichen Grüßen", "To whom it may concern,", "Dear Sir or Madam",
    ],
)  # fmt: skip
def test_these_only_greet(greeting: str) -> None:
    assert only_greets(greeting)


@pytest.mark.parametrize(
    "said",
    [
        "Dark mode",
        "History is lost",
        "Hide the sidebar",
        "Hello kitty theme",
        "你好呀页面打不开",
        "Heyday of ads",
        "Thanks to the update it crashes",
        "谢谢页面不能打开",
        "Hi-Fi sound",
        "High CPU use",
    ],
)
def test_these_say_something(said: str) -> None:
    assert not only_greets(said)


@pytest.mark.parametrize(
    ("title", "body", "expected"),
    [
        ("", "Hi support team,\n\nPlease add a dark theme.\n\nRegards", "Please add a dark theme."),
        ("", "您好：\n希望增加深色模式", "希望增加深色模式"),
        ("", "您好，希望增加深色模式。谢谢！", "希望增加深色模式。"),
        ("", "Hi team, please let me export to PDF. Thanks!", "please let me export to PDF."),
        (
            "",
            "I love this app. I use it every day. Could you add a dark theme?",
            "Could you add a dark theme?",
        ),
        ("", "我很喜欢这个应用。每天都在用。能不能加一个深色模式？", "能不能加一个深色模式？"),
        (
            "",
            "Bonjour,\nPourriez-vous ajouter un thème sombre ?\nMerci",
            "Pourriez-vous ajouter un thème sombre ?",
        ),
        (
            "",
            "こんにちは。\nダークモードを追加してほしいです。",
            "ダークモードを追加してほしいです。",
        ),
        ("Hello", "The sync is slow since the update", "The sync is slow since the update"),
        ("您好", "打开就闪退", "打开就闪退"),
        ("Dark mode", "Hi team,\nplease", "Dark mode"),
        ("Hello", "", "Hello"),
        ("", "Hello", "Hello"),
        ("", "不好用", "不好用"),
    ],
)
def test_a_title_says_what_is_asked(title: str, body: str, expected: str) -> None:
    assert title_of(title, body) == expected


def test_what_every_post_of_the_file_says_is_no_title(tmp_path: Path) -> None:
    asks = [
        "The list is too small to read",
        "Export to CSV fails for me",
        "Search finds nothing at all",
        "The widget is empty",
        "Sync stops at night",
        "Photos are blurred",
    ]
    rows = [f'{at},"Message from the form of our shop\n{ask}"' for at, ask in enumerate(asks)]
    path = written(tmp_path, "t.csv", table("id,description", *rows))
    assert [post.title for post in posts_of(path)] == asks


def test_a_greeting_for_a_title_is_kept_with_the_post(tmp_path: Path) -> None:
    row = posts_of(
        written(
            tmp_path,
            "t.csv",
            table("id,title,body", "1,Hello,Please add a dark theme", "2,Search,It finds nothing"),
        )
    )[0]
    assert (row.title, row.fields) == ("Please add a dark theme", {"title": "Hello"})


def test_a_long_sentence_is_cut_at_a_word() -> None:
    title = title_of(
        "",
        "The captions are wrong in every second video since the last update, please look at it soon",
    )
    assert title.endswith("…")
    assert len(title) <= 80
