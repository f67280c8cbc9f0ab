"""Erasing what was measured of a product, when the product itself is erased."""

from feedback.forum.models import Product
from feedback.measure.models import Calibration, QualityReading


def erase_measures(*, product: Product) -> None:
    """Erase the readings and calibrations of ``product``; judgements and alerts go with their posts and asks."""
    QualityReading.objects.filter(product=product).delete()
    Calibration.objects.filter(product=product).delete()
