"""Rewrites code that uses a client so that it uses the client of a newer version."""
