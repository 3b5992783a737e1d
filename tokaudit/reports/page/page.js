"use strict";
// Draws the charts of the page, copies what made them, and prepares the page for paper.

/** What other scripts of the page use: its data, and `show`, which gives charts other rows. */
const tokauditPage = (() => {
  const data = JSON.parse(document.getElementById("data").textContent);

  /** Views of the charts by the name of their figure, once they are drawn. */
  const views = new Map();

  /** How Vega draws: by its interpreter, which runs no text as a script, and in colours of the style sheet. */
  const DRAWING = {
    ast: true,
    actions: false,
    renderer: "svg",
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
  };

  async function drawAll() {
    for (const place of document.querySelectorAll("[data-chart]")) {
      const name = place.dataset.chart;
      const drawn = await vegaEmbed(place, data.figures[name], DRAWING);
      views.set(name, drawn.view);
    }
    document.documentElement.dataset.drawn = "yes";
  }

  /** The rows that a chart was made with. */
  function ownRows(name, dataset) {
    return data.figures[name].datasets[dataset];
  }

  /** Gives charts other rows, {figure: {dataset: rows}}; with null, those that they were made with. */
  function show(changed) {
    for (const [name, datasets] of Object.entries(changed)) {
      const view = views.get(name);
      if (!view || !datasets) continue;
      for (const [dataset, rows] of Object.entries(datasets)) {
        view.data(dataset, structuredClone(rows ?? ownRows(name, dataset)));
      }
      view.run();
    }
  }

  // ---- what made a figure, to copy ----

  async function copy(button) {
    const text = button.parentElement.querySelector("code");
    getSelection().selectAllChildren(text); // so that it can be copied by hand where the browser allows nothing else
    let done = false;
    try {
      await navigator.clipboard.writeText(text.textContent);
      done = true;
    } catch {
      done = document.execCommand("copy");
    }
    button.textContent = done ? "Copied" : "Selected: press Ctrl+C";
    setTimeout(() => (button.textContent = "Copy"), 2500);
  }

  // ---- paper: tables and the commands of the page are open, and parts of the page are as they were afterwards ----

  const MOST_PRINTED_ROWS = 60;
  let opened = [];

  function openForPaper() {
    for (const each of document.querySelectorAll("details.table:not([open]), #basis details.origin:not([open])")) {
      if (each.querySelectorAll("tr").length > MOST_PRINTED_ROWS) continue;
      each.open = true;
      opened.push(each);
    }
  }

  function closeAgain() {
    for (const each of opened) each.open = false;
    opened = [];
  }

  addEventListener("beforeprint", openForPaper);
  addEventListener("afterprint", closeAgain);
  document.addEventListener("click", (event) => {
    if (event.target.matches?.("[data-copy]")) copy(event.target);
  });

  return { data, show, drawn: drawAll() };
})();
