"""Codec and recorders: where events and their leaves are kept. It must not know the Ledger above it, nor a read model."""
