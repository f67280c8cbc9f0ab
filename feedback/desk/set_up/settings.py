"""Everything that can be set, in five headings, with how it is now."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from feedback.accounts.joining.doors import doors
from feedback.accounts.models import HandOverKey, PartRole, Role, User
from feedback.accounts.permissions import is_administrator, is_manager, is_team
from feedback.accounts.segments.queries import segments
from feedback.accounts.trial_mail import mail_works
from feedback.asks.models import AnswerTemplate
from feedback.forum.board_fields.models import Field
from feedback.forum.models import Board, Product
from feedback.forum.moderation.holding.models import WordRule
from feedback.forum.moderation.models import Rule
from feedback.forum.products.queries import keep_product, products
from feedback.forum.rights.reading import manages
from feedback.grouping.vectors.encoders import current_model, name_of
from feedback.honours.models import Honour
from feedback.importing.models import Import
from feedback.kernel import clock
from feedback.kernel.identity import site_name
from feedback.notify.models import Endpoint
from feedback.roadmap.columns.queries import columns_of
from feedback.roadmap.train.queries import next_departure

Sees = Callable[[User, Product], bool]


@dataclass(frozen=True)
class Setting:
    """One page where something is set: what for, how it is now, and who may open it.

    ``key`` is what its page says of itself in ``here``. ``of_product``: its address names the product.
    """

    key: str
    label: str | Promise
    url: str
    says: str | Promise
    state: Callable[[Product], str]
    seen_by: Sees
    of_product: bool = False
    at: str = ""


@dataclass(frozen=True)
class ShownSetting:
    """A setting as its reader sees it."""

    label: str | Promise
    url: str
    says: str | Promise
    state: str


def _team(reader: User, _product: Product) -> bool:
    return is_team(reader)


def _site_managers(reader: User, _product: Product) -> bool:
    return is_manager(reader)


def _administrators(reader: User, _product: Product) -> bool:
    return is_administrator(reader)


def _boards(_product: Product) -> str:
    gone = Q(is_archived=True)
    told = Board.objects.aggregate(
        used=Count("pk", filter=~gone),
        gone=Count("pk", filter=gone),
        of=Count("product", distinct=True),
    )
    words = [ngettext("%(n)d board", "%(n)d boards", told["used"]) % {"n": told["used"]}]
    if told["of"] > 1:
        words.insert(0, ngettext("%(n)d product", "%(n)d products", told["of"]) % {"n": told["of"]})
    if told["gone"]:
        words.append(
            ngettext("%(n)d archived", "%(n)d archived", told["gone"]) % {"n": told["gone"]}
        )
    return " · ".join(words)


def _fields(product: Product) -> str:
    number = Field.objects.filter(board__product=product).count()
    return ngettext("%(n)d field", "%(n)d fields", number) % {"n": number}


def _train(product: Product) -> str:
    day = date_format(next_departure(product, clock.now()), "SHORT_DATE_FORMAT")
    return _("Next departure: %(day)s") % {"day": day}


def _columns(product: Product) -> str:
    number = len(columns_of(product))
    return ngettext("%(n)d column", "%(n)d columns", number) % {"n": number}


def _doors(_product: Product) -> str:
    now = doors()
    words = [str(now.way.label)]
    if now.is_private:
        words.insert(0, _("Private"))
    return " · ".join(words)


def _rights(_product: Product) -> str:
    active = User.objects.filter(is_active=True)
    number = active.exclude(role=Role.MEMBER, part_role="").count()
    order = active.filter(role=Role.MEMBER, part_role=PartRole.MODERATOR).count()
    words = [
        ngettext("%(n)d in the team", "%(n)d in the team", number - order) % {"n": number - order}
    ]
    if order:
        words.append(
            ngettext("%(n)d keeps order on boards", "%(n)d keep order on boards", order)
            % {"n": order}
        )
    return " · ".join(words)


def _segments(_product: Product) -> str:
    number = segments().count()
    return ngettext("%(n)d segment", "%(n)d segments", number) % {"n": number}


def _honours(_product: Product) -> str:
    number = Honour.objects.filter(is_retired=False).count()
    return ngettext("%(n)d honour", "%(n)d honours", number) % {"n": number}


def _templates(product: Product) -> str:
    number = AnswerTemplate.objects.filter(product=product, removed_at=None).count()
    return ngettext("%(n)d template", "%(n)d templates", number) % {"n": number}


def _rules(_product: Product) -> str:
    number = Rule.objects.filter(is_retired=False).count()
    return ngettext("%(n)d rule", "%(n)d rules", number) % {"n": number}


def _words(_product: Product) -> str:
    number = WordRule.objects.count()
    return ngettext("%(n)d entry", "%(n)d entries", number) % {"n": number}


def _imports(_product: Product) -> str:
    number = Import.objects.exclude(state=Import.State.UNDONE).count()
    return ngettext("%(n)d file brought", "%(n)d files brought", number) % {"n": number}


def _webhooks(_product: Product) -> str:
    told = Endpoint.objects.aggregate(
        on=Count("pk", filter=Q(off="")), off=Count("pk", filter=~Q(off=""))
    )
    on = ngettext("%(n)d is told", "%(n)d are told", told["on"]) % {"n": told["on"]}
    if not told["off"]:
        return on
    return f"{on} · " + ngettext("%(n)d off", "%(n)d off", told["off"]) % {"n": told["off"]}


def _keys(_product: Product) -> str:
    number = HandOverKey.objects.filter(retired_at=None).count()
    return ngettext("%(n)d key", "%(n)d keys", number) % {"n": number}


def _mail(_product: Product) -> str:
    if not settings.HAS_MAIL_SERVER:
        return _("No mail server")
    return _("Mails leave") if mail_works() else _("Not tried yet")


def _encoder(_product: Product) -> str:
    model = current_model()
    return name_of(model) if model is not None else _("No post has been read yet")


#: Heading, what it is about, and what is set there.
PARTS: tuple[tuple[str | Promise, str | Promise, tuple[Setting, ...]], ...] = (
    (
        gettext_lazy("Your product"),
        gettext_lazy("What people see of it, and where they post."),
        (
            Setting(
                "identity",
                gettext_lazy("Name and look"),
                "desk:identity",
                gettext_lazy("Name, logo and colour of the site."),
                lambda _product: site_name(),
                _administrators,
            ),
            Setting(
                "boards",
                gettext_lazy("Products, boards and fields"),
                "desk:boards",
                gettext_lazy("Where people post, and what the form asks there."),
                lambda product: f"{_boards(product)} · {_fields(product)}",
                _team,
            ),
            Setting(
                "train",
                gettext_lazy("Release train"),
                "roadmap:train",
                gettext_lazy("The day a version leaves, and the next one."),
                _train,
                manages,
                of_product=True,
            ),
            Setting(
                "columns",
                gettext_lazy("Columns of the roadmap"),
                "roadmap:columns",
                gettext_lazy("Their names, what stands in each, and who sees it."),
                _columns,
                manages,
                of_product=True,
            ),
        ),
    ),
    (
        pgettext_lazy("part of the settings", "People"),
        gettext_lazy("Who comes in, and what they may do."),
        (
            Setting(
                "doors",
                gettext_lazy("Who gets in"),
                "desk:doors",
                gettext_lazy("Who signs up and reads, the rules to accept, the quiz."),
                _doors,
                _site_managers,
            ),
            Setting(
                "rights",
                gettext_lazy("People and rights"),
                "desk:rights",
                gettext_lazy("The team, and who looks after a product or a board."),
                _rights,
                _administrators,
            ),
            Setting(
                "segments",
                gettext_lazy("Segments"),
                "desk:segments",
                gettext_lazy("Groups of people whose wishes you look at on their own."),
                _segments,
                _site_managers,
            ),
            Setting(
                "honours",
                gettext_lazy("Honours"),
                "desk:honours",
                gettext_lazy("What you thank people with, and whether levels are shown."),
                _honours,
                _site_managers,
            ),
        ),
    ),
    (
        pgettext_lazy("part of the settings", "Words"),
        gettext_lazy("What you say often, and what people may not say."),
        (
            Setting(
                "answer-templates",
                gettext_lazy("Answer templates"),
                "desk:answer-templates",
                gettext_lazy("What you start an answer or a refusal from."),
                _templates,
                manages,
            ),
            Setting(
                "rules",
                gettext_lazy("Rules"),
                "desk:moderation-rules",
                gettext_lazy("The rules of the house, as every decision names them."),
                _rules,
                _team,
            ),
            Setting(
                "words",
                gettext_lazy("Words that wait"),
                "desk:moderation-words",
                gettext_lazy(
                    "Words that are held, refused or replaced; how much of who is new waits."
                ),
                _words,
                _team,
            ),
        ),
    ),
    (
        gettext_lazy("In and out"),
        gettext_lazy("What comes from elsewhere, and what is told there."),
        (
            Setting(
                "imports",
                gettext_lazy("Import"),
                "desk:imports",
                gettext_lazy("Bring posts, states and answers from a file."),
                _imports,
                _site_managers,
            ),
            Setting(
                "webhooks",
                gettext_lazy("Webhooks"),
                "desk:webhooks",
                gettext_lazy("Tell your chat rooms and your own programs."),
                _webhooks,
                _site_managers,
            ),
            Setting(
                "keys",
                gettext_lazy("Keys of your product"),
                "desk:doors",
                gettext_lazy("People signed in there come in here without a password."),
                _keys,
                _site_managers,
                at="#keys-title",
            ),
            Setting(
                "first-steps",
                gettext_lazy("Mail"),
                "desk:first-steps",
                gettext_lazy("Send yourself a mail to see whether they arrive."),
                _mail,
                _site_managers,
            ),
        ),
    ),
    (
        gettext_lazy("The machine"),
        gettext_lazy("What reads the posts and puts them together."),
        (
            Setting(
                "model",
                gettext_lazy("Encoder"),
                "desk:model",
                gettext_lazy(
                    "Which model reads the posts; another is compared before it is switched to."
                ),
                _encoder,
                _team,
            ),
        ),
    ),
)


def settings_for(
    request: HttpRequest, reader: User, product: Product
) -> list[tuple[str | Promise, str | Promise, list[ShownSetting]]]:
    """Return the headings with the settings that ``reader`` may open, each with how it is for ``product``."""
    keep = keep_product(product if products(request) else None)
    shown = []
    for heading, about, found in PARTS:
        rows = [
            ShownSetting(
                label=one.label,
                url=reverse(one.url)
                + (f"?{urlencode(keep)}" if one.of_product and keep else "")
                + one.at,
                says=one.says,
                state=one.state(product),
            )
            for one in found
            if one.seen_by(reader, product)
        ]
        if rows:
            shown.append((heading, about, rows))
    return shown
