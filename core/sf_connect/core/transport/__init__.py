"""How a call travels: sessions, attempts and retries, rate limits, tokens, hooks, and what failures say."""
