"""Owns today: what the policy calls for, of everybody or of whoever acts, and what changed since that person last looked.

It suggests; the person decides, and opens the finding.
"""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult

from taizhang.ledger.domain.errors import Refusal
from taizhang.ledger.domain.worklist import Suggestion
from taizhang.service.desk import FindingRow, ListDiff
from taizhang.tui.keys import bindings
from taizhang.tui.pen import SIGNS
from taizhang.tui.session import Session
from taizhang.tui.widgets.options import Option, Options

from .base import LedgerScreen

PARTS = ("newly_overdue", "entered", "left", "changed")
MOST = 200
SEEN = "seen"
"""Under which name it is remembered which event each person has seen last."""


class TodoScreen(LedgerScreen):
    """Today.

    Args:
        session: what is shared.
    """

    BINDINGS = bindings("choice", "worklist")
    FOOT = ("choice.take", "worklist.mine", "worklist.seen", "choice.leave", "app.actor", "app.language", "app.help")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.options = Options(session, column=16, empty="tui.loading")
        self.mine = False
        self._suggestions: tuple[Suggestion, ...] | None = None
        self._since: int | None = None
        self._diff: ListDiff | None = None
        self._of = ""

    def compose(self) -> ComposeResult:
        """Lay out the day."""
        yield self.header
        yield self.options
        yield self.footer

    def on_mount(self) -> None:
        """Ask what there is to do, and what is new."""
        self.options.styles.height = "1fr"
        self.options.focus()
        self.relabel()

    def _ask(self) -> None:
        desk, memory, whose = self.session.desk, self.session.memory, self.session.actor
        actor, since = whose if self.mine else "", self._since if self._of == whose else None

        def ask() -> tuple[tuple[Suggestion, ...], int | None]:
            return desk.worklist(actor), _seen(memory.load(SEEN), whose) if since is None else since

        def told(answer: tuple[tuple[Suggestion, ...], int | None]) -> None:
            self._suggestions, (self._of, self._since) = answer[0], (whose, answer[1])
            self._write()
            self._ask_news()

        self.session.ask(self, "todo", ask, told, self.refuse)

    def _ask_news(self) -> None:
        desk, since, last = self.session.desk, self._since, f"#{self.session.index}"
        if since is not None and since < self.session.index:
            self.session.count(self, "since", lambda: desk.diff_list(f"#{since}", last), self._diff_told, self._no_diff)

    def _diff_told(self, diff: ListDiff) -> None:
        self._diff = diff
        self._write()

    def _no_diff(self, refusal: Refusal) -> None:
        """What was seen is no event of this ledger any more: another one lies there, or an older copy."""
        self._since = self._diff = None
        self.refuse(refusal)

    # -- what is shown

    def _write(self) -> None:
        if self._suggestions is None:
            return
        words, found = self.session.words, list[Option]()
        heading = words("tui.todo.mine" if self.mine else "tui.todo.all")
        found.append(Option("", heading, aside=words("tui.todo.count", count=len(self._suggestions)), head=True))
        if not self._suggestions:
            found.append(Option("", words("tui.empty.todo"), barred=True))
        found += [
            Option(
                todo.number,
                todo.number,
                aside=f"{words.term('step', todo.step)} · {words('tui.todo.since', day=todo.since.isoformat())}",
                note=words(todo.code, **todo.params),
            )
            for todo in self._suggestions
        ]
        found += self._news()
        self.options.offer(found, self.options.cursor)

    def _news(self) -> list[Option]:
        words = self.session.words
        if self._since is None:
            return [
                Option("", words("tui.todo.news"), head=True),
                Option("", "", note=words("tui.todo.first"), barred=True),
            ]
        heading = Option("", words("tui.todo.news"), aside=words("tui.todo.from", index=self._since), head=True)
        diff = self._diff
        if diff is None:
            return [heading, Option("", words("tui.todo.nothing"), barred=True)]
        told: list[Option] = []
        known: set[str] = set()
        for part in PARTS:
            rows: tuple[FindingRow, ...] = getattr(diff, part)
            for row in rows[:MOST]:
                if row.number not in known:
                    known.add(row.number)
                    state = words(f"tui.state.{row.status}")
                    aside = f"{words(f'tui.news.{part}')} · {SIGNS[row.light]} {state} · {row.title}"
                    told.append(Option(row.number, row.number, aside=aside))
        count = len(diff.entered) + len(diff.left) + len(diff.changed)
        aside = f"{heading.aside} · {words('tui.todo.count', count=count)}"
        return [Option("", heading.text, aside=aside, head=True), *told]

    def relabel(self) -> None:
        """Draw everything anew; another person has other things to do, and has seen something else."""
        self.header.place = self.session.words("tui.todo")
        super().relabel()
        self._write()
        self._ask()

    def ledger_moved(self) -> None:
        """Ask anew."""
        super().ledger_moved()
        self._ask()

    # -- going on from here

    def action_move(self, step: int) -> None:
        """Move in the list."""
        self.options.move(step)

    def action_take(self) -> None:
        """Open the finding."""
        option = self.options.current
        if option is not None and option.id:
            self.home.open_finding(option.id)

    @on(Options.Taken)
    def _clicked(self) -> None:
        self.action_take()

    def action_mine(self) -> None:
        """Show what whoever acts may do, or everything."""
        self.mine = not self.mine
        self.options.cursor = 0
        self.relabel()

    def action_seen(self) -> None:
        """From now on only what comes later is new."""
        self._since, self._diff = self.session.index, None
        self._remember()
        self._write()

    def action_leave(self) -> None:
        """Back to where one came from; what was shown is no news any more."""
        self._remember()
        self.app.pop_screen()

    def _remember(self) -> None:
        memory, whose, index = self.session.memory, self.session.actor, self.session.index
        if index < 0:
            return

        def keep() -> None:
            known = memory.load(SEEN)
            memory.keep(SEEN, {**(known if isinstance(known, dict) else {}), whose: index})

        self.session.keep(
            self.home,
            "seen",
            keep,
            failed=lambda refusal: self.home.say(self.session.words.refusal(refusal), wrong=True),
        )


def _seen(known: object, actor: str) -> int | None:
    """Return the last event that a person has seen; None where that is not known."""
    index = known.get(actor) if isinstance(known, dict) else None
    return index if isinstance(index, int) else None
