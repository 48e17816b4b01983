// Shortcuts. Keys of one letter can be switched off in the profile (WCAG 2.1.4); Ctrl+K and the
// keys of the board work with a modifier or on a focused card, and stay.

import { tinykeys } from "tinykeys";

import { open } from "./dialogs.js";
import { guide } from "./guide.js";
import { announce } from "./live.js";
import { palette } from "./palette.js";
import { quickLog } from "./quicklog.js";
import { text } from "./strings.js";

const signedIn = document.body.hasAttribute("data-signed-in");
const letters = document.body.dataset.keys !== "off";

// htmx wires the page in a timer of its own once the scripts have run: a key pressed before that
// waits for it, or its button would send the whole page away.
const wired = new Promise((done) => { setTimeout(done); });

// A key pressed while writing, or in a dialog, is not a shortcut. A dialog that was just closed keeps
// the focus until the browser draws the next frame: what is pressed by then is not meant for it.
function free(act) {
  return (event) => {
    const { target } = event;
    const isGone = target.closest("dialog:not([open])");
    if (!isGone && target.closest("input, textarea, select, [contenteditable], dialog")) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    event.preventDefault();
    act(event);
  };
}

const go = (path) => free(() => location.assign(path));

// Where a row has a brief, Enter opens it.
function focusOn(row) {
  (row?.querySelector('[data-key="brief"], :scope > details > summary') ?? row?.querySelector("a"))?.focus();
}

// One key for the row that has the focus. Without one the key chooses the first row and does no
// more: nobody closes what they have not looked at.
function onRow(...names) {
  const buttons = names.map((name) => `[data-key="${name}"]`).join();
  return free(() => {
    const row = document.activeElement?.closest("[data-row]");
    if (row) {
      wired.then(() => row.querySelector(buttons)?.click());
      return;
    }
    const first = document.querySelector("[data-row]");
    if (!first) return;
    focusOn(first);
    announce(text("chosen", { name: first.querySelector("a").textContent.trim() }));
  });
}

function step(by) {
  return free(() => {
    const rows = [...document.querySelectorAll("[data-row]")];
    const at = rows.indexOf(document.activeElement?.closest("[data-row]"));
    focusOn(rows[Math.max(0, Math.min(rows.length - 1, at + by))]);
  });
}

if (signedIn) {
  tinykeys(window, { "$mod+k": (event) => { event.preventDefault(); palette(); } });
  if (letters) {
    tinykeys(window, {
      l: free(quickLog),
      "g t": go("/today"),
      "g f": go("/funnel"),
      "g i": go("/influencers"),
      "g p": go("/plan"),
      j: step(1),
      k: step(-1),
      a: onRow("accept"),
      d: onRow("done", "dismiss"),
      s: onRow("snooze"),
      x: onRow("skip"),
      b: onRow("brief"),
      r: onRow("give"),
      h: onRow("hold"),
      p: onRow("pin"),
      m: onRow("merge", "move"),
      n: onRow("distinct"),
      w: free(() => guide()),
      "/": free(() => (document.querySelector("input[type=search]:not(dialog *)") ?? { focus: palette }).focus()),
      "Shift+?": free(() => open(document.getElementById("keys"))),
    });
  }
}
