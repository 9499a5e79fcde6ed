"""Owns the app: which screen stands where, what holds on all of them. Knows no screen's inside; loads each when it is wanted."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

from textual.app import App

from taizhang.ledger.domain.errors import Refusal
from taizhang.locale.words import Lang, Words, words_for
from taizhang.service.desk import Cell, Desk, Query

from .clipboard import first_of, likely
from .colourless import colourless, theme_named
from .errands import Watch
from .keys import bindings
from .memory import Memory
from .messages import LedgerLost, LedgerMoved
from .pen import PLAIN, THEMES, pen_of
from .preferences import Preferences
from .screens.base import Dialog, LedgerScreen
from .screens.problems import ProblemsScreen
from .session import Session
from .widgets.bars import HeaderBar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from taizhang.ledger.domain.finding import Finding
    from taizhang.ledger.domain.lights import Yardstick
    from taizhang.ledger.domain.register import Register

    from .palette import Chosen
    from .preferences import Template
    from .widgets.options import Option


class TaizhangApp(App[None], inherit_bindings=False):
    """The terminal.

    Args:
        desk: the ledger; whoever opened it closes it.
        words: the catalogue to begin with.
        actor: id of the person who acts; may be empty.
        preferences: how this person likes the terminal.
        memory: what it remembers of this ledger; None for nothing beyond this run.
    """

    CSS_PATH = "theme.tcss"
    BINDINGS = bindings("app")
    ENABLE_COMMAND_PALETTE = False
    TITLE = "taizhang"

    def __init__(
        self, desk: Desk, words: Words, actor: str, preferences: Preferences | None = None, memory: Memory | None = None
    ) -> None:
        super().__init__()
        self.session = Session(desk, words, actor, preferences, memory)
        if self.session.keymap.changed:
            self.set_keymap(self.session.keymap.textual)
        self._watch: Watch | None = None
        for theme in THEMES.values():
            self.register_theme(theme)
        self._colourless = colourless(self)
        self._wear(theme_named(self.session.preferences.theme, os.environ))

    def get_default_screen(self) -> ProblemsScreen:
        """Begin with the problem list."""
        return ProblemsScreen(self.session)

    def on_mount(self) -> None:
        """Begin to listen for news, once there is something to hear of."""
        self.session.ask(self, "begin", lambda: None, self._begun, self._lost)

    def _begun(self, _: None) -> None:
        session = self.session
        self._watch = Watch(session.desk, self.post_message, session.index, session.today)
        if session.lost is not None:
            session.lost = None
            for screen in self._screens():
                screen.ledger_moved()
        self.screen.query(HeaderBar).refresh()
        # what stands now stays: going through it again and again made one key in thirty wait a tenth of a second
        gc.freeze()
        gc.enable()

    def on_unmount(self) -> None:
        """End the threads."""
        gc.unfreeze()
        if self._watch is not None:
            self._watch.stop()
        self.session.close()
        if self._watch is not None:
            self._watch.join(1.0)

    # -- news

    def on_ledger_moved(self, message: LedgerMoved) -> None:
        """Something was recorded by somebody."""
        session = self.session
        session.today = message.today
        desk, when = session.desk, session.when
        session.ask(
            self,
            "register",
            lambda: (desk.register(), desk.yardstick(when=when)),
            lambda told: self._moved(message, *told),
            self._lost,
        )

    def _moved(self, message: LedgerMoved, register: Register, by: Yardstick) -> None:
        self.session.index, self.session.register, self.session.lost = message.index, register, None
        self.session.by = by
        for screen in self._screens():
            screen.ledger_moved()

    def on_ledger_lost(self, message: LedgerLost) -> None:
        """The ledger cannot be reached; what is shown stays."""
        self._lost(message.refusal)

    def _lost(self, refusal: Refusal) -> None:
        fresh = self.session.lost is None
        self.session.lost = refusal
        if not self.session.begun:  # it could not even be opened: nobody watches it yet
            self.set_timer(1.0, self.on_mount)
        if fresh:
            self.say(self.session.words.refusal(refusal), wrong=True)
            self.relabel()

    def _screens(self) -> list[LedgerScreen | Dialog]:
        return [screen for screen in self.screen_stack if isinstance(screen, (LedgerScreen, Dialog))]

    def relabel(self) -> None:
        """Draw all screens anew."""
        for screen in self._screens():
            screen.relabel()

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Tell the person what has happened, on the screen below all dialogs."""
        for screen in reversed(self._screens()):
            if isinstance(screen, LedgerScreen):
                screen.say(text, wrong=wrong)
                return

    def refuse(self, refusal: Refusal) -> None:
        """Tell the person what was refused, in their language."""
        self.say(self.session.words.refusal(refusal), wrong=True)

    # -- going places

    def open_finding(self, number: str) -> None:
        """Show one finding."""
        from .screens.finding import FindingScreen

        self.push_screen(FindingScreen(self.session, number))

    def open_replay(self, number: str, index: int | None = None) -> None:
        """Replay one finding, from an event on or from the first."""
        from .screens.replay import ReplayScreen

        self.push_screen(ReplayScreen(self.session, number, index))

    def open_event(self, index: int) -> None:
        """Show one event that belongs to no finding."""
        from .screens.event import EventScreen

        self.push_screen(EventScreen(self.session, index))

    def action_theatre(self) -> None:
        """Replay the whole ledger."""
        from .screens.theatre import TheatreScreen

        self.push_screen(TheatreScreen(self.session))

    def action_audit(self) -> None:
        """Show every event of the ledger."""
        self.open_audit()

    def open_why(self, number: str) -> None:
        """Say why a finding has its colour."""
        from .screens.reasons import ReasonsScreen

        self.push_screen(ReasonsScreen(self.session, number))

    def open_todo(self) -> None:
        """Show what today calls for."""
        from .screens.todo import TodoScreen

        self.push_screen(TodoScreen(self.session))

    def open_seal(self) -> None:
        """Show how far the ledger is sealed, and verify it."""
        from .screens.seal import SealScreen

        self.push_screen(SealScreen(self.session))

    def open_figures(self) -> None:
        """Show the closure figures."""
        from .screens.figures import FiguresScreen

        self.push_screen(FiguresScreen(self.session))

    def open_behind(self, cell: Cell, place: str, when: str | None = None) -> None:
        """Show the list behind a number; where it was counted at another moment, as of that moment."""
        from .screens.behind import BehindScreen

        self.push_screen(BehindScreen(self.session, cell, place, when))

    def open_blame(self, number: str, when: str = "") -> None:
        """Say which event set each value of a finding."""
        from .screens.blame import BlameScreen

        self.push_screen(BlameScreen(self.session, number, when))

    def open_audit(self, *, actor: str = "", number: str = "") -> None:
        """Show the events of the ledger, of a person or of a finding."""
        from .screens.audit import AuditScreen

        self.push_screen(AuditScreen(self.session, actor=actor, number=number))

    def action_registers(self) -> None:
        """Show units, people, programmes and the policy."""
        from .screens.registers import RegistersScreen

        self.push_screen(RegistersScreen(self.session))

    def open_moment(self) -> None:
        """Ask for the moment that is to be shown."""
        from .screens.moment import MomentScreen

        def chosen(answer: object) -> None:
            if isinstance(answer, tuple):
                self.session.when, self.session.by = answer
                self.relabel()
                for screen in self._screens():
                    screen.ledger_moved()

        self.push_screen(MomentScreen(self.session), chosen)

    def leave_past(self) -> None:
        """Show the present again."""
        self.show_moment("")

    def show_moment(self, when: str) -> None:
        """Show the ledger as of a moment; empty for the present."""
        session = self.session

        def told(by: Yardstick) -> None:
            session.when, session.by = when, by
            self.relabel()
            for screen in self._screens():
                screen.ledger_moved()

        session.ask(self, "moment", lambda: session.desk.yardstick(when=when), told, self._lost)

    def open_steps(self, number: str) -> None:
        """Offer the steps of one finding."""
        self.writing(lambda: self._open_steps(number))

    def _open_steps(self, number: str) -> None:
        from .screens.steps import StepsScreen

        screen = StepsScreen(self.session, number)

        def chosen(step: object) -> None:
            if isinstance(step, str) and screen.finding is not None:
                self.open_form(step, screen.finding)

        self.push_screen(screen, chosen)

    def open_undo(self, number: str) -> None:
        """Say what would take back the last step of a finding, and open its form."""
        from .screens.undo import UndoScreen
        from .undo import WayBack

        def chosen(way: object) -> None:
            if isinstance(way, WayBack):
                self._open_form(way.step, way.finding, way.texts)

        self.writing(lambda: self.push_screen(UndoScreen(self.session, number), chosen))

    def open_bulk(self, marks: tuple[str, ...], query: Query, done: Callable[[str], None]) -> None:
        """Take one step for several findings."""
        from .screens.bulk import BulkScreen

        self.writing(lambda: self.push_screen(BulkScreen(self.session, marks, query, done)))

    def open_quick(self) -> None:
        """Log a finding after a template: one of the configuration, or the last one that was logged."""
        session = self.session

        def told(templates: tuple[Template, ...]) -> None:
            if len(templates) < 2:
                self._open_form("log", None, templates[0].texts if templates else None)
                return
            from .screens.picker import PickerScreen

            def chosen(name: object) -> None:
                if isinstance(name, str):
                    self._open_form("log", None, templates[int(name)].texts)

            options = template_options(templates)
            self.push_screen(PickerScreen(session, "tui.quick", options, hint="tui.quick.hint"), chosen)

        from .quick import template_options, templates_of

        memory, last = session.memory, session.words("tui.quick.last")
        self.writing(lambda: session.keep(self, "quick", lambda: templates_of(memory, last, session.preferences), told))

    def open_export(self, query: Query, number: str) -> None:
        """Hand in a table: the list as it is asked for, or one of the finding."""
        from .screens.export import ExportScreen

        self.push_screen(ExportScreen(self.session, query, number))

    def open_import(self) -> None:
        """Bring a file in, or take one back."""
        from .screens.importing import ImportScreen

        self.writing(lambda: self.push_screen(ImportScreen(self.session)))

    def open_form(self, step: str, finding: Finding | None, texts: Mapping[str, str] | None = None) -> None:
        """Open the form of a step; it stands at once, so that no key that is typed now goes astray."""
        self.writing(lambda: self._open_form(step, finding, texts))

    def _open_form(self, step: str, finding: Finding | None, texts: Mapping[str, str] | None = None) -> None:
        from .forms import FORMS
        from .screens.form import FormScreen, Recorded

        def recorded(answer: object) -> None:
            if isinstance(answer, Recorded):
                words, receipt = self.session.words, answer.receipt
                number = receipt.number or (finding.number if finding else "")
                self.say(words("tui.recorded", step=words.term("step", step), number=number, index=receipt.index))
                if step == "log" and isinstance(self.screen_stack[0], ProblemsScreen):
                    self.screen_stack[0].show_logged()

        self.push_screen(FormScreen(self.session, FORMS[step], finding, texts=texts), recorded)

    def writing(self, then: Callable[[], object]) -> None:
        """Go on to something that records; where nobody acts yet, after somebody was chosen."""
        session = self.session
        if session.desk.read_only:
            self.say(session.words("tui.read-only.refused"), wrong=True)
        elif session.when:
            self.say(session.words("tui.past.refused"), wrong=True)
        elif not session.actor:
            self.choose_actor(then)
        else:
            then()

    def copy(self, text: str) -> None:
        """Put a text into the terminal's clipboard, and say what can be known of that."""
        self.copy_to_clipboard(text)
        words = self.session.words
        self.say(words(f"tui.copied.{likely(os.environ)}", text=first_of(text)))

    # -- keys that hold everywhere

    def action_actor(self) -> None:
        """Choose who acts."""
        self.choose_actor(lambda: None)

    def choose_actor(self, then: Callable[[], object]) -> None:
        """Choose who acts, and go on with what was wanted."""
        from .pickers import people
        from .screens.picker import PickerScreen

        def chosen(actor: object) -> None:
            if isinstance(actor, str):
                self.session.actor = actor
                self.relabel()
                then()

        if not isinstance(self.screen, PickerScreen):
            session = self.session

            def offered() -> list[Option]:
                return people(session)

            screen = PickerScreen(session, "tui.picker.actor", offered(), session.actor, anew=offered)
            self.push_screen(screen, chosen)

    def action_palette(self) -> None:
        """Offer every action, every screen and every finding by what is typed."""
        from .palette import Chosen, offered
        from .screens.palette import PaletteScreen

        async def chosen(answer: object) -> None:
            if isinstance(answer, Chosen):
                await self._run_chosen(answer)

        if not isinstance(self.screen, PaletteScreen):
            self.push_screen(PaletteScreen(self.session, offered(self)), chosen)

    async def _run_chosen(self, chosen: Chosen) -> None:
        if chosen.number:
            self.open_finding(chosen.number)
            return
        if chosen.home or chosen.view:
            while len(self.screen_stack) > 1:
                await self.pop_screen()
        if chosen.view:
            if isinstance(self.screen, ProblemsScreen):
                self.screen.show_view(chosen.view)
            return
        await self.run_action(chosen.action, default_namespace=chosen.node or self.screen)

    def action_language(self) -> None:
        """Speak the other language."""
        other = Lang.EN if self.session.words.lang is Lang.ZH else Lang.ZH
        self.session.words = words_for(other)
        self.relabel()

    def action_theme(self) -> None:
        """Put on the next theme."""
        names = list(THEMES)
        self._wear(names[(names.index(self.theme) + 1) % len(names)])
        self.relabel()
        self.say(self.session.words(f"tui.theme.{self.theme.rpartition('-')[2]}"))

    def _wear(self, theme: str) -> None:
        self._colourless.enabled = theme == PLAIN
        self.theme = theme
        self.session.pen = pen_of(theme)

    def action_help(self) -> None:
        """Show every key."""
        from .screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.session))

    async def action_quit(self) -> None:
        """Leave the terminal."""
        self.exit()

    def action_interrupt(self) -> None:
        """Say how one leaves: this key copies elsewhere."""
        words, cap = self.session.words, self.session.keymap.cap
        leave, always = cap("form.leave"), cap("app.quit")
        self.say(words("tui.interrupt", quit=cap("list.quit"), leave=leave, always=always))
