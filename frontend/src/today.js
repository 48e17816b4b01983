// A row of Today opens: what happened, until when, why, to whom, and the brief. What opens has the
// focus, Escape takes it back, and once something was done the focus goes on from there.

import htmx from "htmx.org/dist/htmx.esm.js";

const rowOf = (element) => element?.closest?.("[data-row]");

function begin(box) {
  const first = box.querySelector("[data-begin]");
  first?.focus();
  // What stands there already is a proposal: whoever types puts their own words in its place.
  if (first?.matches("input")) first.select();
}

function close(row) {
  const box = row?.querySelector("[data-opened]");
  if (!box) return;
  const opener = row.querySelector(`[data-panel][href="${box.dataset.opened}"]`);
  opener?.setAttribute("aria-expanded", "false");
  const hadFocus = box.contains(document.activeElement);
  box.remove();
  if (hadFocus) opener?.focus();
}

async function open(link) {
  const row = rowOf(link);
  const address = link.getAttribute("href");
  const wasOpen = row.querySelector("[data-opened]")?.dataset.opened === address;
  close(row);
  if (wasOpen) return;
  const box = document.createElement("div");
  box.className = "day-panel";
  box.dataset.opened = address;
  row.append(box);
  link.setAttribute("aria-expanded", "true");
  await htmx.ajax("GET", address, { source: box, target: box, swap: "innerHTML" });
  // What was refused has said so in a message.
  if (box.childElementCount) begin(box);
  else close(row);
}

// S alone puts it off by a day; its answer offers the other days by 3, 7 and D.
function putOff(row, link) {
  htmx.ajax("POST", link.getAttribute("href"), {
    source: link, target: row, swap: "outerHTML", values: { row_version: row.dataset.version },
  });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-panel]");
  if (!rowOf(link) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  // A shortcut clicks without a hand.
  if (link.dataset.key === "snooze" && !event.isTrusted) putOff(rowOf(link), link);
  else open(link);
});

document.addEventListener("keydown", (event) => {
  const row = rowOf(event.target);
  if (!row) return;
  if (event.key === "Escape" && row.querySelector("[data-opened]")) {
    event.preventDefault();
    close(row);
    return;
  }
  // Whoever is asked why not and begins to write has another reason.
  const words = event.target.closest("[data-opened]")?.querySelector("input[name=words]");
  if (words && event.target !== words && /^\p{L}$/u.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.stopPropagation();
    words.focus();
    return;
  }
  const choices = event.target.closest("[data-hotkeys], .is-done");
  if (!choices || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input")) return;
  const chosen = choices.querySelector(`[data-hotkey="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!chosen) return;
  event.preventDefault();
  // The shortcuts of the page have the same letters.
  event.stopPropagation();
  if (!chosen.matches("input")) {
    chosen.click();
    return;
  }
  chosen.focus();
  try {
    chosen.showPicker();
  } catch {
    // Some browsers show it to a mouse alone; the field takes a day typed all the same.
  }
}, true);

// The row was swapped: whoever acted goes on from what is left of it, or from the row after it.
document.addEventListener("htmx:after:swap", () => {
  if (document.activeElement && document.activeElement !== document.body) return;
  const planned = document.querySelector(".day-row.is-done p[data-next]:not([data-met])");
  if (planned) {
    planned.dataset.met = "";
    planned.focus();
    return;
  }
  const row = document.querySelector(".day-row.is-done:not([data-met]), .day-row[data-again]");
  if (!row) return;
  row.dataset.met = "";
  delete row.dataset.again;
  const next = row.querySelector('[data-key="brief"]') ?? row.querySelector("button, [data-begin], a");
  (next ?? row.nextElementSibling?.querySelector("a"))?.focus();
});
