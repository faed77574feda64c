"use strict";
/* Only adds to pages that are complete without it: sorting and filtering of tables, larger
   pictures, and what is new without asking. */
(() => {
  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const said = make("p", { className: "said" });
  said.setAttribute("role", "status");
  const say = (words) => { said.textContent = words; };

  // Sorting. What a cell is worth: a time, a speed, how good a state is, else its words.

  const units = { s: 1, min: 60, h: 3600, d: 86400, Kbps: 1e3, Mbps: 1e6, Gbps: 1e9, Tbps: 1e12 };
  const moods = [".good", ".caution", ".bad", ".quiet"];

  const worth = (cell) => {
    const words = cell.textContent.trim().replace(/^about /, "");
    const mood = moods.findIndex((one) => cell.querySelector(one));
    if (mood >= 0) return { number: mood, words };
    if (/^[\d.]+( %)?$/.test(words)) return { number: parseFloat(words), words };
    const parts = [...words.matchAll(/([\d.]+) (min|[KMGT]bps|s|h|d)\b/g)];
    if (parts.length && /^[\d.]/.test(words)) {
      return { number: parts.reduce((sum, part) => sum + part[1] * units[part[2]], 0), words };
    }
    const days = cell.querySelector("svg.days");
    if (days) {
      const good = /(\d+) d less/.exec(days.getAttribute("aria-label"));
      return { number: -(good ? good[1] : 0), words };
    }
    return { words };
  };

  const compare = (a, b) => {
    if (a.number !== undefined && b.number !== undefined && a.number !== b.number) {
      return a.number - b.number;
    }
    if ((a.number === undefined) !== (b.number === undefined)) {
      return a.number === undefined ? 1 : -1;
    }
    if (!a.words !== !b.words) return a.words ? -1 : 1;
    return a.words.localeCompare(b.words, "en", { numeric: true });
  };

  const state = new Map();  // of each table by its number: column, order, words

  const enhance = (table, number) => {
    const chosen = state.get(number) || { column: -1, order: "", words: "" };
    state.set(number, chosen);
    const bodies = [...table.tBodies];
    const first = bodies.map((body) => [...body.rows]);
    const rows = first.flat().filter((row) => !row.classList.contains("group"));
    if (rows.length < 3) return;
    const heads = [...table.tHead.rows[0].cells];

    const filter = () => {
      const wanted = chosen.words.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row) => {
        const group = row.dataset.group || "";
        const words = `${row.textContent} ${group}`.toLowerCase();
        row.hidden = !wanted.every((word) => words.includes(word));
        shown += row.hidden ? 0 : 1;
      });
      bodies.forEach((body) => {
        const group = body.querySelector(".group");
        if (group) group.hidden = chosen.order !== "" || ![...body.rows].some((row) => row !== group && !row.hidden);
      });
      return shown;
    };

    const sort = () => {
      heads.forEach((head, i) => {
        if (i === chosen.column && chosen.order) head.setAttribute("aria-sort", chosen.order);
        else head.removeAttribute("aria-sort");
      });
      if (!chosen.order) {
        first.forEach((those, i) => bodies[i].append(...those));
      } else {
        const sign = chosen.order === "ascending" ? 1 : -1;
        const worths = new Map(rows.map((row) => [row, worth(row.cells[chosen.column])]));
        const empty = (row) => !worths.get(row).words && worths.get(row).number === undefined;
        bodies[0].append(...[...rows].sort((a, b) =>
          empty(a) - empty(b) || sign * compare(worths.get(a), worths.get(b))));
      }
      filter();
    };

    bodies.forEach((body) => {
      const group = body.querySelector(".group th");
      if (group) [...body.rows].forEach((row) => { row.dataset.group = group.firstChild.textContent; });
    });
    heads.forEach((head, i) => {
      const title = head.textContent;
      const button = make("button", { type: "button", className: "sorter", textContent: title });
      button.addEventListener("click", () => {
        const orders = ["ascending", "descending", ""];
        const next = chosen.column === i ? orders[(orders.indexOf(chosen.order) + 1) % 3] : orders[0];
        Object.assign(chosen, { column: i, order: next });
        sort();
        say(next ? `Sorted by ${title}, ${next}` : "In the first order again");
      });
      head.replaceChildren(button);
    });
    const input = make("input", { type: "search", value: chosen.words, autocomplete: "off" });
    input.addEventListener("input", () => {
      chosen.words = input.value;
      say(`${filter()} of ${rows.length} rows`);
    });
    const place = table.closest(".wide") || table;
    place.before(make("div", { className: "finder" }, make("label", {}, "Find in the table ", input)));
    if (chosen.order) sort(); else filter();
  };

  // Larger pictures.

  const enlarge = (picture, title) => {
    let size = 1;
    const copy = picture.cloneNode(true);
    copy.querySelectorAll("[id]").forEach((one) => one.removeAttribute("id"));
    const sheet = make("div", { className: "sheet", tabIndex: 0 }, copy);
    sheet.setAttribute("role", "region");
    sheet.setAttribute("aria-label", title);
    const to = (next) => {
      sheet.classList.remove(`times${size}`);
      size = Math.min(4, Math.max(1, next));
      sheet.classList.add(`times${size}`);
      say(`${size} times as large`);
    };
    const button = (words, act) => {
      const one = make("button", { type: "button", textContent: words });
      one.addEventListener("click", act);
      return one;
    };
    const dialog = make("dialog", { className: "zoom" });
    dialog.setAttribute("aria-label", title);
    dialog.append(make("p", {}, button("Larger", () => to(size + 1)), " ",
      button("Smaller", () => to(size - 1)), " ", button("Close", () => dialog.close())), sheet);
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "+") to(size + 1);
      else if (event.key === "-") to(size - 1);
    });
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    to(1);
    sheet.focus();
  };

  const offer = (figure) => {
    const picture = figure.querySelector("svg.plot, svg.map");
    const caption = figure.querySelector("figcaption");
    if (!picture || !caption) return;
    const title = (picture.getAttribute("aria-label") || "Picture").split(":")[0];
    const button = make("button", { type: "button", className: "enlarge", textContent: "Enlarge" });
    button.setAttribute("aria-label", `Enlarge: ${title}`);
    button.addEventListener("click", () => enlarge(picture, title));
    caption.append(" ", button);
  };

  // What is new: asked for again once a minute, only while somebody looks.

  const every = 60_000;
  let tag = null;
  let pause = every;
  let timer = 0;
  let is_live = true;

  const is_busy = () => document.querySelector("dialog[open], main [type=checkbox]:checked") ||
    /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName) || String(getSelection());

  const show = (text) => {
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const main = document.querySelector("main");
    const next = fresh.querySelector("main");
    if (!next || is_busy()) return false;
    const links = (root) => [...root.querySelectorAll("a, button, summary")];
    const place = links(main).indexOf(document.activeElement);
    const open = [...main.querySelectorAll("details")].map((one) => one.open);
    main.replaceChildren(...next.childNodes);
    main.querySelectorAll("details").forEach((one, i) => { one.open = open[i] || false; });
    const foot = fresh.querySelector("footer time");
    if (foot) document.querySelector("footer time").replaceWith(foot);
    begin(main);
    if (place >= 0 && links(main)[place]) links(main)[place].focus({ preventScroll: true });
    return true;
  };

  const ask = async () => {
    try {
      const answer = await fetch(location.href, {
        cache: "no-store", redirect: "error", headers: tag ? { "If-None-Match": tag } : {},
      });
      if (answer.status === 200 && show(await answer.text())) {
        tag = answer.headers.get("ETag");
      }
      pause = answer.status < 400 ? every : Math.min(pause * 2, 16 * every);
    } catch {
      pause = Math.min(pause * 2, 16 * every);
    }
    wait();
  };

  const wait = () => {
    clearTimeout(timer);
    if (is_live && !document.hidden) timer = setTimeout(ask, pause);
  };

  const live = () => {
    const button = make("button", { type: "button", className: "live" });
    const tell = () => {
      button.textContent = is_live ? "Stop refreshing" : "Refresh every minute";
      wait();
    };
    button.addEventListener("click", () => { is_live = !is_live; tell(); });
    document.addEventListener("visibilitychange", wait);
    document.querySelector("footer").append(make("p", {}, button));
    tell();
  };

  const begin = (root) => {
    root.querySelectorAll("table.sortable").forEach(enhance);
    root.querySelectorAll("figure").forEach(offer);
  };

  begin(document.querySelector("main"));
  document.body.append(said);
  if (document.body.dataset.live !== undefined) live();
})();
