"""What people call the fields of a post, on pages and in sentences."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from feedback.importing.formats.columns.fields import Field

#: What a column may be taken for, in the order in which a person looks for it.
LABELS: dict[Field, Any] = {
    Field.TITLE: _("Title"),
    Field.BODY: _("What people say"),
    Field.AUTHOR: _("Author"),
    Field.AUTHOR_ID: _("Author's id"),
    Field.EMAIL: _("Author's e-mail address"),
    Field.POSTED_ON: _("When it was posted"),
    Field.STARS: _("Stars"),
    Field.KIND: _("Kind"),
    Field.APP_VERSION: _("Product version"),
    Field.COUNTRY: _("Country"),
    Field.LANGUAGE: _("Language"),
    Field.DEVICE: _("Device"),
    Field.VOTES: _("Votes elsewhere"),
    Field.STATE: _("State"),
    Field.TAGS: _("Tags"),
    Field.ANSWER: _("Official answer"),
    Field.ANSWERED_ON: _("When it was answered"),
    Field.COMMENTS: _("Replies"),
    Field.URL: _("Address of the post"),
    Field.EXTERNAL_ID: _("Id"),
    Field.MERGED_INTO: _("Merged into"),
    Field.COMMENT_ON: _("Post that it replies to"),
    Field.IS_OFFICIAL: _("Whether the reply is official"),
    Field.IS_INTERNAL: _("Whether the team alone reads it"),
    Field.ANSWERED_BY: _("Who answered officially"),
    Field.DECIDED_ON: _("When it came to its state"),
    Field.SHIPPED_IN: _("Version that shipped it"),
}
