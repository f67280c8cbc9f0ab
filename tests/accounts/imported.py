"""Imported authors, and people who have shown an address to be theirs."""

from allauth.account.models import EmailAddress

from feedback.accounts.models import User
from feedback.forum.comments.bulk import CommentRow, Writer, bring_comments
from feedback.forum.models import Post
from feedback.forum.posts.bulk import ImportRow, import_rows
from feedback.kernel import clock


def bring_posts(board, *rows, source="github", start=0):
    """Import a post for each (author, address) of ``rows``; return the posts."""
    result = import_rows(
        [
            ImportRow(
                external_id=str(number),
                title=f"Wish {number} of {name}",
                body="",
                author=name,
                author_email=address,
                posted_at=clock.now(),
            )
            for number, (name, address) in enumerate(rows, start)
        ],
        board=board,
        source=source,
        now=clock.now(),
    )
    assert result.made == len(rows)
    numbers = [str(number) for number in range(start, start + len(rows))]
    found = {post.external_id: post for post in Post.objects.filter(source=source)}
    return [found[number] for number in numbers]


def bring_reply(post, name, *, source="github", words="I agree."):
    """Import a reply by ``name`` under ``post``."""
    row = CommentRow(post.external_id, words, Writer(name, name), clock.now(), f"{name}-1")
    bring_comments([row], source=source, now=clock.now())


def author(name, *, source="github"):
    """Return the imported author called ``name``."""
    return User.objects.get(origin_key=f"{source}:{name}")


def owns(person, address):
    """Have ``person`` have shown that ``address`` is theirs."""
    EmailAddress.objects.create(user=person, email=address, verified=True)
