"""Whether a backup comes back."""

from feedback.ops import archive
from feedback.ops.doctor.finding import Finding


def drilled(words: str) -> Finding:
    """Restore the backup ``words``, or the newest at that place, beside the site."""
    try:
        found = archive.drill(words)
    except archive.CannotArchive as reason:
        return Finding.failure("backup", str(reason))
    made = found.manifest
    return Finding.well(
        "backup",
        f"{found.name} came back: {made.posts:,} posts and {made.people:,} people as of {made.made_at:%Y-%m-%d %H:%M} UTC",
    )
