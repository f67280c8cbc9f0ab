"""The operator reads the roadmap in Django's admin, and changes it on its own pages."""

import pytest

from feedback.roadmap import operations
from feedback.roadmap.models import ChangelogLine, Item, Release


@pytest.mark.parametrize("model", [Item, Release, ChangelogLine])
def test_the_operator_reads_and_changes_nothing(client_of, item, ada, pia, now, model):
    operations.ship(item=item, version="1.4.0", actor=pia, now=now)
    client = client_of(ada)
    address = f"/admin/roadmap/{model._meta.model_name}/"
    assert client.get(address).status_code == 200
    one = f"{address}{model.objects.get().pk}/"
    assert client.get(f"{one}change/").status_code == 200
    assert client.post(f"{one}change/", {}).status_code == 403
    assert client.post(f"{one}delete/").status_code == 403
    assert client.get(f"{address}add/").status_code == 403
