"""Owns how a form keeps what is typed in it: a draft a moment after each pause, offered when the form is opened again."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from textual.message_pump import MessagePump
from textual.timer import Timer

from taizhang.ledger.domain.errors import Refusal
from taizhang.tui import drafts
from taizhang.tui.drafts import Draft
from taizhang.tui.session import Session

PAUSE = 0.4
"""Seconds without a key after which what was typed is kept."""


class Drafting:
    """The drafts of one open form.

    Args:
        session: what is shared.
        home: the app, which is still there when the form is not.
        step: the step of the form.
        number: the finding; empty for one that is being logged.
        timer: sets a timer of the form's screen.
        failed: told once where nothing can be kept.
    """

    def __init__(
        self,
        session: Session,
        home: MessagePump,
        step: str,
        number: str,
        timer: Callable[[float, Callable[[], None]], Timer],
        failed: Callable[[Refusal], object],
    ) -> None:
        self._session = session
        self._home = home
        self._name = drafts.name_of(step, number)
        self._id = uuid.uuid4().hex
        self._timer = timer
        self._failed = failed
        self._pause: Timer | None = None
        self._texts: dict[str, str] | None = None
        self._over = False
        self.offered: Draft | None = None

    def ask(self, told: Callable[[Draft], object]) -> None:
        """Look for a draft of an earlier time."""
        memory, name = self._session.memory, self._name

        def found(draft: Draft | None) -> None:
            if draft is not None and draft.id != self._id:
                self.offered = draft
                told(draft)

        self._session.keep(self._home, f"look {name}", lambda: drafts.newest(memory, name), found)

    def take(self) -> dict[str, str] | None:
        """Give the texts of the earlier draft, which is this form's from now on."""
        if self.offered is None:
            return None
        draft, self.offered = self.offered, None
        self._id = draft.id
        return draft.texts

    def typed(self, texts: Callable[[], dict[str, str]], first: dict[str, str]) -> None:
        """Something was typed: keep it after a pause."""
        if self._over:
            return

        def keep() -> None:
            held = texts()
            if held != first and not self._over:
                self._texts = held
                self._keep()

        if self._pause is not None:
            self._pause.stop()
        self._pause = self._timer(PAUSE, keep)

    def _keep(self) -> None:
        memory, name, draft = self._session.memory, self._name, Draft(self._id, drafts.now(), self._texts or {})
        self._session.keep(self._home, name, lambda: drafts.kept(memory, name, draft), failed=self._told)

    def _told(self, refusal: Refusal) -> None:
        failed, self._failed = self._failed, lambda _: None
        failed(refusal)

    def flush(self, texts: dict[str, str], first: dict[str, str]) -> None:
        """The form ends without a word: keep what stands in it."""
        if not self._over and texts not in (first, self._texts):
            self._texts = texts
            self._keep()

    def end(self, *, recorded: bool) -> None:
        """What was typed is recorded (then no draft of this form is worth anything) or given up."""
        self._over = True
        if self._pause is not None:
            self._pause.stop()
        memory, name = self._session.memory, self._name
        ids = None if recorded else {self._id}
        self._session.keep(self._home, name, lambda: drafts.dropped(memory, name, ids), failed=self._told)
