"""Ledger: the one door to the write side (record, read, after, prove). It must not know who asks, nor a read model."""
