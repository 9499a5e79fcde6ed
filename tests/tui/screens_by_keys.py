"""The way by keys to every screen of the terminal, and back to the list: each screen's name, how to get there, how to leave."""

from __future__ import annotations

ESC = "\x1b"
SCREENS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "list": ((), ()),
    "filter": (("/", "状态:逾期"), (ESC,)),
    "finding": (("j", "j", "\r"), (ESC, "g")),
    "finding-end": (("j", "j", "\r", "G"), (ESC, "g")),
    "blame": (("j", "j", "\r", "b"), (ESC, ESC, "g")),
    "replay": (("j", "j", "r", "\x1b[C"), (ESC, "g")),
    "why": (("j", "j", "w"), (ESC, "g")),
    "steps": (("x",), (ESC,)),
    "form": (("n",), (ESC,)),
    "actor": (("p",), (ESC,)),
    "moment": (("t",), (ESC,)),
    "past": (("t", "#20\r"), (ESC,)),
    "today": (("d",), (ESC,)),
    "figures": (("f",), (ESC,)),
    "trend": (("f", "m"), (ESC,)),
    "behind": (("f", "\r"), (ESC, ESC)),
    "audit": (("a",), (ESC,)),
    "event": (("a", "G", "\r"), (ESC, ESC)),
    "theatre": (("R", "\t", "\x1b[D"), (ESC,)),
    "units": (("u",), (ESC,)),
    "people": (("u", "\t"), (ESC,)),
    "programmes": (("u", "\t", "\t"), (ESC,)),
    "policy": (("u", "\t", "\t", "\t"), (ESC,)),
    "palette": (("\x10",), (ESC,)),
    "suggestions": (("/", "zhuangt"), (ESC,)),
    "views": (("o",), (ESC,)),
    "naming": (("O",), (ESC,)),
    "undo": (("z",), (ESC,)),
    "jump": ((";",), (ESC,)),
    "bulk": (("M", "x"), (ESC, ESC, ESC, "g")),
}
