// The table of any two versions: rows of the comparison that the build made, chosen by the pair of versions.
(() => {
  "use strict";
  const site = window.connectSite;
  const { element } = site;
  const SEVERITIES = ["breaking", "warning", "info", "none"];
  const MOST = 300;
  const place = document.querySelector("[data-compare]");
  const versions = site.releases.map(([version]) => version);
  const query = new URLSearchParams(location.search);
  const wanted = (name, other) => {
    const version = Number.parseInt(query.get(name) ?? "", 10);
    return versions.includes(version) ? version : other;
  };
  const pick = (label, chosen) => element("select", { id: label },
    ...site.releases.toReversed().map(([version, name]) => element("option", { value: version, selected: version === chosen }, `${version}.0 ${name}`)));
  const from = pick("from", wanted("from", versions.at(-2) ?? versions[0]));
  const to = pick("to", wanted("to", versions.at(-1)));
  const severity = element("select", { id: "severity" }, element("option", { value: "" }, "all"),
    ...SEVERITIES.map((one) => element("option", { value: one, selected: query.get("severity") === one }, one)));
  const family = element("select", { id: "family" }, element("option", { value: "" }, "all"));
  const words = element("input", { type: "search", id: "words", value: query.get("words") ?? "", maxlength: "200", placeholder: "an operation, a type, a rule" });
  const count = element("p", { role: "status", "aria-live": "polite", id: "count" });
  const body = element("tbody");
  const table = element("table", { class: "results" },
    element("thead", {}, element("tr", {}, ...["Severity", "What", "Change", "In"].map((title) => element("th", { scope: "col" }, title)))), body);
  const more = element("button", { type: "button", hidden: true, onclick: () => fill(shown.length) });
  const labelled = (text, control, kind) => element("label", { class: kind ?? "" }, text, control);
  place.append(
    element("div", { class: "controls" }, labelled("From", from), labelled("To", to), labelled("Severity", severity), labelled("Family", family), labelled("Words", words, "wide")),
    count, table, more);

  let shown = [];
  let current = null;

  // A change of the table, as `connectgen diff` has it.
  const decode = (texts, row) => {
    const text = (number) => (number < 0 ? null : texts[number]);
    const [rule, subject, before, after, replacement, level, landed, home, say, doing, handled, pairs] = row;
    return { rule: text(rule), subject: text(subject), before: text(before), after: text(after), replacement: text(replacement),
      severity: SEVERITIES[level], landed, family: text(home), say: text(say), todo: text(doing), handled: Boolean(handled), pairs };
  };
  const loaded = new Map();
  async function changes(before, after) {
    const name = before > after ? "compare-back" : "compare";
    if (!loaded.has(name)) {
      const { texts, rows } = await site.data(name);
      loaded.set(name, rows.map((row) => decode(texts, row)));
    }
    const holds = ([first, last, begin, end]) => first <= before && before <= last && begin <= after && after <= end;
    // The worst first; operations before types, of which many come and go with them.
    const isType = (change) => Number(/^[A-Z]/.test(change.subject));
    return loaded.get(name).filter((change) => change.pairs.some(holds))
      .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || isType(a) - isType(b) || (a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : 0)
        || (a.rule < b.rule ? -1 : 1));
  }
  site.changes = changes;

  function link(subject) {
    const owner = /^[A-Za-z0-9_.]+/.exec(subject)?.[0] ?? "";
    const type = owner.split(".")[0];
    const shownSubject = element("code", {}, subject);
    if (/^[A-Z]/.test(owner)) return element("a", { href: `types/${type}.html` }, shownSubject);
    return owner.split(".").length === 3 ? element("a", { href: `operations/${owner}.html` }, shownSubject) : shownSubject;
  }
  function fill(most) {
    body.replaceChildren(...shown.slice(0, most).map((change) => element("tr", { class: change.severity, "data-rule": change.rule },
      element("td", { class: "sev" }, change.severity),
      element("td", {}, link(change.subject)),
      element("td", {}, ...site.prose(change.say), " ", element("span", { class: "do" }, ...site.prose(change.todo ?? "")), " ", element("small", {}, change.rule)),
      element("td", {}, element("a", { href: `versions/${change.landed}.0.html` }, `${change.landed}.0`)))));
    more.hidden = shown.length <= most;
    more.textContent = `Show all ${shown.length}`;
  }
  function filter() {
    const wantedWords = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = current.filter((change) => (!severity.value || change.severity === severity.value) && (!family.value || change.family === family.value)
      && wantedWords.every((word) => `${change.subject} ${change.rule} ${change.say}`.toLowerCase().includes(word)));
    const counts = SEVERITIES.map((one) => [current.filter((change) => change.severity === one).length, one]).filter(([number]) => number);
    count.textContent = from.value === to.value ? "Choose two different versions."
      : `${from.value}.0 → ${to.value}.0: ${counts.map(([number, one]) => `${number} ${one}`).join(", ") || "nothing changed"}; ${shown.length} shown.`;
    fill(MOST);
  }
  function families() {
    const chosen = family.value || query.get("family") || "";
    const names = [...new Set(current.map((change) => change.family))].filter(Boolean).sort();
    family.replaceChildren(element("option", { value: "" }, "all"), ...names.map((name) => element("option", { value: name, selected: name === chosen }, name)));
  }
  function remember() {
    const url = new URL(location.href);
    for (const [name, value] of [["from", `${from.value}.0`], ["to", `${to.value}.0`], ["severity", severity.value], ["family", family.value], ["words", words.value]]) {
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    try { history.replaceState(null, "", url); } catch { /* some files have no history */ }
  }
  async function compare() {
    current = await changes(Number(from.value), Number(to.value));
    families();
    filter();
  }
  for (const control of [from, to]) control.addEventListener("change", async () => { await compare(); remember(); });
  for (const control of [severity, family]) control.addEventListener("change", () => { filter(); remember(); });
  words.addEventListener("input", () => { filter(); remember(); });
  compare();
})();
