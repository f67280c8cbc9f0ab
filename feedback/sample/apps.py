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
        from feedback.kernel import doorbell
        from feedback.sample import choosing, tasks
        from feedback.sample.catalogue import Sample

        for name in choosing.names():
            nobody_claims(Sample(name).source)
        doorbell.every(300, tasks.take_samples_away)  # what was killed; the removal itself rings
        navigation.add("notice", 10, Part("sample/_banner.html"))
