"""Mails that are broken, huge, or meant to do harm: each is read or put aside, and the next one is read all the same."""

import quopri

import pytest

from feedback.forum.models import Comment
from feedback.notify.mailbox import reading
from tests.notify.replying import reply_to


def head(mail, **headers):
    said = {"From": "ann@example.org", "To": str(mail["Reply-To"])} | headers
    return "".join(
        f"{name.replace('_', '-')}: {value}\r\n" for name, value in said.items()
    ).encode()


def nested(depth):
    open_parts = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(depth)
    )
    return open_parts + b"Content-Type: text/plain\r\n\r\nHello\r\n"


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("gb18030", "夜里太亮 𠀀"),
        ("gb2312", "夜里太亮，朱镕基"),
        ("gbk", "夜里太亮"),
        ("big5", "夜裡太亮"),
        ("iso-2022-jp", "夜は明るすぎる①"),
        ("utf-8", "Zu hell 🌙"),
        ("koi8-r", "Слишком светло"),
    ],
)
def test_words_of_every_spelling(mailbox, told_of, look, charset, text):
    codec = {"gb2312": "gb18030", "iso-2022-jp": "iso-2022-jp-ext"}.get(charset, charset)
    text = text if charset != "iso-2022-jp" else "夜は明るすぎる"
    said = head(
        told_of[1],
        Content_Type=f"text/plain; charset={charset}",
        Content_Transfer_Encoding="quoted-printable",
    )
    mailbox.put(said + b"\r\n" + quopri.encodestring(text.encode(codec)))
    assert look() == ["COMMENTED"]
    assert Comment.objects.filter(body=text).exists()


def test_words_that_say_what_they_are_not(mailbox, told_of, look):
    for number, (charset, text) in enumerate(
        [
            ("utf-8", "夜里太亮".encode("gb18030")),
            ("x-unknown", "Zu hell ü".encode()),
            ("base64", b"Zu hell"),
        ]
    ):
        said = head(
            told_of[1], Content_Type=f"text/plain; charset={charset}", Message_ID=f"<{number}@x>"
        )
        mailbox.put(said + b"\r\n" + text)
    assert look() == ["COMMENTED"] * 3
    for text in ("夜里太亮", "Zu hell ü", "Zu hell"):
        assert Comment.objects.filter(body=text).exists()


BROKEN = {
    "parts a thousand deep": lambda mail: head(mail) + nested(1_000),
    "parts in all directions": lambda mail: head(mail) + nested(25) + b"\r\n" * 9_000,
    "nothing": lambda mail: b"",
    "no headers": lambda mail: b"\r\nHello",
    "bytes": lambda mail: bytes(range(256)) * 40,
    "a broken part": lambda mail: (
        head(mail, Content_Type="multipart/mixed; boundary=") + b"\r\n--\r\n"
    ),
    "base64 that is none": lambda mail: (
        head(mail, Content_Transfer_Encoding="base64") + b"\r\n%%%="
    ),
    "words in no letters": lambda mail: (
        head(mail, Subject="=?utf-8?b?%%%?=", Content_Type='text/plain; charset=""') + b"\r\n> x"
    ),
    "a hundred thousand addresses": lambda mail: (
        head(mail, Cc=", ".join(f"a{n}@b.example" for n in range(50_000))) + b"\r\n> x"
    ),
    "a long header": lambda mail: (
        head(mail, Subject="=?utf-8?q?" + "=C3" * 100_000 + "?=") + b"\r\n> x"
    ),
    "a name that leads out": lambda mail: (
        head(
            mail,
            Content_Type='application/pdf; name="../../etc/passwd"',
            Content_Disposition="attachment",
        )
        + b"\r\nx"
    ),
    "html in html": lambda mail: head(mail, Content_Type="text/html") + b"\r\n" + b"<div>" * 60_000,
    "html that does not end": lambda mail: (
        head(mail, Content_Type="text/html") + b"\r\n" + b"<!--" * 50_000 + b"<![CDATA[" * 9_000
    ),
    "one long line": lambda mail: head(mail) + b"\r\n" + b"> " + b"-" * 400_000,
    "lines that wrote": lambda mail: (
        head(mail) + b"\r\n" + b"> x\r\n" + (b"On " + b"wrote " * 60 + b":\r\n") * 2_000
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_next_mail_is_read_all_the_same(mailbox, told_of, look, name):
    mail = told_of[1]
    mailbox.put(BROKEN[name](mail))
    mailbox.put(reply_to(mail, "Hello").as_bytes())
    first, second = look()
    assert first in ("LEFT", "UNREADABLE", "REFUSED", "COMMENTED")
    assert second == "COMMENTED"
    assert Comment.objects.filter(body="Hello").exists()


def test_of_a_huge_mail_the_words_are_read(mailbox, told_of, look):
    reply = reply_to(told_of[1], "Hello")
    reply.add_attachment(
        b"x" * 3_000_000, maintype="video", subtype="mp4", filename="`long` film.mp4"
    )
    mailbox.put(reply.as_bytes())
    assert look() == ["COMMENTED"]
    comment = Comment.objects.get(body__startswith="Hello")
    assert comment.body.endswith("`long film.mp4`")


def test_too_many_words_are_answered(mailbox, told_of, look):
    mailbox.put(reply_to(told_of[1], "x" * 10_001).as_bytes())
    assert look() == ["REFUSED"]


def test_without_a_name_a_mail_is_known_by_all_of_it(mailbox, told_of, look):
    for text in ("Hello", "Hello", "Hello again"):
        mailbox.put(reply_to(told_of[1], text, message_id=None).as_bytes())
    assert look() == ["COMMENTED", "COMMENTED"]


def test_a_name_that_another_took_first_is_still_ones_own(mailbox, told_of, look):
    mailbox.put(reply_to(told_of[1], "Hello", sender="eve@x.example").as_bytes())
    mailbox.put(reply_to(told_of[1], "Hello").as_bytes())
    assert look() == ["REFUSED", "COMMENTED"]


def test_what_one_writes_runs_nowhere(mailbox, told_of, look, client_of):
    post, mail = told_of
    mailbox.put(reply_to(mail, "<script>alert(1)</script> [x](javascript:alert(1))").as_bytes())
    look()
    page = client_of(None).get(f"/posts/{post.public_id}/").content.decode()
    assert "<script>alert" not in page and 'href="javascript' not in page


def test_a_mail_names_itself_by_its_headers_alone():
    one, other = b"Message-ID: <1@x>\r\nFrom: a\r\n\r\nx", b"Message-ID: <1@x>\r\nFrom: a\r\n\r\ny"
    assert reading.key_of(one) == reading.key_of(other)
    assert reading.key_of(b"\r\nx") != reading.key_of(b"\r\ny")
