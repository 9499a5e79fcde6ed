# Recipes for the work on Taizhang. `just` alone is what has to pass before a commit.

bin := justfile_directory() / ".venv" / (if os_family() == "windows" { "Scripts" } else { "bin" })
export PATH := bin + (if os_family() == "windows" { ";" } else { ":" }) + env("PATH", "")
export PYTHONUTF8 := "1"
set windows-shell := ["cmd.exe", "/c"]

# format check, lint, types, import contracts, tests
default: check test

# everything but the tests
check: fmt-check lint types contracts

# write the format, and what the linter can mend by itself
fmt:
    ruff format
    ruff check --fix

fmt-check:
    ruff format --check

lint:
    ruff check

types:
    mypy

contracts:
    lint-imports

# the tests; further arguments go to pytest
test *ARGS:
    pytest -n 2 --dist worksteal {{ARGS}}

# kills, power cuts, failing disks, bit flips, races, long random runs; each says its counts
torture *ARGS:
    pytest -m torture --hypothesis-profile=torture {{ARGS}}

# what takes more than a few seconds
slow *ARGS:
    pytest -m slow {{ARGS}}

# every bench/bench_*.py, one by one; name some to run only those
bench *ARGS:
    python -m bench {{ARGS}}

# dist/*.whl, built without fetching anything
wheel:
    python -m hatchling build -t wheel

# bring uv.lock up to pyproject.toml, from the public index alone
lock:
    uv lock --no-config
