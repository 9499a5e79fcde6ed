"""The terminal: the only room that imports Textual. It must not know a store, SQL or the command line."""
