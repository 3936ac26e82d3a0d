"""Starts the command line of a package, or says what it needs."""

from __future__ import annotations

import importlib
import sys


def run_command_line(package: str) -> None:
    """Run the command line of a generated package, and end the process with its exit code.

    Args:
        package: the package, `sf_connect.v67`.
    """
    try:
        importlib.import_module("click")
    except ImportError:
        sys.stderr.write('the command line needs click: pip install "sf-connect-core[cli]"\n')
        sys.exit(2)
    from sf_connect.core.cli.commands import main_of  # late: it imports click, which may be missing

    distribution = package.replace("_", "-").replace(".", "-")
    by_module = sys.argv[0].endswith("__main__.py")
    main_of(package)(prog_name=f"python -m {package}" if by_module else distribution)
