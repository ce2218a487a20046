"""Probes in a file of Python: before each statement, and where an expression goes on below only if something is so.

A probe is a store into a list, the cheapest thing that Python can do. It stands in the code itself, as a constant: no
name is looked up, and nothing else of a module changes.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

Point = tuple[int, str]  # a line, and what became of it: «» when it was reached
OTHERWISE, TO_ITS_END = "never otherwise", "never to its end"
_STANDS_FOR_THE_LIST = "the list of this file"


@dataclass(frozen=True, slots=True)
class Planted:
    """A file compiled with probes; where they are, and the list in which each writes a 1 when it is passed."""

    code: CodeType
    points: list[Point]
    passed: list[int]


def planted(path: str) -> Planted:
    """Plant probes in a file."""
    tree, planter = ast.parse(Path(path).read_bytes()), _Planter()
    tree.body = planter.block(tree.body)
    passed = [0] * len(planter.points)
    return Planted(_bound(compile(tree, path, "exec", dont_inherit=True), passed), planter.points, passed)


def _bound(code: CodeType, passed: list[int]) -> CodeType:
    def bound(constant: object) -> object:
        if isinstance(constant, CodeType):
            return _bound(constant, passed)
        return passed if constant == _STANDS_FOR_THE_LIST else constant

    return code.replace(co_consts=tuple(map(bound, code.co_consts)))


class _Planter:
    """Plants, and remembers where."""

    def __init__(self) -> None:
        self.points: list[Point] = []

    def block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """The same statements, each behind its probe."""
        found: list[ast.stmt] = []
        for statement in body:
            if not (_is_said(statement) or _is_for_types(statement)):
                found.append(self._probe(statement))
                self._within(statement)
            found.append(statement)
        return found

    def _probe(self, at: ast.stmt, way: str = "") -> ast.stmt:
        place = _place(at)
        target = ast.Subscript(*self._entry(at.lineno, way, place), ast.Store(), **place)
        return ast.Assign([target], ast.Constant(1, **place), **place)

    def _entry(self, line: int, way: str, place: dict[str, Any]) -> tuple[ast.expr, ast.expr]:
        self.points.append((line, way))
        return ast.Constant(_STANDS_FOR_THE_LIST, **place), ast.Constant(len(self.points) - 1, **place)

    def _within(self, statement: ast.stmt) -> None:
        for child in ast.iter_child_nodes(statement):
            if isinstance(child, ast.ExceptHandler | ast.match_case):
                child.body = self.block(child.body)
            elif not isinstance(child, ast.stmt) and getattr(child, "end_lineno", 0) > statement.lineno:
                _further(child, self._passing)
        for name in ("body", "orelse", "finalbody"):
            if getattr(statement, name, None):
                setattr(statement, name, self.block(getattr(statement, name)))
        self._ways_out(statement)

    def _ways_out(self, statement: ast.stmt) -> None:
        """The ways for which nothing is written: past a condition, past the last case, out of a loop at its end."""
        match statement:
            case ast.FunctionDef(body=body) | ast.AsyncFunctionDef(body=body) if all(map(_is_docstring, body)):
                body.append(self._probe(body[0]))
            case ast.If(orelse=[]):
                statement.orelse = [self._probe(statement, OTHERWISE)]
            case ast.While(orelse=[], test=ast.Constant()):
                pass
            case ast.For(orelse=[]) | ast.AsyncFor(orelse=[]) | ast.While(orelse=[]):
                statement.orelse = [self._probe(statement, TO_ITS_END)]
            case ast.Match(cases=[*_, ast.match_case(guard=ast.expr())]):  # else mypy knows that it catches the rest
                rest = ast.match_case(ast.MatchAs(**_place(statement)), None, [self._probe(statement, OTHERWISE)])
                statement.cases.append(rest)
            case _:
                pass

    def _passing(self, expression: ast.expr) -> ast.expr:
        """The same expression, behind a probe."""
        place = _place(expression)
        of, entry = self._entry(expression.lineno, "", place)
        setting = ast.Attribute(of, "__setitem__", ast.Load(), **place)
        nothing = ast.Call(setting, [entry, ast.Constant(1, **place)], [], **place)
        return ast.BoolOp(ast.Or(), [nothing, expression], **place)


def _further(expression: ast.AST, passing: Callable[[ast.expr], ast.expr]) -> None:
    """Let what is evaluated only if something is so, on a line below that, be passed."""
    for node in ast.walk(expression):
        match node:
            case ast.Lambda(body=body) if body.lineno > node.lineno:
                node.body = passing(body)
            case ast.IfExp():
                node.body, node.orelse = (
                    arm if arm.lineno == node.test.lineno else passing(arm) for arm in (node.body, node.orelse)
                )
            case ast.BoolOp(values=[first, *others]):
                before = [first, *others]
                node.values[1:] = [
                    each if each.lineno == last.end_lineno else passing(each)
                    for last, each in zip(before, others, strict=False)
                ]
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() if _comes_first(node.elt, node.generators):
                node.elt = passing(node.elt)
            case ast.DictComp() if _comes_first(node.key, node.generators):
                node.key = passing(node.key)


def _comes_first(each: ast.expr, of: list[ast.comprehension]) -> bool:
    """Whether it stands on a line before that on which it is said where it comes from."""
    return each.lineno < of[0].iter.lineno


def _place(at: ast.stmt | ast.expr) -> dict[str, Any]:
    """Where a new part stands: said of each, for looking for those that lack it takes longer than all the rest."""
    return {each: getattr(at, each) for each in ("lineno", "col_offset", "end_lineno", "end_col_offset")}


def _is_said(statement: ast.stmt) -> bool:
    """Whether it is no work but words, or the body of a protocol."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(getattr(statement.value, "value", None), str)


def _is_for_types(statement: ast.stmt) -> bool:
    """Whether it never runs: an import for the type checker alone."""
    return isinstance(statement, ast.If) and getattr(statement.test, "id", None) == "TYPE_CHECKING"
