"""The check of who gets in."""

from feedback.accounts.joining.doors import doors, said_by_environment
from feedback.accounts.joining.models import Way
from feedback.accounts.joining.queries import wishes
from feedback.ops.doctor.finding import Finding


def open_to() -> Finding:
    """Who may sign up and who reads, and whether the desk or the environment says so."""
    now, fixed = doors(), said_by_environment()
    words = f"{_of(now.way, list(now.domains))}; "
    words += "who has not signed in reads nothing" if now.is_private else "everybody reads"
    words += f" (by {', '.join(sorted(fixed.values()))}, else the desk)" if fixed else " (the desk)"
    if "way" not in fixed and wishes().way != now.way:
        return Finding.warning(
            "doors", f"{words}; the desk says by domain, and there is no mail server (EMAIL_URL)"
        )
    return Finding.well("doors", words)


def _of(way: Way, domains: list[str]) -> str:
    return {
        Way.OPEN: "anybody signs up",
        Way.INVITATION: "who is invited signs up",
        Way.DOMAIN: f"who has an address of {', '.join(domains)}, or is invited, signs up",
        Way.CLOSED: "nobody signs up",
    }[way]
