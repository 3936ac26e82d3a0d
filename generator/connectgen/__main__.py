"""Runs the command line: `python -m connectgen`."""

from connectgen.cli import main

main()
