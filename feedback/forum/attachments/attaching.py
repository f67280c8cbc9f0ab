"""The attachments of one form: those that it lists, those that came with it, and what is said of each.

With JavaScript each file goes up as soon as it is chosen, and the form lists its name. Without, the files come with the
form. Either way they are rows by the time the form is looked at, so that one that comes back has lost none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest

from feedback.accounts.models import User
from feedback.forum import allowed
from feedback.forum.attachments.models import Attachment
from feedback.forum.attachments.operations import MOST, attach, loose, remove_loose, upload
from feedback.forum.attachments.reading import OFFERED, Uploaded, read
from feedback.forum.models import Comment, Post
from feedback.kernel import clock, text
from feedback.kernel.refusals import Refusal
from feedback.kernel.uploads import left_out, too_large

_FILES, _LISTED, _SAYS, _CALLED = "files", "attached", "alt-", "file-"
#: The form has a place for attachments: where it lists none, none is wanted.
_HERE = "attaching"
_TAKE_AWAY = "take_away"


@dataclass
class Attaching:
    """What a form shows of attachments, and what becomes of them when it is sent."""

    person: User | None
    rows: list[Attachment] = field(default_factory=list)
    alts: dict[str, str] = field(default_factory=dict)
    #: What files are called that are called otherwise than they were sent.
    names: dict[str, str] = field(default_factory=dict)
    #: The form has a place for attachments at all.
    is_here: bool = False
    offered: str = OFFERED
    most: int = MOST

    @property
    def wanted(self) -> list[str]:
        """The public ids of what the form lists, as they are listed."""
        return [one.public_id for one in self.rows]

    @property
    def pictures_in_words(self) -> str:
        """What shows its pictures in a text that says nothing else."""
        return "\n\n".join(one.in_words for one in self.rows if one.is_picture)

    @property
    def said(self) -> dict[str, str]:
        """What others read of it: what the pictures show, and what the other files are called."""
        shown = {
            f"{_SAYS if one.is_picture else _CALLED}{one.public_id}": one.alt
            if one.is_picture
            else one.name
            for one in self.rows
        }
        return {name: words for name, words in shown.items() if words}

    def say(self, judged: Mapping[str, str]) -> None:
        """Have it say what became of `said`."""
        said = self.said
        for name, words in judged.items():
            for begins, kept in ((_SAYS, self.alts), (_CALLED, self.names)):
                if name.startswith(begins) and words != said.get(name):
                    kept[name.removeprefix(begins)] = words

    def hang_under(self, thing: Post | Comment, *, replaces: bool = False) -> bool:
        """Hang what is listed under ``thing``; return whether that changed anything. Call in the transaction that writes it. Raises `Refusal`."""
        if self.person is None or not self.is_here:
            return False
        return attach(
            thing=thing,
            person=self.person,
            wanted=self.wanted,
            alts=self.alts,
            names=self.names,
            now=clock.now(),
            replaces=replaces,
        )


def begun(
    request: HttpRequest, *, draft: str = "", thing: Post | Comment | None = None
) -> Attaching:
    """Return what the form begins with: that of a draft, or of the post or comment that is changed."""
    person = _person(request)
    if person is None:
        return Attaching(None)
    rows: list[Attachment] = []
    if thing is not None:
        rows = list(thing.attachments.filter(removed_at=None, is_stored=True))
    elif draft:
        rows = list(loose(person).filter(draft=draft))
    return Attaching(person, rows, {one.public_id: one.alt for one in rows}, is_here=True)


def are_sent(request: HttpRequest) -> bool:
    """Whether files come with a form, or were chosen for it before."""
    return bool(request.FILES.getlist(_FILES) or request.POST.getlist(_LISTED))


def sent(
    request: HttpRequest,
    form: BaseForm,
    *,
    draft: str = "",
    thing: Post | Comment | None = None,
) -> Attaching:
    """Return what came with ``form``: the files are taken in, and what is refused of them is said beside it."""
    person = _person(request)
    if person is None:
        return Attaching(None)
    attaching = listed(request, thing=thing)
    rows = attaching.rows
    for file in request.FILES.getlist(_FILES):
        try:
            rows.append(take_in(person, file, draft=draft))
        except Refusal as why:
            form.add_error(None, ValidationError(str(why), code=str(why.status)))
    for name in left_out(request):
        form.add_error(None, ValidationError(f"{name}: {too_large(settings.UPLOAD_BYTES)}"))
    return attaching


def listed(request: HttpRequest, *, thing: Post | Comment | None = None) -> Attaching:
    """Return what a sent form lists, without what it is sent to take away; only what is its sender's."""
    person = _person(request)
    if person is None:
        return Attaching(None)
    names, alts = listed_in(request.POST.getlist(_LISTED), request.POST)
    for away in set(names).intersection(request.POST.getlist(_TAKE_AWAY)):
        names.remove(away)
        remove_loose(person=person, public_id=away, now=clock.now())
    wanted = Attachment.objects.filter(owner=person, public_id__in=names)
    rows = [
        one
        for one in wanted.filter(removed_at=None, is_stored=True)
        if (one.post_id, one.comment_id) in ((None, None), _place_of(thing))
    ]
    rows.sort(key=lambda one: names.index(one.public_id))
    for one in rows:
        one.alt = alts.get(one.public_id, one.alt)
    return Attaching(person, rows, alts, is_here=_HERE in request.POST)


def _place_of(thing: Post | Comment | None) -> tuple[int | None, int | None]:
    if isinstance(thing, Post):
        return thing.pk, None
    return None, thing.pk if thing is not None else None


def listed_in(names: Sequence[str], fields: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """Return the public ids that a form lists, each once, and what it says of each."""
    wanted = list(dict.fromkeys(text.one_line(name) for name in names))[: 2 * MOST]
    said = {name: fields.get(f"{_SAYS}{name}") for name in wanted}
    alts = {name: text.one_line(words) for name, words in said.items() if words is not None}
    return wanted, alts


def take_in(person: User, file: Uploaded, *, draft: str) -> Attachment:
    """Take one file of ``person``'s in, within what they may upload. Raises `Refusal`."""
    now = clock.now()
    allowed.spend(allowed.UPLOADS, person, now=now)
    allowed.spend(allowed.UPLOADED_KILOBYTES, person, now=now, by=-(-(file.size or 0) // 1000))
    return upload(person=person, read=read(file), now=now, draft=draft)


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
