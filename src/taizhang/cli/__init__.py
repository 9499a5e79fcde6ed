"""The command line: arguments in, Desk, then text, JSON and an exit code. It must not know a store, SQL or the terminal."""
