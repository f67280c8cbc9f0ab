"""Jobs of the roadmap. Each makes the world look right; the queue is only a doorbell."""

from django_tasks import task

from feedback.kernel import clock, doorbell
from feedback.roadmap.minds import watch_minds
from feedback.roadmap.reports.broken import propose_what_is_broken
from feedback.roadmap.reports.operations import close_due_reports, open_due_reports


@task(queue_name=doorbell.QUICK)
def keep_reports() -> None:
    """Open the reports whose day has come, make proposals of what is broken, and close those whose time is over."""
    open_due_reports(now=clock.now())
    propose_what_is_broken(now=clock.now())
    close_due_reports(now=clock.now())


@task(queue_name=doorbell.QUICK)
def watch_what_would_change_our_mind() -> None:
    """Tell the team of declined items that enough people want by now."""
    watch_minds(now=clock.now())
