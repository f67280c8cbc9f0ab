"""Reading how the site calls itself and looks."""

from dataclasses import replace

from django.core.cache import caches
from django.urls import reverse

from feedback.identity.logo import LOGO, path_of
from feedback.identity.models import Look
from feedback.identity.tints import WAY, tints_of
from feedback.kernel.identity import Identity

_KEPT = "identity.shown"
#: So soon every process shows what was said in another.
_SECONDS = 5


def shown() -> Identity:
    """Return what is shown now; a process reads it anew every few seconds."""
    cache = caches["template_fragments"]
    kept: Identity | None = cache.get(_KEPT)
    if kept is None:
        look = look_shown()
        kept = as_identity(look) if look is not None else Identity()
        cache.set(_KEPT, kept, _SECONDS)
    return kept


def forget() -> None:
    """Have this process read it anew."""
    caches["template_fragments"].delete(_KEPT)


def look_shown() -> Look | None:
    """Return the row that is shown, None on a site that has never said anything."""
    return Look.objects.filter(state=Look.State.SHOWN).first()


def draft() -> Look | None:
    """Return the row that is looked at before it is shown."""
    return Look.objects.filter(state=Look.State.DRAFT).first()


def look_before() -> Look | None:
    """Return the row that was shown last before this one."""
    return Look.objects.filter(state=Look.State.PAST).order_by("-step").first()


def as_identity(look: Look) -> Identity:
    """Return what the pages show of ``look``."""
    said = Identity(
        name=look.name, description=look.description, description_zh=look.description_zh
    )
    if look.colour:
        day, night = tints_of(look.colour)
        said = replace(
            said,
            signal=day.signal,
            signal_ink=day.signal_ink,
            on_signal=day.on_signal,
            signal_night=night.signal,
            on_signal_night=night.on_signal,
            sheet_path=reverse("identity:sheet", args=[WAY, look.colour]),
            icon_path=reverse("identity:mark", args=[WAY, look.colour]),
            icon_type="image/svg+xml",
        )
    return _with_logo(said, look) if look.logo else said


def _with_logo(said: Identity, look: Look) -> Identity:
    def path(name: str) -> str:
        return reverse("identity:logo", args=[look.logo, name])

    return replace(
        said,
        logo_path=path(LOGO),
        logo_file=path_of(look.logo, LOGO),
        logo_width=look.logo_width,
        logo_height=look.logo_height,
        logo_is_name=look.logo_is_name,
        plate=look.plate,
        icon_path=path("icon-32.png"),
        icon_type="image/png",
        touch_path=path("icon-180.png"),
        home_icons=(
            (path("icon-192.png"), 192, False),
            (path("icon-512.png"), 512, False),
            (path("icon-cut-512.png"), 512, True),
        ),
    )
