"""What every front end goes through: the Desk. It must not know which front end is asking."""
