from django.apps import AppConfig

from feedback.journal.verbs import Verb


class MeasureConfig(AppConfig):
    """How good the grouping is here, and what grows."""

    name = "feedback.measure"
    label = "measure"

    def ready(self) -> None:
        # Models are there only now that every room is known.
        from feedback.asks.proposals import settled
        from feedback.grouping.place import threshold
        from feedback.journal import consumers
        from feedback.kernel import doorbell
        from feedback.measure import tasks
        from feedback.measure.alerts.operations import hear_settled
        from feedback.measure.calibration.operations import calibrated_threshold

        settled.listen("measure.alerts", hear_settled)
        threshold.calibrate_with(calibrated_threshold)
        doorbell.every(600, tasks.measure)
        doorbell.every(300, tasks.count_crowds)
        consumers.subscribe(
            "measure.after-run",
            verbs={Verb.RUN_FINISHED},
            handler=tasks.measure_after_run,
        )
