"""The second half of the composition root: which concrete parts the seal of a ledger and a witness are put together from.

How a ledger, its desk and its read models are opened is handed in. Only `composition` knows this module.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from taizhang.ledger.domain.errors import Rejected

if TYPE_CHECKING:
    from taizhang.ledger.domain.keys import AdoptKey
    from taizhang.ledger.domain.verdict import Check
    from taizhang.ledger.ledger import Instruction, Ledger
    from taizhang.ledger.seal.keys import SignerKey
    from taizhang.ledger.seals import Seals
    from taizhang.ledger.store.contract import OpenAudit
    from taizhang.ledger.store.seal_files import SealFiles
    from taizhang.ledger.store.sqlite.log import LogReader
    from taizhang.service.local_proofs import LocalProofs
    from taizhang.service.proofs import Proofs, Signer
    from taizhang.service.sealer import LedgerSealer
    from taizhang.service.witness import LocalWitness

DATABASE = "ledger.db"
KEY_VARIABLE = "TAIZHANG_SIGNING_KEY"
"""Says where the signing key lies, if not beside the database."""


class Opened(Protocol):
    """What the seal needs of a ledger that is open, or is opened when it is asked for."""

    def log(self) -> LogReader:
        """The log, to read."""

    def writer(self) -> Ledger:
        """The write side."""

    def resolve(self, reference: str) -> str:
        """The number of a finding from what people say."""

    def wrong_views(self) -> list[str]:
        """The tables of the read models that the log does not give again."""

    def close(self) -> None:
        """Give back what was opened for the seal alone."""


class Late:
    """A ledger that is opened bit by bit, as it is asked for.

    Args:
        path: its folder.
        open_ledger: opens the write side.
        resolve: the number of a finding from what people say.
        wrong_views: compares the read models with the log.
    """

    def __init__(
        self,
        path: Path,
        open_ledger: Callable[[], Ledger],
        resolve: Callable[[str], str],
        wrong_views: Callable[[LogReader], list[str]],
    ) -> None:
        self._path = path
        self._open_ledger = open_ledger
        self._wrong_views = wrong_views
        self._log: LogReader | None = None
        self._ledger: Ledger | None = None
        self.resolve = resolve

    def log(self) -> LogReader:
        """Return the log, to read."""
        from taizhang.ledger.store.sqlite.log import LogReader

        if self._log is None:
            self._log = LogReader(self._path)
        return self._log

    def writer(self) -> Ledger:
        """Return the write side."""
        if self._ledger is None:
            self._ledger = self._open_ledger()
        return self._ledger

    def wrong_views(self) -> list[str]:
        """Return the tables of the read models that the log does not give again."""
        return self._wrong_views(self.log())

    def close(self) -> None:
        """Give back what was opened."""
        if self._ledger is not None:
            self._ledger.close()
        if self._log is not None:
            self._log.close()


def proofs_of(path: Path, opened: Opened, writing: threading.Lock | None = None) -> LocalProofs:
    """Return the seal of the ledger in a folder.

    Args:
        opened: the ledger, as far as it is open.
        writing: held by whoever else of this process writes through it.
    """
    from taizhang.ledger.store.evidence import EvidenceStore
    from taizhang.service.local_proofs import LocalProofs

    files = seal_files(path)

    def seals() -> Seals:
        from taizhang.ledger.seals import Seals

        return Seals(str(path), opened.log(), files, opened.writer)

    def people() -> Check:
        from taizhang.ledger.checks.people import check_people
        from taizhang.ledger.domain.catalogue import REGISTER_STREAM
        from taizhang.ledger.store.person_keys import FOLDER, PersonKeys

        return check_people(opened.log().stream(REGISTER_STREAM), PersonKeys(path / FOLDER).get)

    return LocalProofs(
        log=opened.log,
        seals=seals,
        files=files,
        open_audit=audit_of(path),
        evidence=EvidenceStore(path / "evidence"),
        people=people,
        wrong_views=opened.wrong_views,
        resolve=opened.resolve,
        read_only=not os.access(path, os.W_OK),
        name=str(path),
        writing=writing or threading.Lock(),
        done=opened.close,
    )


def seal_files(path: Path) -> SealFiles:
    """Return the files of the seal of the ledger in a folder."""
    from taizhang.ledger.store.seal_files import SealFiles

    key = os.environ.get(KEY_VARIABLE, "")
    return SealFiles(path, Path(key).expanduser().absolute() if key else None)


def sealer_of(path: Path, proofs: Proofs, by: Signer) -> LedgerSealer:
    """Return what signs case files for the ledger in a folder, by the key in force.

    Raises:
        Rejected: ``key.missing``, ``key.not-adopted``, when it is asked to sign and that key is not here.
    """
    from taizhang.ledger.sealing import secret_key
    from taizhang.service.sealer import LedgerSealer

    def secret() -> SignerKey:
        files, adopted = seal_files(path), proofs.keys()[-1].vkey
        text, place = files.signing_key(), str(files.key_path)
        if text is None:
            raise Rejected("key.missing", path=place, vkey=adopted)
        key = secret_key(text, place)
        if key.verifier.vkey != adopted:
            raise Rejected("key.not-adopted", path=place, vkey=adopted, found=key.verifier.vkey)
        return key

    return LedgerSealer(proofs, secret, by)


def audit_of(path: Path) -> OpenAudit:
    """Return what opens the log in a folder for the deep check."""
    from taizhang.ledger.store.sqlite.audit import SqliteAudit

    return partial(SqliteAudit, path / DATABASE)


def sign(path: Path, ledger: Ledger) -> None:
    """Sign everything that a ledger holds, which has its key."""
    from taizhang.ledger.seals import Seals
    from taizhang.ledger.store.sqlite.log import LogReader

    log = LogReader(path)
    try:
        Seals(str(path), log, seal_files(path), lambda: ledger).sign(_nobody)
    finally:
        log.close()


def _nobody(command: AdoptKey) -> Instruction:  # noqa: ARG001 - there is nobody to give it
    raise Rejected("key.nobody")


def make_witness(path: Path, name: str) -> LocalWitness:
    """Make a witness in a folder that is empty or not yet there.

    Raises:
        Rejected: ``witness.exists``, ``ledger.not-empty``, ``witness.name``.
        Unreachable: ``store.cannot-make``.
    """
    from taizhang.ledger.sealing import fresh_witness_key
    from taizhang.ledger.store.witness_files import WitnessFiles
    from taizhang.service.witness import LocalWitness

    return LocalWitness(WitnessFiles.make(path.absolute(), fresh_witness_key(name).skey))


def open_witness(path: Path) -> LocalWitness:
    """Open the witness in a folder.

    Raises:
        Unreachable: ``witness.none``.
    """
    from taizhang.ledger.store.witness_files import WitnessFiles
    from taizhang.service.witness import LocalWitness

    return LocalWitness(WitnessFiles(path.absolute()))
