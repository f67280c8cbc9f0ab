"""What a run says of asks beside their posts: titles in two languages, and opposites that know each other."""

import pytest
from django.utils import translation

from feedback.asks.decisions.confirm import confirm_ask
from feedback.encoder.models.registry import load_encoder
from feedback.forum.models import Post
from feedback.forum.products.operations import default_product
from feedback.kernel import clock
from tests.cast import make_person, publish, suggestions
from tests.groups import embed_all, run_on
from tests.shared import share

pytestmark = pytest.mark.django_db


#: The default, which knows meaning in many languages.
ENCODER = "fused-minilm"


@pytest.fixture
def spec():
    """Name the encoder."""
    return ENCODER


BOARD = {
    "wider": [
        "Make the sidebar wider",
        "Please make the sidebar wider",
        "The sidebar should be wider",
    ],
    "narrower": [
        "Make the sidebar narrower",
        "Please make the sidebar narrower",
        "The sidebar should be narrower",
    ],
    "dark": [
        "Please add a dark mode",
        "Dark mode at night please",
        "I want a dark mode",
        "希望增加深色模式",
        "求深色模式，晚上太亮",
        "能不能加个夜间模式",
    ],
    "crash": [
        "The app crashes when I open settings",
        "Crash on opening the settings page",
        "设置页面一打开就闪退",
    ],
    "export": ["CSV export of all my data", "Let me export data to a CSV file", "导出数据为表格"],
    "music": ["Play music in the background", "Keep the music playing when the screen is off"],
}


def _read():
    """Write the board, each post by a person of its own, and run the engine over it."""
    product = default_product(now=clock.now())
    board = suggestions(product)
    for wish, titles in BOARD.items():
        for at, title in enumerate(titles):
            publish(make_person(f"{wish} {at}"), title, board=board)
    embed_all(load_encoder(ENCODER))
    run_on(product)


TOLD = share("told_asks", _read)


@pytest.fixture
def told_asks(board, ask_of):
    """The asks of the board by what they want."""
    if not TOLD.is_there:
        _read()
    posts = {
        wish: [Post.objects.get(title=title) for title in titles] for wish, titles in BOARD.items()
    }
    for wish in ("wider", "narrower", "dark"):
        assert len({ask_of(post) for post in posts[wish]}) == 1, wish
    return {wish: ask_of(one[0]) for wish, one in posts.items()}


def test_opposites_lead_to_each_other_once_both_are_confirmed(told_asks, client_of, pia, now):
    wider, narrower = told_asks["wider"], told_asks["narrower"]
    assert (wider.opposite, narrower.opposite) == (narrower, wider)
    link = f'href="/asks/{narrower.public_id}/"'
    confirm_ask(ask=wider, actor=pia, now=now)
    assert link not in client_of(None).get(f"/asks/{wider.public_id}/").content.decode()
    desk = client_of(pia).get(f"/desk/asks/{wider.public_id}/").content.decode()
    assert f'href="/desk/asks/{narrower.public_id}/"' in desk
    confirm_ask(ask=narrower, actor=pia, now=now)
    assert link in client_of(None).get(f"/asks/{wider.public_id}/").content.decode()


def test_opposites_know_each_other_after_every_run(told_asks, regroup):
    regroup()
    told_asks["wider"].refresh_from_db()
    assert told_asks["wider"].opposite == told_asks["narrower"]


def test_an_ask_of_two_languages_is_called_by_the_readers(make_ask, publish, ann, client_of):
    ask = make_ask(publish(ann), title="Dark mode", titles={"zh": "深色模式"}, state="PUBLIC")
    for language, shown, beside in (
        ("en", "Dark mode", "深色模式"),
        ("zh-hans", "深色模式", "Dark mode"),
    ):
        said = {"accept-language": language}
        page = client_of(None).get(f"/asks/{ask.public_id}/", headers=said).content.decode()
        assert f">{shown}</h1>" in page
        assert f">{beside}</p>" in page
        assert f">{shown}</a>" in client_of(None).get("/asks/", headers=said).content.decode()


def test_a_title_that_a_person_gave_is_everyones(make_ask, publish, ann):
    ask = make_ask(publish(ann), title="A dark theme", titles={"zh": "深色"}, title_source="PERSON")
    with translation.override("zh-hans"):
        assert (ask.title_here, ask.title_beside) == ("A dark theme", "")


def test_a_run_titles_an_ask_in_both_languages_of_its_people(told_asks):
    ask = told_asks["dark"]
    assert "ark mode" in ask.title
    assert "模式" in ask.titles["zh"]
    assert told_asks["wider"].titles == {}
