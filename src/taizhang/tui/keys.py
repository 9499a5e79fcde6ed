"""Owns every key of the terminal: its id, its keys and where it holds. Knows no action's inside.

What a key is called (`tui.key.<id>`) and does (`tui.tip.<id>`) is said by the catalogues, so that it follows the language;
the id is what the configuration file names (`keymap`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from textual.binding import BindingType


class Key(Struct, frozen=True):
    """One key binding.

    Args:
        id: its name for ever, for example ``list.open``; the part before the dot is the place where it holds.
        keys: the keys in Textual's names, with commas.
        action: the action that it calls.
        cap: how the key is written for people.
        foot: whether the footer names it.
        priority: whether it comes before what a field would do with the key.
    """

    id: str
    keys: str
    action: str
    cap: str
    foot: bool = False
    priority: bool = False

    @property
    def place(self) -> str:
        """Where it holds."""
        return self.id.partition(".")[0]


KEYS: tuple[Key, ...] = (
    Key("list.open", "enter,l,right", "open", "↵", foot=True),
    Key("list.search", "slash", "search", "/", foot=True),
    Key("list.log", "n", "log", "n", foot=True),
    Key("list.quick", "N", "quick", "N"),
    Key("list.steps", "space,x", "steps", "x", foot=True),
    Key("list.replay", "r", "replay", "r", foot=True),
    Key("list.why", "w", "why", "w", foot=True),
    Key("list.todo", "d", "todo", "d", foot=True),
    Key("list.figures", "f", "figures", "f", foot=True),
    Key("list.audit", "a", "app.audit", "a", foot=True),
    Key("list.registers", "u", "app.registers", "u", foot=True),
    Key("list.theatre", "R", "app.theatre", "R", foot=True),
    Key("list.moment", "t", "moment", "t", foot=True),
    Key("list.seal", "v", "seal", "v", foot=True),
    Key("list.export", "e", "export", "e", foot=True),
    Key("list.import", "i", "import", "i", foot=True),
    Key("list.sort", "s", "sort", "s", foot=True),
    Key("list.reverse", "S", "reverse", "S"),
    Key("list.views", "o", "views", "o", foot=True),
    Key("list.save-view", "O", "save_view", "O"),
    Key("list.undo", "z", "undo", "z"),
    Key("list.copy", "y", "copy", "y"),
    Key("list.copy-line", "Y", "copy_line", "Y"),
    Key("list.clear", "escape", "clear", "Esc"),
    Key("rows.down", "down,j", "move(1)", "↓ j"),
    Key("rows.up", "up,k", "move(-1)", "↑ k"),
    Key("rows.page-down", "pagedown,ctrl+f", "page(1)", "PgDn ^f"),
    Key("rows.page-up", "pageup,ctrl+b", "page(-1)", "PgUp ^b"),
    Key("rows.half-down", "ctrl+d", "half(1)", "^d"),
    Key("rows.half-up", "ctrl+u", "half(-1)", "^u"),
    Key("rows.first", "home,g", "first", "Home g"),
    Key("rows.last", "end,G", "last", "End G"),
    Key("marks.mark", "m", "mark", "m"),
    Key("marks.jump", "semicolon", "jump", ";"),
    Key("list.mark-all", "M", "mark_all", "M"),
    Key("list.quit", "q", "quit", "q", foot=True),
    Key("search.keep", "enter", "keep", "↵", foot=True),
    Key("search.complete", "tab", "complete", "Tab", foot=True),
    Key("search.next", "down,ctrl+n", "move(1)", "↓", foot=True),
    Key("search.previous", "up,ctrl+p", "move(-1)", "↑"),
    Key("search.leave", "escape", "leave", "Esc", foot=True),
    Key("page.steps", "space,x", "steps", "x", foot=True),
    Key("page.replay", "r", "replay", "r", foot=True),
    Key("page.why", "w", "why", "w", foot=True),
    Key("page.blame", "b", "blame", "b", foot=True),
    Key("page.audit", "a", "audit", "a"),
    Key("page.moment", "t", "moment", "t", foot=True),
    Key("page.comment", "c", "comment", "c", foot=True),
    Key("page.undo", "z", "undo", "z", foot=True),
    Key("page.copy", "y", "copy", "y"),
    Key("page.copy-all", "Y", "copy_all", "Y"),
    Key("page.next", "right_square_bracket,tab", "section(1)", "]", foot=True),
    Key("page.previous", "left_square_bracket,shift+tab", "section(-1)", "["),
    Key("page.back", "escape,q,h,left,backspace", "back", "Esc", foot=True),
    Key("lines.down", "down,j", "scroll(1)", "↓ j"),
    Key("lines.up", "up,k", "scroll(-1)", "↑ k"),
    Key("lines.page-down", "pagedown,ctrl+f,ctrl+d", "turn(1)", "PgDn"),
    Key("lines.page-up", "pageup,ctrl+b,ctrl+u", "turn(-1)", "PgUp"),
    Key("ends.top", "home,g", "top", "Home g"),
    Key("ends.bottom", "end,G", "bottom", "End G"),
    Key("replay.forward", "right,l,n", "step(1)", "→", foot=True),
    Key("replay.backward", "left,h", "step(-1)", "←", foot=True),
    Key("replay.first", "home,0", "first", "Home", foot=True),
    Key("replay.last", "end,dollar_sign", "last", "End", foot=True),
    Key("replay.blame", "b", "blame", "b", foot=True),
    Key("replay.back", "escape,q,r,backspace", "back", "Esc", foot=True),
    Key("choice.down", "down,j", "move(1)", "↓ j"),
    Key("choice.up", "up,k", "move(-1)", "↑ k"),
    Key("choice.take", "enter,space", "take", "↵", foot=True),
    Key("choice.leave", "escape,q", "leave", "Esc", foot=True),
    Key("reasons.back", "escape,q,w,backspace", "back", "Esc", foot=True),
    Key("seal.verify", "v,enter", "verify", "v", foot=True),
    Key("seal.sign", "s", "sign", "s", foot=True),
    Key("seal.back", "escape,q,backspace", "back", "Esc", foot=True),
    Key("worklist.mine", "m", "mine", "m", foot=True),
    Key("worklist.seen", "v", "seen", "v", foot=True),
    Key("registers.next", "tab,right,l", "part(1)", "Tab", foot=True),
    Key("registers.previous", "shift+tab,left,h", "part(-1)", "⇧Tab"),
    Key("registers.audit", "a", "audit", "a", foot=True),
    Key("registers.add", "n", "add", "n", foot=True),
    Key("registers.amend", "e", "amend", "e", foot=True),
    Key("registers.end", "x", "end", "x", foot=True),
    Key("figures.trend", "m", "trend", "m", foot=True),
    Key("figures.by", "b,tab", "by", "b", foot=True),
    Key("figures.count", "right,l", "count(1)", "→", foot=True),
    Key("figures.count-back", "left,h", "count(-1)", "←"),
    Key("behind.back", "escape,q,h,left,backspace", "clear", "Esc", foot=True),
    Key("audit.open", "enter,l,right", "open", "↵", foot=True),
    Key("audit.filter", "slash", "filter", "/", foot=True),
    Key("audit.actor", "o", "actor", "o", foot=True),
    Key("audit.finding", "i", "finding", "i", foot=True),
    Key("audit.back", "escape,q,h,left,backspace", "back", "Esc", foot=True),
    Key("event.back", "escape,q,h,left,backspace", "back", "Esc", foot=True),
    Key("theatre.forward", "right,l", "step(1)", "→", foot=True),
    Key("theatre.backward", "left,h", "step(-1)", "←", foot=True),
    Key("theatre.stride", "tab,u", "stride", "Tab", foot=True),
    Key("theatre.first", "home,0", "first", "Home", foot=True),
    Key("theatre.last", "end,dollar_sign", "last", "End", foot=True),
    Key("theatre.open", "enter", "open", "↵", foot=True),
    Key("theatre.stay", "t", "stay", "t", foot=True),
    Key("theatre.back", "escape,q,backspace", "back", "Esc", foot=True),
    Key("stage.down", "down,j", "move(1)", "↓ j"),
    Key("stage.up", "up,k", "move(-1)", "↑ k"),
    Key("stage.page-down", "pagedown,ctrl+f,ctrl+d", "page(1)", "PgDn"),
    Key("stage.page-up", "pageup,ctrl+b,ctrl+u", "page(-1)", "PgUp"),
    Key("stage.next", "n", "changed(1)", "n", foot=True),
    Key("stage.previous", "N", "changed(-1)", "N"),
    Key("moment.show", "enter", "show", "↵", foot=True),
    Key("moment.leave", "escape", "leave", "Esc", foot=True),
    Key("picker.down", "down,ctrl+n", "move(1)", "↓"),
    Key("picker.up", "up,ctrl+p", "move(-1)", "↑"),
    Key("picker.take", "enter", "take", "↵", foot=True),
    Key("picker.leave", "escape", "leave", "Esc", foot=True),
    Key("bulk.step", "x", "step", "x", foot=True),
    Key("bulk.run", "ctrl+s", "run", "^s", foot=True),
    Key("views.drop", "ctrl+d", "drop", "^d", foot=True, priority=True),
    Key("naming.save", "enter", "save", "↵", foot=True),
    Key("naming.leave", "escape", "leave", "Esc", foot=True),
    Key("export.write", "ctrl+s", "write", "^s", foot=True),
    Key("export.next", "tab", "next", "Tab", foot=True),
    Key("export.previous", "shift+tab", "previous", "⇧Tab"),
    Key("export.back", "escape", "back", "Esc", foot=True),
    Key("import.file", "o", "file", "o", foot=True),
    Key("import.record", "ctrl+s", "record", "^s", foot=True),
    Key("import.changes", "c", "changes", "c", foot=True),
    Key("import.undo", "u", "undo", "u", foot=True),
    Key("import.next", "tab,right,l", "part(1)", "Tab", foot=True),
    Key("import.previous", "shift+tab,left,h", "part(-1)", "⇧Tab"),
    Key("import.page-down", "pagedown,ctrl+f,ctrl+d", "page(1)", "PgDn"),
    Key("import.page-up", "pageup,ctrl+b,ctrl+u", "page(-1)", "PgUp"),
    Key("file.look", "ctrl+s", "look", "^s", foot=True),
    Key("file.next", "tab", "next", "Tab", foot=True),
    Key("file.previous", "shift+tab", "previous", "⇧Tab"),
    Key("file.leave", "escape", "leave", "Esc", foot=True),
    Key("form.record", "ctrl+s", "record", "^s", foot=True),
    Key("form.next", "tab", "next", "Tab", foot=True),
    Key("form.previous", "shift+tab", "previous", "⇧Tab"),
    Key("form.restore", "ctrl+o", "restore", "^o", priority=True),
    Key("form.leave", "escape", "leave", "Esc", foot=True),
    Key("field.next", "enter", "next", "↵"),
    Key("field.down", "down,ctrl+n", "move(1)", "↓"),
    Key("field.up", "up,ctrl+p", "move(-1)", "↑"),
    Key("option.next", "right,down,space,l,j", "move(1)", "→", foot=True),
    Key("option.previous", "left,up,h,k", "move(-1)", "←"),
    Key("many.next", "right,down,l,j", "move(1)", "→", foot=True),
    Key("many.previous", "left,up,h,k", "move(-1)", "←"),
    Key("many.toggle", "space,x", "turn", "␣", foot=True),
    Key("help.back", "escape,q,question_mark,f1", "back", "Esc", foot=True),
    Key("app.palette", "ctrl+p,colon", "app.palette", "^p", foot=True),
    Key("app.actor", "p", "app.actor", "p", foot=True),
    Key("app.language", "L,f2", "app.language", "L", foot=True),
    Key("app.theme", "T,f3", "app.theme", "T"),
    Key("app.help", "question_mark,f1", "app.help", "?", foot=True),
    Key("app.quit", "ctrl+q", "app.quit", "^q", priority=True),
    Key("app.interrupt", "ctrl+c", "app.interrupt", "^c"),
)

BY_ID: dict[str, Key] = {key.id: key for key in KEYS}
PLACES: tuple[str, ...] = tuple(dict.fromkeys(key.place for key in KEYS))

TYPED_IN: frozenset[str] = frozenset(
    {"search", "moment", "picker", "form", "field", "views", "naming", "export", "file"}
)
"""Places in which a character is text, never a key."""

_TOGETHER: tuple[frozenset[str], ...] = (
    frozenset({"list", "rows", "marks", "app"}),
    frozenset({"search", "app"}),
    frozenset({"page", "lines", "ends", "app"}),
    frozenset({"replay", "lines", "app"}),
    frozenset({"choice", "worklist", "app"}),
    frozenset({"choice", "figures"}),
    frozenset({"choice", "registers", "app"}),
    frozenset({"behind", "rows", "app"}),
    frozenset({"audit", "rows", "app"}),
    frozenset({"event", "lines", "ends", "app"}),
    frozenset({"theatre", "stage", "app"}),
    frozenset({"seal", "lines", "ends", "app"}),
    frozenset({"choice", "bulk", "app"}),
    frozenset({"reasons", "lines", "ends", "app"}),
    frozenset({"help", "lines", "ends", "app"}),
    frozenset({"picker", "views", "app"}),
    frozenset({"form", "field", "app"}),
    frozenset({"form", "option", "app"}),
    frozenset({"form", "many", "app"}),
    frozenset({"export", "field", "app"}),
    frozenset({"export", "option", "app"}),
    frozenset({"export", "lines", "ends", "app"}),
    frozenset({"choice", "import", "app"}),
    frozenset({"file", "field", "app"}),
    frozenset({"file", "option", "app"}),
)
TOGETHER: tuple[frozenset[str], ...] = (
    *_TOGETHER,
    *(frozenset({place, "app"}) for place in PLACES if not any(place in places for places in _TOGETHER)),
)
"""Places that hold at the same time: there a key calls one action."""


def bindings(*places: str) -> list[BindingType]:
    """Return Textual's bindings of some places; the description is the id, which the footer and the help look up."""
    from textual.binding import Binding  # the command line reads this table without a terminal

    return [
        Binding(key.keys, key.action, key.id, show=False, id=key.id, priority=key.priority)
        for key in KEYS
        if key.place in places
    ]
