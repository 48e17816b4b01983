// Only on pages with a drawing: each [data-drawing] becomes one, made of the numbers that the
// table below it holds. Without this script the table stands alone.

import { LineChart, BarChart, BoxplotChart, SankeyChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, registerLocale, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import french from "echarts/i18n/langFR-obj.js";

import { optionOf } from "./src/drawings.js";

use([LineChart, BarChart, BoxplotChart, SankeyChart]);
use([AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);
registerLocale("FR", french);

const root = document.documentElement;
const locale = root.lang === "fr" ? "FR" : "EN";
const drawn = new Map();

const sized = new ResizeObserver((entries) => {
  for (const { target } of entries) drawn.get(target)?.resize();
});

function draw(place) {
  place.hidden = false;
  drawn.get(place)?.dispose();
  const chart = init(place, null, { renderer: "svg", locale });
  drawn.set(place, chart);
  const given = JSON.parse(place.dataset.drawing);
  chart.setOption(optionOf(given, place.dataset.label, getComputedStyle(document.body), place.clientWidth));
  sized.observe(place);
}

function drawAll(within = document) {
  for (const place of within.querySelectorAll("[data-drawing]")) {
    if (!drawn.has(place)) draw(place);
  }
  for (const [place, chart] of drawn) {
    if (place.isConnected) continue;
    chart.dispose();
    drawn.delete(place);
  }
}

drawAll();
document.addEventListener("htmx:after:swap", () => drawAll());
// Colours are the page's: where it turns dark, so do the drawings.
new MutationObserver(() => [...drawn.keys()].forEach(draw)).observe(root, {
  attributeFilter: ["data-bs-theme"],
});
