"""The read side: disposable SQLite read models, folded from an iterator of events. It must not know the store."""
