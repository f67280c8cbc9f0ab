"""Cutting off what a reply quotes and how it is signed, in whatever language the mail program speaks.

Goes by lines and looks at each once, so that no mail is slow to read. In doubt words stay: what is cut off is lost, what stays too much
can be seen. What never stays is a link or an address of ours that is signed for its reader.
"""

import re

#: Lines of an attribution ("On Friday, …\nHeed <…>\nwrote:"), and characters of one.
_LINES, _LENGTH = 3, 400
#: Characters of a line that a mail program writes between two mails, or below one.
_SHORT = 120
_WHEN = re.compile(r"(?:On|At|Le|Am|El|Il|Op|Em|Den|Dnia)\b")
_WROTE = re.compile(
    r"\b(?:wrote|a écrit|schrieb|escribió|ha scritto|schreef|escreveu|skrev|napisał)\b"
)
_WROTE_IN_CHINESE = ("写道", "寫道", "来信", "写信说")
#: "From: …", in a block of such lines that begins what Outlook, QQ and others quote.
_FROM = re.compile(
    r"\W{0,3}(?:From|发件人|寄件者|寄件人|Von|De|差出人)\W{0,3}\s*[:：]", re.IGNORECASE
)
_OF_A_BLOCK = re.compile(
    r"\W{0,3}(?:Sent|Date|To|Subject|Cc|发送时间|发送日期|日期|时间|收件人|主题|抄送|寄件日期|收件者|主旨|Gesendet|Datum|An|Betreff"
    r"|Envoyé|À|Objet|送信日時|宛先|件名)\W{0,3}\s*[:：]",
    re.IGNORECASE,
)
_RULE = re.compile(
    r"[-_=—\s]{2,}\s*(?:Original (?:Message|Mail|Appointment)|Forwarded [Mm]essage|Replied Message|原始邮件|原始郵件|回复的原邮件|转发的邮件|转发邮件"
    r"|Ursprüngliche Nachricht|Message d'origine)\s*[-_=—\s]{2,}|_{20,}|(?:原始邮件|原始郵件)",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(
    r"(?:Sent (?:from|via|with) .{1,60}|Get Outlook for .{1,30}|(?:发自|發自|来自|來自)\s?(?:我的|.{0,20}的).{1,30}|(?:从|從).{1,20}(?:发送|傳送)"
    r"|获取\s?(?:适用于)?.{0,10}Outlook.{0,20}|使用.{1,20}邮箱.{0,10}发送|发自.{1,20}邮箱.{0,10})(?:\s?[(<]https?://\S*[>)])?[.。]?",
    re.IGNORECASE,
)


def written(text: str, *, ours: tuple[str, ...]) -> str:
    """Return what the writer of a mail wrote, without what they quote.

    ``ours`` are beginnings of links and addresses that stand in our mails: a line with one of them is quoted, and so is all after it.
    """
    lines = [line.rstrip() for line in text.split("\n")]
    lines = _without_quotes(lines)
    for at, line in enumerate(lines):
        if any(one in line.lower() for one in ours) or line.strip() == "--":
            del lines[at:]
            break
    while lines and (not lines[-1].strip() or _is(_SENT_FROM, lines[-1])):
        del lines[-1]
    return "\n".join(lines).strip("\n")


def _without_quotes(lines: list[str]) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at].strip()
        if line.startswith((">", "＞")):
            at += 1
            continue
        if _is(_RULE, line) or _begins_block(lines, at):
            break
        length = _attribution(lines, at)
        if length:
            if not _is_quoted(lines, at + length):
                break  # what it names follows without marks: to the end
            at += length
            continue
        kept.append(lines[at])
        at += 1
    return kept


def _attribution(lines: list[str], at: int) -> int:
    """Return of how many lines the "… wrote:" is that begins here, 0 for none."""
    joined = ""
    for length, line in enumerate(lines[at : at + _LINES], start=1):
        if not line.strip():
            return 0
        joined = f"{joined} {line.strip()}".strip()
        if len(joined) > _LENGTH:
            return 0
        if joined.endswith((":", "：")):
            if _begins_as_one(joined):
                rest = " ".join(line.strip() for line in lines[at + 1 : at + length])
                return 0 if _begins_as_one(rest) else length
            # In another language: somebody's address and a time, and then a quote.
            is_any = "@" in joined and re.search(r"\d", joined) and _is_quoted(lines, at + length)
            if is_any or _ends_as_one(joined):
                later = range(at + 1, at + length)
                return 0 if any(_attribution(lines, one) for one in later) else length
    return 0


def _begins_as_one(line: str) -> bool:
    if line.startswith("在"):
        return line.rstrip(":： ").endswith(_WROTE_IN_CHINESE)
    return _WHEN.match(line) is not None and _WROTE.search(line) is not None


def _ends_as_one(line: str) -> bool:
    return line.rstrip(":： ").endswith(_WROTE_IN_CHINESE) and re.search(r"\d", line) is not None


def _is(pattern: re.Pattern[str], line: str) -> bool:
    return len(line) <= _SHORT and pattern.fullmatch(line.strip()) is not None


def _is_quoted(lines: list[str], at: int) -> bool:
    """Whether the next line that says anything is quoted with a mark."""
    for line in lines[at : at + 4]:
        if line.strip():
            return line.strip().startswith((">", "＞"))
    return False


def _begins_block(lines: list[str], at: int) -> bool:
    if not _FROM.match(lines[at].strip()[:40]):
        return False
    block = [line.strip()[:40] for line in lines[at + 1 : at + 9]]
    return sum(_OF_A_BLOCK.match(line) is not None for line in block) >= 2
