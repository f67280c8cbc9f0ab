"""Templates stand under the same contract as imports, and nothing is kept that no page needs."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "feedback"
#: The rooms from the top of the house down, side by side those that may not name each other.
FLOORS = [
    [room.strip().removeprefix("feedback.") for room in floor.split("|")]
    for floor in next(
        contract["layers"]
        for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"][
            "importlinter"
        ]["contracts"]
        if contract["type"] == "layers"
    )
]
FLOOR = {room: number for number, floor in enumerate(FLOORS) for room in floor}
MODULES = sorted(path for path in HOUSE.rglob("*.py") if "migrations" not in path.parts)
#: Mails are templates too.
TEMPLATES = sorted([*HOUSE.rglob("*.html"), *HOUSE.rglob("templates/**/*.txt")])
#: Addresses that allauth names without a room.
ALLAUTH = re.compile(r"(?:account|socialaccount|mfa|usersessions)_\w+")


def room_of(path):
    return path.relative_to(HOUSE).parts[0]


def name_of(path):
    """Return how a template is called: by its path, or from its folder ``templates`` on."""
    return str(path.relative_to(HOUSE)).rpartition("templates/")[2]


ROOM_OF_TEMPLATE = {name_of(path): room_of(path) for path in TEMPLATES}


def uncommented(source):
    return re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}", "", source, flags=re.DOTALL)


def names_in(source):
    """Return every quoted name in the tags and variables of a template."""
    tags = re.findall(r"{%.*?%}|{{.*?}}", uncommented(source), re.DOTALL)
    return [
        double or single
        for tag in tags
        for double, single in re.findall(r'"([^"]*)"|\'([^\']*)\'', tag)
    ]


def names_in_python(source):
    """Return every string of a module; of one that is a template, the names in it."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += [node.value, *names_in(node.value)]
    return found


def room_named(name):
    """Return the room whose address, template or static file ``name`` is, or None."""
    name = name.partition("#")[0]
    if name in ROOM_OF_TEMPLATE:
        return ROOM_OF_TEMPLATE[name]
    if ALLAUTH.fullmatch(name):
        return "accounts"
    found = re.fullmatch(r"(\w+):[\w-]*|(\w+)/[\w./-]+\.\w+", name)
    room = found and (found[1] or found[2])
    return room if room in FLOOR else None


def upwards(room, names):
    """Return those of ``names`` that belong to a room above ``room`` or beside it."""
    return [
        name
        for name in names
        if (other := room_named(name)) and other != room and FLOOR[other] <= FLOOR[room]
    ]


# --- Arrows -------------------------------------------------------------------------------------------------
def test_a_template_names_no_room_above_its_own():
    for path in TEMPLATES:
        source = path.read_text(encoding="utf-8")
        assert not upwards(room_of(path), names_in(source)), name_of(path)
        written = re.findall(r'\b(?:href|action|src|hx-\w+)="(/[^"{]+)', uncommented(source))
        assert not written, f"{name_of(path)}: name the address, or have it handed down."


def test_a_module_names_no_page_or_template_of_a_room_above_its_own():
    found = {
        str(path.relative_to(ROOT)): wrong
        for path in MODULES
        if room_of(path) in FLOOR
        and (wrong := upwards(room_of(path), names_in_python(path.read_text(encoding="utf-8"))))
    }
    assert not found


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("forum", "{% url 'asks:ask-detail' ask.public_id %}"),
        ("forum", '{% include "asks/_reason.html" with membership=reason %}'),
        ("forum", '{% extends "desk/base.html" %}'),
        ("forum", "{% include 'forum/posts/_post_row.html' with below=\"asks/_reason.html\" %}"),
        ("asks", '{{ "desk:inbox"|default:url }}'),
        ("asks", "<link href=\"{% static 'desk/desk.css' %}\">"),
        ("ui", "{% url 'account_login' %}"),
        ("ui", "{% url 'site:home' as home %}"),
        ("ui", '{% include "account/_rooms.html" %}'),
        ("site", "{% url 'desk:inbox' %}"),
    ],
)
def test_an_arrow_that_points_upwards_is_found(room, source):
    assert upwards(room, names_in(source))
    assert upwards(room, names_in_python(f"page = render(request, {source!r})"))


@pytest.mark.parametrize(
    "source",
    [
        'redirect("site:home")',
        'render(request, "desk/inbox/inbox.html#evidence", {})',
        'reverse(f"desk:{name}")',
        'register.inclusion_tag("asks/_trend.html")',
    ],
)
def test_an_arrow_in_python_is_found(source):
    assert upwards("forum", names_in_python(source))


@pytest.mark.parametrize(
    "source",
    [
        "{% url 'forum:search' %}{% url 'account_login' %}",
        '{% include "ui/components/_stage.html" with stage="PLANNED" %}',
        "{% comment %} {% url 'desk:inbox' %} {% endcomment %}{# {% url 'desk:inbox' %} #}",
    ],
)
def test_what_points_downwards_or_is_only_said_is_free(source):
    assert not upwards("asks", names_in(source))


# --- Nothing that no page needs -----------------------------------------------------------------------------
def test_every_template_is_used():
    """What lies in a folder ``templates`` is found by Django and allauth under names of theirs."""
    named = set()
    for path in TEMPLATES:
        named |= {name.partition("#")[0] for name in names_in(path.read_text(encoding="utf-8"))}
    for path in MODULES:
        named |= {
            name.partition("#")[0] for name in names_in_python(path.read_text(encoding="utf-8"))
        }
    unused = {name_of(path) for path in TEMPLATES if "templates" not in path.parts} - named
    assert not unused


#: Worn by htmx while it waits.
WORN_BY_OTHERS = {"htmx-request"}
_CLASSES = re.compile(
    r'class(?:Name)?\s*=\s*"((?:{%.*?%}|{{.*?}}|[^"])*)"'  # markup, and scripts
    r'|"class": f?"([^"]*)"'  # attributes of a field
    r"|block \w+_class %}(.*?){% endblock"
    r'|"\s?([a-z]+__[\w-]+)"',  # what a picture is handed as a value
    re.DOTALL,
)


def worn():
    """Return the classes that anything wears, and how those begin that are put together."""
    whole, begun = set(WORN_BY_OTHERS), set()
    for path in [*TEMPLATES, *MODULES, *HOUSE.rglob("*.js")]:
        for groups in _CLASSES.findall(uncommented(path.read_text(encoding="utf-8"))):
            words = re.sub(r"{%.*?%}", " ", " ".join(groups), flags=re.DOTALL)
            for word in re.sub(r"{{.*?}}|{[^}]*}", "\0", words).split():
                (begun if "\0" in word else whole).add(word.partition("\0")[0])
    return whole, tuple(begun - {""})


def styled(source):
    """Return the classes that a style sheet speaks of."""
    source = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    heads = (head for head in re.findall(r"([^{};]*){", source) if "@" not in head)
    return {name for head in heads for name in re.findall(r"\.([a-zA-Z][\w-]*)", head)}


def test_every_class_that_is_styled_is_worn():
    whole, begun = worn()
    unworn = {
        f"{path.name}: {name}"
        for path in HOUSE.rglob("*.css")
        for name in styled(path.read_text(encoding="utf-8")) - whole
        if not name.startswith(begun)
    }
    assert not unworn


def test_a_class_that_nothing_wears_is_found():
    whole, _ = worn()
    assert styled(".wrap > .hat:hover { /* .cap */ & .scarf { top: 0.5em } }") - whole == {
        "hat",
        "scarf",
    }
