from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from feedback.kernel import slots
from feedback.ui import navigation
from feedback.ui.navigation import Link, Part


class SiteConfig(AppConfig):
    """Home, how well the site answers, language and theme."""

    name = "feedback.site"
    label = "site"

    def ready(self) -> None:
        # Models are there only now that every room is known.
        from feedback.site.feeds import feed_of_posts
        from feedback.site.slots import coverage_of_products
        from feedback.site.views import coverage_link, posts_page

        slots.provide("product-coverage", coverage_of_products)
        posts = Link(label=_("Posts"), url=posts_page, nav="posts", icon="posts")
        navigation.add("head", 10, Part("site/_manifest.html"))
        navigation.add("feed", 20, Link(label=_("Atom feed"), url=feed_of_posts))
        navigation.add("main", 10, posts)
        navigation.add("dock", 10, posts)
        navigation.add("tools", 5, Part("site/_product_switch.html"))
        navigation.add("tools", 20, Part("site/_language_switch.html"))
        navigation.add("settings", 10, Part("site/_theme_switch.html"))
        navigation.add("foot", 10, Link(label=_("How well we answer"), url=coverage_link))
