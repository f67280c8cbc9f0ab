"""A reply by mail becomes a comment, through the forum's own operation; what cannot be one is answered with the reason.

The answer is news to the person whose address it is, on the site and by mail, and never goes to an address that stands in the reply:
no program and no forged mail is ever answered.
"""

import datetime as dt

from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext as _

from feedback.accounts.claiming.queries import claimer_of
from feedback.accounts.language import language_of
from feedback.accounts.models import User
from feedback.accounts.operations import count_hit
from feedback.asks.models import Ask
from feedback.asks.queries import resolve
from feedback.forum.comments.operations import comment
from feedback.forum.models import Post
from feedback.forum.moderation.holding.judging import BODY, judge
from feedback.forum.moderation.outside.noting import note
from feedback.forum.permissions import access_post, may_comment
from feedback.forum.queries import posts_visible_to
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel.refusals import Refusal
from feedback.notify.mailbox import addresses, quotes
from feedback.notify.mailbox.reading import Arrived
from feedback.notify.models import ArrivedMail, Mail, Notice

Outcome = ArrivedMail.Outcome
#: Replies of one person, and answers to what could not be one.
PER_HOUR, ANSWERS_PER_DAY = 30, 5


def take_reply(arrived: Arrived, mail: Mail, *, now: dt.datetime) -> Outcome:
    """Make a comment of a reply to ``mail``, or tell its person why it is none. Call in a transaction."""
    person = claimer_of(mail.person) or mail.person
    if arrived.is_automatic or not person.can_be_told:
        return Outcome.LEFT
    post = post_answered_by(mail)
    with translation.override(language_of(person) or settings.LANGUAGE_CODE):
        try:
            _comment(arrived, post, person, now=now)
        except Refusal as why:
            return refuse(person, post, why=str(why), now=now)
    return Outcome.COMMENTED


def _comment(arrived: Arrived, post: Post | None, person: User, *, now: dt.datetime) -> None:
    if not _is_address_of(person, arrived.sender):
        raise Refusal(
            _("It came from another address. Reply from the one you sign in with, or on the page.")
        )
    if arrived.is_proven_false:
        raise Refusal(_("Nobody could say for sure that it came from you. Write it on the page."))
    if post is None:
        raise Refusal(_("What it answers is not there any more."))
    try:
        post = access_post(person, post.public_id)
    except Http404:
        raise Refusal(_("What it answers is not shown any more.")) from None
    key = f"mail-reply:{person.pk}"
    if count_hit(key=key, per=dt.timedelta(hours=1), now=now) > PER_HOUR:
        raise Refusal(_("That was a lot of replies for one hour. Try again later, or on the page."))
    judged = judge(person=person, board=post.board, said={BODY: _body_of(arrived)}, now=now)
    body, why = judged.said[BODY], judged.held_for
    said = comment(post=post, author=person, body=body, now=now, held_for=why)
    note(thing=said, person=person, now=now)


def _body_of(arrived: Arrived) -> str:
    """Return what was written; of what was attached only that it was there."""
    # A link or an address of ours in a quote would let who reads it speak for its owner.
    ours = (
        f"{settings.BASE_URL}/unsubscribe/",
        f"{settings.BASE_URL}/mute/",
        f"{settings.MAIL_IN_ADDRESS.partition('@')[0]}+{addresses.REPLY}",
        f"{settings.MAIL_IN_ADDRESS.partition('@')[0]}+{addresses.BOUNCE}",
    )
    body = quotes.written(arrived.text, ours=tuple(one.lower() for one in ours))
    if body.strip() and arrived.attachments:
        body += "\n\n" + _("Attached to the mail, and not taken along: %(names)s") % {
            "names": ", ".join(f"`{name}`" for name in arrived.attachments)
        }
    return body


def _is_address_of(person: User, address: str) -> bool:
    """Whether ``address`` is one that ``person`` signs in with, or has proven to be theirs."""
    if not address:
        return False
    proven = EmailAddress.objects.filter(user=person, email__iexact=address, verified=True)
    return address == (person.email or "").lower() or proven.exists()


def refuse(person: User, post: Post | None, *, why: str, now: dt.datetime) -> Outcome:
    """Have ``person`` hear why their reply is no comment, a few times a day at most."""
    key = f"mail-answer:{person.pk}"
    if count_hit(key=key, per=dt.timedelta(days=1), now=now) > ANSWERS_PER_DAY:
        return Outcome.LEFT
    journal.write(
        verb=Verb.REPLY_REFUSED,
        subject=post or person,
        actor_id=None,
        now=now,
        data={"person": person.public_id, "post": post.public_id if post else "", "reason": why},
    )
    return Outcome.REFUSED


# --- What a mail may be answered about -------------------------------------------------------------------------------
def post_answered_by(mail: Mail) -> Post | None:
    """Return the post under which a reply to ``mail`` stands: what its news are about. None where they are about several things.

    Of an ask, and of an item by the first ask that it answers, it is the person's own post, else one they voted for, else the
    one that the ask is named after.
    """
    notices = list(
        Notice.objects.filter(delivery__mail=mail)
        .select_related("entry")
        .order_by("-told_at", "-pk")
    )
    if not notices or len({notice.thread or notice.key for notice in notices}) > 1:
        return None
    if any(notice.entry.verb == Verb.REPLY_REFUSED for notice in notices):
        return None  # an answer is not answered
    public_id = next((kept for one in notices if (kept := one.data.get("post"))), "")
    if public_id:
        return Post.objects.filter(public_id=public_id).select_related("board").first()
    kind, _colon, thread = notices[0].thread.partition(":")
    ask = Ask.objects.filter(public_id=thread).first() if kind == "ask" else None
    return _post_of(resolve(ask), claimer_of(mail.person) or mail.person) if ask else None


def _post_of(ask: Ask, person: User) -> Post | None:
    posts = posts_visible_to(person).filter(membership__ask=ask).order_by("-posted_at", "pk")
    for mine in (posts.filter(author=person), posts.filter(votes__person=person)):
        found = mine.first()
        if found is not None:
            return found
    return ask.medoid


def open_to_replies(mail: Mail) -> Post | None:
    """Return the post under which a reply to ``mail`` would stand, None where it could not become a comment."""
    if not addresses.is_on() or not mail.person.can_be_told:
        return None
    post = post_answered_by(mail)
    if post is None or not posts_visible_to(mail.person).filter(pk=post.pk).exists():
        return None
    return post if may_comment(mail.person, post) else None
