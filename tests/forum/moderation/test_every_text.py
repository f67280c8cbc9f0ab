"""Every text that members write and others read is judged alike: what is blocked says so and loses nothing, what is held waits."""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from feedback.accounts.models import User
from feedback.forum.attachments.operations import upload
from feedback.forum.attachments.reading import read
from feedback.forum.comments.operations import comment
from feedback.forum.models import (
    Attachment,
    Board,
    Case,
    Comment,
    Field,
    HoldingWishes,
    Post,
    Prompt,
    Reproduction,
    WordRule,
)
from feedback.kernel.public_ids import PublicIdField
from tests.accounts.doors.product import Product, gone_on
from tests.pictures import picture, sent

pytestmark = pytest.mark.django_db

WORD = "lottery"
#: The same word, as somebody writes it who hopes that nobody finds it.
HIDDEN = "lot\u200bt\u202eery"


# --- The ways in ------------------------------------------------------------------------------------------------------
def posted(here: Any, **said: Any) -> Any:
    words = {"title": "It jumps", "body": "At noon.", "kind": "BUG", "board": "suggestions"}
    return here.client.post("/posts/new/", words | {"prompt_words": ""} | said)


def posted_again(here: Any, **said: Any) -> Any:
    """The same words within two minutes are the same post, whatever hangs below them."""
    return posted(here, title="It stops", body="At night.", **said)


def edited(here: Any, **said: Any) -> Any:
    words = {"title": "It stops", "body": "At night.", "kind": "BUG", "product_version": ""}
    return here.client.post(
        f"/posts/{here.own.public_id}/edit/", words | {"field-phone": ""} | said
    )


def prompted(here: Any, **said: Any) -> Any:
    words = {"prompt_words": "Which is more?", "prompt_public": "on"}
    return here.client.post(f"/posts/{here.own.public_id}/prompt/", words | said)


def commented(here: Any, **said: Any) -> Any:
    address = f"/posts/{here.theirs.public_id}/comments/"
    return here.client.post(address, {"body": "Here too."} | said)


def commented_again(here: Any, **said: Any) -> Any:
    """As `posted_again`."""
    return commented(here, body="Me too.", **said)


def comment_edited(here: Any, **said: Any) -> Any:
    address = f"/comments/{here.comment.public_id}/edit/"
    return here.client.post(address, {"body": "Me too."} | said)


def witnessed(here: Any, **said: Any) -> Any:
    return here.client.post(f"/posts/{here.theirs.public_id}/me-too/", said)


def introduced(here: Any, **said: Any) -> Any:
    return here.client.post("/settings/", {"display_name": "Ann", "bio": ""} | said)


def signed_up(here: Any, **said: Any) -> Any:
    account = {"email": "cleo@example.org", "password1": "a long password"}
    return here.visitor.post("/accounts/signup/", account | said)


def with_picture(way: Callable[..., Any]) -> Callable[..., Any]:
    def sent_along(here: Any, **said: Any) -> Any:
        uploaded = upload(person=here.ann, read=read(sent(picture())), now=here.now)
        alt = {f"alt-{uploaded.public_id}": said["alt"]}
        return way(here, attaching="1", attached=uploaded.public_id, **alt)

    sent_along.__name__ = f"{way.__name__} with a picture"
    return sent_along


def with_file(way: Callable[..., Any]) -> Callable[..., Any]:
    def sent_along(here: Any, **said: Any) -> Any:
        return way(here, attaching="1", files=sent(b"a line\n", f"{said['name']}.log"))

    sent_along.__name__ = f"{way.__name__} with a file"
    return sent_along


# --- What is written --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Text:
    """A column that members write and others read: its ``field`` in the forms of these ``ways``, and whether what is held waits there."""

    model: type[models.Model]
    column: str
    field: str
    ways: tuple[Callable[..., Any], ...]
    waits: bool = True

    @property
    def name(self) -> str:
        return f"{self.model._meta.label}.{self.column}"

    def stored(self) -> list[str]:
        """Return what stands in every row."""
        return [
            value["phone"] if isinstance(value, dict) and value else str(value)
            for value in self.model._base_manager.values_list(self.column, flat=True)
        ]


WRITING, SAYING = (posted, edited), (commented, comment_edited)
HANGING = (*WRITING, posted_again, *SAYING, commented_again)
TEXTS = (
    Text(Post, "title", "title", WRITING),
    Text(Post, "body", "body", WRITING),
    Text(Post, "product_version", "product_version", WRITING),
    Text(Post, "fields", "field-phone", WRITING),
    Text(Comment, "body", "body", SAYING),
    Text(Attachment, "alt", "alt", tuple(map(with_picture, HANGING))),
    Text(Attachment, "name", "name", tuple(map(with_file, HANGING))),
    Text(Prompt, "prompt", "prompt_words", (prompted,)),
    Text(Prompt, "answer", "prompt_answer", (prompted,)),
    Text(Prompt, "model_version", "prompt_model", (prompted,)),
    Text(Reproduction, "version", "version", (witnessed,), waits=False),
    Text(Reproduction, "device", "device", (witnessed,), waits=False),
    Text(User, "display_name", "display_name", (introduced, signed_up), waits=False),
    Text(User, "bio", "bio", (introduced,), waits=False),
)
#: The pages of django-allauth show a form again with a 200.
REFUSED = {signed_up: 200}
WAYS = [
    pytest.param(text, way, id=f"{text.name}: {way.__name__}")
    for text in TEXTS
    for way in text.ways
]


@pytest.fixture
def here(ann, bo, board, publish, client_of, now):
    """Ann, who may post, comment, see bugs too and say who she is; what her words may waits for is the word rules alone."""
    HoldingWishes.objects.create(holds_links=False, holds_adverts=False, reports=0)
    Board.objects.filter(pk=board.pk).update(asks_for_prompt=True)
    Field.objects.create(board=board, key="phone", label="Phone")
    theirs = publish(bo, "It freezes", kind="BUG")
    return SimpleNamespace(
        ann=ann,
        client=client_of(ann),
        visitor=client_of(None),
        own=publish(ann, "It stops", body="At night.", kind="BUG"),
        theirs=theirs,
        comment=comment(post=theirs, author=ann, body="Me too.", now=now),
        now=now,
    )


def write(text: Text, way: Callable[..., Any], here: Any, words: str) -> Any:
    return way(here, **{text.field: words})


@pytest.mark.parametrize("words", [WORD, HIDDEN], ids=["plain", "hidden"])
@pytest.mark.parametrize(("text", "way"), WAYS)
def test_what_is_blocked_says_so_and_loses_nothing(text, way, words, here):
    WordRule.objects.create(words=WORD, effect="BLOCK")
    answer = write(text, way, here, f"My {words} here")
    page = answer.content.decode()
    assert answer.status_code == REFUSED.get(way, 422)
    assert f"“{WORD}” cannot be posted here" in page
    assert f"My {words} here" in page or f"My {WORD} here" in page, "What was typed is gone."
    if text.name != "forum.Attachment.name":  # a file that was sent along lies there, under nothing
        assert not any(WORD in one for one in text.stored())
    assert not Attachment.objects.exclude(post=None, comment=None).exists()


@pytest.mark.parametrize(("text", "way"), WAYS)
def test_what_is_replaced_is_read_otherwise(text, way, here):
    WordRule.objects.create(words=WORD, effect="REPLACE", instead="prize")
    assert write(text, way, here, f"My {HIDDEN} here").status_code == 302
    assert any("My prize here" in one for one in text.stored())
    assert not any(WORD in one for one in text.stored())


@pytest.mark.parametrize(("text", "way"), WAYS)
def test_what_is_held_waits_or_is_refused_where_nothing_waits(text, way, here):
    WordRule.objects.create(words=WORD, effect="HOLD")
    answer = write(text, way, here, f"My {WORD} here")
    if text.waits:
        assert answer.status_code == 302
        (case,) = Case.objects.all()
        assert f"WORD:{WORD}" in case.held_for
        assert case.post is None or case.post.state == Post.State.HELD
        assert case.comment is None or case.comment.is_hidden
    else:
        assert answer.status_code == REFUSED.get(way, 422)
        assert "would have to look at this first" in answer.content.decode()
        assert not any(WORD in one for one in text.stored())


@pytest.mark.parametrize(("text", "way"), WAYS)
def test_what_only_hides_is_gone(text, way, here):
    assert write(text, way, here, f"My {HIDDEN} here").status_code == 302
    assert any(f"My {WORD} here" in one for one in text.stored())


def test_a_choice_is_the_team_s_and_not_judged(here, board):
    Field.objects.filter(key="phone").update(type="CHOICE", choices=f"{WORD}\nother")
    WordRule.objects.create(words=WORD, effect="BLOCK")
    assert posted(here, **{"field-phone": WORD}).status_code == 302


def test_another_language_is_chosen_whatever_was_said_before(here):
    User.objects.filter(pk=here.ann.pk).update(bio=f"My {WORD}")
    WordRule.objects.create(words=WORD, effect="BLOCK")
    said = {"bio": f"My {WORD}", "language": "zh-hans"}
    assert introduced(here, **said).status_code == 302
    assert User.objects.get(pk=here.ann.pk).language == "zh-hans"


def test_a_rule_for_one_language_finds_it_beside_words_of_another(here):
    WordRule.objects.create(words=WORD, effect="BLOCK", language="en")
    chinese = {"title": "夜里总是停", "body": "一到晚上就停，每天都这样。"}
    assert posted(here, **chinese).status_code == 302
    english = {"field-phone": f"The phone that I won in a {WORD} last year"}
    assert posted(here, **chinese | {"title": "夜里又停了"}, **english).status_code == 422


@pytest.mark.parametrize("effect", ["BLOCK", "HOLD"])
def test_a_name_that_a_product_tells_is_left_out(effect, ada, client_of):
    WordRule.objects.create(words=WORD, effect=effect)
    client = client_of(None)
    gone_on(client, Product(ada).token(name=f"My {WORD}"))
    assert User.objects.get(pk=client.session["_auth_user_id"]).display_name == ""


# --- Every column is somebody's ---------------------------------------------------------------------------------------
#: Rows that no member writes: the team's own, the machine's, and what counts and remembers.
NOT_BY_MEMBERS = {
    "accounts.Claim", "accounts.ClaimCode", "accounts.HandOverKey", "accounts.JoiningWishes", "accounts.QuizQuestion", "accounts.RateBucket",
    "accounts.Segment", "accounts.SegmentLine", "accounts.Standing", "accounts.UsedToken",
    "asks.Answer", "asks.AnswerTemplate", "asks.Area", "asks.Ask", "asks.Decision", "asks.EvalResult",
    "asks.GroupQuestion", "asks.Membership", "asks.Note", "asks.PlacementAttempt", "asks.Proposal", "asks.SavedView",
    "briefs.Brief", "briefs.BriefNote", "briefs.BriefQuote",
    "forum.Board", "forum.Field", "forum.Hiding", "forum.Offer", "forum.OldAddress", "forum.OutsideCheck",
    "forum.Poll", "forum.PollOption", "forum.PostForCustomer", "forum.Product", "forum.RenderedComment",
    "forum.RenderedPost", "forum.Rule", "forum.SaidWords", "forum.Template", "forum.Translation",
    "forum.VoteForCustomer", "forum.WordRule", "forum.Case",
    "grouping.Comparison", "grouping.EncoderModel", "grouping.Finding", "grouping.Picture", "grouping.Question",
    "grouping.Run", "grouping.Vector",
    "honours.Holder", "honours.Honour", "identity.Look",
    "importing.Import", "importing.RefusedRow", "importing.Stretch",
    "journal.Dispatch", "journal.Entry",
    "measure.Alert", "measure.Calibration", "measure.Judgement", "measure.ProductWishes", "measure.QualityReading",
    "measure.SetThreshold",
    "notify.ArrivedMail", "notify.ClosedAddress", "notify.Endpoint", "notify.FeedKey", "notify.Mail", "notify.Mailbox",
    "notify.Notice", "notify.PushKey", "notify.WebhookDelivery",
    "roadmap.ChangelogLine", "roadmap.Column", "roadmap.Item", "roadmap.KnownProblem", "roadmap.Release",
    "ops.Night",
    "roadmap.ReleaseLink", "roadmap.Reshaping", "roadmap.StopDay", "roadmap.Train",
}  # fmt: skip
#: What members write to the team alone, or for themselves.
READ_BY_FEW = {
    "accounts.Invitation.note",
    "asks.GroupReply.words",
    "forum.Draft.words",
    "forum.Flag.line",
    "forum.Ruling.appeal",
    "notify.Device.name",
    "roadmap.ReportEntry.text",
}
#: Keys, digests, names in the storage, codes of languages, and what somebody of the team or the machine says beside it.
NO_WORDS = {
    "accounts.Invitation.code", "accounts.ProductAccount.device", "accounts.ProductAccount.issuer",
    "accounts.ProductAccount.model", "accounts.ProductAccount.plan", "accounts.ProductAccount.product_version",
    "accounts.ProductAccount.segment", "accounts.ProductAccount.subject",
    "accounts.User.email", "accounts.User.face", "accounts.User.imported_email", "accounts.User.language",
    "accounts.User.mark", "accounts.User.origin_key", "accounts.User.password",
    "forum.Attachment.draft", "forum.Attachment.sha256", "forum.Attachment.stored", "forum.Attachment.stored_small",
    "forum.Comment.external_id", "forum.Draft.key", "forum.Flag.thing", "forum.Flag.visitor",
    "forum.Post.content_hash", "forum.Post.country", "forum.Post.external_id", "forum.Post.indexed_as",
    "forum.Post.language", "forum.Post.source", "forum.Prompt.taken_out",
    "forum.Ruling.before", "forum.Ruling.together", "forum.Ruling.word",
    "notify.Device.auth", "notify.Device.digest", "notify.Device.endpoint", "notify.Device.error",
    "notify.Device.p256dh", "notify.Device.service", "notify.Wishes.mail", "notify.Wishes.push",
    "notify.Wishes.time_zone",
}  # fmt: skip


def columns_of_text() -> set[str]:
    """Return every column that holds words of anybody, of rows that members write."""
    return {
        f"{model._meta.label}.{column.name}"
        for model in apps.get_models()
        if model.__module__.startswith("feedback.") and model._meta.label not in NOT_BY_MEMBERS
        for column in model._meta.local_fields
        if isinstance(column, models.CharField | models.TextField | models.JSONField)
        and not isinstance(column, models.SlugField | PublicIdField)
        and not column.choices
    }


def test_every_column_of_words_is_tried_here_or_said_to_be_no_member_s():
    labels = {model._meta.label for model in apps.get_models()}
    assert labels >= NOT_BY_MEMBERS
    tried = {text.name for text in TEXTS}
    assert not tried & (READ_BY_FEW | NO_WORDS)
    assert columns_of_text() == tried | READ_BY_FEW | NO_WORDS
