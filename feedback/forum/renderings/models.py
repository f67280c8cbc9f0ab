"""What the words of a text become, kept beside them so that nobody who reads waits for it."""

from django.db import models


class Rendering(models.Model):
    """The words of one text as HTML, up to the bound of its kind.

    It is shown only while both marks fit: ``digest`` is that of the words, ``pipeline`` what made HTML of them.
    """

    html = models.TextField()
    is_cut = models.BooleanField(help_text="It is the beginning alone.")
    digest = models.CharField(max_length=32)
    pipeline = models.CharField(max_length=60)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.html[:60]


class RenderedPost(Rendering):
    """What the details of a post become."""

    text = models.OneToOneField(
        "forum.Post", on_delete=models.CASCADE, primary_key=True, related_name="rendered"
    )


class RenderedComment(Rendering):
    """What a comment becomes."""

    text = models.OneToOneField(
        "forum.Comment", on_delete=models.CASCADE, primary_key=True, related_name="rendered"
    )
