"""Filter groups, options by keyword, models rebuilt and compared."""

from __future__ import annotations

from sf_connect.core import RequestOptions
from sf_connect.v66 import Connect, models as m

SMALL = RequestOptions(filter_group="Small")


def titles(client: Connect) -> list[str | None]:
    page = client.votes.polls.list(options=SMALL)
    return [poll.title for poll in page.polls or []]  #: certain response-property-group-changed:Poll.title


def summary(client: Connect) -> int | None:
    found = client.votes.polls.get_summary("07L")  #: certain result-type-changed:votes.polls.get_summary result
    return found.total


def rebuilt(poll: m.Poll) -> m.Poll:
    return m.Poll(title="x", friends=poll.friends)  #: certain response-property-removed:Poll.friends


def is_old(poll: m.Poll) -> bool:
    return poll.state in ("Old", "Odd")  #: certain response-property-value-removed:Poll.state=Old; certain response-property-value-added:Poll.state=Former
