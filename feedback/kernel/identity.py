"""How the site calls itself and looks: what its administrators said, else what the settings say. Every room reads it here."""

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Identity:
    """What a site shows of itself; empty where nobody said anything. Colours are written "#rrggbb", a path begins with "/"."""

    name: str = ""
    description: str = ""
    description_zh: str = ""
    #: The colour of what a person can do, as a surface and as words, by day; the surface by night. What stands on each.
    signal: str = "#ff6a13"
    signal_ink: str = "#a84300"
    on_signal: str = "#1e1b16"
    signal_night: str = "#ff8a3d"
    on_signal_night: str = "#1b130c"
    #: The style sheet that carries the colour to every page.
    sheet_path: str = ""
    logo_path: str = ""
    #: Where in the storage it lies.
    logo_file: str = ""
    logo_width: int = 0
    logo_height: int = 0
    #: Whether the logo is the name, written.
    logo_is_name: bool = False
    #: "DAY" or "NIGHT": when the logo would not be seen without something behind it.
    plate: str = ""
    icon_path: str = ""
    icon_type: str = ""
    touch_path: str = ""
    #: The pictures for a home screen: path, size in pixels, and whether it may be cut to a circle.
    home_icons: tuple[tuple[str, int, bool], ...] = ()

    @property
    def called(self) -> str:
        """The name, else that of the settings."""
        return self.name or str(settings.SITE_NAME)

    @property
    def described(self) -> str:
        """What the site is for, in one sentence, in the reader's language where it was said in it."""
        is_chinese = (get_language() or "").startswith("zh")
        said = (self.description_zh if is_chinese else "") or self.description
        return said or self.description_zh or _("Posts are grouped, never swallowed.")


_read: list[Callable[[], Identity]] = []


def provide(read: Callable[[], Identity]) -> None:
    """Have the room that keeps it say what was said."""
    _read[:] = [read]


def identity() -> Identity:
    """Return how the site calls itself and looks now."""
    return _read[0]() if _read else Identity()


def site_name() -> str:
    """Return how the site calls itself now."""
    return identity().called


def at_home(address: str) -> str:
    """Return ``address``, a path or a whole one, as it is reached: at the address of the site, never at one that a request came to."""
    parts = urlsplit(address)
    return str(settings.BASE_URL) + urlunsplit(("", "", parts.path, parts.query, parts.fragment))


def sender() -> str:
    """Return from whom mails are: under the site's name, unless the settings give them another."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    own = identity().name
    if not own or name != settings.SITE_NAME:
        return str(settings.DEFAULT_FROM_EMAIL)
    return formataddr((own, address))
