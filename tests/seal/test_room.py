"""The room as a whole: it stands alone, it loads little, and its refusals are the ones that it lists."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from taizhang.ledger import seal
from taizhang.ledger.seal.errors import CODES, SealError

ROOM = Path(seal.__file__).parent
FILES = sorted(ROOM.glob("*.py"))
ALLOWED = {"msgspec", "cryptography"} | set(sys.stdlib_module_names)
IO = {
    "asyncio",
    "io",
    "logging",
    "os",
    "pathlib",
    "random",
    "secrets",
    "socket",
    "sqlite3",
    "subprocess",
    "threading",
    "time",
}


def imports(tree: ast.AST) -> set[str]:
    """Return the top-level names that are imported from outside the room."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module or "")
    return {name.split(".")[0] for name in found}


def refusals(tree: ast.AST) -> dict[str, set[tuple[str, ...]]]:
    """Return each code that is raised by name, with the parameters that it is raised with."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "SealError":
            names = tuple(sorted(keyword.arg or "" for keyword in node.keywords))
            match node.args[0]:
                case ast.Constant(value=str(code)):
                    found.setdefault(code, set()).add(names)
                case _:
                    assert names == ("found",), f"line {node.lineno}: a code that is passed in takes `found` alone"
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_room_imports_nothing_of_the_house_and_no_way_out(path: Path) -> None:
    used = imports(ast.parse(path.read_bytes())) - {"__future__"}
    assert used <= ALLOWED - IO
    assert "print(" not in path.read_text(encoding="utf-8")


def test_every_refusal_is_listed_and_raised_with_its_parameters() -> None:
    raised: dict[str, set[tuple[str, ...]]] = {}
    for path in FILES:
        for code, parameters in refusals(ast.parse(path.read_bytes())).items():
            raised.setdefault(code, set()).update(parameters)
    assert {code: {CODES.get(code)} for code in raised} == raised
    source = "".join(path.read_text(encoding="utf-8") for path in FILES if path.name != "errors.py")
    assert [code for code in CODES if f'"{code}"' not in source] == []


def test_the_room_loads_without_the_house_and_without_the_signing_library() -> None:
    names = ", ".join(f"taizhang.ledger.seal.{path.stem}" for path in FILES if path.stem != "__init__")
    code = f"import sys\nimport {names}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "taizhang.ledger.seal.witness" in loaded
    assert not {name for name in loaded if name.startswith("taizhang.") and not name.startswith("taizhang.ledger")}
    assert not {"cryptography", "eventsourcing", "taizhang.ledger.domain", "taizhang.ledger.store"} & loaded


def test_a_refusal_shows_its_code_and_parameters() -> None:
    error = SealError("inclusion.range", index=3, size=3)
    assert (error.code, error.params) == ("inclusion.range", {"index": 3, "size": 3})
    assert str(error) == repr(error) == "SealError('inclusion.range', index=3, size=3)"
