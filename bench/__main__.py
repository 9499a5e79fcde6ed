"""Run every `bench/bench_*.py` in a process of its own, one by one: `python -m bench [NAME …]`.

It must not know what any of them measures; a benchmark that misses its limit exits with 1.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main(names: list[str]) -> int:
    """Run the named benchmarks (`store` for `bench_store.py`), or all; return 1 if one failed or is unknown."""
    here = Path(__file__).resolve().parent
    scripts = {path.stem.removeprefix("bench_"): path for path in sorted(here.glob("bench_*.py"))}
    unknown = [name for name in names if name not in scripts]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are: {', '.join(scripts)}", file=sys.stderr)
        return 2
    failed = []
    for name in names or scripts:
        print(f"== {name}", flush=True)
        if subprocess.run([sys.executable, str(scripts[name])], cwd=here.parent, check=False).returncode:
            failed.append(name)
    print(
        f"== {len(names or scripts) - len(failed)} passed, {len(failed)} failed{': ' if failed else ''}{', '.join(failed)}"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
