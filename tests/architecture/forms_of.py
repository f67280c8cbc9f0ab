"""The forms that a page shows, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """Where a form goes, what it sends as it stands, and which fields that somebody sees are filled in."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    filled: set[str] = field(default_factory=set)
    #: Of these, those that hold words of one's own, in their order.
    texts: list[str] = field(default_factory=list)
    buttons: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.forms: list[Form] = []
        self._select = ""
        self._words: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag, attributes):
        found = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(Form(found.get("action") or self.page, found.get("method", "get")))
        if not self.forms:
            return
        name, said = found.get("name", ""), self.forms[-1].fields
        if tag == "input" and name and found.get("type") not in ("submit", "button", "file"):
            self._input(name, found)
        elif tag == "button" and name and name not in said:
            said[name] = [found.get("value", "")]
            self.forms[-1].buttons.add(name)
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            if "selected" in found or self._select not in said:
                said[self._select] = [found.get("value", "")]
            if "selected" in found and found.get("value"):
                self.forms[-1].filled.add(self._select)
        elif tag == "textarea" and name:
            self._words = (name, [])

    def _input(self, name, found):
        kind, form = found.get("type", "text"), self.forms[-1]
        is_ticked = kind in ("checkbox", "radio")
        if is_ticked and "checked" not in found:
            return
        value = found.get("value", "on" if is_ticked else "")
        form.fields.setdefault(name, []).append(value)
        if kind != "hidden" and value:
            form.filled.add(name)
        if kind == "text" and value:
            form.texts.append(name)

    def handle_data(self, data):
        if self._words is not None:
            self._words[1].append(data)

    def handle_endtag(self, tag):
        if tag == "textarea" and self._words is not None and self.forms:
            name, words = self._words
            self.forms[-1].fields[name] = ["".join(words).removeprefix("\n")]
            if self.forms[-1].fields[name] != [""]:
                self.forms[-1].filled.add(name)
                self.forms[-1].texts.append(name)
            self._words = None
        elif tag == "select":
            self._select = ""


def forms_of(page: str, html: str) -> list[Form]:
    """Return the forms of ``html``, the page at ``page``, that are sent by POST."""
    reader = _Reader(page)
    reader.feed(html)
    return [form for form in reader.forms if form.method.lower() == "post"]
