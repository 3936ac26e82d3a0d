"""The command line: parses arguments and calls; one module a command."""

from connectgen.cli.main import main

__all__ = ["main"]
