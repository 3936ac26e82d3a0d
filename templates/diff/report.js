// Filters the changes; what is chosen is part of the URL, so that it can be sent.
(() => {
  "use strict";
  const items = [...document.querySelectorAll(".change")];
  const boxes = [...document.querySelectorAll("section[data-part]")].reverse();
  const [text, severity, family, shown] = ["text", "severity", "family", "shown"].map((id) => document.getElementById(id));
  const texts = new Map();
  function filter() {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const item of items) {
      if (words.length && !texts.has(item)) texts.set(item, item.textContent.toLowerCase());
      item.hidden = Boolean(severity.value && item.dataset.severity !== severity.value)
        || Boolean(family.value && !item.dataset.families.split(" ").includes(family.value))
        || !words.every((word) => texts.get(item).includes(word));
      count += item.hidden ? 0 : 1;
    }
    const chosen = Boolean(words.length || severity.value || family.value);
    for (const box of boxes) {
      box.hidden = !box.querySelector(".change:not([hidden])");
    }
    for (const fold of document.querySelectorAll("details.fold")) {
      fold.hidden = !fold.querySelector(".change:not([hidden])");
      if (chosen) fold.open = !fold.hidden;
    }
    shown.textContent = `${count.toLocaleString("en")} shown`;
  }
  function fromAddress() {
    const wanted = new URLSearchParams(location.hash.slice(1));
    for (const control of [text, severity, family]) control.value = wanted.get(control.id) || "";
    filter();
  }
  function toEntry() {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { /* it is not encoded */ }
    const entry = document.getElementById(id);
    const fold = entry?.closest("details.fold");
    if (fold) { fold.open = true; entry.scrollIntoView(); }
  }
  const filters = () => /^#(?:text|severity|family)=/.test(location.hash);
  function changed() {
    const chosen = [text, severity, family].filter((control) => control.value).map((control) => [control.id, control.value]);
    try { history.replaceState(null, "", chosen.length ? `#${new URLSearchParams(chosen)}` : location.pathname); } catch { /* some pages have no history */ }
    filter();
  }
  for (const control of [text, severity, family]) control.addEventListener("input", changed);
  addEventListener("hashchange", () => (filters() ? fromAddress() : toEntry()));
  document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  const theme = document.getElementById("theme");
  theme.hidden = false;
  theme.addEventListener("click", () => window.connectTheme.toggle());
  if (filters()) fromAddress();
  else toEntry();
})();
