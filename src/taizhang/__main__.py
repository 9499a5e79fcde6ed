"""`python -m taizhang` and the command `taizhang`: one door; it must know nothing but that door.

While modules are loaded, and after all is done, an interrupt ends the process without a word: there is nothing to undo then.
"""

import signal

_LISTENING = signal.getsignal(signal.SIGINT) is signal.default_int_handler
if _LISTENING:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from taizhang.cli.main import main  # noqa: E402 - from here on, as said above


def run() -> int:
    """Run the command line of this process and return its exit code."""
    if not _LISTENING:
        return main()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    code = main()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return code


if __name__ == "__main__":
    raise SystemExit(run())
