"""Replies by mail become comments, or are answered with the reason why not."""

import re

import pytest

from feedback.asks.answers import answer_ask
from feedback.forum.comments.operations import comment
from feedback.forum.models import Board, Comment
from feedback.forum.posts.operations import hide_post
from feedback.kernel import clock
from feedback.notify.models import ArrivedMail, Notice
from tests.notify.replying import reply_to
from tests.notify.smtp import parts

QUOTED = """I meant at night.

On Fri, Mar 6, 2026 at 9:33 AM Heed <heed@127.0.0.1>
wrote:

> Bo commented on your post
> Fewer mails, or none: http://127.0.0.1:8000/unsubscribe/abc/
"""


def by_mail(author):
    return list(Comment.objects.filter(author=author).values_list("post__title", "body"))


def test_a_reply_stands_under_the_post_it_is_about(mailbox, told_of, look, ann, client_of):
    post, mail = told_of
    assert re.fullmatch(r"reply\+r[0-9a-z]{27}@heed\.example", mail["Reply-To"])
    for said in parts(mail):
        assert "comment under “Dark mode”" in said
    uid = mailbox.put(reply_to(mail, QUOTED).as_bytes())
    assert look() == ["COMMENTED"]
    assert by_mail(ann) == [("Dark mode", "I meant at night.")]
    assert mailbox.seen == {uid}
    assert "I meant at night." in client_of(None).get(f"/posts/{post.public_id}/").content.decode()
    assert look() == []


def test_a_reply_about_an_ask_stands_under_ones_own_post(
    mailbox, server, dark_mode, ann, bo, pia, send, look
):
    answer_ask(ask=dark_mode, body="At night alone?", actor=pia, now=clock.now())
    send()
    for person in (ann, bo):
        (mail,) = server.to(person.email)
        mailbox.put(
            reply_to(mail, "Always!", sender=person.email, message_id=f"<{person.pk}@x>").as_bytes()
        )
    assert look() == ["COMMENTED", "COMMENTED"]
    assert by_mail(ann) == by_mail(bo) == [("Dark mode, please", "Always!")]


def test_a_mail_of_several_things_takes_no_reply(mailbox, server, publish, ann, bo, send):
    for title in ("Dark mode", "Louder bells"):
        comment(post=publish(ann, title), author=bo, body="Me too", now=clock.now())
    send()
    (mail,) = server.to("ann@example.org")
    assert mail["Reply-To"] is None


def test_without_a_mailbox_no_mail_asks_for_a_reply(server, publish, ann, bo, send):
    comment(post=publish(ann), author=bo, body="Me too", now=clock.now())
    send()
    (mail,) = server.to("ann@example.org")
    assert mail["Reply-To"] is None and "Reply to this mail" not in parts(mail)[0]


def test_what_is_attached_is_named_and_left_out(mailbox, told_of, look, ann):
    reply = reply_to(told_of[1], "Like this.")
    reply.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="夜间.png")
    mailbox.put(reply.as_bytes())
    look()
    ((_title, body),) = by_mail(ann)
    assert body == "Like this.\n\nAttached to the mail, and not taken along: `夜间.png`"


def test_html_becomes_text(mailbox, told_of, look, ann):
    reply = reply_to(told_of[1], "")
    reply.set_content(
        "<style>p{color:red}</style><p>At <b>night</b>,<br>see <a href='https://x.example/a'>here</a></p>"
        "<ul><li>one<li>two</ul><div class=gmail_quote>On Fri, Mar 6, 2026, Heed &lt;a@b.c&gt; wrote:<blockquote>Bo</blockquote></div>",
        subtype="html",
    )
    mailbox.put(reply.as_bytes())
    assert look() == ["COMMENTED"]
    ((_title, body),) = by_mail(ann)
    assert body == "At night,\nsee here (https://x.example/a)\n\n- one\n- two"


# --- Who may ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def refused(told_of, mailbox, look, send, server, ann):
    """Have a reply be refused; return the answer that Ann gets."""

    def refuse(reply):
        mailbox.put(reply.as_bytes())
        assert look() == ["REFUSED"]
        assert not Comment.objects.filter(body="Hello").exists()
        server.mails.clear()
        send()
        ((whom, answer),) = server.mails
        assert whom == "ann@example.org", "Only who the mail was for hears of it."
        assert answer["Reply-To"] is None, "An answer is not answered."
        return answer

    return refuse


@pytest.mark.parametrize(
    "sender", ["Eve <eve@example.org>", "ann@example.org, eve@example.org", ""]
)
def test_nobody_replies_for_somebody_else(told_of, refused, sender):
    answer = refused(reply_to(told_of[1], "Hello", sender=sender or None))
    assert "It came from another address." in parts(answer)[0]
    assert "eve@example.org" not in answer.as_string()


def test_a_sender_that_is_proven_false_is_nobody(told_of, refused):
    found = "mx.heed.example; spf=fail; dmarc=fail (p=reject) header.from=example.org"
    answer = refused(reply_to(told_of[1], "Hello", Authentication_Results=found))
    assert "Nobody could say for sure" in parts(answer)[0]


def test_a_closed_board_says_so(told_of, refused):
    Board.objects.update(is_archived=True)
    assert "nobody can comment on it any more" in parts(refused(reply_to(told_of[1], "Hello")))[0]


def test_what_is_hidden_is_answered_in_ones_own_language(told_of, refused, ann, mo, publish):
    post, mail = told_of
    type(post).objects.filter(pk=post.pk).update(author=publish(mo).author)
    hide_post(post=post, moderator=mo, now=clock.now())
    type(ann).objects.filter(pk=ann.pk).update(language="zh-hans")
    answer = refused(reply_to(mail, "Hello"))
    assert "你用邮件写的回复没能发布" in answer["Subject"]
    assert "Dark mode" not in answer.as_string()


def test_a_reply_without_words_is_answered(told_of, refused):
    assert "There is nothing in it yet." in parts(refused(reply_to(told_of[1], "> Bo\n")))[0]


def test_a_flood_is_neither_posted_nor_answered(mailbox, told_of, look, frozen):
    for number in range(8):
        mailbox.put(
            reply_to(
                told_of[1], "Hi", sender="eve@x.example", message_id=f"<{number}@x>"
            ).as_bytes()
        )
    assert look() == ["REFUSED"] * 5 + ["LEFT"] * 3


def test_a_mark_that_was_not_signed_here_is_none(mailbox, told_of, look, ann):
    mail = told_of[1]
    real = str(mail["Reply-To"])
    name = mail["Message-ID"].strip("<>").partition(".")[0]
    assert name in real, "The name of a mail is no secret; the mark behind it is."
    for number, forged in enumerate(
        [
            real.replace("+r", "+b"),
            f"reply+r{name}@heed.example",
            f"reply+r{name}{'a' * 16}@heed.example",
        ]
    ):
        mailbox.put(reply_to(mail, "Hello", To=forged, message_id=f"<{number}@x>").as_bytes())
    assert look() == ["LEFT"] * 3
    mailbox.put(reply_to(mail, "Hello", To=real.upper()).as_bytes())
    assert look() == ["COMMENTED"], "Some servers change the case."


def test_an_address_that_is_proven_is_ones_own(mailbox, told_of, look, ann):
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=ann, email="ann@work.example", verified=True)
    mailbox.put(reply_to(told_of[1], "Hello", sender="Ann@Work.example").as_bytes())
    assert look() == ["COMMENTED"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"List_Id": "<users.example.org>"},
        {"X_Autoreply": "yes"},
        {"Subject": "自动回复：我在休假"},
        {"Subject": "Out of office: Dark mode"},
        {"sender": "MAILER-DAEMON@example.org"},
    ],
    ids=str,
)
def test_programs_are_left_alone(mailbox, told_of, look, headers):
    mailbox.put(reply_to(told_of[1], "I am away.", **headers).as_bytes())
    assert look() == ["LEFT"]
    assert not Notice.objects.filter(key__startswith="reply-refused").exists()


def test_our_own_mails_come_to_nothing(mailbox, told_of, look, server):
    for _whom, mail in list(server.mails):
        del mail["To"]
        mail["To"] = str(told_of[1]["Reply-To"])
        mailbox.put(mail.as_bytes())
    assert set(look()) == {"LEFT"}


def test_what_arrived_is_forgotten_in_time(mailbox, told_of, look, frozen):
    from feedback.notify.mailbox import polling

    mailbox.put(reply_to(told_of[1], "Hello").as_bytes())
    look()
    frozen.shift(polling.REMEMBERED)
    polling.tidy(now=clock.now())
    assert ArrivedMail.objects.exists()
    frozen.shift(1)
    polling.tidy(now=clock.now())
    assert not ArrivedMail.objects.exists()
