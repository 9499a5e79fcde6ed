"""Owns the replay theatre of the whole ledger: the list and the figures as they stood at any event, and what each step did."""

from __future__ import annotations

from datetime import date

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container

from taizhang.service.desk import Standing
from taizhang.tui import facts
from taizhang.tui.draw import Sheet
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session
from taizhang.tui.theatre import Scene, Stride, scene
from taizhang.tui.widgets.lines import Preview
from taizhang.tui.widgets.stage import Axis, Cards, Stage, event_spans

from .base import LedgerScreen

BESIDE_FROM = 116
_NOTHING = Standing(-1, date.min, 0, 0, 0, 0, 0, 0)


class TheatreScreen(LedgerScreen):
    """The whole ledger, scrubbed along time.

    Args:
        session: what is shared.
    """

    BINDINGS = bindings("theatre")
    FOOT = ("theatre.backward", "theatre.forward", "theatre.stride", "theatre.first", "theatre.last", "theatre.open",
            "stage.next", "theatre.stay", "theatre.back", "app.language", "app.help")  # fmt: skip

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.axis = Axis(session)
        self.cards = Cards(session)
        self.stage = Stage(session)
        self.happened = Preview(id="happened")
        self._index = session.index
        self._pending = self._asks = 0
        self._scene: Scene | None = None

    def compose(self) -> ComposeResult:
        """Lay out the theatre."""
        yield self.header
        yield self.axis
        yield self.cards
        with Container(id="scene"):
            yield self.stage
            yield self.happened
        yield self.footer

    def on_mount(self) -> None:
        """Begin with the last event."""
        self.stage.focus()
        self.relabel()

    def on_resize(self, event: events.Resize) -> None:
        """What happened stands beside the list where there is room, else below it."""
        wide = event.size.width >= BESIDE_FROM
        self.query_one("#scene").styles.layout = "horizontal" if wide else "vertical"
        self.stage.styles.width, self.happened.styles.width = ("3fr", "2fr") if wide else ("1fr", "1fr")
        self.happened.set_class(wide, "beside")
        self.happened.styles.height = "1fr" if wide else max(4, event.size.height // 4)

    # -- going along

    def _ask(self, steps: int = 0, *, offset: int | None = None, follow: bool = True) -> None:
        self._pending += steps
        self._asks += 1
        mine = self._asks
        desk, index, stride, pending = self.session.desk, self._index, self.axis.stride, self._pending
        begin, height = self.stage.first if offset is None else offset, self.stage.rows

        def told(found: Scene) -> None:
            if mine == self._asks:  # an answer that a later key overtook is shown, but counted with that key
                self._pending, self._index = 0, found.index
            self._show(found, follow=follow)

        self.session.ask(
            self,
            "scene",
            lambda: scene(desk, index, stride, pending, begin, height, follow=follow),
            told,
            self.refuse,
        )

    def _show(self, found: Scene, *, follow: bool) -> None:
        moved = self._scene is None or (self._scene.index, self._scene.before) != (found.index, found.before)
        self._scene = self.axis.scene = found
        self.axis.refresh()
        self.stage.show(found, follow=follow)
        self.happened.write(self._sheet, top=True)
        if moved:
            self._ask_figures(found)

    def _ask_figures(self, found: Scene) -> None:
        desk = self.session.desk

        def ask() -> tuple[Standing, Standing | None]:
            return desk.standing(found.index), desk.standing(found.before) if found.before >= 0 else _NOTHING

        self.session.count(self, "standing", ask, lambda told: self.cards.tell(*told), self.refuse)

    def _sheet(self, width: int) -> Sheet:
        session, found = self.session, self._scene
        sheet = facts.sheet_of(session, width)
        if found is None:
            return sheet
        sheet.heading(session.words("tui.theatre.happened"), session.words("tui.theatre.step", count=found.count))
        room = max(self.happened.size.height - 2, 1)  # what has no room is not written: a step must be quick
        for event in found.events[:room]:
            at = session.moment(event.recorded_at)[5:16]
            sheet.spans(*event_spans(session, event.index, at, event.topic, event.number, event.actor, width))
        if found.count > room:
            sheet.text(session.words("tui.theatre.more", count=found.count - room), session.pen.muted, indent=1)
        return sheet

    @on(Stage.Wanted)
    def _rows_wanted(self, message: Stage.Wanted) -> None:
        self._ask(offset=message.offset, follow=False)

    def action_step(self, step: int) -> None:
        """Go a stride on, or back."""
        self._ask(step)

    def action_first(self) -> None:
        """Go to the first event."""
        self._index, self._pending = 0, 0
        self._ask()

    def action_last(self) -> None:
        """Go to the last event."""
        self._index, self._pending = self.session.index, 0
        self._ask()

    def action_stride(self) -> None:
        """Go by the next unit of time."""
        strides = list(Stride)
        self.axis.stride = strides[(strides.index(self.axis.stride) + 1) % len(strides)]
        self.axis.refresh()
        self._ask(follow=False)

    # -- going on from here

    def action_open(self) -> None:
        """Replay the finding below the cursor, from this moment."""
        if row := self.stage.current:
            self.home.open_replay(row.number, self._index)

    @on(Stage.Opened)
    def _clicked(self) -> None:
        self.action_open()

    def action_stay(self) -> None:
        """Show the problem list as of this moment, with its filter and its figures."""
        self.app.pop_screen()
        self.home.show_moment(f"#{self._index}")

    def action_back(self) -> None:
        """Back to where one came from."""
        self.app.pop_screen()

    # -- news

    def relabel(self) -> None:
        """Draw everything anew."""
        self.header.place = self.session.words("tui.theatre")
        super().relabel()
        for part in (self.axis, self.cards, self.stage):
            part.refresh()
        self.happened.rewrite()

    def ledger_moved(self) -> None:
        """Whoever stands at the end stays at the end; nobody else is moved."""
        super().ledger_moved()
        found = self._scene
        if found is not None and found.index == found.head:
            self._index = self.session.index
        self._ask(follow=False)
