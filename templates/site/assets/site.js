// What every page does: the choice of a version, tabs of samples, types opened in place; search is loaded on first use.
(() => {
  "use strict";
  const root = document.documentElement.dataset.root;
  const site = window.connectSite;
  const versions = site.releases.map(([version]) => version);
  const newest = versions[versions.length - 1];
  const query = new URLSearchParams(location.search);

  // Data and scripts are loaded as scripts: from the file system nothing else can be.
  const stored = new Map();
  const loading = new Map();
  site.put = (name, data) => stored.set(name, data);
  site.script = (path) => {
    if (!loading.has(path)) {
      loading.set(path, new Promise((done, failed) => {
        const element = document.createElement("script");
        element.src = `${root}${path}`;
        element.onload = done;
        element.onerror = () => failed(new Error(`${path} cannot be loaded`));
        document.head.append(element);
      }));
    }
    return loading.get(path);
  };
  site.data = async (name) => {
    await site.script(`data/${name}.js`);
    return stored.get(name);
  };
  site.element = (tag, attributes, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (name === "class") made.className = value;
      else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children);
    return made;
  };
  // A text whose names are in backquotes.
  site.prose = (text) => text.split("`").map((part, number) => (number % 2 ? site.element("code", {}, part) : part));
  site.intervals = (text) => text.split(" ").map((one) => one.split("-").map(Number));
  site.when = (intervals) => {
    if (intervals.length === 1 && intervals[0][1] === newest) return `since ${intervals[0][0]}.0`;
    return intervals.map(([since, until]) => {
      if (since === until) return `${since}.0`;
      return until === newest ? `${since}.0 and later` : `${since}.0–${until}.0`;
    }).join(", ");
  };
  const { element } = site;

  // The version: in the URL, so that a link leads to the page as it was.
  const asked = Number.parseInt(query.get("v") ?? "", 10);
  site.version = versions.includes(asked) ? asked : newest;

  const has = (intervals, version) => intervals.some(([since, until]) => since <= version && version <= until);

  function nearest(intervals, version) {
    const edges = intervals.flat();
    return edges.reduce((best, edge) => (Math.abs(edge - version) < Math.abs(best - version) ? edge : best), edges[0]);
  }

  function showVersion() {
    const html = document.documentElement;
    html.toggleAttribute("data-picked", site.version !== newest);
    html.style.setProperty("--v", String(versions.indexOf(site.version)));
    let version = site.version;
    const title = document.querySelector("h1[data-v]");
    document.getElementById("absent")?.remove();
    if (title) {
      const intervals = site.intervals(title.dataset.v);
      if (!has(intervals, version)) {
        const shown = nearest(intervals, version);
        if (version !== newest) {
          const text = `Not in ${version}.0: ${site.when(intervals)}. Shown as it is in ${shown}.0.`;
          title.after(element("p", { id: "absent", class: "note warning", role: "status" }, text));
        }
        version = shown;
      } else if (version !== newest) {
        title.after(element("p", { id: "absent", class: "note", role: "status" }, `As it is in ${version}.0.`));
      }
    }
    site.shown = version;
    markVersion(document);
    openEnded();
  }

  function markVersion(place) {
    for (const one of place.querySelectorAll("[data-v]")) {
      if (one.tagName === "H1") continue;
      const here = has(site.intervals(one.dataset.v), site.shown);
      if (one.matches(".said, .route, .signature, div")) one.hidden = !here;
      else {
        one.classList.toggle("absent", !here && site.shown !== newest);
        const when = one.querySelector(":scope > .what > .life > .when");
        if (when) {
          if (!("quiet" in when.dataset)) when.dataset.quiet = String(when.hidden);
          when.hidden = when.dataset.quiet === "true" && !one.classList.contains("absent");
        }
      }
    }
  }

  // What has ended is folded, but for the versions that had it.
  function openEnded() {
    for (const one of document.querySelectorAll(".ended")) {
      one.open = site.shown !== newest && one.querySelector(".rows > li:not(.absent)") !== null;
    }
  }

  function withVersion(url) {
    if (site.version === newest) url.searchParams.delete("v");
    else url.searchParams.set("v", `${site.version}.0`);
    return url;
  }
  site.url = (path) => withVersion(new URL(`${root}${path}`, location.href)).href;

  function choose(version) {
    site.version = version;
    try { history.replaceState(null, "", withVersion(new URL(location.href))); } catch { /* some files have no history */ }
    showVersion();
  }

  function keepVersion(event) {
    const link = event.target.closest?.("a[href]");
    if (!link || site.version === newest) return;
    const url = new URL(link.href, location.href);
    const isPage = url.protocol === location.protocol && url.host === location.host && url.pathname.endsWith(".html");
    if (isPage && url.pathname !== location.pathname) link.href = withVersion(url).href;
  }
  for (const kind of ["click", "auxclick", "contextmenu"]) document.addEventListener(kind, keepVersion, true);

  function addTools() {
    const tools = document.querySelector("[data-tools]");
    const isWide = matchMedia("(min-width: 1240px)").matches;
    const options = site.releases.toReversed().map(([version, name]) => element(
      "option", { value: version, selected: version === site.version, title: name }, isWide ? `${version}.0 ${name}` : `${version}.0`,
    ));
    const picker = element("select", { id: "version", "aria-label": "Version", onchange: () => choose(Number(picker.value)) }, ...options);
    const theme = element("button", { type: "button", id: "theme", onclick: () => { window.connectTheme.toggle(); name(); } });
    const name = () => {
      const other = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
      theme.textContent = other === "dark" ? "Dark" : "Light";
      theme.setAttribute("aria-label", `Use the ${other} theme`);
    };
    name();
    tools.append(picker, theme);
  }

  function addTabs() {
    const sections = [...document.querySelectorAll(".samples section[data-tab]")];
    if (sections.length < 2) return;
    let wanted = "Python";
    try { wanted = localStorage.getItem("sample") ?? wanted; } catch { /* the first will do */ }
    const buttons = sections.map((section, number) => {
      section.id = `sample-${number}`;
      section.setAttribute("role", "tabpanel");
      section.querySelector("h2").hidden = true;
      return element("button", {
        type: "button", role: "tab", "aria-controls": section.id, onclick: () => select(number, true),
        onkeydown: (event) => {
          const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
          if (step) select((number + step + sections.length) % sections.length, true, true);
        },
      }, section.dataset.tab);
    });
    function select(number, keep, focus) {
      sections.forEach((section, other) => { section.hidden = other !== number; });
      buttons.forEach((button, other) => {
        button.setAttribute("aria-selected", other === number);
        button.tabIndex = other === number ? 0 : -1;
      });
      if (focus) buttons[number].focus();
      if (keep) { try { localStorage.setItem("sample", sections[number].dataset.tab); } catch { /* not kept */ } }
    }
    sections[0].before(element("div", { class: "tabs", role: "tablist", "aria-label": "Samples" }, ...buttons));
    select(Math.max(0, sections.findIndex((section) => section.dataset.tab === wanted)));
  }

  function addCopy() {
    if (!navigator.clipboard) return;
    for (const block of document.querySelectorAll(".samples pre, .doc pre")) {
      const button = element("button", { type: "button", class: "copy", onclick: async () => {
        await navigator.clipboard.writeText(block.textContent);
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = "Copy"; }, 1500);
      } }, "Copy");
      const frame = element("div", { class: "copied" });
      block.before(frame);
      frame.append(block, button);
    }
  }

  // Types in place: a button beside each link to a type.
  const scalars = new Set(["String", "Id", "Boolean", "Integer", "Long", "Double", "Decimal", "Date", "DateTime", "Url", "Binary", "Any"]);
  function shard(name) {
    let hash = 2166136261;
    for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619) >>> 0;
    return hash % site.shards;
  }
  function typeNodes(text) {
    const words = text.replaceAll("list<", "list of ").replaceAll("map<", "map of ").replaceAll(">", "").replaceAll(" | ", " or ");
    return words.split(/([A-Z]\w*)/).map((word, number) => {
      if (number % 2 === 0) return word;
      return scalars.has(word) ? element("i", {}, word) : element("a", { href: `${root}types/${word}.html` }, word);
    });
  }
  function propertyList(rows) {
    return element("ul", { class: "less" }, ...rows.map(([name, type, text, needed, spans]) => {
      const parts = [element("code", {}, name), " ", element("span", { class: "t" }, ...typeNodes(type))];
      if (needed) parts.push(" ", element("b", { class: "need" }, ...site.prose(needed)));
      if (spans) parts.push(" ", element("small", {}, site.when(site.intervals(spans))));
      if (text) parts.push(" ", ...site.prose(text));
      return element("li", { "data-v": spans || undefined }, ...parts);
    }));
  }
  function addOpeners(place) {
    for (const link of place.querySelectorAll(".t a")) {
      const name = /\/types\/(\w+)\.html$/.exec(link.pathname)?.[1];
      const owner = link.closest("li") ?? link.closest("div");
      if (!name || !owner || link.closest(".sub > summary")) continue;
      if ([...owner.querySelectorAll(":scope > .sub > summary")].some((one) => one.textContent === name)) continue;
      let opened = null;
      const button = element("button", { type: "button", class: "open", "aria-expanded": "false", "aria-label": `Open ${name} here`, onclick: async () => {
        if (opened) {
          opened.hidden = !opened.hidden;
        } else {
          const rows = (await site.data(`types/${shard(name)}`))[name] ?? [];
          opened = rows.length ? propertyList(rows) : element("p", { class: "less" }, "No property is known.");
          owner.append(opened);
          markVersion(opened);
          addOpeners(opened);
        }
        button.textContent = opened.hidden ? "+" : "−";
        button.setAttribute("aria-expanded", String(!opened.hidden));
      } }, "+");
      link.after(button);
    }
  }

  // Search: its code and index come when somebody is about to type.
  function addSearch() {
    document.querySelectorAll("[data-search]").forEach((place, number) => {
      const input = element("input", {
        type: "search", id: `search-${number}`, role: "combobox", "aria-expanded": "false", "aria-controls": `found-${number}`,
        "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", "aria-label": "Search, or paste a URL",
        placeholder: place.matches(".big") ? "Search operations, types and values, or paste a URL" : "Search, or paste a URL", maxlength: "2000",
      });
      const list = element("div", { class: "list", id: `found-${number}`, role: "listbox", "aria-label": "Results", hidden: true });
      place.append(input, list);
      const begin = async () => { await site.script("assets/search.js"); site.search(input, list); };
      input.addEventListener("focus", begin, { once: true });
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest?.("input, select, textarea")) return;
      event.preventDefault();
      (document.querySelector(".find.big input") ?? document.querySelector(".find input")).focus();
    });
  }

  addTools();
  addSearch();
  addTabs();
  addCopy();
  showVersion();
  if (document.body.matches(".operation, .type")) addOpeners(document.querySelector("main"));
  if (document.querySelector("[data-compare]")) site.script("assets/compare.js");
})();
