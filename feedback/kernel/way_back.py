"""Where a person goes after an address that is no page: back to where they were on this site, nowhere else."""

from django.http import HttpRequest
from django.urls import Resolver404, get_script_prefix, resolve
from django.utils.http import url_has_allowed_host_and_scheme


def is_ours(request: HttpRequest, address: str) -> bool:
    """Whether ``address`` is one, and leads to this site, as nothing that came with a request does for certain."""
    return address.startswith(("/", "http://", "https://")) and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def came_from(request: HttpRequest, *, otherwise: str) -> str:
    """Return the page of this site that the form stood on; ``otherwise`` when the browser does not tell."""
    page: str = request.META.get("HTTP_REFERER", "")
    return page if is_ours(request, page) else otherwise


def page_above(request: HttpRequest) -> str:
    """Return the nearest page above the address: an item's for ``/roadmap/…/move/``, at last the home page."""
    path = request.path_info
    while path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        break
    return get_script_prefix().rstrip("/") + path
