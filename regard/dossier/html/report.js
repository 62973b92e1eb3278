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
})();
