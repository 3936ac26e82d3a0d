"""Measures `connectgen site`: all versions, cold and with the cache; and what a keystroke takes in Chromium."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

from benchmarks.figures import ROOT, Figure, environment
from benchmarks.processes import run

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_TYPED = (
    "follow a record",
    "FeedItem",
    "commerce carts",
    "https://acme.my.salesforce.com/services/data/v67.0/chatter/feeds/news/me/feed-elements",
)
_KEYSTROKES = """async (texts) => {
  const input = document.querySelector(".find input");
  const list = document.querySelector(".find [role=listbox]");
  const times = [];
  for (const text of texts) {
    for (let end = 1; end <= text.length; end += 1) {
      const begun = performance.now();
      input.value = text.slice(0, end);
      input.dispatchEvent(new InputEvent("input", { bubbles: true }));
      list.getBoundingClientRect();
      times.push(performance.now() - begun);
      await new Promise((done) => setTimeout(done, 0));
    }
  }
  return times;
}"""


def figures(workplace: Path, repeats: int) -> Iterator[Figure]:
    """Measure with the real catalogue and the guides of docs/.

    Args:
        workplace: working directory; the site and, where the generator is no checkout, the cache arise there.
        repeats: unused; a cold run is long, and each keystroke is a measurement.
    """
    del repeats
    out = workplace / "site"
    command = [sys.executable, "-m", "connectgen", "site", "--output", str(out), "--docs", str(ROOT / "docs")]

    def timed(*arguments: str) -> Iterator[float]:
        done = run([*command, *arguments, "--catalogue", str(ROOT / "spec")], cwd=workplace, env=environment())
        yield from (done.seconds, done.processor)

    seconds, processor = timed("--no-cache")
    yield Figure("site, all versions, cold, --no-cache", seconds, "s", at_most=60)
    yield Figure("  processor time", processor, "s")
    shutil.rmtree(out)  # or there was nothing to do, and nothing to remember
    list(timed())  # fills the cache
    shutil.rmtree(out)
    seconds, processor = timed()
    yield Figure("site, all versions, with the cache, into an empty folder", seconds, "s")
    yield Figure("  processor time", processor, "s")
    seconds, processor = timed()
    yield Figure("site, all versions, with the cache, nothing to do", seconds, "s", at_most=10)
    yield Figure("  processor time", processor, "s")
    yield Figure("  size of the site", sum(path.stat().st_size for path in out.rglob("*")) / 1e6, "MB", at_most=60)
    yield from _keystrokes(out)


def _keystrokes(site: Path) -> Iterator[Figure]:
    """How long a keystroke takes until its results are laid out, in the page that opens first."""
    browser = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        print("keystrokes are left out: Chromium is not installed")
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        page = running.new_page()
        page.goto((site / "index.html").as_uri())
        page.locator(".find input").first.press("a")  # loads what search knows
        page.locator("[role=option]").first.wait_for()
        times: list[float] = page.evaluate(_KEYSTROKES, list(_TYPED))
        running.close()
    yield Figure.of("site: results after a keystroke in Chromium", times, "ms", at_most=50)
    yield Figure("  of 100 keystrokes, the slowest but 5", quantiles(times, n=20)[-1], "ms", at_most=50)
