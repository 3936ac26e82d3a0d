"""Sends the requests among the guide's examples to a mock, as a client's users would; prints what was refused as JSON.

Run by tests/whole/test_examples.py, with the packages of all versions on the path:
`python -m examples.sender ADDRESS GUIDE…`. What it prints has the guides' folders as its keys.
"""

from __future__ import annotations

import importlib
import json
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from connectgen.catalogue.types import TypeExpression, names_in
from connectgen.surface import SurfaceOperation
from examples.decoder import Decoder
from examples.examples import Checked, Checker
from examples.reading import examples
from mock.arguments import Maker
from sf_connect.core import SFConnectError
from support.garbage import look_seldom
from support.real import real_catalogue


class Sender:
    """Sends bodies with the clients of all versions.

    Args:
        address: the mock's.
        checker: what knows the versions.
    """

    def __init__(self, address: str, checker: Checker) -> None:
        self._address = address
        self._checker = checker
        self._clients: dict[int, Any] = {}

    def refusal(self, checked: Checked) -> str | None:
        """Why no operation takes an example; empty where one does, None where none has such a body."""
        operations = list(self._taking(checked.expression, checked.version))
        refusals = [self._sent(checked, operation) for operation in operations]
        if not refusals:
            return None
        return "" if "" in refusals else refusals[0]

    def _taking(self, expression: TypeExpression, version: int) -> Iterator[SurfaceOperation]:
        """The operations with a body of a type. What a batch holds is no matter of types alone."""
        for group in self._checker.surface(version).groups:
            for operation in group.operations:
                if operation.body and operation.body.type == expression and operation.path != "/connect/batch":
                    yield operation

    def _sent(self, checked: Checked, operation: SurfaceOperation) -> str:
        client = self._client(checked.version)
        method = getattr(getattr(getattr(client, operation.family), operation.group), operation.name)
        models = importlib.import_module(f"sf_connect.v{checked.version}").models
        maker = Maker(self._checker.surface(checked.version), models, all_of_them=False)
        arguments = maker.arguments(operation, method)
        arguments.keyword["body"] = Decoder(checked, self._checker).built()
        try:
            method(*arguments.positional, **arguments.keyword)
        except (SFConnectError, ValueError) as error:
            return f"{operation.family}.{operation.group}.{operation.name}: {error}"
        return ""

    def _client(self, version: int) -> Any:
        if version not in self._clients:
            package = importlib.import_module(f"sf_connect.v{version}")
            self._clients[version] = package.Connect(self._address, token="mock-token")
        return self._clients[version]


def _is_request(expression: TypeExpression) -> bool:
    return any(name.endswith("Input") for name in names_in(expression))


def outcome(address: str, guide: Path) -> dict[str, Any]:
    """How many of a guide's examples were sent, and which were refused."""
    checker = Checker(real_catalogue(), guide)
    sender = Sender(address, checker)
    sent, refused = 0, dict[str, str]()
    for example in examples(guide):
        checked = None if example.fault else checker.check(example)
        if (
            checked is None
            or checked.problems
            or not any(one.endswith("Input") for one in names_in(checked.expression))
        ):
            continue
        refusal = sender.refusal(checked)
        sent += refusal is not None
        if refusal:
            refused[example.id] = f"{checked.type_name} {checked.version}.0: {refusal}"
    return {"sent": sent, "refused": refused}


if __name__ == "__main__":
    look_seldom()
    warnings.simplefilter("ignore")
    print(json.dumps({guide: outcome(sys.argv[1], Path(guide)) for guide in sys.argv[2:]}))
