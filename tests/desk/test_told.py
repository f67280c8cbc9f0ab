"""Who was told of an ask is counted after its page is there."""

import pytest

from feedback.journal.operations import deliver_due
from feedback.kernel import clock

pytestmark = pytest.mark.django_db


def test_who_was_told_is_counted_beside_the_page(client_of, mo, dark_mode, item):
    client, page = client_of(mo), f"/desk/asks/{dark_mode.public_id}/"
    assert "Who was told" not in client.get(page).content.decode()
    while deliver_due(now=clock.now()):
        pass
    shown = client.get(page).content.decode()
    assert f'hx-get="{page}told/"' in shown
    assert "people here" not in shown
    part = client.get(f"{page}told/", headers={"HX-Request": "true"}).content.decode()
    whole = client.get(f"{page}told/").content.decode()
    assert "2 people here" in part and "2 people here" in whole
    assert "<html" in whole and "<html" not in part
