"""Taizhang 台账: a supervision ledger that can prove its own history. This file owns the version and how msgspec is loaded."""

__version__ = "0.1.0"


def _import_msgspec_alone() -> None:
    """Import msgspec without typing_extensions, which costs every start 50 ms.

    msgspec takes Python's own typing where it does not find it, and that has all it asks for since Python 3.11; whoever
    needs typing_extensions later still gets it.
    """
    import sys

    if "msgspec" in sys.modules or "typing_extensions" in sys.modules:
        return
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]
    try:
        import msgspec  # noqa: F401
    finally:
        del sys.modules["typing_extensions"]


_import_msgspec_alone()
