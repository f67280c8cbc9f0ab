"""Formulas that people type: worked out as they say, refused where they are none, never run."""

import ast
import builtins
import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedback.engine.stats.formula import MOST_LETTERS, NotAFormula, parse

NAMES = ("reach", "impact", "effort", "seg_pro")
VALUES = {"reach": 100.0, "impact": 2.0, "effort": 4.0, "seg_pro": 0.0}


@pytest.mark.parametrize(
    ("text", "comes_to"),
    [
        ("reach * impact / effort", 50.0),
        ("  reach*impact\n/effort ", 50.0),
        ("reach + 3 * (impact - 1)", 103.0),
        ("-reach + +effort", -96.0),
        ("max(reach, 200, effort) - min(2, 1)", 199.0),
        ("sqrt(reach) + log(1)", 10.0),
        ("7", 7.0),
    ],
)
def test_it_comes_to_what_it_says(text, comes_to):
    assert parse(text, names=NAMES).work_out(VALUES) == pytest.approx(comes_to)


@pytest.mark.parametrize(
    "text", ["reach / seg_pro", "log(seg_pro)", "sqrt(0 - reach)", "1e9" + " * 1e9" * 34]
)
def test_what_is_no_number_is_none(text):
    assert parse(text, names=NAMES).work_out(VALUES) is None


def test_what_is_not_known_is_none():
    formula = parse("reach / effort", names=NAMES)
    assert formula.names == {"reach", "effort"}
    assert formula.work_out(VALUES | {"effort": None}) is None
    assert formula.filled({"reach": "100", "effort": "4"}) == "100 / 4"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("reach +", "grammar"),
        ("reach ** 9", "grammar"),
        ("reach // 2", "grammar"),
        ("reach if impact else 1", "grammar"),
        ("'reach'", "grammar"),
        ("True", "grammar"),
        ("[reach][0]", "grammar"),
        ("reach.real", "grammar"),
        ("(lambda: 1)()", "grammar"),
        ("__import__('os').system('true')", "grammar"),
        ("eval(reach)", "function"),
        ("max()", "grammar"),
        ("max(*reach)", "grammar"),
        ("min(reach, key=reach)", "grammar"),
        ("(reach := 3)", "grammar"),
        ("nobody * 2", "name"),
        ("9" * 30, "number"),
        ("1e400", "number"),
        ("1+" * 300 + "1", "long"),
        ("-" * 199 + "1", "long"),
        ("(" * 199 + "1", "grammar"),
        ("2j", "grammar"),
        ("reach\0", "grammar"),
    ],
)
def test_what_is_no_formula_is_refused(text, why):
    with pytest.raises(NotAFormula) as refused:
        parse(text, names=NAMES)
    assert refused.value.why == why


_PARTS = st.sampled_from(
    [
        *NAMES,
        "+",
        "-",
        "*",
        "/",
        "(",
        ")",
        ",",
        "max(",
        "log(",
        "**",
        "2",
        "0",
        "1e9",
        ".",
        "x",
        "[",
        "]",
        "__class__",
        "lambda",
        ":",
        "=",
        "'",
        "exec(",
        "open(",
        "import",
        "\n",
        "#",
        "未知",
        "for",
        "in",
        "{",
    ]
)


@given(st.lists(_PARTS, max_size=60).map(" ".join) | st.text(max_size=MOST_LETTERS + 5))
@example("open('/etc/passwd')")
@example("().__class__.__bases__[0].__subclasses__()")
@example("(" * 200 + ")" * 200)
def test_whatever_is_typed_is_a_number_or_refused_and_never_run(text):
    """Nothing is compiled to be run, evaluated or called by a name that is typed."""
    called = []
    kept = {name: getattr(builtins, name) for name in ("eval", "exec", "open")}
    try:
        for name in kept:
            setattr(builtins, name, lambda *args, name=name, **more: called.append(name))
        try:
            formula = parse(text, names=NAMES)
            found = formula.work_out(VALUES)
        except NotAFormula:
            return
    finally:
        for name, it in kept.items():
            setattr(builtins, name, it)
    assert not called
    assert found is None or math.isfinite(found)
    assert formula.names <= set(NAMES)
    known = (
        ast.Constant,
        ast.Name,
        ast.BinOp,
        ast.UnaryOp,
        ast.Call,
        ast.operator,
        ast.unaryop,
        ast.Load,
    )
    assert all(isinstance(node, known) for node in ast.walk(formula._tree))
