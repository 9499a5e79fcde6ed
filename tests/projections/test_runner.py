"""The life of the file: following, swapping beneath open readers, and being built afresh whatever befell it."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from pysqlite3 import dbapi2 as driver

from taizhang.ledger.domain.errors import Unreachable
from taizhang.ledger.domain.events import FindingCommented
from taizhang.projections import problems, runner, schema
from taizhang.projections.runner import Views
from tests.projections.ledgers import ListLog, Writer, built, connect, dump


def a_log(findings: int = 3) -> Writer:
    writer = Writer()
    writer.register()
    for _ in range(findings):
        writer.log("JZ-2023")
    return writer


def views_in(folder: Path, **options: Path) -> Views:
    return Views(folder, connect, driver.Error, **options)


def content(views: Views) -> dict[str, list[object]]:
    with views.reading() as connection:
        return dump(connection)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "views"


def test_it_follows_and_does_nothing_at_the_head(folder: Path) -> None:
    writer, views = a_log(), views_in(folder)
    log = ListLog(writer.rows)
    assert views.index() == -1
    assert views.catch_up(log) == views.index() == log.head()
    writer.log("JZ-2023")
    log.rows = writer.rows
    assert views.catch_up(log) == log.head()
    asked = log.asked
    assert views.catch_up(log) == log.head()
    assert log.asked == asked
    assert content(views) == dump(built(writer.rows))


def test_a_second_process_sees_what_the_first_wrote(folder: Path) -> None:
    writer, one, two = a_log(), views_in(folder), views_in(folder)
    log = ListLog(writer.rows)
    for views in (one, two, one, two, two, one):
        stream = writer.log("JZ-2023")
        writer.put(stream, FindingCommented("知悉"))
        log.rows = writer.rows
        views.catch_up(log)
    assert one.catch_up(log) == two.catch_up(log) == log.head()
    assert content(one) == content(two) == dump(built(writer.rows))


def test_threads_share_one(folder: Path) -> None:
    writer, views = a_log(30), views_in(folder)
    log = ListLog(writer.rows)
    failures: list[BaseException] = []

    def read() -> None:
        try:
            for _ in range(20):
                assert views.view(log, problems.count) == 30
        except BaseException as error:  # noqa: BLE001 - carried out of the thread
            failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_an_open_reader_notices_the_swap(folder: Path) -> None:
    writer, views, other = a_log(), views_in(folder), views_in(folder)
    log = ListLog(writer.rows)
    views.catch_up(log)
    before = content(views)
    old = {path.name for path in folder.glob("*.db")}
    seen: list[tuple[int, int]] = []
    assert other.rebuild(log, lambda done, of: seen.append((done, of))) == log.head()
    assert seen[-1] == (len(log.rows), len(log.rows))
    new = {path.name for path in folder.glob("*.db")}
    assert len(new) == 1
    assert new != old
    assert content(views) == before
    writer.log("XC-2024")
    log.rows = writer.rows
    assert other.catch_up(log) == log.head()
    assert views.view(log, problems.count) == 4


def test_a_reader_keeps_its_moment_while_others_write(folder: Path) -> None:
    writer, views, other = a_log(), views_in(folder), views_in(folder)
    log = ListLog(writer.rows)
    views.catch_up(log)
    with views.reading() as connection:
        assert problems.count(connection) == 3
        writer.log("JZ-2023")
        log.rows = writer.rows
        other.catch_up(log)
        assert problems.count(connection) == 3
    assert views.view(log, problems.count) == 4


def test_another_version_is_built_afresh(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer, log = a_log(), ListLog()
    log.rows = writer.rows
    views_in(folder).catch_up(log)
    (old,) = folder.glob("*.db")
    monkeypatch.setitem(schema.VERSIONS, "problems", 99)
    views = views_in(folder)
    views.catch_up(log)
    assert not old.exists()
    with views.reading() as connection:
        assert ("problems", 99) in connection.execute("SELECT * FROM projections").fetchall()


def scribble(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 8000)


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zero(path: Path) -> None:
    """Spoil the pages but not the first, which is all that opening looks at."""
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\0" * (len(whole) - 4096))


def drop_table(path: Path) -> None:
    connection = connect(path, False)
    connection.execute("DROP TABLE audit")
    connection.close()


@pytest.mark.parametrize("spoil", [Path.unlink, scribble, halve, zero, drop_table, lambda path: path.write_bytes(b"")])
def test_a_spoilt_file_is_built_afresh(folder: Path, spoil: object) -> None:
    writer = a_log()
    log = ListLog(writer.rows)
    first = views_in(folder)
    first.catch_up(log)
    first.close()
    (path,) = folder.glob("*.db")
    spoil(path)  # type: ignore[operator]
    views = views_in(folder)
    assert views.view(log, dump) == dump(built(writer.rows))
    views.close()


@pytest.mark.parametrize("pointer", [b"", b"../../elsewhere.db", b"views-1-0123456789abcdef.db", b"\xff\xfe"])
def test_a_pointer_to_nowhere_is_built_afresh(folder: Path, pointer: bytes) -> None:
    writer = a_log()
    log = ListLog(writer.rows)
    views_in(folder).catch_up(log)
    (path,) = folder.glob("*.current")
    path.write_bytes(pointer)
    assert views_in(folder).view(log, problems.count) == 3


def test_damage_found_by_a_query_in_mid_life_is_mended(folder: Path) -> None:
    writer, views = a_log(), views_in(folder)
    log = ListLog(writer.rows)
    views.catch_up(log)
    tries: list[int] = []

    def work(connection: runner.Connection) -> int:
        tries.append(1)
        if len(tries) == 1:
            error = driver.DatabaseError("database disk image is malformed")
            error.sqlite_errorcode = 11
            raise error
        return problems.count(connection)

    (old,) = folder.glob("*.db")
    assert views.view(log, work) == 3
    assert not old.exists()


def test_a_log_that_was_restored_is_noticed(folder: Path) -> None:
    writer, views = a_log(5), views_in(folder)
    log = ListLog(writer.rows)
    views.catch_up(log)
    log.rows = writer.rows[:-2]  # a shorter one
    assert views.catch_up(log) == log.head()
    assert views.view(log, problems.count) == 3
    views.catch_up(ListLog(writer.rows))
    views.close()
    other = a_log(4)  # as long, but another
    other.now += timedelta(days=1)
    other.log("XC-2024")
    again = views_in(folder)
    assert again.view(ListLog(other.rows), dump) == dump(built(other.rows))


def test_far_behind_is_built_beside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "FAR_BEHIND", 3)
    monkeypatch.setattr(runner, "BATCH", 2)
    writer = a_log(1)
    log = ListLog(list(writer.rows))
    views = views_in(folder)
    views.catch_up(log)
    for _ in range(30):
        writer.log("JZ-2023")
    log.rows = writer.rows
    (old,) = folder.glob("*.db")
    views.catch_up(log)
    assert not old.exists()
    assert content(views) == dump(built(writer.rows))


def test_following_in_small_batches_tells_progress(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "BATCH", 2)
    writer, views = a_log(1), views_in(folder)
    log = ListLog(list(writer.rows))
    views.catch_up(log)
    for _ in range(5):
        writer.log("JZ-2023")
    log.rows = writer.rows
    seen: list[tuple[int, int]] = []
    views.catch_up(log, lambda done, of: seen.append((done, of)))
    assert seen[-1] == (len(log.rows), len(log.rows))
    assert len(seen) == 3


def test_where_the_folder_cannot_be_made_the_fallback_serves(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    views = views_in(blocked / "views", fallback=tmp_path / "cache")
    assert views.folder == tmp_path / "cache"
    assert views.view(ListLog(a_log().rows), problems.count) == 3
    with pytest.raises(Unreachable) as refused:
        views_in(blocked / "views")
    assert refused.value.code == "views.unwritable"


def test_reading_before_catching_up_is_refused(folder: Path) -> None:
    with pytest.raises(Unreachable) as refused, views_in(folder).reading():
        pass
    assert refused.value.code == "views.missing"


def test_a_failed_batch_leaves_the_file_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer, views = a_log(), views_in(folder)
    log = ListLog(list(writer.rows))
    views.catch_up(log)
    before = content(views)
    writer.log("JZ-2023")
    log.rows = writer.rows
    with monkeypatch.context() as patch:
        patch.setattr(problems, "save", broken)
        with pytest.raises(RuntimeError):
            views.catch_up(log)
    assert content(views) == before
    views.catch_up(log)
    assert content(views) == dump(built(writer.rows))


def broken(*_: object) -> None:
    raise RuntimeError("power cut")


CHILD = """
import sys
from pathlib import Path
from pysqlite3 import dbapi2
from tests.projections.ledgers import ListLog, Writer, connect
from taizhang.projections.runner import Views
writer = Writer()
writer.register()
views = Views(Path(sys.argv[1]), connect, dbapi2.Error)
for _ in range(60):
    writer.log("JZ-2023")
    views.catch_up(ListLog(list(writer.rows)))
    if len(writer.rows) % 13 == int(sys.argv[2]):
        views.rebuild(ListLog(list(writer.rows)))
"""


def test_processes_that_fold_and_rebuild_at_once_agree(folder: Path, repository: Path) -> None:
    """Every one records the same log at its own pace: the slower finds a longer file, as after a restore, and vice versa."""
    children = [
        subprocess.Popen([sys.executable, "-c", CHILD, str(folder), str(place)], cwd=repository, stderr=subprocess.PIPE)
        for place in (1, 5)
    ]
    for child in children:
        _, err = child.communicate(timeout=120)
        assert child.returncode == 0, err.decode()
    writer = a_log(60)
    assert views_in(folder).view(ListLog(writer.rows), dump) == dump(built(writer.rows))
