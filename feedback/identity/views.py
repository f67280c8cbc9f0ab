"""What the pages load of the site's look. Each address changes with what it shows, so a browser keeps it for ever."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from feedback.identity import colours, logo, tints
from feedback.identity.models import Look

_FOR_EVER = "public, max-age=31536000, immutable"
_MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><g fill="none" stroke="#857f76" stroke-width="2.6" '
    'stroke-linecap="round"><path d="M2 4c9 0 7 12 17 12"/><path d="M2 16h18" stroke-width="2.9"/>'
    '<path d="M2 28c9 0 7-12 17-12"/></g><circle cx="25" cy="16" r="5.6" fill="{colour}"/></svg>'
)


@require_safe
def sheet(request: HttpRequest, way: int, colour: str) -> HttpResponse:
    """Give the interface a colour. What it becomes follows from the colour alone, so nothing is read."""
    return _made(tints.sheet(_known(colour)), "text/css; charset=utf-8", way)


@require_safe
def mark(request: HttpRequest, way: int, colour: str) -> HttpResponse:
    """Draw the mark of a site that has a colour and no logo, for the tab of a browser."""
    day, _night = tints.tints_of(_known(colour))
    return _made(_MARK.format(colour=day.signal), "image/svg+xml", way)


@require_safe
def logo_file(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """Hand out a logo in one of its sizes."""
    if name not in logo.NAMES or not Look.objects.filter(logo=key).exists():
        raise Http404
    try:
        response = FileResponse(
            default_storage.open(logo.path_of(key, name)), content_type="image/png"
        )
    except OSError:
        raise Http404 from None
    response["Cache-Control"] = _FOR_EVER
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _known(colour: str) -> str:
    """Return a colour of an address. Raises `Http404` for what is none, or is written in another way."""
    if len(colour) != 6 or colours.read(colour) != colour:
        raise Http404
    return colour


def _made(content: str, content_type: str, way: int) -> HttpResponse:
    """Answer with what was made. An address of another way of making it is of another version of the program: it is not kept."""
    response = HttpResponse(content, content_type=content_type)
    response["Cache-Control"] = _FOR_EVER if way == tints.WAY else "no-cache"
    return response
