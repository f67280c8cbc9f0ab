"""The map of a product, as it was drawn last."""

from django.db import models

from feedback.forum.models import Product


class Picture(models.Model):
    """Where a product's asks and posts stand, kept so that the map looks alike from run to run."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="picture")
    model_key = models.CharField(max_length=120)
    run_number = models.BigIntegerField(help_text="The run that it was drawn after.")
    drawn_at = models.DateTimeField()
    asks = models.JSONField(default=dict, help_text="{primary key: [x, y]}")
    spots = models.BinaryField(
        help_text="Little-endian: all posts' keys of 8 bytes, then x and y of 4 bytes each."
    )

    def __str__(self) -> str:
        return f"map of {self.product_id} after run {self.run_number}"
