// The board by keyboard. On a card: arrows go from card to card, Space picks it up; picked up:
// left and right carry it, Space or Enter drops it, Esc puts it back.

import { announce } from "./live.js";
import { board, listOf, move, nameOf, place, stageName } from "./board.js";
import { text } from "./strings.js";

const STAGES = board ? [...board.querySelectorAll(".cards")].map((list) => list.dataset.stage) : [];
let held = null;

const link = (card) => card.querySelector(".card-link");

function say(name, card, stage) {
  announce(text(name, {
    name: nameOf(card),
    stage: stageName(stage),
    at: STAGES.indexOf(stage) + 1,
    of: STAGES.length,
  }));
}

function pickUp(card) {
  held = { card, back: place(card), stage: card.dataset.stage, over: card.dataset.stage };
  card.classList.add("is-held");
  say("pickedUp", card, held.stage);
}

function carry(step) {
  const to = STAGES[STAGES.indexOf(held.over) + step];
  if (!to) return;
  const { card } = held;
  held.over = to;
  held.carrying = true;
  listOf(to).prepend(card);
  link(card).focus();
  held.carrying = false;
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  say("over", card, to);
}

function drop() {
  const { card, back, stage, over } = held;
  card.classList.remove("is-held");
  held = null;
  if (over === stage) {
    say("notMoved", card, stage);
    return;
  }
  say("moving", card, over);
  move(card, over, back);
}

function cancel(refocus) {
  const { card, back, stage } = held;
  held = null;
  card.classList.remove("is-held");
  back();
  if (refocus) link(card).focus();
  say("notMoved", card, stage);
}

function walk(card, key) {
  if (key === "ArrowDown" || key === "ArrowUp") {
    const next = key === "ArrowDown" ? card.nextElementSibling : card.previousElementSibling;
    if (next?.matches(".card-item")) link(next).focus();
    return;
  }
  const column = STAGES.indexOf(card.parentElement.dataset.stage);
  const row = [...card.parentElement.children].indexOf(card);
  const step = key === "ArrowRight" ? 1 : -1;
  for (let at = column + step; STAGES[at]; at += step) {
    const cards = listOf(STAGES[at]).querySelectorAll(".card-item");
    if (cards.length) {
      link(cards[Math.min(row, cards.length - 1)]).focus();
      return;
    }
  }
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const card = event.target.closest(".card-link")?.closest(".card-item");
  if (!card) return;
  const { key } = event;
  const arrow = key.startsWith("Arrow");
  if (held) {
    if (key === " " || key === "Enter") drop();
    else if (key === "Escape") cancel(true);
    else if (key === "ArrowLeft") carry(-1);
    else if (key === "ArrowRight") carry(1);
    else if (!arrow) return;
  } else if (key === " " && board.hasAttribute("data-may-move")) {
    pickUp(card);
  } else if (arrow) {
    walk(card, key);
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

if (board) {
  board.addEventListener("keydown", onKey);
  // Whoever leaves a card that is picked up has changed their mind.
  board.addEventListener("focusout", () => {
    if (held && !held.carrying) {
      setTimeout(() => {
        if (held && !held.card.contains(document.activeElement)) cancel(false);
      });
    }
  });
}
