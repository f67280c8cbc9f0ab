"""Bringing a file as a product manager does, for whoever tests what follows."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from feedback.importing.models import Import

TABLE = """id,title,content,author,created,stars
1,Dark mode,"Please add a dark theme, my eyes hurt at night",Cleo,2026-01-05 10:00,4
2,Crash,"It crashes whenever I open a large photo",Dan,2026-01-06 11:00,1
3,Widgets,"I would like a widget for the home screen",Cleo,2026-01-07 12:00,9
4,Export,"Let me export all of my notes as text files",Eve,2026-01-08 13:00,5
"""


@pytest.fixture
def desk(settings, tmp_path, client_of, pia, board):
    """The desk of a product manager, on a data folder of its own."""
    settings.DATA_DIR = tmp_path
    return client_of(pia)


@pytest.fixture
def bring(desk):
    """Bring a file, and return its import: ``bring("a,b\\n1,2", "reviews.csv")``."""

    def upload(text=TABLE, name="reviews.csv"):
        data = text.encode() if isinstance(text, str) else text
        answer = desk.post("/desk/import/", {"file": SimpleUploadedFile(name, data)})
        assert answer.status_code == 302, answer.content.decode()
        return Import.objects.get(public_id=answer["Location"].split("/")[-2])

    return upload


def page_of(desk, one):
    one.refresh_from_db()
    return desk.get(f"/desk/import/{one.public_id}/").content.decode()


def start(desk, one, **more):
    words = {"board": "suggestions", "source": "store", **more}
    return desk.post(f"/desk/import/{one.public_id}/start/", words)
