from django.apps import AppConfig

from feedback.kernel import identity


class IdentityConfig(AppConfig):
    """How the site calls itself and looks."""

    name = "feedback.identity"
    label = "identity"

    def ready(self) -> None:
        # Models are there only now that every room is known.
        from feedback.identity.queries import shown

        identity.provide(shown)
