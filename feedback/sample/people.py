"""Who is a sample's, and what they posted."""

from django.db.models import Q, QuerySet

from feedback.accounts.models import User
from feedback.forum.models import Post, Product
from feedback.sample.catalogue import Sample


def people_of(product: Product) -> QuerySet[User]:
    """Return the people of the sample ``product``."""
    source = Sample(product.sample).source
    return User.objects.filter(
        Q(origin_key__startswith=f"{source}:") | Q(origin_key__startswith=f"{source}#")
    )


def posts_of(product: Product) -> QuerySet[Post]:
    """Return what the sample's people posted, wherever somebody has put it since."""
    return Post.objects.filter(author__in=people_of(product))


def posts_of_others(product: Product) -> QuerySet[Post]:
    """Return what real people posted in the sample's product."""
    return Post.objects.filter(board__product=product).exclude(author__in=people_of(product))
