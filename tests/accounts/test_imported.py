"""Imported authors: what is kept of them, and what nobody may see."""

import pytest

from feedback.accounts.models import User
from tests.accounts.imported import bring_posts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "address", "shown", "kept"),
    [
        ("Ann", " Ann@Old.example ", "Ann", "ann@old.example"),
        ("Ann", "unknown", "Ann", ""),
        ("Ann", "ann at old.example", "Ann", ""),
        ("Ann", "ann@old", "Ann", ""),
        ("Ann", f"{'a' * 250}@old.example", "Ann", ""),
        ("ann@old.example", "", "", "ann@old.example"),
        ("ann@old.example", "bo@old.example", "", "bo@old.example"),
        ("@ann", "", "@ann", ""),
    ],
)
def test_an_address_is_kept_where_it_is_one_and_shown_nowhere(board, name, address, shown, kept):
    bring_posts(board, (name, address))
    one = User.objects.get(origin="IMPORTED")
    assert (one.display_name, one.imported_email) == (shown, kept)
