// Search, filters, sorting and deep links of the table of indicators. Without it the page is complete.
"use strict";
(() => {
  const table = document.getElementById("table");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const form = document.getElementById("tools");
  const facets = ["people", "sections", "units", "statuses"].filter((name) => form[name]);
  const compare = new Intl.Collator("zh-CN", { numeric: true }).compare;
  const text = new Map(rows.map((row) => [row, row.textContent.toLowerCase().replace(/\s+/g, "")]));
  const values = (row, facet) => row.dataset[facet].split("\n").filter(Boolean);

  function option(select, value, label) {
    select.add(new Option(label || value, value));
  }

  for (const facet of facets) {
    const found = new Set(rows.flatMap((row) => values(row, facet)));
    [...found].sort(compare).forEach((value) => option(form[facet], value));
  }

  function filter() {
    const words = form.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const fits =
        words.every((word) => text.get(row).includes(word)) &&
        facets.every((facet) => !form[facet].value || values(row, facet).includes(form[facet].value));
      row.hidden = !fits;
      shown += fits;
    }
    flatten();
    document.getElementById("nothing").hidden = shown > 0;
    document.getElementById("shown").value =
      shown === rows.length ? `共 ${rows.length} 个指标` : `显示 ${shown} 个，共 ${rows.length} 个指标`;
  }

  // Labels that repeat the row above are dimmed, but only while the rows stand in their order.
  function flatten() {
    table.classList.toggle("flat", form.sort.value !== "" || rows.some((row) => row.hidden));
  }

  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    option(form.sort, `${column}`, `${button.textContent} ↑`);
    option(form.sort, `-${column}`, `${button.textContent} ↓`);
    button.addEventListener("click", () => {
      const steps = [`${column}`, `-${column}`, ""];
      form.sort.value = steps[(steps.indexOf(form.sort.value) + 1) % 3];
      sort();
    });
  });

  function sort() {
    const chosen = form.sort.value;
    const column = Math.abs(parseInt(chosen || "0", 10));
    const sign = chosen.startsWith("-") ? -1 : 1;
    const numeric = heads[column].dataset.sort === "number";
    const key = (row) => row.cells[column].textContent.trim();
    const order = [...rows];
    if (chosen !== "") {
      order.sort((a, b) => {
        const [x, y] = [key(a), key(b)];
        if (x === "" || y === "") return (x === "") - (y === "");
        return sign * (numeric ? Number(x) - Number(y) : compare(x, y));
      });
    }
    heads.forEach((head, place) => {
      if (chosen !== "" && place === column) {
        head.setAttribute("aria-sort", sign < 0 ? "descending" : "ascending");
      } else {
        head.removeAttribute("aria-sort");
      }
    });
    body.append(...order);
    flatten();
  }

  function linked() {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return null; // a fragment that is no text
    }
  }

  // A link to an indicator that is filtered out shows everything again.
  function follow() {
    const target = linked();
    if (!target) return;
    for (let parent = target.parentElement; parent; parent = parent.parentElement) {
      if (parent.tagName === "DETAILS") parent.open = true;
    }
    if (target.hidden) {
      form.reset();
      filter();
      sort();
    }
    target.scrollIntoView({ behavior: "instant" });
  }

  form.hidden = false;
  form.addEventListener("input", () => { filter(); sort(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { filter(); sort(); }));
  addEventListener("hashchange", follow);
  // Whoever prints the page wants all of it.
  addEventListener("beforeprint", () => {
    document.querySelectorAll("details").forEach((each) => { each.open = true; });
    form.reset();
    filter();
    sort();
  });
  // Without this script everything is open; with it, what is over is folded.
  document.querySelectorAll("details.over").forEach((each) => { each.open = false; });
  filter();
  if (location.hash) follow();
})();
