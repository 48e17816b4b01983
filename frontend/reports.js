// Only on pages with a drawing: each [data-drawing] becomes one, made of the numbers that the
// table below it holds. Without this script the table stands alone.

import { LineChart, BarChart, BoxplotChart, GraphChart, SankeyChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, registerLocale, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";
import french from "echarts/i18n/langFR-obj.js";

import { optionOf } from "./src/drawings.js";

use([LineChart, BarChart, BoxplotChart, GraphChart, SankeyChart, LabelLayout]);
use([AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);
registerLocale("FR", french);

const root = document.documentElement;
const locale = root.lang === "fr" ? "FR" : "EN";
const drawn = new Map();

const sized = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    drawn.get(target)?.resize();
    // People stand where the place has room for them, so they are put there anew.
    if (drawn.has(target) && JSON.parse(target.dataset.drawing).kind === "network") fill(target);
  }
});

function fill(place) {
  const given = JSON.parse(place.dataset.drawing);
  const styles = getComputedStyle(document.body);
  drawn.get(place).setOption(optionOf(given, place.dataset.label, styles, place.clientWidth, place.clientHeight));
}

function draw(place) {
  place.hidden = false;
  drawn.get(place)?.dispose();
  const chart = init(place, null, { renderer: "svg", locale });
  drawn.set(place, chart);
  fill(place);
  chart.on("click", ({ data }) => {
    if (data?.href) location.assign(data.href);
  });
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
