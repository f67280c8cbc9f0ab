"""How a release is shown: its timetable, its notes for a reader, its changes by kind, and whom it thanks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from feedback.kernel import markdown
from feedback.roadmap.credits import CreditedLine
from feedback.roadmap.models import Category, KnownProblem, Release
from feedback.roadmap.stops import Stop

#: What is due at a stop, where nobody has written anything else.
USUAL: dict[Stop, Promise] = {
    Stop.BUILD: _("What comes along is chosen and built."),
    Stop.PREVIEW: _("The notes are written and a preview is posted."),
    Stop.BETA: _("Those who signed up for it try it."),
    Stop.RELEASED: _("What is ready ships, and everyone who asked is told."),
    Stop.REPORT: _("Everyone who uses it says what they love, and what is still broken."),
}


def reads_chinese() -> bool:
    """Whether whoever reads the page reads Chinese."""
    return (get_language() or "").startswith("zh")


@dataclass(frozen=True)
class Notes:
    """The notes of a release in one language."""

    html: SafeString
    language: str
    is_machines: bool


def notes_for_reader(release: Release) -> Notes | None:
    """Return the notes in the reader's language, in the other one where there are none, None without any."""
    order = ("zh", "en") if reads_chinese() else ("en", "zh")
    for language in order:
        words = getattr(release, f"notes_{language}")
        if words:
            is_machines = getattr(release, f"notes_{language}_by_machine")
            return Notes(markdown.render(words), language, is_machines)
    return None


def problem_for_reader(problem: KnownProblem) -> str:
    """Return what goes wrong in the reader's language, in the other one where that is not written."""
    return (problem.text_zh or problem.text) if reads_chinese() else problem.text


def by_category(
    lines: Iterable[CreditedLine],
) -> Sequence[tuple[Category, Sequence[CreditedLine]]]:
    """Return the lines of a changelog by kind of change, in the order new, better, mended."""
    found: defaultdict[str, list[CreditedLine]] = defaultdict(list)
    for credited in lines:
        found[credited.line.category].append(credited)
    return [(category, found[category]) for category in Category if category in found]
