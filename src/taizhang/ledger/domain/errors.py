"""Owns the two ways in which the ledger says no: a rule refused, or the ledger could not be reached.

Knows nothing of sentences: a refusal is a code with parameters, `taizhang.locale` turns it into words.
"""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """Base of both refusals.

    Args:
        code: the key of the sentence in the catalogues, for example ``verify.own-work``.
        params: what the sentence names (the person, the finding, what would be allowed); JSON-able values only.
            Lone surrogates, as arguments that are not UTF-8 bring them, are escaped: no encoding could write them.
    """

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = {name: _writable(value) for name, value in params.items()}

    def __repr__(self) -> str:
        inner = "".join(f", {key}={value!r}" for key, value in self.params.items())
        return f"{type(self).__name__}({self.code!r}{inner})"

    __str__ = __repr__


def _writable(value: Any) -> Any:
    if isinstance(value, list):
        return [_writable(item) for item in value]
    if isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value):
        return value.encode("utf-8", "backslashreplace").decode()
    return value


class Rejected(Refusal):
    """A rule of the ledger refused a command, or a check failed (exit code 1)."""


class Unreachable(Refusal):
    """The ledger or its store could not be reached, read or written (exit code 3)."""
