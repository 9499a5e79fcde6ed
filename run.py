"""The one door for a machine with nothing but Python 3.11 and pip: `python3 run.py demo`, `python3 run.py test`.

It owns `.venv` beside itself and fills it once from `uv.lock`; the next time it starts what is there, without the network.
Standard library only, and it must not know what the recipes in the justfile do.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BASE: str = getattr(sys, "_base_executable", None) or sys.executable
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "filled-from.txt"
UV = "uv~=0.13.0"  # reads the revision in which uv.lock is written
USAGE = """python3 run.py demo [--dir DIR]   open the demo ledger (the problem list, where there is no terminal)
python3 run.py test [ARGS]        run the tests
python3 run.py RECIPE [ARGS]      run any other recipe of the justfile (check, bench, wheel, ...)"""


def fingerprint() -> str:
    """Name what the environment is filled from: the lock, the project file, this Python and this folder."""
    digest = hashlib.sha256(f"{sys.version}\n{VENV}\n".encode())
    for name in ("uv.lock", "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def attempt(*command: str | Path) -> bool:
    """Run a command with its output on stderr, so that stdout stays the program's; say whether it succeeded."""
    env = os.environ | {"UV_PROJECT_ENVIRONMENT": str(VENV), "UV_PYTHON": str(PYTHON), "UV_SYSTEM_CERTS": "1"}
    env.pop("VIRTUAL_ENV", None)
    sys.stderr.flush()
    return (
        subprocess.run([*map(str, command)], cwd=ROOT, env=env, stdout=sys.stderr.fileno(), check=False).returncode == 0
    )


def outside(words: list[str]) -> None:
    """Start again with the Python that `.venv` was made from: an environment cannot be filled anew by its own Python."""
    if Path(sys.prefix).resolve() == VENV.resolve() and sys.executable != BASE:
        raise SystemExit(subprocess.run([BASE, __file__, *words], check=False).returncode)


def pip() -> list[str | Path]:
    """Use the pip of this Python (which may be set up for a mirror); without one, the copy that was put into `.venv`."""
    if importlib.util.find_spec("pip"):
        return [BASE, "-m", "pip", "--disable-pip-version-check", "--python", PYTHON]
    return [PYTHON, "-m", "pip", "--disable-pip-version-check"]


def pip_install(dev: bool) -> bool:
    """Fill `.venv` with pip alone, at the versions of uv.lock where pip's index has them, else at those it has."""
    import tomllib

    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    group = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]["dev"]
    names = [package["name"] for package in lock]
    pins = [f"{p['name']}=={p['version']}" for p in lock if "registry" in p["source"] and names.count(p["name"]) == 1]
    with tempfile.TemporaryDirectory() as folder:
        constraints = Path(folder) / "constraints.txt"
        constraints.write_text("\n".join(pins), encoding="utf-8")
        wanted = [*pip(), "install", "--quiet", "--editable", ".", *(group if dev else [])]
        return attempt(*wanted, "--constraint", constraints) or attempt(*wanted)


def fill(dev: bool) -> None:
    """Make `.venv` and install what is needed; return at once where an earlier run did."""
    stamps = {f"{fingerprint()} dev"} | (set() if dev else {f"{fingerprint()} demo"})
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text(encoding="utf-8") in stamps:
        return
    print("taizhang: filling .venv (once; this needs the package index)", file=sys.stderr)
    venv.create(VENV, clear=True, symlinks=os.name != "nt", with_pip=importlib.util.find_spec("pip") is None)
    # --inexact: keep uv itself, which no lock names
    sync: list[str | Path] = [BIN / "uv", "sync", "--frozen", "--inexact", "--quiet", *([] if dev else ["--no-dev"])]
    if not (attempt(*pip(), "install", "--quiet", UV) and attempt(*sync)):
        print("taizhang: uv could not fetch it all; trying with pip", file=sys.stderr)
        if not pip_install(dev):
            raise SystemExit("taizhang: neither uv nor pip could fetch the packages; see their messages above")
    STAMP.write_text(f"{fingerprint()} {'dev' if dev else 'demo'}", encoding="utf-8")


def main(words: list[str]) -> int:
    """Fill the environment, then hand over to the demo or to a recipe; return its exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036  (this file is what an older Python meets first)
        raise SystemExit(f"taizhang needs Python 3.11 or later; this is {sys.version.split()[0]}")
    if not words or words[0] in {"-h", "--help"}:
        print(USAGE)
        return 0 if words else 2
    outside(words)
    demo = words[0] == "demo"
    fill(dev=not demo)
    command = [str(BIN / ("taizhang" if demo else "just")), *words]
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    os.environ["VIRTUAL_ENV"] = str(VENV)
    if os.name != "nt":
        os.execv(command[0], command)  # the terminal belongs to the program from here on
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
