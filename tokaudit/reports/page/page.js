"use strict";
// Draws the charts of the page, and copies what made them.

const data = JSON.parse(document.getElementById("data").textContent);

/** Views of the charts by the name of their figure, once they are drawn. */
const views = {};

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
    views[name] = drawn.view;
  }
  document.documentElement.dataset.drawn = "yes";
}

drawAll();
