"""How to connect."""

from functools import lru_cache

import sf_connect.v66 as sf

Acme = sf.Connect


@lru_cache
def connect(url: str = "https://acme.example") -> Acme:
    return Acme(url, token="t")


polls = connect().votes.polls
