"""Writing a mail: its reader's language, text and HTML, and the headers by which mail programs know what it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.accounts.language import language_of
from feedback.accounts.models import Origin
from feedback.kernel import markdown
from feedback.kernel.identity import identity, sender, site_name
from feedback.notify import occasions
from feedback.notify.channels.email import leaving, provider
from feedback.notify.channels.email.digest import digest_of
from feedback.notify.channels.inbox.presenting import Told, told
from feedback.notify.groups import NEVER_MUTED
from feedback.notify.mailbox import addresses, replies
from feedback.notify.models import Mail, Notice
from feedback.notify.wishes.tokens import mute_token_for, token_for

#: Letters of a title in a subject line: phones show about so many.
_SUBJECT = 70
#: Things of which one mail tells, and news of each, the latest: the inbox has all.
_THREADS, _NEWS = 30, 6


@dataclass(frozen=True)
class Thread:
    """What a mail says of one thing: its title, its page, and what happened, the latest first."""

    title: str
    language: str
    url: str
    news: list[Told]
    mute_url: str
    #: How much more there is than a mail says.
    more: int = 0
    #: What the latest says in full, as Markdown.
    letter: str = ""

    @property
    def letter_html(self) -> SafeString:
        """The same as safe HTML."""
        return markdown.render(self.letter)

    @property
    def latest(self) -> Told:
        """What happened last."""
        return self.news[0]

    @property
    def before(self) -> list[Told]:
        """What happened before that."""
        return self.news[1:]


def compose(mail: Mail) -> EmailMultiAlternatives | None:
    """Return ``mail`` as it goes out, None when nothing of it is to be told any more."""
    notices = leaving.still_to_tell(mail)
    if not notices:
        return None
    with translation.override(language_of(mail.person) or settings.LANGUAGE_CODE):
        return _composed(mail, notices)


def _composed(mail: Mail, notices: Sequence[Notice]) -> EmailMultiAlternatives:
    threads = []
    for _key, some in groupby(notices, key=lambda notice: notice.thread or notice.key):
        first, *others = some
        news = [told(notice) for notice in (first, *others)]
        last = news[0]
        page = settings.BASE_URL + last.url
        more = max(0, len(news) - _NEWS)
        mute_url = _mute_url(mail, first)
        letter = _letter(first)
        threads.append(
            Thread(last.title, last.language, page, news[:_NEWS], mute_url, more, letter)
        )
    threads.sort(key=lambda thread: thread.latest.at, reverse=True)
    groups = sorted({str(occasions.group_of(notice.entry.verb)) for notice in notices})
    token = token_for(mail.person, groups)
    stop_url = settings.BASE_URL + reverse("notify:unsubscribe", args=[token])
    answered = replies.open_to_replies(mail)
    about = {
        "site_name": site_name(),
        "look": identity(),
        "site_url": settings.BASE_URL,
        "threads": threads[:_THREADS],
        "more_threads": max(0, len(threads) - _THREADS),
        "inbox_url": settings.BASE_URL + reverse("notify:inbox"),
        "heading": _heading(threads),
        "stop_url": stop_url,
        "wishes_url": settings.BASE_URL + reverse("notify:wishes"),
        "claim_url": _claim_url(mail),
        "digest": digest_of(mail, told_of={notice.thread for notice in notices}),
        "answered": answered.title if answered else "",
        "language": translation.get_language(),
    }
    message = EmailMultiAlternatives(
        subject=subject_of(threads),
        body=render_to_string("notify/channels/email/mail.txt", about),
        from_email=sender(),
        to=[mail.address],
        reply_to=[addresses.address_for(mail, addresses.REPLY)] if answered else None,
        headers=_headers(mail, notices, stop_url),
    )
    if provider.is_on():
        provider.name(message, mail)
    elif addresses.is_on() and settings.MAIL_RETURN_PATH:
        message.from_email = addresses.address_for(mail, addresses.BOUNCE)
        message.extra_headers["From"] = sender()
    message.attach_alternative(
        render_to_string("notify/channels/email/mail.html", about), "text/html"
    )
    return message


def _letter(notice: Notice) -> str:
    """Return what a mail carries whole of ``notice``, "" for most."""
    occasion = occasions.by_verb().get(notice.entry.verb)
    return occasion.letter(notice.data) if occasion else ""


def _mute_url(mail: Mail, notice: Notice) -> str:
    """Return where one hears no more of what ``notice`` is about, "" where that cannot be muted."""
    occasion = occasions.by_verb().get(notice.entry.verb)
    if occasion is None or occasion.group in NEVER_MUTED:
        return ""
    topic = next(iter(occasion.about(notice.entry)), None)
    if topic is None:
        return ""
    token = mute_token_for(mail.person, *topic)
    return settings.BASE_URL + reverse("notify:mute", args=[token])


def _claim_url(mail: Mail) -> str:
    """Return where an imported author claims their words, "" for who signs in."""
    is_imported = mail.person.origin == Origin.IMPORTED
    return settings.BASE_URL + reverse("accounts:claim") if is_imported else ""


def subject_of(threads: Sequence[Thread]) -> str:
    """Return what stands in the list of mails: what happened to what, or how much did."""
    first = threads[0]
    if len(threads) == 1 and first.title:
        title = Truncator(first.title).chars(_SUBJECT)
        return _("%(what)s: %(title)s") % {"what": first.latest.text, "title": title}
    return _heading(threads)


def _heading(threads: Sequence[Thread]) -> str:
    if len(threads) == 1:
        return threads[0].latest.text
    return ngettext(
        "News of %(n)d thing you asked for or follow",
        "News of %(n)d things you asked for or follow",
        len(threads),
    ) % {"n": len(threads)}


def _headers(mail: Mail, notices: Sequence[Notice], stop_url: str) -> dict[str, str]:
    headers = {
        "Message-ID": mail.message_id,
        "List-Unsubscribe": f"<{stop_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-ID": f"<news.{settings.MAIL_DOMAIN}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": translation.get_language(),
    }
    threads = sorted({notice.thread for notice in notices if notice.thread})
    if len(threads) == 1:
        # Programs that fold mails into conversations fold what is about one thing.
        headers["References"] = f"<{threads[0].replace(':', '-')}@{settings.MAIL_DOMAIN}>"
    return headers
