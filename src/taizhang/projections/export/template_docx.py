"""Owns filling a team's Word file by docxtpl: ``{{ title }}`` in it, and ``{%tr for row in rows %}`` around a row of a table.

It must not know a column. The template runs in jinja's sandbox, a name that is not there is refused, and data is escaped.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate  # type: ignore[import-untyped]
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.values import visible


def fill(template: Path, path: Path, values: dict[str, Any]) -> None:
    """Write the filled document.

    Raises:
        Rejected: ``export.template-name``.
    """
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    try:
        document = DocxTemplate(str(template))
        document.render(_shown(values), jinja_env=environment, autoescape=True)
        with path.open("wb") as file:
            document.save(file)
    except (TemplateError, TypeError, ArithmeticError) as error:  # what a wrong expression in it can end in
        detail = getattr(error, "message", None) or str(error)
        raise Rejected(
            "export.template-name", path=str(template), detail=detail[:200], allowed=sorted(values)
        ) from error


def _shown(value: Any) -> Any:
    """Return values with nothing invisible in their texts."""
    match value:
        case str():
            return visible(value, keep="\n")
        case dict():
            return {key: _shown(item) for key, item in value.items()}
        case list():
            return [_shown(item) for item in value]
        case _:
            return value
