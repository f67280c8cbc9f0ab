"""What somebody wrote, told from what they quote: in the forms of the mail programs that people have."""

import pytest

from feedback.notify.mailbox import plain, quotes

OURS = ("https://heed.example/unsubscribe/", "reply+r")

REPLIES = {
    "gmail": "At night.\n\nOn Fri, Mar 6, 2026 at 9:33 AM Heed <heed@x.example> wrote:\n\n> Bo commented\n> Open it",
    "gmail broken over lines": "At night.\n\nOn Fri, Mar 6, 2026 at 9:33 AM Heed <\nheed@x.example> wrote:\n\n> Bo",
    "gmail in Chinese": "At night.\n\nHeed <heed@x.example> 于2026年3月6日周五 17:33写道：\n\n> Bo 回复了你的帖子",
    "apple in Chinese": "At night.\n\n> 在 2026年3月6日，17:33，Heed <heed@x.example> 写道：\n> \n> Bo",
    "no empty line": "At night.\nOn Fri, Mar 6, 2026, Bo <bo2@x.example> wrote:\n> Bo",
    "two lines that begin alike": "At night.\nOn Fri, Mar 6, 2026 at 9:33 AM Heed <\nheed@x.example> wrote:\n> Bo",
    "no empty line in Chinese": "At night.\nHeed <heed@x.example> 于2026年3月6日 17:33写道：\n> Bo",
    "no empty line in German": "At night.\nFr., 6. März 2026, Heed <heed2@x.example>:\n> Bo",
    "163": 'At night.\n\n\n在 2026-03-06 17:33:00，"Heed" <heed@x.example> 写道：\n\nBo 回复了你的帖子\n打开',
    "163 in English": 'At night.\n\nAt 2026-03-06 17:33:00, "Heed" <heed@x.example> wrote:\n\nBo commented',
    "163, the app": "At night.\n---- 回复的原邮件 ----\n| 发件人 | Heed |\n| 日期 | 2026年03月06日 17:33 |",
    "qq": 'At night.\n\n\n------------------ 原始邮件 ------------------\n发件人: "Heed" <heed@x.example>;\n发送时间: 2026年3月6日',
    "qq, the app": 'At night.\n\n---原始邮件---\n发件人: "Heed"<heed@x.example>\n',
    "outlook": "At night.\n\nFrom: Heed <heed@x.example>\nSent: Friday, March 6, 2026 9:33 AM\nTo: Ann\nSubject: Bo\n\nBo commented",
    "outlook in Chinese": "At night.\n\n发件人: Heed <heed@x.example>\n发送时间: 2026年3月6日 17:33\n收件人: Ann\n主题: Bo\n\nBo",
    "outlook on the web": "At night.\n________________________________\nFrom: Heed\nSent: Friday",
    "outlook, bold": "At night.\n\n*From:* Heed\n*Date:* Friday\n*To:* Ann\n\nBo",
    "old outlook": "At night.\n\n-----Original Message-----\nFrom: Heed\nBo commented",
    "german": "At night.\n\nAm Fr., 6. März 2026 um 09:33 Uhr schrieb Heed <heed@x.example>:\n\n> Bo",
    "japanese": "At night.\n\n2026年3月6日(金) 17:33 Heed <heed@x.example>:\n\n> Bo",
    "korean": "At night.\n\n2026년 3월 6일 (금) 오후 5:33, Heed <heed@x.example>님이 작성:\n\n> Bo",
    "below": "On Fri, Mar 6, 2026, Heed <heed@x.example> wrote:\n> Bo commented\n> on your post\n\nAt night.",
    "no marks, our link": "At night.\nFewer mails, or none: https://heed.example/unsubscribe/abc/\nmore",
    "our address": "At night.\nreply+rabc@heed.example said\nmore",
    "signature": "At night.\n\n-- \nAnn Smith\nAcme, Inc.",
    "phone": "At night.\n\nSent from my iPhone",
    "phone in Chinese": "At night.\n\n发自我的iPhone\n",
    "huawei": "At night.\n来自我的华为手机",
    "outlook for ios": "At night.\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: Heed",
    "phone above a quote": "At night.\n\nSent from my iPhone\n\n> On Mar 6, 2026, at 09:33, Heed <heed@x.example> wrote:\n> \n> Bo",
}


@pytest.mark.parametrize("name", REPLIES)
def test_only_what_they_wrote_is_left(name):
    assert quotes.written(REPLIES[name], ours=OURS) == "At night."


@pytest.mark.parametrize(
    "text",
    [
        "On Monday I wrote: it is slow.\nIt still is.",
        "I want:\n- a dark mode\n- at night",
        "From: here to there, it is dark.\nFrom: there, too.",
        "Thanks,\nbut the menu is still white.",
        "Best regards to all who built this\nand one more thing",
        "写道：这里有两个问题\n第一个是菜单",
        "Mail to ops@x.example at 10:30:\nthey know",
        "a -- b\n--force does not help",
        "Sent from my phone it fails\nevery time",
    ],
)
def test_words_that_look_like_a_quote_stay(text):
    assert quotes.written(text, ours=OURS) == text


def test_answers_between_the_quoted_lines_stay():
    text = "On Fri, Mar 6, 2026, Bo <bo@x.example> wrote:\n> Menus?\n\nYes.\n\n> And mails?\nNo."
    assert [line for line in quotes.written(text, ours=()).split("\n") if line] == ["Yes.", "No."]


def test_html_reads_as_it_looks():
    html = (
        "<html><head><title>No</title><style>p{}</style></head><body><p>One&nbsp;two\n three</p><div>four</div><div><br></div>"
        "<script>alert(1)</script>five<blockquote><p>quoted</p>more</blockquote><ul><li>a</li><li>b</li></ul>"
        "<a href='javascript:x'>six</a> <a href='https://x.example/'>https://x.example</a></body></html>"
    )
    assert plain.from_html(html).split("\n") == [
        "One two three", "", "four", "", "five", "", "> quoted", ">", "> more", ">", "- a", "- b",
        "six https://x.example",
    ]  # fmt: skip


def test_what_a_program_broke_is_joined():
    assert plain.unflowed("It is \ndark at \nnight.\n\n> quoted \n> more\n-- \nAnn") == (
        "It is dark at night.\n\n> quoted \n> more\n-- \nAnn"
    )
