"""Views of enumerations: the alias of each named list of values, and what its docstring says."""

from __future__ import annotations

from connectgen.mentions import Mentions
from connectgen.python.annotations import listed
from connectgen.python.docstrings import attribute_docstring, listed_values
from connectgen.python.views import EnumerationView
from connectgen.surface import SurfaceEnumeration
from connectgen.texts import sentence


def enumeration_view(enumeration: SurfaceEnumeration, mentions: Mentions) -> EnumerationView:
    """Prepare an enumeration.

    Args:
        enumeration: the enumeration at a version.
        mentions: writes the names in its descriptions.
    """

    def say(text: str) -> str:
        return mentions.in_python(text, values=enumeration.values)

    sentences = [sentence(say(enumeration.summary))] if enumeration.summary else []
    # Values without a meaning are in the annotation already, right above.
    meanings = listed_values(enumeration.values, enumeration.meanings, say) if enumeration.meanings else []
    documentation = attribute_docstring(sentences, meanings, 0)
    return EnumerationView(enumeration.name, listed(enumeration.values), documentation)
