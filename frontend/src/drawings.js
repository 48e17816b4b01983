// What echarts is told of each kind of drawing: colours of the theme, patterns beside colours, and
// tooltips that are drawn, as the page's policy allows no inline style.

import { withPeople } from "./network.js";

const SYMBOLS = ["circle", "rect", "triangle", "diamond", "pin", "arrow"];
const OTHERS = ["--stage-aware", "--stage-engaged", "--stage-interested", "--stage-ambassador", "--stage-unaware"];
const NARROW = 420;

/** The option of a drawing, from what its place on the page carries. */
export function optionOf(given, label, styles, width, height) {
  const colour = (name) => styles.getPropertyValue(name).trim();
  const theme = {
    ink: colour("--irm-ink"),
    muted: colour("--irm-muted"),
    line: colour("--irm-line"),
    surface: colour("--irm-surface"),
    of: (key, place) => (key === "none" ? colour("--irm-line") : colour(`--stage-${key}`)) || colour(OTHERS[place % OTHERS.length]),
    isNarrow: width < NARROW,
  };
  const whole = {
    animation: false,
    aria: { enabled: true, label: { description: label }, decal: { show: !["flow", "lines", "network"].includes(given.kind) } },
    textStyle: { color: theme.ink, fontFamily: styles.fontFamily },
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: theme.surface,
      borderColor: theme.line,
      textStyle: { color: theme.ink, fontSize: 12 },
    },
  };
  if (given.kind === "network") return withPeople(whole, given, { ...theme, group: (n) => colour(`--community-${n}`), width, height });
  return given.kind === "flow" ? withFlow(whole, given, theme) : withAxes(whole, given, theme);
}

function withAxes(whole, given, theme) {
  const isBox = given.kind === "boxes";
  return {
    ...whole,
    tooltip: { ...whole.tooltip, trigger: isBox ? "item" : "axis", ...(isBox && { formatter: (at) => boxWords(at, given) }) },
    legend: { bottom: 0, type: "plain", itemWidth: 18, itemHeight: 10, textStyle: { color: theme.ink } },
    grid: { left: 8, right: 16, top: 16, bottom: legendRoom(given, theme), containLabel: true },
    xAxis: {
      type: "category",
      data: given.names,
      boundaryGap: given.kind !== "areas",
      axisLabel: { color: theme.muted, hideOverlap: true, interval: given.names.length > 6 ? "auto" : 0, rotate: theme.isNarrow && given.names.length > 4 ? 40 : 0 },
      axisLine: { lineStyle: { color: theme.line } },
      axisTick: { show: false },
    },
    yAxis: {
      type: "value",
      axisLabel: { color: theme.muted, formatter: given.unit ? `{value} ${given.unit}` : undefined },
      splitLine: { lineStyle: { color: theme.line } },
    },
    series: given.series.map((one, place) => seriesOf(one, place, given.kind, theme)),
  };
}

function legendRoom(given, theme) {
  const perLine = theme.isNarrow ? 2 : 6;
  return 16 + 22 * Math.ceil(given.series.length / perLine);
}

function seriesOf({ key, name, data }, place, kind, theme) {
  const color = theme.of(key, place);
  const common = { name, data, itemStyle: { color }, lineStyle: { color, width: 2 } };
  if (kind === "areas") {
    return { ...common, type: "line", stack: "all", symbol: "none", areaStyle: { color, opacity: 0.75 } };
  }
  if (kind === "lines") {
    return { ...common, type: "line", symbol: SYMBOLS[place % SYMBOLS.length], symbolSize: 8, connectNulls: false };
  }
  if (kind === "boxes") {
    return {
      name,
      type: "boxplot",
      // No shortest and longest: a box from quarter to three quarters, a line on to nine in ten.
      data: data.map(([low, middle, high, most]) => (low === null ? ["-", "-", "-", "-", "-"] : [low, low, middle, high, most])),
      itemStyle: { color: place ? theme.surface : theme.line, borderColor: color, borderWidth: 1.5 },
    };
  }
  return { ...common, type: "bar", stack: "all", barMaxWidth: 56 };
}

function boxWords({ seriesName, name, dataIndex }, given) {
  const data = given.series.find((one) => one.name === seriesName).data[dataIndex];
  return [`${name}, ${seriesName}`, ...given.words.map((word, place) => `${word}: ${data[place] ?? "–"}`)].join("\n");
}

function withFlow(whole, given, theme) {
  // A stage stands on both sides: a space before the name keeps the two apart.
  const end = (name) => `${name} `;
  const nodeOf = (one, name, place, position) => ({
    name,
    itemStyle: { color: theme.of(one.key, place), borderWidth: 0 },
    label: { position },
  });
  const used = { from: new Set(given.links.map(([from]) => from)), to: new Set(given.links.map(([, to]) => to)) };
  return {
    ...whole,
    tooltip: { ...whole.tooltip, trigger: "item" },
    series: [
      {
        type: "sankey",
        left: 8,
        right: 8,
        top: 12,
        bottom: 20,
        nodeGap: 14,
        nodeWidth: 14,
        draggable: false,
        layoutIterations: 0,
        emphasis: { focus: "adjacency" },
        // Dark themes outline the labels otherwise.
        label: { color: theme.ink, textBorderWidth: 0, textBorderColor: "transparent", fontSize: theme.isNarrow ? 11 : 13 },
        lineStyle: { color: "source", opacity: 0.4, curveness: 0.5 },
        data: [
          ...given.starts.map((one, place) => [place, nodeOf(one, one.name, place, "right")]).filter(([place]) => used.from.has(place)),
          ...given.ends.map((one, place) => [place, nodeOf(one, end(one.name), place, "left")]).filter(([place]) => used.to.has(place)),
        ].map(([, node]) => node),
        links: given.links.map(([from, to, value]) => ({
          source: given.starts[from].name,
          target: end(given.ends[to].name),
          value,
        })),
      },
    ],
  };
}
