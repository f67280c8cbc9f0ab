"""What the addresses of `test_addresses` lead to: one example of each, made where the small world has none."""

import datetime as dt
from io import BytesIO

from feedback.accounts.faces.operations import choose_face
from feedback.accounts.models import (
    Claim,
    ClaimCode,
    HandOverKey,
    Invitation,
    QuizQuestion,
    Segment,
    User,
)
from feedback.asks.models import Answer, AnswerTemplate, GroupQuestion, Note, SavedView
from feedback.briefs.models import Brief
from feedback.forum.attachments.operations import upload
from feedback.forum.attachments.reading import read
from feedback.forum.customers.operations import Customer, vote_for_customer
from feedback.forum.guests.permissions import private_address
from feedback.forum.models import (
    Attachment,
    Board,
    Field,
    Offer,
    Poll,
    Reproduction,
    Rule,
    Ruling,
    Translation,
    VoteForCustomer,
    WordRule,
)
from feedback.forum.moderation.cases import take_up
from feedback.forum.moderation.deciding import Said, decide_about
from feedback.forum.polls.operations import make_poll
from feedback.forum.products.operations import ensure_product
from feedback.honours.models import Holder, Honour
from feedback.identity.logo import store_logo
from feedback.identity.models import Look
from feedback.identity.tints import WAY
from feedback.importing.models import Import
from feedback.kernel import clock
from feedback.notify.groups import About
from feedback.notify.models import Device, FeedKey
from feedback.notify.wishes.tokens import mute_token_for, token_for
from feedback.roadmap.models import Reshaping
from tests.pictures import picture, sent


def outcome(response):
    """Return what somebody got, in the words of the table."""
    if response.status_code in (301, 302, 303):
        return "login" if response["Location"].startswith("/accounts/login/") else "away"
    return str(response.status_code)


def arguments(address, world):
    """Return the arguments that lead to the example."""
    match address.of:
        case "":
            return []
        case "code of nobody":
            return ["23456789abc"]
        case "invitation" | "quiz" | "key":
            return [of_doors(address.of, world)]
        case "board":
            return [world.board.slug]
        case "prompted":
            Board.objects.filter(pk=world.board.pk).update(asks_for_prompt=True)
            return [world.post.public_id]
        case "product":
            return [world.board.product.slug]
        case "xlsx" | "csv":
            return [address.of]
        case "saved_view" | "note":
            return of_asks(address.of, world)
        case "sample":
            # Made for this address alone: of a second product every page says something.
            made = ensure_product(
                slug="tried", name="Tried", name_zh="试过", sample="reviews", now=clock.now()
            )
            return [made.slug]
        case "release":
            return ["1.4.0"]
        case "story":
            return [world.shipped.public_id, world.bo.public_id]
        case "guest_sent":
            return private_address(world.post).split("/")[2:5:2]
        case "followed":
            return ["post", world.post.public_id]
        case "subscription":
            return [1]
        case "device":
            known = {"person": world.ann, "name": "Firefox · Android"}
            at = {"since": clock.now()}
            return [Device.objects.get_or_create(**known, defaults=at)[0].public_id]
        case "muting":
            return [mute_token_for(world.ann, About.POST, world.post.pk)]
        case "stopping":
            return [token_for(world.ann, ["ROADMAP"])]
        case "line":
            return ["1.4.0", world.shipped.public_id]
        case "reshaping":
            return [world.shipped.public_id, a_split(world).pk]
        case "report_line":
            return [world.report_line.pk]
        case "flagged":
            return ["comment", world.comment.public_id]
        case "answer" | "answer_template" | "group_question":
            return [of_answers(address.of, world).public_id]
        case "segment":
            return [a_segment().public_id]
        case "honour":
            return [an_honour(world).public_id]
        case "honour_holder":
            return [an_honour(world).public_id, world.bo.public_id]
        case "poll" | "customer_vote":
            return [of_taking_part(address.of, world).public_id]
        case "reproduction":
            seen = {"post": world.post, "person": world.bo}
            at = {"said_at": clock.now()}
            return [Reproduction.objects.get_or_create(**seen, defaults=at)[0].public_id]
        case "field":
            return [world.board.slug, of_taking_part("field", world).key]
        case "case" | "ruling" | "word" | "rule":
            return [of_order(address.of, world)]
        case "offer":
            made = {"role": "ANALYST", "made_at": clock.now(), "expires_at": clock.now()}
            return [Offer.objects.get_or_create(made_by=world.ada, defaults=made)[0].public_id]
        case "ring_board":
            return [a_ring_board(world).slug]
        case "ring_board_person":
            return [a_ring_board(world).slug, world.bo.public_id]
        case "ring_person":
            return ["1.4.0", world.bo.public_id]
        case "own_feed":
            key = FeedKey.objects.get_or_create(person=world.mo, defaults={"made_at": clock.now()})
            return [key[0].key, a_ring_board(world).slug]
        case "monday":
            return ["2026-03-02"]
        case "brief" | "brief_draft":
            return [a_brief(address.of, world).public_id]
        case "attached":
            return [a_picture(world).public_id]
        case "translation":
            return [a_translation(world)]
        case "colour":
            return [WAY, "1e6fd9"]
        case "logo":
            return [a_logo(), "logo.png"]
        case "face":
            return [world.bo.public_id, a_face(world)]
        case "brought":
            return [a_file_was_brought().public_id]
        case "author" | "code" | "claim":
            return [an_author(address.of, world).public_id]
    return [getattr(world, address.of).public_id]


def of_answers(what, world):
    """Return an official answer, a template of such, or a question to those behind an ask, made on first use."""
    at = clock.now()
    if what == "answer_template":
        words = {"name": "Thank you", "body": "Thanks for {ask}."}
        return AnswerTemplate.objects.get_or_create(product=world.board.product, **words)[0]
    if what == "answer":
        said = {"author": world.pia, "body": "We hear you.", "withdrawn_at": None}
        return Answer.objects.get_or_create(
            ask=world.ask,
            **said,
            defaults={
                "answered_at": at,
                "edited_at": at,
                "said_before": {"body": "Hm.", "body_zh": ""},
            },
        )[0]
    asked = {"ask": world.ask, "asked_by": world.pia, "question": "Always?"}
    return GroupQuestion.objects.get_or_create(**asked, closed_at=None, defaults={"asked_at": at})[
        0
    ]


def of_asks(what, world):
    """Return what leads to a view of the table of asks, or to a note about one, of pia."""
    at = clock.now()
    if what == "note":
        known = {"ask": world.ask, "author": world.pia, "body": "Ask the team of the app."}
        note, _ = Note.objects.get_or_create(**known, defaults={"written_at": at})
        return [world.ask.public_id, note.public_id]
    known = {"product": world.board.product, "owner": world.pia, "name": "To answer"}
    return [SavedView.objects.get_or_create(**known, defaults={"saved_at": at})[0].public_id]


def a_segment():
    """Return a segment with a list, there on each use."""
    known = {"name": "Key customers", "rule": "LIST"}
    at = {"made_at": clock.now(), "removed_at": None}
    return Segment.objects.update_or_create(**known, defaults=at)[0]


def an_honour(world):
    """Return an honour that bo has, made on first use."""
    at = clock.now()
    named = {"name": "Ring testers", "name_zh": "内测先锋"}
    made, _ = Honour.objects.get_or_create(**named, defaults={"made_at": at})
    Holder.objects.get_or_create(honour=made, person=world.bo, defaults={"given_at": at})
    return made


def of_doors(what, world):
    """Return an invitation of mo's, a question of the quiz, or a key of a product, each made on first use."""
    at = clock.now()
    asked = {"text": "Who?", "text_zh": "谁？", "right": "I", "right_zh": "我"}
    asked |= {"wrong": "You", "wrong_zh": "你"}
    if what == "quiz":
        return QuizQuestion.objects.get_or_create(**asked)[0].pk
    if what == "key":
        made = {"kind": "HS256", "secret": "tried", "made_at": at}
        return HandOverKey.objects.get_or_create(issuer="acme", defaults=made)[0].public_id
    made = {"made_at": at, "expires_at": at}
    return Invitation.objects.get_or_create(made_by=world.mo, defaults=made)[0].public_id


def of_order(what, world):
    """Return a case, a ruling about bo, words that are held, or a rule, each made on first use."""
    if what == "word":
        return WordRule.objects.get_or_create(words="casino")[0].pk
    rule = Rule.objects.get_or_create(slug="respect", defaults={"name": "Be kind"})[0]
    if what == "rule":
        return rule.slug
    if what == "case":
        return take_up(thing=world.comment, actor=world.mo, now=clock.now()).public_id
    known = Ruling.objects.first()
    if known is None:
        said = Said(action="HIDE", rule=rule)
        post = world.open_ask.medoid
        known = decide_about(thing=post, said=said, actor=world.mo, now=clock.now())
    return known.public_id


def of_taking_part(what, world):
    """Return a poll under the post, a customer's vote for it, or what its board asks for, each made on first use."""
    now = clock.now()
    if what == "field":
        known = {"board": world.board, "key": "device"}
        return Field.objects.get_or_create(**known, defaults={"label": "Device"})[0]
    if what == "poll":
        known = Poll.objects.filter(post=world.post).first()
        asked = {"question": "Where first?", "options": ["Here", "There"]}
        closes_at = now + dt.timedelta(days=1)
        return known or make_poll(
            post=world.post, closes_at=closes_at, actor=world.mo, now=now, **asked
        )
    known = VoteForCustomer.objects.first()
    customer = Customer(name="Wei Li")
    return known or vote_for_customer(post=world.post, customer=customer, actor=world.mo, now=now)


def a_ring_board(world):
    """Return a board that those alone read who are named on it: nobody."""
    made = {"product": world.board.product, "name": "Ring", "name_zh": "内测圈", "readers": "RING"}
    return Board.objects.get_or_create(slug="ring", defaults=made)[0]


def an_author(what, world):
    """Return an imported author, a code for them, or that bo claimed them."""
    at = {"claimed_at": clock.now()}
    known = {"origin": "IMPORTED", "origin_key": "论坛:安", "display_name": "安"}
    author = User.objects.get_or_create(**known)[0]
    if what == "code":
        until = {"made_at": clock.now(), "expires_at": clock.now()}
        made = {"author": author, "made_by": world.pia, "digest": "tried"}
        return ClaimCode.objects.get_or_create(**made, defaults=until)[0]
    if what == "claim":
        return Claim.objects.get_or_create(author=author, person=world.bo, defaults=at)[0]
    return author


def a_split(world):
    """Return that a part of one item became the other."""
    known = {"kind": "SPLIT", "item": world.item, "other": world.shipped}
    return Reshaping.objects.get_or_create(**known, defaults={"asks": [], "made_at": clock.now()})[
        0
    ]


def a_brief(what, world):
    """Return a brief that is published, or the draft of another week."""
    at = clock.now()
    monday = {"brief": dt.date(2026, 2, 23), "brief_draft": dt.date(2026, 2, 16)}[what]
    made = {"words_en": "Ours.", "words_zh": "我们的。", "drafted_at": at, "changed_at": at}
    if what == "brief":
        made |= {"state": "PUBLISHED", "published_at": at}
    return Brief.objects.get_or_create(product=world.board.product, monday=monday, defaults=made)[0]


def a_file_was_brought():
    """Return the import that the addresses of one are tried with; a product manager has still to say where it goes."""
    known = {"public_id": "brought2345", "file_name": "评论.csv", "source": "评论"}
    column = {"name": "内容", "field": "body", "why": "", "examples": ["想要深色模式"]}
    found = {"shape": "CSV, UTF-8", "columns": [column]}
    return Import.objects.get_or_create(
        **known, defaults={"state": "READY", "rows": 3, "found": found, "made_at": clock.now()}
    )[0]


def a_picture(world):
    """Return a picture under Ann's post."""
    known = Attachment.objects.filter(post=world.post).first()
    if known is None:
        known = upload(person=world.ann, read=read(sent(picture())), now=clock.now())
        Attachment.objects.filter(pk=known.pk).update(post=world.post)
    return known


def a_translation(world):
    """Return the public id of what Ann's post says in Chinese, made on first use."""
    about = {"thing": f"post:{world.post.public_id}", "digest": world.post.content_hash}
    made, _is_new = Translation.objects.get_or_create(
        **about,
        language="zh-hans",
        defaults={
            "state": "DONE",
            "words": "夜间模式",
            "model": "tiny",
            "wanted_at": clock.now(),
            "looked_at": clock.now(),
        },
    )
    return made.public_id


def a_logo():
    """Return the key of a logo that was shown once, stored on first use."""
    look = Look.objects.exclude(logo="").first()
    if look is None:
        stored = store_logo(BytesIO(picture()))
        look = Look.objects.create(state="PAST", logo=stored.key, said_at=clock.now())
    return look.logo


def a_face(world):
    """Return what the picture of Bo's face is called, chosen on first use."""
    world.bo.refresh_from_db()
    if not world.bo.face:
        choose_face(person=world.bo, file=BytesIO(picture()), now=clock.now())
    return world.bo.face_key
