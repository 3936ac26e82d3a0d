"""Ways to log in. `docs/runtime.md` tells which is for whom; the clients have a class method for each."""
