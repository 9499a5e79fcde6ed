"""The rules, pure: values, events, commands, decide and evolve. No clock, no file, no database, no other room."""
