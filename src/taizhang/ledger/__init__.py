"""The write side: what happened, kept for ever. It must not know who reads it, nor any front end."""
