"""Reads the guide's pages for the recount: sections with their addresses, methods, versions and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_INVISIBLE = re.compile("[\u200b\u200c\u200d\u00ad\ufeff]")
_BLOCK = "\x00block"
METHOD_NAMES = ("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE")
METHODS = re.compile(r"\b(GET|HEAD|POST|PATCH|PUT|DELETE)\b")
_ANY_CASE = re.compile(METHODS.pattern, re.IGNORECASE)
_URI = re.compile(r"^/?[a-z][\w-]*(/[\w${},.-]+)*/?$")
_TWO_IN_ONE_CELL = re.compile(r"(?<=\w)(?=/connect/(?:sites|network-)|/commerce/webstores/)")
_ONLY_SITE = re.compile(r"^/connect/communities/[^/]+/?$")
ROOTS = frozenset(
    [
        "apps", "asset-management", "authenticated-email-service", "callcoaching", "chatter", "clean", "commerce",
        "connect", "data-integration", "dedupe", "einstein", "email-merge-fields", "named-credentials",
        "network-connection", "payments", "personalization", "salesforce-inbox", "sites", "ssot", "voicecalls",
    ]
)  # fmt: skip
_LABEL = re.compile(
    r"^(?:Request|Response|Query) (?:parameter|body|bod)|^(?:GET|POST|PATCH|PUT|DELETE) parameters", re.IGNORECASE
)
_AFTER_ADDRESSES = re.compile(
    r"^(?:Available (?:since )?(?:versions?|release)|Requires Chatter|(?:Supported )?HTTP methods?)\b", re.IGNORECASE
)
_RELATED = re.compile(r"^- (.+) \((?:[^()]*/)?(connect_\w+)\.htm")
_LINK = re.compile(r"\[([^\]]+)\]\((?:[^()]*/)?(connect_\w+)\.htm")


@dataclass(frozen=True)
class Table:
    """A Markdown table: the label of the part of the page that it stands in, its heading cells, its rows."""

    label: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, *words: str) -> int | None:
        """The first column whose heading holds one of some words; words that come first are preferred."""
        for word in words:
            for at, cell in enumerate(self.head):
                if word in cell.lower():
                    return at
        return None

    def cell(self, row: tuple[str, ...], *words: str) -> str:
        """A row's cell below such a heading, without marks; empty where there is none."""
        at = self.column(*words)
        return plain(row[at]) if at is not None and at < len(row) else ""


@dataclass
class Section:
    """A part of a page with a heading of its own.

    Attributes:
        uris: the addresses that stand in it.
        exact: whether it is sure that these are its addresses, all of them and no others.
        lost: whether no address of its own was found among the page's code examples.
        version: what stands below its label `Available version`.
        chatter: what stands below its label `Requires Chatter`.
    """

    heading: str
    lines: list[str]
    tables: list[Table] = field(default_factory=list[Table])
    uris: list[str] = field(default_factory=list[str])
    exact: bool = False
    lost: bool = False
    methods: tuple[str, ...] = ()
    version: str = ""
    chatter: str = ""

    def methods_of(self, table: Table) -> tuple[str, ...]:
        """The methods that a table is for: those that its label names, or all of the section."""
        named = [method.upper() for method in _ANY_CASE.findall(table.label)]
        return tuple(method for method in named if method in METHOD_NAMES) or self.methods


@dataclass
class Page:
    """One page.

    Attributes:
        file: the name of its file, without the suffix.
        links: what it links to: the words of a link, and the id of the page.
    """

    file: str
    title: str
    lines: list[str]
    sections: list[Section]
    links: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def is_resource(self) -> bool:
        """Quick references repeat a call; only a resource page names its version or whether it requires Chatter."""
        return any(section.methods for section in self.sections) and any(
            re.match(r"^(?:Available|Requires Chatter)\b", line, re.IGNORECASE) for line in self.lines
        )

    @property
    def introduction(self) -> str:
        """The first sentence below the title."""
        last = max((at for at, line in enumerate(self.lines) if line.startswith("# ")), default=-1)
        return next((plain(line) for line in self.lines[last + 1 :] if line), "")

    @property
    def is_input(self) -> bool:
        """Whether it describes a request body."""
        return any(re.match(r"^Root XML tag", line, re.IGNORECASE) for line in self.lines)

    @property
    def tables(self) -> list[Table]:
        """The tables of all sections."""
        return [table for section in self.sections for table in section.tables]


def plain(cell: str) -> str:
    """A cell's text without links and marks."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", cell).replace("`", "").replace("\\", "").replace("*", "").strip()


def read_page(path: Path) -> Page:
    """Read a page as it stands, without knowing what it is about."""
    text = _INVISIBLE.sub("", path.read_text(encoding="utf-8")).replace("\u00a0", " ")
    body, _, rest = text.partition("\n## Code Examples")
    examples = re.findall(r"```\w*\n(.*?)```", rest.partition("\n## Related Topics")[0], re.DOTALL)
    lines = [line.strip() for line in re.sub(r"```\w*\n\s*```", _BLOCK, _without_front_matter(body)).splitlines()]
    titles = [line[2:].strip() for line in lines if line.startswith("# ")]
    sections = [_section(heading, part) for heading, part in _parts(lines)]
    _give_addresses(sections, examples)
    # the first heading may be broken over two lines; the page itself begins with the second, which is whole
    title = titles[1] if len(titles) > 1 and titles[1].startswith(titles[0]) else (titles or [path.stem])[0]
    related = re.sub(r"\n\s+", " ", rest.partition("\n## Related Topics")[2])
    links = dict(_LINK.findall(body)) | dict(found for line in related.splitlines() for found in _RELATED.findall(line))
    return Page(path.stem, title, lines, sections, links)


def _without_front_matter(body: str) -> str:
    return body.split("\n---\n", 1)[-1] if body.startswith("---\n") else body


def _parts(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    heading, part = "", list[str]()
    for line in lines:
        if line.startswith("## "):
            yield heading, part
            heading, part = line[3:].strip(), []
        else:
            part.append(line)
    yield heading, part


def _section(heading: str, lines: list[str]) -> Section:
    section = Section(heading, lines, list(_tables(lines)), methods=_methods(lines))
    for position, line in enumerate(lines):
        below = next((after for after in lines[position + 1 : position + 4] if after), "")
        if re.match(r"^Available (?:since )?(?:versions?|release)$", line, re.IGNORECASE):
            section.version = section.version or below
        if re.match(r"^Requires Chatter$", line, re.IGNORECASE):
            section.chatter = section.chatter or below
    return section


def _methods(lines: list[str]) -> tuple[str, ...]:
    for position, line in enumerate(lines):
        if re.match(r"^(Supported )?HTTP methods?\b", line, re.IGNORECASE):
            following = [line, *[after for after in lines[position + 1 : position + 4] if after][:1]]
            found = METHODS.findall(" ".join(following))
            if found:
                return tuple(dict.fromkeys(found))
    return ()


def _tables(lines: list[str]) -> Iterator[Table]:
    label = ""
    rows: list[tuple[str, ...]] = []
    for line in [*lines, ""]:
        if line.startswith("|"):
            rows.append(tuple(cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]))
        elif rows:
            yield Table(label, rows[0], tuple(row for row in rows[1:] if not re.fullmatch(r"[-: ]*", "".join(row))))
            rows = []
        if _LABEL.match(line):
            label = line


def addresses_by_description(pages: list[Page]) -> dict[str, list[str]]:
    """The addresses in tables of resources by what the tables say of them; often their pages begin with the same."""
    found: dict[str, list[str]] = {}
    for page in pages:
        for table in page.tables:
            if table.head[:2] == ("Resource", "Description"):
                for row in table.rows:
                    found.setdefault(plain(row[1]), []).extend(addresses(plain(row[0])))
    return found


def addresses_by_title(pages: list[Page]) -> dict[str, list[str]]:
    """The addresses of resources by the titles of their pages, as the links of all pages together tell them.

    Some links are worded as the address that they lead to, others as the title; both name the id of the page.
    """
    worded: dict[str, list[str]] = {}
    titled: dict[str, set[str]] = {}
    for page in pages:
        for words, target in page.links.items():
            if target.startswith("connect_resource"):
                worded.setdefault(target, []).extend(addresses(words))
                titled.setdefault(words, set()).add(target)
    return {
        title: list(dict.fromkeys(uri for target in sorted(targets) for uri in worded[target]))
        for title, targets in titled.items()
    }


def _give_addresses(sections: list[Section], examples: list[str]) -> None:
    """Give each section the addresses among the code examples.

    A section's code blocks are empty and the examples stand at the page's end, in order. Where none was lost, each is
    given back to its place. Otherwise all sections get the addresses that the examples begin with.
    """
    if sum(line == _BLOCK for section in sections for line in section.lines) == len(examples):
        remaining = iter(examples)
        for section in sections:
            ended = False
            for line in section.lines:
                ended = ended or bool(_AFTER_ADDRESSES.match(line))
                if line == _BLOCK:
                    uris = addresses(next(remaining))
                    section.uris += [] if ended else uris
            section.exact = bool(section.uris)
    lacking = [section for section in sections if section.methods and not section.uris]
    if lacking:
        leading: list[str] = []
        for example in examples:
            here = addresses(example)
            if not here:
                break
            leading += here
        lines = [line for section in sections for line in section.lines]
        printed = [
            uri for line in lines for word in re.findall(r"(?<![\w/.])/[a-z][\w/${}-]+", line) for uri in _uris(word)
        ]
        for section in lacking:
            section.uris = list(dict.fromkeys([*leading, *printed]))
            section.lost = not leading


def addresses(example: str) -> list[str]:
    """The addresses in a code example; one that was broken over two lines is in one piece again."""
    lines: list[str] = []
    for line in map(str.strip, _TWO_IN_ONE_CELL.sub("\n", example).splitlines()):
        if lines and line.startswith("/") and (line[1:].split("/")[0] not in ROOTS or _ONLY_SITE.match(lines[-1])):
            lines[-1] = lines[-1].rstrip("/") + line
        elif lines and lines[-1].endswith("/") and not line.startswith("/"):
            lines[-1] += line
        else:
            lines.append(line)
    found = [uri for line in lines for uri in _uris(line)]
    return list(dict.fromkeys(found))


def _uris(line: str) -> Iterator[str]:
    line = re.sub(r"^(GET|HEAD|POST|PATCH|PUT|DELETE)\s+", "", line.strip()).split("?")[0].rstrip("/")
    line = re.sub(r"^(https?://[^/]+)?/services/data/v[\w.]+", "", line)
    if "/" not in line or not _URI.match(line) or line.strip("/").split("/")[0] not in ROOTS:
        return
    twice = re.fullmatch(r"(.+)\1", line.lstrip("/"))
    yield "/" + (twice[1] if twice else line.lstrip("/"))
