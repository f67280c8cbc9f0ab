from django.apps import AppConfig

from feedback.ui import navigation
from feedback.ui.navigation import Part


class SampleConfig(AppConfig):
    """A place to look at before one's own is there."""

    name = "feedback.sample"
    label = "sample"

    def ready(self) -> None:
        # Models are there only now that every room is known.
        from feedback.accounts.claiming.queries import nobody_claims
        from feedback.sample import choosing
        from feedback.sample.catalogue import Sample

        for name in choosing.names():
            nobody_claims(Sample(name).source)
        navigation.add("notice", 10, Part("sample/_banner.html"))
