"""The picture of a person: one that they chose. Without one a face is drawn (`ui.templatetags.faces`)."""
