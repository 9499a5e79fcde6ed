"""Owns how the units that a sheet names become units of the register: by name or id, exactly; others are new and said."""

from __future__ import annotations

import re

from taizhang.intake.cells import squeezed
from taizhang.ledger.domain.register import Register
from taizhang.ledger.domain.values import IDENTIFIER

_ID_LIMIT = 64
_UNFIT = re.compile(r"[^\w.-]+")


class RegisterUnits:
    """The register's units by name, and those that the sheet brings.

    Args:
        register: the register as it stands.
    """

    def __init__(self, register: Register) -> None:
        self._ids = dict.fromkeys(register.units)
        self._named: dict[str, tuple[str, ...]] = {}
        for unit in register.units.values():
            key = squeezed(unit.name)
            self._named[key] = (*self._named.get(key, ()), unit.id)
        for id_ in register.units:
            self._named.setdefault(squeezed(id_), (id_,))
        self._seen: dict[str, str] = {}
        self.fresh: dict[str, str] = {}

    def lead(self, name: str) -> str:
        """Return the id of the unit of that name; one that is not registered gets one, and is remembered in `fresh`."""
        if (known := self._seen.get(name)) is not None:
            return known
        found = self.known(name)
        if not found:
            found = self._id_for(name)
            self._ids[found] = None
            self.fresh[found] = name
            self._named[squeezed(name)] = (found,)
        self._seen[name] = found
        return found

    def known(self, name: str) -> str:
        """Return the id of the unit of that name; empty where it is not registered, or several are called so."""
        found = self._named.get(squeezed(name), ())
        return found[0] if len(found) == 1 else ""

    def namesakes(self, name: str) -> tuple[str, ...]:
        """Return the ids of all units of that name."""
        return self._named.get(squeezed(name), ())

    def _id_for(self, name: str) -> str:
        """Return an id for a new unit: its name, as far as that can be one."""
        stem = _UNFIT.sub("-", name).strip("-._")[: _ID_LIMIT - 4] or "unit"
        if not IDENTIFIER.fullmatch(stem):
            stem = f"unit-{len(self.fresh) + 1}"
        if stem not in self._ids:
            return stem
        return next(id_ for at in range(2, len(self._ids) + 3) if (id_ := f"{stem}-{at}") not in self._ids)
