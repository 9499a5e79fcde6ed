"""No file that a command writes takes the place of a part of a ledger: whichever command, whatever the way to the place."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from taizhang.composition import open_desk
from taizhang.ledger.domain.errors import Rejected
from taizhang.service.desk import ExportKind, Query
from taizhang.service.proofs import Signer

from .conftest import House

CHECKPOINT, REQUEST, WITNESS = "{outside}/sealed", "{outside}/request", "{outside}/witness"
COMMANDS = {
    "checkpoint": ("ledger", "checkpoint", "-o"),
    "consistency": ("ledger", "consistency", "--from", CHECKPOINT, "-o"),
    "request": ("ledger", "witness", "--write-request"),
    "proof": ("ledger", "proof", "5", "-o"),
    "tiles": ("ledger", "tiles", "-o"),
    "backup": ("ledger", "backup", "-o"),
    "backup with key": ("ledger", "backup", "--with-key", "-o"),
    "case": ("casefile", "1", "-o"),
    "witness": ("witness", "sign", WITNESS, "--request", REQUEST, "-o"),
    **{
        f"{kind} {form}": ("export", *words, "--format", form, "-o")
        for kind, words in {
            "problems": ("problems",),
            "closure": ("closure",),
            "history": ("history", "1"),
            "weekly": ("weekly",),
        }.items()
        for form in ("csv", "json", "md", "xlsx", "docx")
    },
}
PLACES = ("ledger.db", "signing.key", "checkpoint", "evidence/report", "views/report", "report")


def everything(folder: Path) -> dict[str, bytes]:
    """Return every file of a ledger but those that reading it may make anew."""
    passing = ("views", "writer.", "-wal", "-shm")
    names = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in names.items() if not any(part in name for part in passing)}


@pytest.fixture
def outside(small: House, tmp_path: Path) -> Path:
    """Return a folder with a checkpoint, a request and a witness."""
    outside = tmp_path / "outside"
    outside.mkdir()
    small.ok("ledger", "checkpoint", "-o", str(outside / "sealed"))
    vkey = small.ok("ledger", "vkey").out.strip()
    small.ok("ledger", "witness", "--write-request", str(outside / "request"))
    small.ok("witness", "init", str(outside / "witness"), "--name", "witness.example/w")
    small.ok("witness", "add-log", str(outside / "witness"), "--vkey", vkey)
    small.log_unsealed()  # so that a command that signs before it looks would be noticed
    return outside


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_is_written_into_a_ledger(small: House, outside: Path, name: str) -> None:
    command = [word.format(outside=outside) for word in COMMANDS[name]]
    link = outside / "link"
    link.symlink_to(small.path)
    (outside / "db").symlink_to(small.database)
    other = outside / "other"  # a ledger that the command knows nothing of
    shutil.copytree(small.path, other)
    before, before_other = everything(small.path), everything(other)
    places = [small.path / place for place in PLACES]
    places += [link / "ledger.db", outside / "db", other / "ledger.db", other / "seal" / "new"]
    for place in places:
        ran = small("--json", *command, str(place))
        assert (ran.code, ran.refusal) == (1, "target.inside-ledger"), (place, ran)
    assert small.refused(*command, str(small.database)) == "target.inside-ledger"
    assert everything(small.path) == before
    assert everything(other) == before_other
    small.ok(*command, str(outside / "written"))  # and it works where it may


def test_a_database_or_a_key_under_another_name_is_kept(small: House, outside: Path) -> None:
    hard, moved, key = outside / "hard", outside / "real", outside / "key"
    os.link(small.database, hard)
    shutil.move(small.path / "signing.key", key)
    (small.path / "signing.key").symlink_to(key)
    shutil.copy(small.database, moved)
    for place in (hard, moved, key):
        before = place.read_bytes()
        assert small.refused("ledger", "backup", "-o", str(place)) == "target.is-ledger"
        assert small.refused("ledger", "checkpoint", "-o", str(place)) == "target.is-ledger"
        assert place.read_bytes() == before


def test_the_desk_refuses_by_itself(small: House) -> None:
    before = everything(small.path)
    with closing(open_desk(small.path)) as desk:
        with pytest.raises(Rejected, match=r"target\.inside-ledger"):
            desk.export(ExportKind.PROBLEMS, "csv", small.database, Query(), "zh")
        with pytest.raises(Rejected, match=r"target\.inside-ledger"):
            desk.cases().write(desk.findings(Query(limit=1)).rows[0].number, small.database, Signer())
    assert everything(small.path) == before
