"""Escaping what templates print, at less cost.

Stock Jinja wraps each piece it prints into an object that says it is safe, though the page joins
them as plain text right after; on a board of 150 cards that is an eighth of the whole. Most
pieces hold nothing to escape: one look at them is enough.
"""

import re
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import escape

_is_special = re.compile("[&<>\"']").search


def escaped(value: Any) -> str:
    """The value as text in which no markup is left but what was marked as safe."""
    kind = type(value)
    if kind is str:
        return escape(value) if _is_special(value) else value
    if kind is int:
        return str(value)
    return escape(value)


class _Generator(CodeGenerator):
    """Writes templates that escape by the function above."""

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write(f"environment.escaped({finalize.src or ''}")


class _Environment(Environment):
    code_generator_class = _Generator
    escaped = staticmethod(escaped)


def init_app(app: Flask) -> None:
    """Let the app's templates be written so; before anything else touches them."""
    app.jinja_environment = _Environment
