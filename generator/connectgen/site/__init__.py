"""The reference of every version as a static site: pages, search, comparisons, without a server."""
