"""Replies as mail programs write them."""

from email.message import EmailMessage


def reply_to(
    mail, text, *, sender="Ann <ann@example.org>", message_id="<1@example.org>", **headers
):
    """Return the reply to ``mail`` in the words ``text``; a header of None is left out."""
    reply = EmailMessage()
    said = {
        "From": sender,
        "To": str(mail["Reply-To"]),
        "Subject": f"Re: {mail['Subject']}",
        "Message-ID": message_id,
        "In-Reply-To": str(mail["Message-ID"]),
    }
    for name, value in (
        said | {key.replace("_", "-"): one for key, one in headers.items()}
    ).items():
        if value is not None:
            reply[name] = value
    reply.set_content(text)
    return reply
