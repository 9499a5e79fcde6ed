"""Owns the way in from the command line; it must not know what any command does, nor load it before it is asked for."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from taizhang import __version__


def main(argv: Sequence[str] | None = None) -> int:
    """Read the arguments (those of the process if None) and return the exit code; 2 means that they made no sense."""
    parser = argparse.ArgumentParser(prog="taizhang")
    parser.add_argument("--version", action="version", version=f"taizhang {__version__}")
    parser.parse_args(argv)
    parser.print_help()
    return 2
