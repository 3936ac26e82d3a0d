// Search as `connectgen find` does it: words, names of Python and the API, and pasted URLs. The weights are find's.
(() => {
  "use strict";
  const site = window.connectSite;
  const { element } = site;
  const WORD = /OAuth|(?:API|ID|URL)s(?![a-z])|[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+|\p{L}+/gu;
  const METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD"];
  const CURL_BODY = ["-d", "--data", "--data-raw", "--data-binary", "--json", "-F", "--form"];

  // Words and their stems.
  const wordsIn = (text) => (text.match(WORD) ?? []).map((word) => word.toLowerCase());
  const memo = (make) => {
    const known = new Map();
    return (key) => {
      if (!known.has(key)) known.set(key, make(key));
      return known.get(key);
    };
  };
  let kept, stop, alike, verbs;
  const stem = memo((start) => {
    let word = start;
    if (kept.has(word) || word.length < 4) return word;
    if (word.endsWith("ies") && word.length > 4) word = `${word.slice(0, -3)}y`;
    else if (/(sses|shes|ches|xes)$/.test(word)) word = word.slice(0, -2);
    else if (word.endsWith("s") && !/(ss|us|is)$/.test(word)) word = word.slice(0, -1);
    for (const ending of ["ing", "ed"]) {
      if (word.endsWith(ending) && word.length - ending.length >= 3 && !word.endsWith("eed")) {
        word = word.slice(0, -ending.length);
        if (word.at(-1) === word.at(-2) && !"ls".includes(word.at(-1))) word = word.slice(0, -1);
        break;
      }
    }
    return word.length > 4 && word.endsWith("e") ? word.slice(0, -1) : word;
  });
  const stemsIn = memo((text) => [...new Set(wordsIn(text).map(stem))]);
  const joined = memo((name) => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ""));

  function searchedWords(text) {
    const words = wordsIn(text);
    const telling = words.filter((word) => !stop.has(word));
    return [...new Set((telling.length ? telling : words).map(stem))];
  }

  // How alike two texts are, as difflib has it.
  function matching(a, b) {
    let best = 0, from = 0, at = 0;
    let before = new Map();
    for (let i = 0; i < a.length; i++) {
      const now = new Map();
      for (let j = 0; j < b.length; j++) {
        if (a[i] !== b[j]) continue;
        const size = (before.get(j - 1) ?? 0) + 1;
        now.set(j, size);
        if (size > best) { best = size; from = i - size + 1; at = j - size + 1; }
      }
      before = now;
    }
    if (!best) return 0;
    return best + matching(a.slice(0, from), b.slice(0, at)) + matching(a.slice(from + best), b.slice(at + best));
  }
  const ratio = (a, b) => (a.length + b.length ? 2 * matching(a, b) / (a.length + b.length) : 1);
  function quickRatio(a, b) {
    const left = {};
    for (const letter of b) left[letter] = (left[letter] ?? 0) + 1;
    let common = 0;
    for (const letter of a) if (left[letter] > 0) { left[letter] -= 1; common += 1; }
    return 2 * common / (a.length + b.length);
  }
  function typos(word, vocabulary) {
    const close = [];
    for (const other of vocabulary) {
      if (Math.abs(other.length - word.length) > 2 || other.length <= 2 || quickRatio(other, word) < 0.72) continue;
      const alikeness = ratio(other, word);
      if (alikeness >= 0.72) close.push([other, alikeness]);
    }
    close.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? 1 : -1));
    return close.slice(0, 3).map(([other]) => [other, 0.75 * ratio(word, other)]);
  }

  // URLs.
  const ROOT = /^.*?(?:^|\/)services\/data\/v(\d{2,3})(?:\.\d)?(?=\/|$)/i;
  const unquote = (text) => { try { return decodeURIComponent(text); } catch { return text; } };
  function readURL(text) {
    const tokens = text.split(/\s+/).filter(Boolean).map((token) => token.replace(/^["'<>,;]+|["'<>,;]+$/g, ""));
    let method = tokens.map((token) => token.toUpperCase()).find((token) => METHODS.includes(token)) ?? null;
    if (!method && tokens.some((token) => CURL_BODY.includes(token.split("=")[0]))) method = "POST";
    const others = tokens.filter((token) => !METHODS.includes(token.toUpperCase()));
    let url = others.find((token) => token.includes("://") || ROOT.test(token.split("?")[0]));
    if (!url && others.length === 1 && others[0].includes("/")) url = others[0];
    if (!url) return null;
    const address = url.split("#")[0].split("?")[0];
    const found = ROOT.exec(address);
    const rest = found ? address.slice(found[0].length) : address.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, "");
    const path = `/${rest.replace(/^\/+|\/+$/g, "")}`;
    return {
      method, version: found ? Number(found[1]) : null,
      segments: path.split("/").filter(Boolean).map(unquote),
      insideSite: /^\/connect\/communities\/[^/]+\//i.test(path),
    };
  }
  const same = (wanted, segment) => wanted.toLowerCase() === segment.toLowerCase();
  const similar = (wanted, segment) => same(wanted, segment) || ratio(wanted.toLowerCase(), segment.toLowerCase()) >= 0.8;
  function fits(segments, pattern, isSame) {
    if (pattern.length !== segments.length) return null;
    const given = [];
    let literal = 0;
    for (let number = 0; number < pattern.length; number++) {
      const wanted = pattern[number], segment = segments[number];
      if (!wanted.includes("{")) {
        if (!isSame(wanted, segment)) return null;
        literal += 2;
      } else if (wanted.startsWith("{") && wanted.endsWith("}")) {
        given.push(segment);
        literal += wanted === segment ? 1 : 0;
      } else {
        const mixed = wanted.split(/\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("(.+)");
        const found = new RegExp(`^${mixed}$`, "i").exec(segment);
        if (!found) return null;
        given.push(...found.slice(1));
      }
    }
    return { given, literal };
  }
  function matchURL(url, entries) {
    for (const isSame of [same, similar]) {
      const found = [];
      entries.forEach((entry, number) => {
        if (url.method && entry.method !== url.method) return;
        let match = fits(url.segments, entry.pattern, isSame);
        if (!match && entry.site && url.insideSite) {
          const inside = url.segments.slice(3);
          match = fits(inside, entry.pattern, isSame) ?? fits(["connect", ...inside], entry.pattern, isSame);
        }
        if (match) found.push({ entry, number, ...match });
      });
      if (found.length) {
        return found.sort((a, b) => b.literal - a.literal
          || METHODS.indexOf(a.entry.method) - METHODS.indexOf(b.entry.method) || a.number - b.number);
      }
    }
    return [];
  }
  const isArgument = (segment) => /^(\{.*\}|<.*>|:\w+|\$\w+|\$\{.*\})$/.test(segment)
    || /^(?=.*\d)[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?$|^[0-9A-Za-z]{2,4}(?:…|\.\.\.|[xX]{3,})\w*$/.test(segment);

  // The methods that wait, those of the operation's own group without its name.
  function waitersOf(entry) {
    const group = `${entry.name.slice(0, entry.name.lastIndexOf("."))}.`;
    return entry.waiters.map((name) => (name.startsWith(group) ? name.slice(group.length) : name));
  }

  // The index.
  class Index {
    constructor(data) {
      kept = new Set(data.words.kept);
      stop = new Set(data.words.stop);
      alike = new Map();
      for (const group of data.words.alike) {
        const stems = group.map(stem);
        for (const word of stems) {
          const others = stems.filter((other) => other !== word);
          alike.set(word, [...new Set([...(alike.get(word) ?? []), ...others])]);
        }
      }
      verbs = data.words.verbs.map(([words, methods]) => [new Set(words), methods]);
      this.entries = data.operations.map(([name, method, path, summary, inSite, since, until, iterator, waiters, args, more, parameters, types]) => ({
        name, method, path, summary, site: inSite, since, until, iterator, args, more, parameters, types, waiters,
        pattern: path.replace(/^\/+|\/+$/g, "").split("/"),
      }));
      this.types = data.types.map(([name, operations, properties, values]) => ({ name, operations, properties, values }));
      this.pages = data.pages.map(([kind, name, path, summary]) => ({ kind, name, path, summary, key: joined(name) }));
      this.postings = new Map();
      this.entries.forEach((entry, number) => this.#post(entry, number));
      this.vocabulary = [...this.postings.keys()].sort();
      this.throughTypes = new Map();
      for (const type of this.types) {
        const reasons = new Map([[joined(type.name), type.name]]);
        for (const name of type.properties) if (!reasons.has(joined(name))) reasons.set(joined(name), `${type.name}.${name}`);
        for (const value of type.values) if (!reasons.has(joined(value))) reasons.set(joined(value), `'${value}' in ${type.name}`);
        for (const [key, reason] of reasons) {
          if (!this.throughTypes.has(key)) this.throughTypes.set(key, []);
          this.throughTypes.get(key).push([type, reason]);
        }
      }
    }

    #post(entry, number) {
      const [family, group, name] = entry.name.split(".");
      const weighted = [[name, 4], [group, 4], [family, 2.4], [entry.summary, 3], [entry.path, 2], [entry.method, 0.8], [entry.iterator, 0.8],
        ...waitersOf(entry).map((text) => [text, 0.8]),        ...entry.parameters.map((text) => [text, 1]), ...entry.types.map((text) => [text, 1.2])];
      for (const [text, weight] of weighted) {
        for (const word of stemsIn(text)) {
          if (!this.postings.has(word)) this.postings.set(word, new Map());
          const known = this.postings.get(word);
          if (weight > (known.get(number) ?? 0)) known.set(number, weight);
        }
      }
    }

    search(text, limit) {
      const url = readURL(text);
      const found = url ? this.#byURL(url) : this.#byWords(text);
      return found.slice(0, limit);
    }

    #byURL(url) {
      const matches = matchURL(url, this.entries);
      const exists = ({ entry }) => url.version === null || (entry.since <= url.version && url.version <= (entry.until ?? url.version));
      const here = matches.filter(exists);
      if (matches.length) {
        return (here.length ? here : matches).map(({ entry, given }) => ({
          entry, given, version: url.version, because: here.length ? "" : `not in version ${url.version}.0`,
        }));
      }
      const words = url.segments.filter((segment) => !isArgument(segment)).join(" ");
      return this.#byWords(words).filter(({ entry }) => !url.method || entry.method === url.method)
        .map((one) => ({ ...one, because: "no operation has this URL; this one has some of its words" }));
    }

    #byWords(text) {
      const words = searchedWords(text);
      if (!words.length) return [];
      const scores = new Map(), matched = new Map();
      for (const word of words) {
        for (const [number, [score, form]] of this.#ofWord(word)) {
          scores.set(number, (scores.get(number) ?? 0) + score);
          if (!matched.has(number)) matched.set(number, []);
          matched.get(number).push(form);
        }
      }
      for (const [number, forms] of matched) {
        scores.set(number, scores.get(number) * (forms.length / words.length) ** 1.5 * this.#weight(this.entries[number], forms, words));
      }
      const because = this.#byNames(text, scores);
      return [...scores.keys()].filter((number) => scores.get(number) > 0)
        .sort((a, b) => scores.get(b) - scores.get(a) || this.entries[a].name.length - this.entries[b].name.length || a - b)
        .map((number) => ({ entry: this.entries[number], given: [], version: null, because: because.get(number) ?? "", score: scores.get(number) }));
    }

    #ofWord(word) {
      const forms = [[word, 1], ...(alike.get(word) ?? []).map((other) => [other, 0.6])];
      if (word.length >= 4) {
        for (const other of this.vocabulary) if (other !== word && other.startsWith(word)) forms.push([other, 0.7]);
      }
      if (!forms.some(([form]) => this.postings.has(form))) forms.push(...typos(word, this.vocabulary));
      const found = new Map();
      let rarity = 0;
      for (const [form, quality] of forms) {
        const known = this.postings.get(form);
        if (!known) continue;
        rarity ||= Math.log(1 + this.entries.length / known.size);
        for (const [number, weight] of known) {
          const score = weight * quality * rarity;
          if (score > (found.get(number)?.[0] ?? 0)) found.set(number, [score, form]);
        }
      }
      return found;
    }

    #weight(entry, forms, words) {
      const name = entry.name.split(".").at(-1);
      const unasked = wordsIn(name).filter((word) => word !== "get" && word !== "list" && !forms.includes(stem(word))).length;
      let weight = 1 / (1 + 0.15 * unasked + 0.03 * (entry.path.split("/").length - 1) + 0.01 * entry.summary.split(/\s+/).filter(Boolean).length);
      if (entry.method === "HEAD" && !words.includes("head")) weight *= 0.4;
      if (entry.path.includes("/batch/") && !words.includes("batch")) weight *= 0.8;
      const methods = verbs.find(([some]) => some.has(words[0]))?.[1];
      if (methods && !methods.includes(entry.method)) weight *= 0.75;
      return weight * (entry.until ? 0.7 : 1);
    }

    #byNames(text, scores) {
      const isName = (token) => token !== token.toLowerCase() || token.includes("_") || token.replace(/^\.+|\.+$/g, "").includes(".");
      const names = new Set(text.split(/\s+/).filter(Boolean).filter(isName).map(joined));
      const wanted = new Set([...names, joined(text)]);
      wanted.delete("");
      const strength = names.size ? 1 : 0.1;
      const because = new Map();
      const add = (number, bonus, reason) => {
        if (because.has(number)) return;
        because.set(number, reason);
        const entry = this.entries[number];
        const less = 7 * ((entry.method === "HEAD" ? 1 : 0) + (entry.until ? 1 : 0));
        scores.set(number, (scores.get(number) ?? 0) + (bonus - less) * strength);
      };
      const first = (list) => list.find((name) => wanted.has(joined(name)));
      this.entries.forEach((entry, number) => {
        const group = entry.name.slice(0, entry.name.lastIndexOf("."));
        const waiters = entry.waiters.filter((name) => name.slice(0, name.lastIndexOf(".")) === group);
        const own = [entry.name, ...(entry.iterator ? [`${group}.${entry.iterator}`] : []), ...waiters]
          .flatMap((name) => [name, `client.${name}`, name.slice(name.indexOf(".") + 1)]);
        const kind = first(entry.types);
        if (own.some((name) => wanted.has(joined(name)))) {
          scores.set(number, (scores.get(number) ?? 0) + 200);
          because.set(number, "");
        } else if (kind) {
          add(number, 60 * (1 + (kind === entry.types[0] ? 1 : 0) / 6 + (entry.name.endsWith(".create") ? 1 : 0) / 12), kind);
        } else {
          const name = first(entry.parameters);
          if (name) add(number, 20, name);
        }
      });
      const through = [...wanted].flatMap((key) => this.throughTypes.get(key) ?? []);
      for (const [type, reason] of through) for (const number of type.operations) add(number, 15, reason);
      return because;
    }

    // Types, lists of values, families and guides whose name begins with or holds what was typed.
    named(text, limit) {
      const key = joined(text);
      if (key.length < 2 || text.includes("/")) return [];
      const rank = (page) => (page.key === key ? 0 : page.key.startsWith(key) ? 1 : page.key.includes(key) && key.length > 3 ? 2 : 9);
      return this.pages.map((page) => [rank(page), page]).filter(([value]) => value < 9)
        .sort((a, b) => a[0] - b[0] || a[1].name.length - b[1].name.length).slice(0, limit).map(([, page]) => page);
    }
  }

  function callOf({ entry, given }) {
    const shown = entry.args.map((name, number) => {
      const value = given?.[number];
      return value !== undefined && !value.startsWith("{") ? `'${value}'` : name;
    });
    return `client.${entry.name}(${[...shown, ...(entry.more ? ["…"] : [])].join(", ")})`;
  }
  const whenOf = (entry) => (entry.until ? `${entry.since}.0–${entry.until}.0` : `since ${entry.since}.0`);

  let index = null;
  site.index = async () => { index ??= new Index(await site.data("search")); return index; };
  site.callOf = callOf;

  site.search = async (input, list) => {
    let chosen = -1;
    const options = () => [...list.querySelectorAll("[role=option]")];
    function choose(number) {
      const all = options();
      chosen = all.length ? (number + all.length) % all.length : -1;
      all.forEach((one, other) => one.setAttribute("aria-selected", other === chosen));
      if (chosen >= 0) {
        input.setAttribute("aria-activedescendant", all[chosen].id);
        all[chosen].scrollIntoView({ block: "nearest" });
      } else input.removeAttribute("aria-activedescendant");
    }
    function close() {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
    }
    const open = (one) => { location.href = one.dataset.href; };
    function option(number, path, ...parts) {
      const url = new URL(site.url(path));
      return element("div", { role: "option", id: `${list.id}-${number}`, "aria-selected": "false", "data-href": url.href,
        onmousedown: (event) => event.preventDefault(), onclick: (event) => open(event.currentTarget) }, ...parts);
    }
    function show() {
      const text = input.value.slice(0, 2000);
      if (!text.trim()) { close(); return; }
      const found = index.search(text, 12);
      const named = index.named(text.trim(), 4);
      const first = named.length && joined(text) === named[0].key ? named.splice(0, 1) : [];
      let number = 0;
      const page = ({ kind, name, path, summary }) => option(number++, path,
        element("small", {}, kind), " ", element("code", {}, name), element("span", { class: "sum" }, ...site.prose(summary)));
      const nodes = first.map(page);
      for (const one of found) {
        const { entry } = one;
        const path = `operations/${entry.name}.html`;
        const why = one.because ? ` · ${one.because}` : "";
        nodes.push(option(number++, path,
          element("b", { class: `method ${entry.method}` }, entry.method), " ", element("code", {}, callOf(one)),
          element("span", { class: "sum" }, ...site.prose(entry.summary), ` ${whenOf(entry)}${why}`)));
      }
      nodes.push(...named.map(page));
      if (!nodes.length) nodes.push(element("p", { class: "hint", role: "status" }, "Nothing found. Use fewer or other words, or paste a URL."));
      list.replaceChildren(...nodes);
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      choose(nodes.length ? 0 : -1);
    }
    await site.index();
    input.addEventListener("input", show);
    input.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== input) close(); }, 150));
    input.addEventListener("focus", () => { if (input.value) show(); });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) show();
        else choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Enter") {
        event.preventDefault();
        if (list.hidden) show();
        const one = options()[chosen];
        if (one) open(one);
      } else if (event.key === "Escape") {
        if (!list.hidden) { event.preventDefault(); close(); }
        else input.blur();
      }
    });
    if (input.value) show();
  };
})();
