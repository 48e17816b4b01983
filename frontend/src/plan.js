// The plan: touches are dragged to another day, or carried there by keyboard (Space picks up, the
// arrows carry, Space drops, Esc puts back), or moved by the dialog "Move to…". Whatever is done is
// asked of the server, which answers with the week as it is now; what it refuses is put back.

import htmx from "htmx.org/dist/htmx.esm.js";
import Sortable from "sortablejs/modular/sortable.core.esm.js";

import { announce } from "./live.js";
import { post, redirected } from "./requests.js";
import { text } from "./strings.js";
import { toast } from "./toasts.js";

const body = () => document.getElementById("plan-body");
const summaryOf = (card) => card?.querySelector("summary, .who");
const nameOf = (card) => card.dataset.name;
const addressOf = (card, act) => `/plan/touchpoints/${card.id.replace("touch-", "")}/${act}${body().dataset.query}`;

let held = null;
let busy = false;

// The answer is the whole week: whoever acted goes on from the card, or from the one after it.
function focusOn(id, next) {
  const card = document.getElementById(id) ?? document.getElementById(next);
  (summaryOf(card) ?? body()?.querySelector("summary, a"))?.focus();
}

function neighbour(card) {
  const cards = [...body().querySelectorAll("[data-row]")];
  const at = cards.indexOf(card);
  return (cards[at + 1] ?? cards[at - 1])?.id ?? "";
}

async function act(card, url, values, back = () => {}) {
  if (busy) return;
  busy = true;
  const [id, next] = [card.id, neighbour(card)];
  card.setAttribute("aria-busy", "true");
  try {
    const response = await post(url, { row_version: card.dataset.version, ...values });
    if (redirected(response)) return;
    const answer = await response.text();
    if (!response.ok || response.redirected) {
      const isPlain = response.headers.get("Content-Type")?.startsWith("text/plain");
      back();
      const reason = isPlain && response.status < 500 ? answer.trim() : text(response.status === 409 ? "stale" : "failed");
      toast(reason, "danger");
      return;
    }
    // htmx would carry what the drag left on a card over to the new one, which the policy forbids.
    for (const one of body().querySelectorAll("[style]")) one.removeAttribute("style");
    await htmx.swap({ sourceElement: body(), target: body(), swap: "outerHTML", text: answer });
    focusOn(id, next);
  } catch {
    back();
    toast(text("offline"), "danger");
  } finally {
    busy = false;
    document.getElementById(id)?.removeAttribute("aria-busy");
  }
}

function place(card) {
  const [list, next] = [card.parentElement, card.nextElementSibling];
  return () => list.insertBefore(card, next?.parentElement === list ? next : null);
}

function move(card, to, back) {
  announce(text("moving", { name: nameOf(card), stage: to.dataset.name }));
  return act(card, addressOf(card, "move"), { to: to.dataset.day }, back);
}

function drags() {
  const phone = matchMedia("(max-width: 767px)").matches;
  if (phone || !body()?.hasAttribute("data-may-move")) return;
  for (const list of body().querySelectorAll(".plan-cards")) {
    let back;
    Sortable.create(list, {
      group: { name: "plan", put: !list.hasAttribute("data-past") },
      draggable: ".plan-card[data-may]",
      filter: "button, a",
      preventOnFilter: false,
      sort: false,
      animation: 120,
      delay: 200,
      delayOnTouchOnly: true,
      ghostClass: "card-ghost",
      onStart: ({ item }) => {
        back = place(item);
        body().classList.add("is-dragging");
      },
      onEnd: ({ item, from, to }) => {
        body().classList.remove("is-dragging");
        if (to !== from) move(item, to, back);
      },
    });
  }
}

const days = () => [...body().querySelectorAll(".plan-cards:not([data-past])")];

function say(name, card, list) {
  announce(text(name, {
    name: nameOf(card), stage: list.dataset.name, at: days().indexOf(list) + 1, of: days().length,
  }));
}

function pickUp(card) {
  held = { card, from: card.parentElement, back: place(card) };
  card.classList.add("is-held");
  say("planPickedUp", card, held.from);
}

function carry(step) {
  const { card } = held;
  const at = days().indexOf(card.parentElement);
  const to = at < 0 ? days()[0] : days()[at + step];
  if (!to) return;
  held.carrying = true;
  to.prepend(card);
  summaryOf(card).focus();
  held.carrying = false;
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  say("over", card, to);
}

function drop() {
  const { card, from, back } = held;
  held = null;
  card.classList.remove("is-held");
  if (card.parentElement === from) say("notMoved", card, from);
  else move(card, card.parentElement, back);
}

function cancel(refocus) {
  const { card, from, back } = held;
  held = null;
  card.classList.remove("is-held");
  back();
  if (refocus) summaryOf(card).focus();
  say("notMoved", card, from);
}

function walk(card, key) {
  if (key === "ArrowDown" || key === "ArrowUp") {
    const next = key === "ArrowDown" ? card.nextElementSibling : card.previousElementSibling;
    if (next) summaryOf(next).focus();
    return;
  }
  const lists = [...body().querySelectorAll(".plan-cards")];
  const row = [...card.parentElement.children].indexOf(card);
  const step = key === "ArrowRight" ? 1 : -1;
  for (let at = lists.indexOf(card.parentElement) + step; lists[at]; at += step) {
    const cards = lists[at].children;
    if (cards.length) {
      summaryOf(cards[Math.min(row, cards.length - 1)]).focus();
      return;
    }
  }
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const card = event.target.matches("summary") ? event.target.closest(".plan-card") : null;
  if (!card) return;
  const { key } = event;
  const isArrow = key.startsWith("Arrow");
  if (held) {
    if (key === " " || key === "Enter") drop();
    else if (key === "Escape") cancel(true);
    else if (key === "ArrowLeft") carry(-1);
    else if (key === "ArrowRight") carry(1);
    else if (!isArrow) return;
  } else if (key === " " && card.hasAttribute("data-may")) {
    pickUp(card);
  } else if (isArrow) {
    walk(card, key);
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

function moveDialog() {
  const dialog = document.getElementById("plan-move");
  if (!dialog) return;
  const form = dialog.querySelector("form");
  let card;
  dialog.addEventListener("dialog:wanted", ({ detail: { opener } }) => {
    card = opener.closest("[data-row]");
    dialog.querySelector("[data-who]").textContent = nameOf(card);
    form.elements.to.value = card.dataset.day;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    dialog.close();
    act(card, addressOf(card, "move"), { to: form.elements.to.value });
  });
}

if (body()) {
  document.addEventListener("keydown", (event) => {
    if (body()?.contains(event.target)) onKey(event);
  });
  document.addEventListener("focusout", () => {
    if (!held || held.carrying) return;
    setTimeout(() => {
      if (held && !held.card.contains(document.activeElement)) cancel(false);
    });
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-plan-act]")) return;
    event.preventDefault();
    act(event.target.closest("[data-row]"), event.submitter.getAttribute("formaction"), {});
  });
  document.addEventListener("htmx:after:swap", drags);
  drags();
  moveDialog();
}
