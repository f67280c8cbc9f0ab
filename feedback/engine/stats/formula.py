"""A formula that somebody typed: read into a tree of our own and worked out step by step. Nothing of it is ever run. Pure."""

import ast
import re
import warnings
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from math import inf, isfinite, log, sqrt

MOST_LETTERS = 400
MOST_PARTS = 120
#: Numbers that may stand in a formula are no larger.
LARGEST = 1e9
_FUNCTIONS: dict[str, tuple[Callable[..., float], int, int]] = {
    "min": (min, 1, 12),
    "max": (max, 1, 12),
    "log": (lambda of: log(of), 1, 1),
    "sqrt": (sqrt, 1, 1),
}
FUNCTIONS = tuple(_FUNCTIONS)
_SIGNS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: lambda one, other: one + other,
    ast.Sub: lambda one, other: one - other,
    ast.Mult: lambda one, other: one * other,
    ast.Div: lambda one, other: one / other,
}
_WORD = re.compile(r"[^\W\d]\w*")


class NotAFormula(ValueError):
    """What was typed is no formula. ``why`` is "empty", "long", "grammar", "name", "function" or "number"; ``what`` the part."""

    def __init__(self, why: str, what: str = "") -> None:
        super().__init__(f"{why}: {what}")
        self.why = why
        self.what = what


@dataclass(frozen=True)
class Formula:
    """A formula that can be worked out. ``names`` are what it reads."""

    text: str
    names: frozenset[str]
    _tree: ast.expr

    def work_out(self, values: Mapping[str, float | None]) -> float | None:
        """Return what it comes to with ``values``; None where one is not known, or where it comes to nothing that is a number."""
        if any(values.get(name) is None for name in self.names):
            return None
        try:
            found = _worked(self._tree, values)
        except (ArithmeticError, ValueError):
            return None
        return found if isfinite(found) else None

    def filled(self, words: Mapping[str, str]) -> str:
        """Return its text with ``words`` in the place of names, to be shown."""
        return _WORD.sub(
            lambda one: words.get(one[0], one[0]) if one[0] in self.names else one[0], self.text
        )


def parse(text: str, *, names: Collection[str]) -> Formula:
    """Return the formula that ``text`` is, of ``names``, numbers, + - * / ( ) and `FUNCTIONS`. Raises `NotAFormula`."""
    text = " ".join(text.split())
    if not text:
        raise NotAFormula("empty")
    if len(text) > MOST_LETTERS:
        raise NotAFormula("long")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise NotAFormula("grammar") from None
    if sum(1 for _ in ast.walk(tree)) > MOST_PARTS:
        raise NotAFormula("long")
    read: set[str] = set()
    _check(tree, names, read)
    return Formula(text, frozenset(read), tree)


def _check(node: ast.expr, names: Collection[str], read: set[str]) -> None:
    """Add the names that ``node`` reads to ``read``; raises `NotAFormula` for all that a formula has not."""
    match node:
        case ast.Constant(value=bool()):
            raise NotAFormula("grammar", str(node.value))
        case ast.Constant(value=int() | float() as number):
            if not -LARGEST <= number <= LARGEST:
                raise NotAFormula("number")
        case ast.Name(id=name):
            if name not in names:
                raise NotAFormula("name", name)
            read.add(name)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
            _check(left, names, read)
            _check(right, names, read)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=of):
            _check(of, names, read)
        case ast.Call(func=ast.Name(id=called), args=those, keywords=[]):
            if called not in _FUNCTIONS:
                raise NotAFormula("function", called)
            _, least, most = _FUNCTIONS[called]
            if not least <= len(those) <= most:
                raise NotAFormula("grammar", called)
            for one in those:
                _check(one, names, read)
        case _:
            raise NotAFormula("grammar", ast.unparse(node)[:40] if _is_short(node) else "")


def _is_short(node: ast.expr) -> bool:
    return sum(1 for _ in ast.walk(node)) < 20


def _worked(node: ast.expr, values: Mapping[str, float | None]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            value = values[name]
            return inf if value is None else float(value)
        case ast.BinOp(left=left, op=sign, right=right):
            return _SIGNS[type(sign)](_worked(left, values), _worked(right, values))
        case ast.UnaryOp(op=sign, operand=of):
            found = _worked(of, values)
            return -found if isinstance(sign, ast.USub) else found
        case ast.Call(func=ast.Name(id=called), args=those):
            return float(_FUNCTIONS[called][0](*(_worked(one, values) for one in those)))
    raise NotAFormula("grammar")
