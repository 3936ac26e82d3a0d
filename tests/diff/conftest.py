"""The programs of callers that these tests read are no tests, though one of them has tests of its own."""

collect_ignore_glob = ["programs/*"]
