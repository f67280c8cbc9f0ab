"""Pages that other sites may show inside theirs: only those that a manager named, and only these pages."""

from urllib.parse import urlsplit

from django.http import HttpResponse
from django.utils.translation import gettext as _

from feedback.forum.models import Product
from feedback.kernel.refusals import Refusal
from feedback.roadmap.models import Train


def origins(words: str) -> list[str]:
    """Return the addresses of sites in ``words``, one a line, without what follows the host; raises `Refusal`."""
    found = []
    for line in words.split():
        try:
            parts = urlsplit(line)
            port = f":{parts.port}" if parts.port else ""
        except ValueError:
            parts, port = urlsplit(""), ""
        host = parts.hostname or ""
        plain = host.replace(".", "").replace("-", "")
        if parts.scheme not in ("http", "https") or not (plain.isascii() and plain.isalnum()):
            raise Refusal(
                _("“%(line)s” is no address of a site, such as https://example.org.")
                % {"line": line[:80]},
                status=422,
            )
        found.append(f"{parts.scheme}://{host}{port}")
    return list(dict.fromkeys(found))


def may_be_framed(response: HttpResponse, product: Product | None) -> HttpResponse:
    """Let the sites that the train of ``product`` names frame ``response``; without any it stays as strict as every page."""
    trains = Train.objects.exclude(framed_by="")
    if product is not None:
        trains = trains.filter(product=product)
    named = list(
        dict.fromkeys(
            one for words in trains.values_list("framed_by", flat=True) for one in words.split()
        )
    )
    if named:
        vars(response).update(_csp_replace={"frame-ancestors": named}, xframe_options_exempt=True)
    return response
