"""`python -m taizhang`: the same door as the command `taizhang`; it must know nothing but that door."""

from taizhang.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
