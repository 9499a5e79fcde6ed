"""Owns that a failed comparison inside the specification helper says what differs, as in a test file."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.domain.spec")
