"""Owns the registers on the screen: units as a tree, people, programmes, the policy. Every name opens what stands behind it."""

from __future__ import annotations

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult

from taizhang.ledger.domain.register import Register, Unit
from taizhang.service.desk import Cell, Dimension, Figures
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session
from taizhang.tui.widgets.options import Option, Options
from taizhang.tui.widgets.parts import Parts

from .base import LedgerScreen

SHORT = 36
"""Cells of a value that stands beside its name; a longer one stands below it."""

PARTS = ("units", "people", "programmes", "policy")

DEEDS = {
    "units": {"add": "unit-add", "amend": "unit-amend"},
    "people": {"add": "person-add", "amend": "person-amend", "end": "person-erase"},
    "programmes": {"add": "programme-open", "end": "programme-close"},
    "policy": {"amend": "policy-set"},
}
"""What the keys that change something do with each part."""


class RegistersScreen(LedgerScreen):
    """Units, people, programmes and the policy.

    Args:
        session: what is shared.
    """

    BINDINGS = bindings("choice", "registers")
    FOOT = (
        "choice.take", "registers.next", "registers.add", "registers.amend", "registers.end", "choice.leave",
        "registers.audit", "app.language", "app.help",
    )  # fmt: skip

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.tabs = Parts(session, self._names)
        self.options = Options(session, column=36, empty="tui.registers.none")
        self._figures: Figures | None = None
        self._fresh = ""

    def compose(self) -> ComposeResult:
        """Lay out the registers."""
        yield self.header
        yield self.tabs
        yield self.options
        yield self.footer

    def on_mount(self) -> None:
        """Begin with the units."""
        self.options.styles.height = "1fr"
        self.options.focus()
        self.relabel()
        self._ask()

    def _ask(self) -> None:
        desk, when = self.session.desk, self.session.when
        self.session.count(self, "figures", lambda: desk.figures(Dimension.UNIT, when=when), self._told, self.refuse)

    def _told(self, figures: Figures) -> None:
        self._figures = figures
        self._write()

    # -- what is shown

    def _names(self) -> list[str]:
        words, register = self.session.words, self.session.register
        counts = (len(register.units), len(register.people), len(register.programmes), None)
        return [
            words(f"tui.registers-of.{part}") + (f" {count}" if count is not None else "")
            for part, count in zip(PARTS, counts, strict=True)
        ]

    @property
    def part(self) -> str:
        """The part that is shown."""
        return PARTS[self.tabs.chosen]

    def _write(self) -> None:
        register = self.session.register
        offered = {
            "units": self._units,
            "people": self._people,
            "programmes": self._programmes,
            "policy": self._policy,
        }[self.part](register)
        ids = [option.id for option in offered]
        wanted = self._fresh if self._fresh in ids else option.id if (option := self.options.current) else ""
        self._fresh = "" if wanted == self._fresh else self._fresh
        self.options.offer(offered, ids.index(wanted) if wanted in ids else self.options.cursor)

    def _units(self, register: Register) -> list[Option]:
        below: dict[str, list[Unit]] = {}
        for unit in register.units.values():
            below.setdefault(unit.parent or "", []).append(unit)
        counts = {group.key: group for group in self._figures.groups} if self._figures else {}
        words, found = self.session.words, list[Option]()

        def grow(parent: str, lead: str) -> None:
            siblings = below.get(parent, [])
            for unit in siblings:
                last = unit is siblings[-1]
                branch = lead + ("└─ " if last else "├─ ") if parent else ""
                group = counts.get(unit.id)
                told = words("tui.register.counts", open=group.open, overdue=group.overdue) if group else ""
                found.append(Option(unit.id, f"{branch}{unit.name}", aside=f"{told}  {unit.id}" if told else unit.id))
                grow(unit.id, lead + ("   " if last else "│  ") if parent else "")

        grow("", "")
        return found

    def _people(self, register: Register) -> list[Option]:
        words, session = self.session.words, self.session
        people = sorted(register.people.values(), key=lambda person: (not person.active, person.unit or "", person.id))
        found = []
        for person in people:
            roles = words.joined(words.term("role", role) for role in sorted(person.roles))
            where = f"{session.unit(person.unit)} · " if person.unit else ""
            gone = "" if person.active else f" · {words('tui.registers.inactive')}"
            text = person.name if person.name == person.id else f"{person.name} {person.id}"
            found.append(Option(person.id, text, aside=f"{where}{roles}{gone}", barred=False))
        return found

    def _programmes(self, register: Register) -> list[Option]:
        words, found = self.session.words, []
        for programme in register.programmes.values():
            days = [words("tui.register.opened", on=programme.opened_on)] if programme.opened_on else []
            days += [words("tui.register.closed", on=programme.closed_on)] if programme.closed_on else []
            note = words.joined(programme.phases) if programme.phases else ""
            found.append(
                Option(programme.code, f"{programme.code} {programme.name}", aside=" · ".join(days), note=note)
            )
        return found

    def _policy(self, register: Register) -> list[Option]:
        words, policy = self.session.words, register.policy
        stages = (f"{words.term('level', stage.level)} {stage.overdue}" for stage in policy.stages)
        roles = (
            f"{words.term('step', step)}: {words.joined(words.term('role', role) for role in sorted(held))}"
            for step, held in sorted(policy.roles.items())
        )
        told = {
            "calendar": policy.calendar,
            "days": words.term("days", policy.days),
            "due_soon": str(policy.due_soon),
            "single_signature": words.joined(words.term("class", each) for each in policy.single_signature),
            "extensions": str(policy.extensions),
            "stages": words.joined(stages),
            "follow_up_after": str(policy.follow_up_after),
            "roles": words.joined(roles),
        }
        return [
            Option(name, words.term("field", name), *(("", text) if cell_len(text) > SHORT else (text,)))
            for name, text in told.items()
        ]

    # -- moving

    def action_part(self, step: int) -> None:
        """Show the next part."""
        self.tabs.chosen = (self.tabs.chosen + step) % len(PARTS)
        self.tabs.refresh()
        self.options.offer(())
        self._write()
        self._name_keys()

    def _name_keys(self) -> None:
        here = {f"registers.{each}" for each in DEEDS[self.part]}
        there = {f"registers.{each}" for deeds in DEEDS.values() for each in deeds} - here
        self.footer.show_keys(tuple(name for name in self.FOOT if name not in there))

    def action_move(self, step: int) -> None:
        """Move in the list."""
        self.options.move(step)

    def action_take(self) -> None:
        """Open what stands behind the name: findings of a unit or a programme, the deeds of a person."""
        option = self.options.current
        if option is None:
            return
        match self.part:
            case "units":
                self.home.open_behind(Cell(Dimension.UNIT, "total", option.id), self.session.unit(option.id))
            case "people":
                self.home.open_audit(actor=option.id)
            case "programmes":
                self.home.open_behind(Cell(Dimension.PROGRAMME, "total", option.id), option.text)
            case _:
                self.action_audit()

    @on(Options.Taken)
    def _clicked(self) -> None:
        self.action_take()

    def action_audit(self) -> None:
        """Show the events of the ledger, these registers' among them."""
        self.home.open_audit()

    # -- changing

    def action_add(self) -> None:
        """Register something new in this part."""
        self._change("add")

    def action_amend(self) -> None:
        """Change what the cursor stands on."""
        self._change("amend")

    def action_end(self) -> None:
        """End the programme, or erase the person, that the cursor stands on."""
        self._change("end")

    def _change(self, way: str) -> None:
        step, option = DEEDS[self.part].get(way), self.options.current
        if step is None:
            words, cap = self.session.words, self.session.keymap.cap
            add, amend, end = (cap(f"registers.{each}") for each in ("add", "amend", "end"))
            self.say(words(f"tui.registers.not.{self.part}.{way}", add=add, amend=amend, end=end), wrong=True)
        elif way == "add" or option is not None:
            self.home.writing(lambda: self._open_form(step, option.id if option else ""))

    def _open_form(self, step: str, subject: str) -> None:
        from taizhang.tui.registering import DEEDS as FORMS

        from .registering import Registered, RegisterFormScreen

        def recorded(answer: object) -> None:
            if isinstance(answer, Registered):
                words, index = self.session.words, answer.index
                if answer.name:
                    self.say(words("tui.registered", step=words.term("step", step), name=answer.name, index=index))
                else:
                    self.say(words("tui.registered.policy", index=index))
                self._fresh = answer.subject
                self._write()

        self.app.push_screen(RegisterFormScreen(self.session, FORMS[step], subject), recorded)

    def relabel(self) -> None:
        """Draw everything anew."""
        self.header.place = self.session.words("tui.registers")
        super().relabel()
        self._name_keys()
        self.tabs.refresh()
        self._write()

    def ledger_moved(self) -> None:
        """Show the register as it stands now; the cursor stays."""
        super().ledger_moved()
        self.tabs.refresh()
        self._write()
        self._ask()

    def action_leave(self) -> None:
        """Back to where one came from."""
        self.app.pop_screen()
