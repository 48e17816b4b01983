// The drawing of a network: people stand where the server put them, in the colour and the shape of
// their community, and a line joins two who are tied.

const SHAPES = ["circle", "roundRect", "triangle", "diamond"];
/** How wide a picture is in the server's measure, and how high. */
const [WIDE, HIGH] = [1000, 625];
/** Characters of a name that stand in the drawing, and in a narrow one. */
const [LONGEST, SHORTER] = [20, 15];
/** How wide a letter of a name is, and how high its line, in points. */
const [LETTER, LINE] = [7, 15];

/** What echarts is told of people and their ties. */
export function withPeople(whole, given, theme) {
  // On a phone the picture is turned: what went from side to side goes from top to bottom.
  const isTurned = theme.height > theme.width;
  const [across, down] = isTurned ? [HIGH, WIDE] : [WIDE, HIGH];
  const [left, top, right, bottom] = theme.isNarrow ? [44, 16, 44, 28] : [64, 24, 64, 32];
  const [width, height] = [theme.width - left - right, theme.height - top - bottom];
  const at = scaled(given.people, isTurned, width, height);
  const scale = Math.min(1, Math.max(0.5, Math.min(width / across, height / down)));
  const middle = given.people.findIndex((one) => one.is_middle);
  const covers = (place) => place !== middle && middle >= 0 && isOn(boxOf(place), boxOf(middle));
  const boxOf = (place) => ({
    x: at[place][0],
    y: at[place][1] + (given.people[place].size * scale) / 2,
    width: LETTER * cut(given.people[place].name, theme).length,
  });
  const style = { color: theme.ink, fontSize: theme.isNarrow ? 11 : 12, textBorderColor: theme.surface, textBorderWidth: 3 };
  return {
    ...whole,
    tooltip: { ...whole.tooltip, trigger: "item", formatter: ({ data }) => data.words.join("\n") },
    series: [
      {
        type: "graph",
        layout: "none",
        left,
        right,
        top,
        bottom,
        draggable: false,
        roam: false,
        selectedMode: false,
        label: { show: true, position: "bottom", distance: 2, formatter: ({ data }) => data.said, ...style },
        // Where two names would stand on each other the larger person's is said, and of whoever
        // is in the middle it always is.
        labelLayout: ({ dataIndex }) => ({ hideOverlap: dataIndex !== middle }),
        emphasis: { focus: "adjacency", label: { show: true }, lineStyle: { opacity: 0.9 } },
        blur: { itemStyle: { opacity: 0.25 }, lineStyle: { opacity: 0.06 }, label: { opacity: 0.25 } },
        data: given.people.map((one, place) => personOf(one, place, given, theme, scale, at[place], covers(place))),
        links: given.links.map((one) => tieOf(one, theme)),
      },
    ],
  };
}

/** Where each stands in points, so that what is round stays round in a place of any shape. */
function scaled(people, isTurned, width, height) {
  const points = people.map(({ x, y }) => (isTurned ? [y, x] : [x, y]));
  const along = (axis, length) => {
    const all = points.map((point) => point[axis]);
    const low = Math.min(...all);
    const span = Math.max(...all) - low || 1;
    return all.map((one) => ((one - low) / span) * length);
  };
  const [across, down] = [along(0, width), along(1, height)];
  return points.map((_point, place) => [across[place], down[place]]);
}

/** Whether two names, each by the middle of its upper edge, stand on each other. */
function isOn(one, other) {
  return Math.abs(one.x - other.x) < (one.width + other.width) / 2 && Math.abs(one.y - other.y) < LINE;
}

function personOf(one, place, given, theme, scale, [x, y], isCovering) {
  const group = given.groups[one.group];
  const color = group ? theme.group(group.colour) : theme.muted;
  const edge = one.is_unknown ? color : theme.surface;
  return {
    id: String(place),
    name: String(place),
    said: cut(one.name, theme),
    words: one.words,
    href: one.href,
    x,
    y,
    symbol: group ? SHAPES[group.shape] : SHAPES[0],
    symbolSize: one.size * scale,
    cursor: one.href ? "pointer" : "default",
    itemStyle: {
      color: one.is_unknown ? theme.surface : color,
      borderColor: one.is_middle ? theme.ink : edge,
      borderWidth: one.is_middle ? 3 : one.is_unknown ? 2 : 1,
    },
    label: one.is_middle ? { fontWeight: 700, fontSize: 13 } : isCovering ? { show: false } : undefined,
  };
}

function cut(name, theme) {
  const letters = [...name];
  const most = theme.isNarrow ? SHORTER : LONGEST;
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : name;
}

function tieOf(one, theme) {
  return {
    source: String(one.from),
    target: String(one.to),
    words: one.words,
    lineStyle: {
      color: one.is_sole ? theme.ink : theme.muted,
      width: one.width,
      opacity: one.is_sole ? 0.8 : 0.4,
      type: one.is_sole ? "dashed" : "solid",
    },
  };
}
