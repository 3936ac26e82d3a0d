"""Ways to log in, and the refresh of tokens."""
