"""Taizhang 台账: a supervision ledger that can prove its own history. This file owns the version and nothing else."""

__version__ = "0.1.0"
