"""What the page of a post shows of its prompt."""

from dataclasses import dataclass

from django.db.models import QuerySet

from feedback.accounts.models import User
from feedback.accounts.permissions import is_team
from feedback.forum.models import Post, Prompt
from feedback.forum.permissions import Person
from feedback.forum.prompts.operations import said_taken_out


@dataclass(frozen=True)
class ShownPrompt:
    """A prompt as a reader may see it; ``taken_out`` is said to who may change it and to the team."""

    one: Prompt
    is_own: bool
    taken_out: str


def shown_prompt(post: Post, reader: Person) -> ShownPrompt | None:
    """Return the prompt of ``post``, None where there is none or ``reader`` may not see it."""
    found: Prompt | None = getattr(post, "prompt", None)
    if found is None or post.state in (Post.State.REMOVED, Post.State.WITHDRAWN):
        return None
    is_own = post.author_id == reader.pk
    is_theirs = isinstance(reader, User) and post.author.acts_for_id == reader.pk
    if not (found.is_public or is_own or is_theirs or is_team(reader)):
        return None
    return ShownPrompt(found, is_own, said_taken_out(found))


def prompts_to_test_with(posts: QuerySet[Post]) -> QuerySet[Prompt]:
    """Return the prompts of those of ``posts`` that are published and whose authors agree to have a model tested with them."""
    agreed = posts.filter(state=Post.State.PUBLISHED, may_evaluate=True)
    return Prompt.objects.filter(post__in=agreed).select_related("post").order_by("post_id")
