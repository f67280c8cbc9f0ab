"""A sheet that is made of others is one file where static files are gathered."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from feedback.kernel.style_sheets import JoinedStyleSheets, parts_of

WHOLE = '/* All. */\n@import url("a.css");\n@import url("../ui/b.css") print;\n'


@pytest.fixture
def gathered(tmp_path):
    """Gather the sheets that are given by name, as `collectstatic` does; return what a page would be given for each."""
    source, target = FileSystemStorage(tmp_path / "rooms"), tmp_path / "static"

    def gather(sheets):
        storage = JoinedStyleSheets(location=str(target), base_url="/static/")
        for name, words in sheets.items():
            source.delete(name)
            source.save(name, ContentFile(words.encode()))
            if not storage.exists(name):
                storage.save(name, source.open(name))
        done = list(storage.post_process({name: (source, name) for name in sheets}))
        assert not [fault for *_, fault in done if isinstance(fault, Exception)]
        return {name: storage.open(storage.stored_name(name)).read().decode() for name in sheets}

    return gather


def test_the_parts_stand_in_the_place_of_their_names(gathered):
    found = gathered({"desk/all.css": WHOLE, "desk/a.css": ".a {}\n", "ui/b.css": ".b {}\n"})
    assert found["desk/all.css"] == "/* All. */\n.a {}\n\n@media print {\n.b {}\n}\n"
    assert found["desk/a.css"] == ".a {}\n"


def test_a_part_that_changed_changes_the_whole(gathered):
    sheets = {"desk/all.css": WHOLE, "desk/a.css": ".a {}\n", "ui/b.css": ".b {}\n"}
    gathered(sheets)
    assert ".new" in gathered(sheets | {"desk/a.css": ".new {}\n"})["desk/all.css"]


def test_a_part_that_is_not_there_is_named(gathered):
    with pytest.raises(KeyError, match=r"desk/a\.css"):
        gathered({"desk/all.css": WHOLE})


def test_parts_are_named_as_a_page_names_them():
    assert parts_of("desk/all.css", WHOLE) == [("desk/a.css", ""), ("ui/b.css", "print")]
