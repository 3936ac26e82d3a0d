"""Prints the list of clients, and how to choose: `sf-connect`, or `python -m sf_connect.clients`."""

from __future__ import annotations

import argparse

from sf_connect.clients import CLIENTS, Client

ADVICE = """\
Each version of the Salesforce Connect REST API has a client of its own. For new code take the newest version that all
of your orgs have (https://YOUR-ORG/services/data/ lists them); for code that works, the version that it was written
for. Several can be installed side by side.
"""


def lines() -> list[str]:
    """The list as it is printed, the newest first."""
    rows = [("version", "release", "install", "installed")]
    rows += [(one.api_version, one.release, _install(one), one.installed_version or "") for one in reversed(CLIENTS)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _install(client: Client) -> str:
    retired = f"  (retired in {client.retired_in})" if client.retired_in else ""
    return f"pip install {client.distribution}{retired}"


def main() -> None:
    """Run the command."""
    argparse.ArgumentParser(prog="sf-connect", description="List the clients, and say how to choose one.").parse_args()
    print("\n".join([ADVICE, *lines()]))  # at once: whoever reads only the first lines has it all by then


if __name__ == "__main__":
    main()
