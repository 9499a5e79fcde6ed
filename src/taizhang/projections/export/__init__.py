"""Tables whose columns are declared once, and one writer a format. It must not know the Ledger, nor who asked."""
