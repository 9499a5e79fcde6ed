"""An import is one whole: interrupted while it is recorded, nothing of it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from taizhang.composition import init_ledger, open_desk
from taizhang.service.imports import Outcome, Wish


def test_an_interrupted_import_leaves_nothing(tmp_path: Path) -> None:
    sheet = tmp_path / "many.csv"
    rows = "\n".join(f"{at},问题{at},财政局,2023-06-20,整改中" for at in range(1, 1_301))
    sheet.write_text(f"编号,具体问题,责任单位,整改时限,完成情况\n{rows}\n", encoding="utf-8")
    init_ledger(tmp_path / "ledger", programme="T-2026")
    desk = open_desk(tmp_path / "ledger")
    try:
        imports, before = desk.imports(), desk.index()
        plan = imports.plan(Wish(sheet, actor="admin"))

        def stop(what: str, done: int, total: int) -> None:
            assert (what, done, total) == ("recording", 1_000, 1_301)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            imports.record(plan, stop)
        assert desk.index() == before
        assert imports.earlier() == ()
        assert imports.record(imports.plan(Wish(sheet, actor="admin"))).recorded == 1_300
        assert imports.plan(Wish(sheet, actor="admin")).count(Outcome.SAME) == 1_300
        assert [one.standing for one in imports.earlier()] == [1_300]
        assert desk.verify().ok
    finally:
        desk.close()
