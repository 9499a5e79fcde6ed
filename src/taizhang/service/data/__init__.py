"""Files that the service carries along: the demo's findings, and the verifier that every case file takes with it."""
