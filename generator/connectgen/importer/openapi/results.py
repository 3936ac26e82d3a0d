"""Turns an operation's responses into its result and its statuses."""

from __future__ import annotations

from dataclasses import dataclass, field

from connectgen.catalogue.yaml_reader import LineDict
from connectgen.importer.openapi.document import Document
from connectgen.importer.openapi.leftovers import Leftovers
from connectgen.importer.openapi.media import is_json, is_xml, schema_of
from connectgen.importer.openapi.reach import successes
from connectgen.importer.openapi.schemas import AddRemark, Schemas
from connectgen.importer.yaml_files import Plain

_NO_CONTENT = (204, 205)
_WITHOUT_SCHEMA = "JSON without a schema: what it holds is not said"


@dataclass(slots=True)
class Result:
    """What an operation gives.

    Attributes:
        facts: the keys `returns`, `status` and `batch` of the operation, as far as they are not the defaults.
        pointer: the pointer of the result's schema, or nothing.
        media_types: those of all successes.
    """

    facts: Plain = field(default_factory=dict[str, object])
    pointer: str = ""
    media_types: list[str] = field(default_factory=list[str])


class Results:
    """Reads responses.

    Args:
        document: the file.
        schemas: makes types.
        remark: called with remarks.
        left: collects what is left out.
    """

    def __init__(self, document: Document, schemas: Schemas, remark: AddRemark, left: Leftovers) -> None:
        self._document = document
        self._schemas = schemas
        self._remark = remark
        self._left = left

    def result_of(self, operation: LineDict, where: str) -> Result:
        """Read the successes of an operation."""
        result = Result()
        responses = self._document.object_at(operation, "responses")
        told = successes(responses)
        texts: list[str] = []
        for code, status in told.items():
            if not code.isdigit():
                self._remark(where, f"its response {code} is taken for {status}, the only success that is listed")
            response, _ = self._document.resolved(responses[code], responses.line_of(code))
            contents = self._document.object_at(response, "content")
            result.media_types += contents
            if status in _NO_CONTENT:
                if contents:
                    self._remark(
                        where, f"responds with {status}, which has no content, with content; the content was left out"
                    )
                continue
            texts += self._types_of(contents, where, status, result, is_first=not texts)
        texts = list(dict.fromkeys(texts))
        if "Binary" in texts and len(texts) > 1:
            texts.remove("Binary")
            self._remark(where, "one of its successes is bytes, another JSON; the bytes were left out")
        if texts:
            text = "Any" if "Any" in texts else " | ".join(texts)
            result.facts["returns"] = (
                {"type": text, "because": "importer: the page leaves the type open"} if text == "Any" else text
            )
        if not told:
            self._remark(where, "lists no success; it is taken to respond without content")
        statuses = list(dict.fromkeys(told.values()))
        default = [200] if texts or where.startswith("HEAD ") else [204]
        if statuses and statuses != default:
            result.facts["status"] = statuses
        if texts == ["Binary"]:
            result.facts["batch"] = False
        return result

    def _types_of(self, contents: LineDict, where: str, status: int, result: Result, *, is_first: bool) -> list[str]:
        """The types of one response: those of its JSON, bytes where it has none."""
        texts: list[str] = []
        others: list[str] = []
        for media, content in contents.items():
            if not is_json(media):
                others.append(media)
                continue
            schema = schema_of(content)
            if schema is None:
                self._left.note("response content", _WITHOUT_SCHEMA, contents.line_of(media))
                continue
            # What is described in place is named after where it is: the first has the operation's own name.
            place = f"/paths/{where}/answer" + ("" if is_first and not texts else f"/{status}/{len(texts)}")
            fact = self._schemas.fact(schema, place, is_input=False, is_whole=True)
            texts.append(str(fact["type"]))
            for key in [key for key in fact if key not in ("type", "because")]:
                self._left.note(f"response {key}", "of a whole response the catalogue has the type alone", schema.line)
            result.pointer = self._document.text_at(schema, "$ref").removeprefix("#") or result.pointer
        if texts:
            lost = [media for media in others if not is_xml(media)]
            if lost:
                self._remark(where, f"responds with {', '.join(lost)} too; JSON is what the client asks for")
        elif any(not is_xml(media) for media in others):
            texts = ["Binary"]
            others = [media for media in others if not is_xml(media)]
            self._remark(where, f"responds with {', '.join(others)}: the client gives it as bytes")
        elif others:
            self._remark(where, f"responds with {', '.join(others)} alone, which the client does not ask for; left out")
        return texts
