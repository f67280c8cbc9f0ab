"""Every word of the interface in Chinese, the catalogue compiled, and no English left on the pages."""

import re
from collections import Counter, defaultdict
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import allauth
import django
import pytest
from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib.auth import password_validation
from django.urls import reverse
from django.utils import translation
from django.utils.translation.template import templatize

from feedback.accounts.models import Segment, User
from feedback.asks.models import Answer, AnswerTemplate, Area, Ask
from feedback.forum.models import (
    Attachment,
    Board,
    Comment,
    Field,
    Poll,
    PollOption,
    Post,
    Reproduction,
    Rule,
    Translation,
    VoteForCustomer,
    WordRule,
)
from feedback.roadmap.models import ChangelogLine, Item, Release, ReportEntry
from feedback.ui import borrowed_words
from tests.architecture.examples import arguments
from tests.architecture.test_addresses import TABLE

ROOMS = settings.BASE_DIR / "feedback"
FOLDER = ROOMS / "ui" / "locale" / "zh_Hans" / "LC_MESSAGES"
HAN = r"\u3400-\u9fff"

_PLAIN, _COUNTED = (1,), (1, 2)
_IN_CONTEXT, _COUNTED_IN_CONTEXT = ((1, "c"), 2), ((1, "c"), 2, 3)
CALLS = {
    "_": _PLAIN,
    "gettext": _PLAIN,
    "gettext_lazy": _PLAIN,
    "gettext_noop": _PLAIN,
    "ngettext": _COUNTED,
    "ngettext_lazy": _COUNTED,
    "pgettext": _IN_CONTEXT,
    "pgettext_lazy": _IN_CONTEXT,
    "npgettext": _COUNTED_IN_CONTEXT,
    "npgettext_lazy": _COUNTED_IN_CONTEXT,
}


@cache
def found_today():
    """Return what makemessages finds in the rooms: {(context, singular): {plural or "": file}}."""
    found = defaultdict(dict)
    for path in sorted(ROOMS.rglob("*")):
        if path.suffix not in (".py", ".html", ".txt") or {"migrations", "sample"} & {*path.parts}:
            continue
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # What stands around the calls is filler; its indentation means nothing.
            source = "\n".join(line.strip() for line in templatize(source).splitlines())
        for _line, message, _comments, context in extract(
            "python", BytesIO(source.encode()), CALLS, options={"encoding": "utf-8"}
        ):
            singular, plural = message if isinstance(message, tuple) else (message, "")
            if singular:
                found[context, singular][plural] = str(path.relative_to(ROOMS))
    return found


@cache
def catalogue() -> Catalog:
    """Return the Chinese catalogue."""
    return read_po(BytesIO((FOLDER / "django.po").read_bytes()), locale="zh_Hans_CN")


def english(message):
    """Return the forms of ``message`` in English."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def chinese(message):
    """Return the one form of ``message`` in Chinese."""
    return message.string if isinstance(message.string, str) else message.string[0]


def told(catalogue):
    """Return the messages of ``catalogue`` without its header."""
    return [message for message in catalogue if message.id]


def blanks(text):
    """Return what is filled in, and the tags, of ``text``."""
    return Counter(re.findall(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w+[^>]*>", text))


def test_everything_that_is_said_is_said_in_chinese():
    known = {(message.context, english(message)[0]): message for message in told(catalogue())}
    missing = [
        f"{next(iter(files.values()))}: {singular!r}" + (f" ({context})" if context else "")
        for (context, singular), files in found_today().items()
        if (context, singular) not in known or not chinese(known[context, singular])
    ]
    assert not missing, "Say in Chinese (the catalogue's head tells how):\n" + "\n".join(missing)


def test_a_word_is_counted_everywhere_or_nowhere():
    known = {(message.context, english(message)[0]): message for message in told(catalogue())}
    for (context, singular), files in found_today().items():
        assert len(files) == 1, f"Give one of them a context: {singular!r} in {files}"
        plural = next(iter(files))
        if said := known.get((context, singular)):
            assert english(said)[1:] == ((plural,) if plural else ()), singular


def test_nothing_is_guessed():
    assert not [message.id for message in told(catalogue()) if message.fuzzy]


def test_what_is_filled_in_stays():
    for message in told(catalogue()):
        wanted = [blanks(form) for form in english(message)]
        assert not chinese(message) or blanks(chinese(message)) in wanted, message.id


def test_the_compiled_catalogue_is_this_one():
    compiled = read_mo(BytesIO((FOLDER / "django.mo").read_bytes()))
    for message in compiled:  # babel leaves contexts as bytes
        message.context = message.context and bytes(message.context).decode()
    assert {
        (message.context, english(message)): chinese(message) for message in told(compiled)
    } == {
        (message.context, english(message)): chinese(message)
        for message in told(catalogue())
        if chinese(message)
    }, "Compile it: msgfmt -o django.mo django.po"


def test_the_chinese_is_set_as_chinese():
    wrong = {
        "half-width punctuation": rf"[{HAN}][,;:!?()]|[,;:!?][{HAN}]|\.\.\.",
        "a space that the style sheet makes": rf"[{HAN}] +[\w%{{]|[\w)}}] +[{HAN}]",
        "您": "您",
        "straight quotes": rf"[{HAN}]['\"]|['\"][{HAN}]",
    }
    for message in told(catalogue()):
        plain = re.sub(r"<[^>]*>", "", chinese(message))
        # In a mail nothing but a space parts an address from the words around it.
        plain = re.sub(r" ?%\((\w*email|site_\w+|recipient)\)s ?", "@", plain)
        for what, pattern in wrong.items():
            assert not re.search(pattern, plain), f"{what}: {chinese(message)}"


def test_borrowed_sentences_are_still_spoken():
    spoken = set()
    for package, paths in (
        (allauth, ["locale"]),
        (django, ["conf/locale", "contrib/auth/locale"]),
    ):
        for path in paths:
            file = Path(package.__file__).parent / path / "zh_Hans" / "LC_MESSAGES" / "django.po"
            spoken |= {english(message)[0] for message in told(read_po(BytesIO(file.read_bytes())))}
    borrowed = {*borrowed_words.ALLAUTH, *borrowed_words.DJANGO}
    assert borrowed <= spoken, f"Nobody says any more: {sorted(borrowed - spoken)}"


def test_borrowed_sentences_sound_like_ours():
    with translation.override("zh-hans"):
        assert "你的密码" not in password_validation.password_validators_help_text_html()
        assert (
            str(password_validation.MinimumLengthValidator(8).get_help_text())
            == "密码至少8个字符。"
        )
        assert translation.gettext("Email Addresses") == "邮箱"


# --- The pages ---------------------------------------------------------------------------------------------

#: English that stays English in Chinese: names, formats, a folder, and the way to the other language.
STAYS = {"heed", "english", "csv", "markdown", "cookie", "json", "url", "ip", "id", "api", "mail"}
STAYS |= {
    "gzip",
    "mb",
    "ods",
    "xls",
    "xlsx",
    "gif",
    "jpeg",
    "webp",
}  # files, and the names of encodings
STAYS |= {"windows", "mac", "roman", "gb", "big", "hkscs", "shift", "jis", "euc", "jp", "kr", "koi", "iso", "utf"}  # fmt: skip
STAYS |= {"use", "fused", "minilm", "hashing", "sentencetransformer"}  # names of encoders
STAYS |= {"atom", "webhook", "webhooks", "standard", "slack", "discord", "mattermost", "rocket", "chat", "lark", "http", "https"}  # fmt: skip
STAYS |= {
    "javascript",
    "iphone",
    "ipad",
    "firefox",
    "chrome",
    "edge",
    "safari",
}  # browsers, and where they run
STAYS |= {
    "esc",
    "jsonl",
    "passed",
    "total",
    "account",
    "customer",
    "email",
    "revenue",
}  # a key; names of columns
STAYS |= {"hs", "ed", "rsa", "pem", "iss", "acme", "app"}  # of keys and tokens
_SPOKEN_ATTRIBUTES = (
    "aria-label",
    "title",
    "placeholder",
    "alt",
    "data-lost",
    "data-failed",
    "data-close",
)
_SPOKEN_ATTRIBUTES += ("data-forbidden", "data-busy")
_SILENT = ("script", "style", "code", "kbd")
_VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "wbr",
}


class Reader(HTMLParser):
    """Reads what a page says: text and spoken attributes, without code and without what is marked as ``other``."""

    def __init__(self, other="en"):
        super().__init__()
        self._other = other
        self.said, self._skipped = [], []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if not self._skipped:
            self.said += [
                attributes[name] or "" for name in _SPOKEN_ATTRIBUTES if name in attributes
            ]
        quiet = tag in _SILENT or (attributes.get("lang") or "").startswith(self._other)
        if (quiet or self._skipped) and tag not in _VOID:
            self._skipped.append(tag)

    def handle_startendtag(self, tag, attrs):
        if not self._skipped:
            attributes = dict(attrs)
            self.said += [
                attributes[name] or "" for name in _SPOKEN_ATTRIBUTES if name in attributes
            ]

    def handle_endtag(self, tag):
        if self._skipped and tag == self._skipped[-1]:
            self._skipped.pop()

    def handle_data(self, data):
        if not self._skipped:
            self.said.append(data)


def latin_words(text):
    """Return the words of ``text`` in Latin letters, in lower case; an address has none."""
    text = re.sub(r"\S*/\S*", " ", text)
    return {word.lower() for word in re.findall(r"[A-Za-z][A-Za-z'’]+", text)}


def written_by_people():
    """Return every Latin word that is content and no interface."""
    words = set()
    for model, fields in (
        (Post, ["title", "body", "product_version", "source"]),
        (Comment, ["body"]),
        (Ask, ["title", "keywords", "decline_reason"]),
        (Answer, ["body"]),
        (Item, ["title", "summary", "decline_reason"]),
        (ChangelogLine, ["text"]),
        (ReportEntry, ["text"]),
        (Release, ["version"]),
        (User, ["display_name", "email", "bio"]),
        (Area, ["name", "keywords"]),
        (Attachment, ["name", "alt"]),
        (Board, ["name_zh", "description_zh", "description"]),
        (Rule, ["name", "text", "penalty", "word"]),
        (WordRule, ["words"]),
        (Poll, ["question"]),
        (PollOption, ["text"]),
        (Field, ["label", "key"]),
        (VoteForCustomer, ["customer"]),
        (Translation, ["model"]),
        (Reproduction, ["version", "device"]),
        (AnswerTemplate, ["name", "body"]),
        (Segment, ["name"]),
    ):
        for row in model.objects.values_list(*fields):
            words |= latin_words(" ".join(str(value) for value in row))
    return words


def leftover(response, written):
    """Return the English words that the interface still says in ``response``, beside what people have ``written``."""
    reader = Reader()
    reader.feed(response.content.decode())
    # A name in braces, which a template fills in, is the same in every language.
    said = (re.sub(r"\{[a-z]+\}", " ", piece) for piece in reader.said)
    words = {word for piece in said for word in latin_words(piece)}
    return words - STAYS - written


def paths(world):
    """Yield every page of the site."""
    for address in TABLE:
        if address.get != "405" and not address.name.startswith("ops:"):
            yield reverse(address.name, args=arguments(address, world))
    yield from ("/?sort=mine", "/search/?q=没有", "/asks/?stage=BETA", "/nowhere/")


@pytest.mark.parametrize("role", ["visitor", "ann", "ada"])
def test_no_english_is_left(role, world, client_of):
    client = client_of(getattr(world, role))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    pages = [
        *paths(world),
        *(reverse(f"account_{name}") for name in ("login", "signup", "email", "reset_password")),
        *(
            reverse(f"account_{name}")
            for name in ("change_password", "logout", "request_login_code")
        ),
    ]
    found, read, written = {}, 0, written_by_people()
    for path in pages:
        response = client.get(path)
        if response.status_code in (200, 403, 404) and response["Content-Type"].startswith(
            "text/html"
        ):
            read += 1
            if words := leftover(response, written):
                found[path] = sorted(words)
    assert not found
    assert read > 15


def test_the_browser_s_language_is_heard(world, client):
    chinese_page = client.get("/", headers={"accept-language": "zh-CN,zh;q=0.9"}).content.decode()
    assert '<html lang="zh-hans"' in chinese_page and "最多人想要" in chinese_page
    assert '<html lang="en"' in client.get("/", headers={"accept-language": "de"}).content.decode()
