"""Spreadsheets as people send them → what each row claims, with every doubt named by its cell. Knows no ledger."""
