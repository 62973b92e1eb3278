"use strict";
(() => {
  const node = document.getElementById("report-data");
  if (!node) return;
  const data = JSON.parse(node.textContent);
  const say = data.say;
  const number = (value) => (value < 0 ? "−" : "") + String(Math.abs(value)).replace(/\B(?=(\d{3})+$)/g, say.thousands);
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const make = (name, attributes, ...inside) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  };
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));

  /* The words to look for, and what to show: calls back when either changes. */
  const tools = (place, label, choices, changed) => {
    const search = make("input", { type: "search", id: `${place.id}-search`, autocomplete: "off" });
    const parts = [make("label", { for: search.id }, label), search];
    let select = null;
    if (choices.length) {
      select = make("select", { id: `${place.id}-only` });
      choices.forEach(([value, text]) => select.append(make("option", { value }, text)));
      parts.push(make("label", { for: select.id }, say.show), select);
      select.addEventListener("change", () => changed());
    }
    const count = make("output", { "aria-live": "polite" });
    place.replaceChildren(...parts, count);
    let waiting = 0;
    search.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(changed, 60);
    });
    return {
      words: () => plain(search.value).split(/\s+/).filter(Boolean),
      only: () => (select ? select.value : "all"),
      tell: (shown, all) => { count.textContent = fill(say.shown_rows, { shown: number(shown), all: number(all) }); },
    };
  };

  /* Headings become buttons that sort; one column at a time, up and then down. */
  const sortable = (row, sorted) => {
    let current = -1;
    let down = false;
    [...row.cells].forEach((cell, column) => {
      const button = make("button", { type: "button", title: say.sort }, ...cell.childNodes);
      cell.replaceChildren(button);
      button.addEventListener("click", () => {
        down = current === column ? !down : false;
        if (current >= 0) row.cells[current].removeAttribute("aria-sort");
        current = column;
        cell.setAttribute("aria-sort", down ? "descending" : "ascending");
        sorted(column, down);
      });
    });
  };
  const byNumber = (code) => code.replace(/[0-9]+/g, (digits) => digits.padStart(40, "0"));
  const before = (one, other) => (typeof one === "number" && typeof other === "number" ? one - other
    : typeof one === "number" ? -1 : typeof other === "number" ? 1 : one < other ? -1 : one > other ? 1 : 0);

  /* A table that stands in the page: its rows are hidden and put in order. */
  const standing = () => {
    const table = document.getElementById("bureau-rows");
    if (!table) return;
    const body = table.tBodies[0];
    const value = (text) => {
      const bare = text.replace(/[\s\u00a0\u202f,]/g, "").replace("−", "-").replace("…", "");
      return /^[+-]?\d+$/.test(bare) ? Number(bare) : text;
    };
    const rows = [...body.rows].map((row) => ({
      row,
      text: plain(`${row.cells[0].textContent} ${row.cells[1].textContent}`),
      keys: null,
    }));
    const bar = tools(document.getElementById("bureau-tools"), say.search, data.choices, () => show());
    const show = () => {
      const words = bar.words();
      const only = bar.only();
      let shown = 0;
      for (const each of rows) {
        const fits = words.every((word) => each.text.includes(word)) && (only === "all" || each.row.classList.contains(only));
        each.row.hidden = !fits;
        shown += fits;
      }
      bar.tell(shown, rows.length);
    };
    sortable(table.tHead.rows[0], (column, down) => {
      for (const each of rows) {
        each.keys ??= [...each.row.cells].map((cell, at) => (at === 1 ? byNumber(cell.textContent) : value(cell.textContent)));
      }
      rows.sort((one, other) => before(one.keys[column], other.keys[column]) * (down ? -1 : 1));
      body.append(...rows.map((each) => each.row));
    });
    show();
  };

  /* Rows that stand in the page as columns of numbers: a page of them is shown at a time. */
  const PAGE = 100;
  const paged = (place, columns) => {
    const size = columns.size;
    const bar = make("div", { class: "tools", id: `${place.id}-tools` });
    const head = make("tr", {}, ...columns.headings.map(([text, kind]) => make("th", { scope: "col", class: kind }, text)));
    const body = make("tbody", {});
    const table = make("table", {}, make("thead", {}, head), body);
    const frame = make("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": columns.label }, table);
    const earlier = make("button", { type: "button" }, say.earlier);
    const later = make("button", { type: "button" }, say.later);
    const where = make("span", {});
    place.replaceChildren(bar, frame, make("p", { class: "tools" }, earlier, later, where));
    let order = Array.from({ length: size }, (_, row) => row);
    let found = order;
    let start = 0;
    const page = () => {
      const rows = found.slice(start, start + PAGE).map((row) => make("tr", {}, ...columns.cells(row)));
      body.replaceChildren(...rows);
      earlier.disabled = start === 0;
      later.disabled = start + PAGE >= found.length;
      where.textContent = found.length ? fill(say.rows, {
        from: number(start + 1), to: number(Math.min(start + PAGE, found.length)), count: number(found.length),
      }) : say.no_rows;
    };
    const show = () => {
      const fits = columns.fitting(used.words(), used.only());
      found = order.filter(fits);
      start = 0;
      used.tell(found.length, size);
      page();
    };
    const used = tools(bar, say.search, columns.choices, show);
    earlier.addEventListener("click", () => { start = Math.max(start - PAGE, 0); page(); });
    later.addEventListener("click", () => { start += PAGE; page(); });
    sortable(head, (column, down) => {
      const keys = Array.from({ length: size }, (_, row) => columns.key(row, column));
      order = Array.from({ length: size }, (_, row) => row);
      order.sort((one, other) => before(keys[one], keys[other]) * (down ? -1 : 1) || one - other);
      show();
    });
    show();
  };

  const places = () => {
    const bureaux = data.bureaux;
    const codes = bureaux.codes.split("\n");
    const communes = bureaux.communes.map(([name]) => name);
    const of = new Int32Array(codes.length);
    bureaux.communes.forEach(([, start], at) => of.fill(at, start));
    return { codes, communes, plains: communes.map(plain), lower: codes.map(plain), of };
  };
  /* Which rows have every word in the name of their commune or in their code; communes are looked at once. */
  const matching = (known, words) => {
    const masks = words.map((word) => known.plains.map((name) => name.includes(word)));
    return (row) => words.every((word, at) => masks[at][known.of[row]] || known.lower[row].includes(word));
  };

  const ofBureaux = (place, known) => {
    const { figures, gap, states, cases, polls } = data.bureaux;
    const first = polls ? 3 : 2;
    const after = first + figures.length;
    const lacking = (row) => states.some(([, signs]) => signs[row] === "4" || signs[row] === "5");
    const tests = { "in-case": (row) => cases[row] > 0, "with-gap": (row) => gap[row], "lacking": lacking };
    const value = (row, column) => {
      if (column === 0) return known.plains[known.of[row]];
      if (column === 1) return known.codes[row];
      if (polls && column === 2) return polls[row];
      if (column < after) return figures[column - first][1][row] < 0 ? "" : figures[column - first][1][row];
      if (column === after) return gap[row] === null ? "" : gap[row];
      if (column <= after + states.length) return states[column - after - 1][1][row];
      return cases[row] || "";
    };
    const cell = (row, column) => {
      if (column === 0) return make("td", {}, known.communes[known.of[row]]);
      if (column === 1) return make("th", { scope: "row" }, known.codes[row]);
      const key = value(row, column);
      if (column === after) {
        return make("td", { class: `n ${key > 0 ? "up" : key < 0 ? "down" : ""}` }, key > 0 ? `+${number(key)}` : key === "" ? "" : number(key));
      }
      if (column > after && column <= after + states.length) {
        const [sign, name] = data.signs[Number(key)];
        return make("td", { class: `c ${name}` }, sign);
      }
      if (column > after && key && document.getElementById(`case-${key}`)) {
        return make("td", { class: "n" }, make("a", { href: `#case-${key}` }, String(key)));
      }
      return make("td", { class: "n" }, key === "" ? "" : number(key));
    };
    const headings = data.headings;
    paged(place, {
      size: known.codes.length, headings, label: say.bureaux, choices: data.choices, key: value,
      cells: (row) => headings.map((_, column) => cell(row, column)),
      fitting: (words, only) => {
        const match = words.length ? matching(known, words) : () => true;
        const test = tests[only] || (() => true);
        return (row) => match(row) && test(row);
      },
    });
  };

  const ofCases = (place, known) => {
    const { first, rows, others, causes, cause, sures, sure, severities, severity } = data.further;
    const name = (row) => (rows[row] >= 0 ? known.communes[known.of[rows[row]]] : others[row][0]);
    const code = (row) => (rows[row] >= 0 ? known.codes[rows[row]] : others[row][1]);
    const value = (row, column) => [
      () => first + row, () => name(row), () => code(row), () => causes[cause[row]],
      () => severities[Number(severity[row])], () => sures[Number(sure[row])],
    ][column]();
    paged(place, {
      size: rows.length, headings: data.further.headings, label: say.further, choices: [], key: value,
      cells: (row) => data.further.headings.map(([, kind], column) => {
        const shown = value(row, column);
        return make("td", { class: kind }, column ? shown : number(shown));
      }),
      fitting: (words) => {
        const titles = causes.map(plain);
        const masks = words.map((word) => titles.map((title) => title.includes(word)));
        const match = words.map((word) => matching(known, [word]));
        return (row) => words.every((word, at) => masks[at][cause[row]]
          || (rows[row] >= 0 ? match[at](rows[row]) : plain(others[row].join(" ")).includes(word)));
      },
    });
  };

  const cards = () => {
    const place = document.getElementById("case-tools");
    const all = [...document.querySelectorAll("#cases-all article")];
    if (!place || all.length < 2) return;
    const texts = new Map();
    const bar = tools(place, say.search_cases, [], () => show());
    const show = () => {
      const words = bar.words();
      let shown = 0;
      for (const card of all) {
        if (words.length && !texts.has(card)) texts.set(card, plain(card.textContent));
        const fits = words.every((word) => texts.get(card).includes(word));
        card.hidden = !fits;
        shown += fits;
      }
      bar.tell(shown, all.length);
    };
    show();
  };

  /* What is folded is printed unfolded. */
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    folded.forEach((each) => { each.open = true; });
  });
  addEventListener("afterprint", () => folded.forEach((each) => { each.open = false; }));

  cards();
  standing();
  if (data.bureaux) {
    const known = places();
    const rows = document.getElementById("bureau-list");
    const further = document.getElementById("further-rows");
    if (rows) ofBureaux(rows, known);
    if (further) ofCases(further, known);
  }
})();
