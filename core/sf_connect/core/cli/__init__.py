"""The command line of a generated package: find, show and call its operations. Loaded by `python -m` alone."""
