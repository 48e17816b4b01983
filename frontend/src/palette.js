// Ctrl+K: people and actions by name. The actions are links and buttons of the page itself,
// so that what may not be done is not offered.

import { combobox, lookup } from "./combobox.js";
import { open } from "./dialogs.js";
import { text } from "./strings.js";
import { quickLog } from "./quicklog.js";
import { toggleTheme } from "./theme.js";

const dialog = document.getElementById("palette");

// Lower case, without accents: "équipe" is found by "equipe".
const fold = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function actions() {
  const links = [...document.querySelectorAll("a[data-action]")].map((link) => ({
    name: link.dataset.action,
    note: text("action"),
    run: () => location.assign(link.href),
  }));
  const commands = { quickLog, toggleTheme };
  const buttons = [...document.querySelectorAll("button[data-action]")].map((button) => ({
    name: button.dataset.action,
    note: text("action"),
    run: commands[button.dataset.command],
  }));
  const seen = new Set();
  return [...buttons, ...links].filter(({ name }) => !seen.has(name) && seen.add(name));
}

function wire() {
  const input = dialog.querySelector("input");
  const people = lookup("/people");
  const box = combobox({
    input,
    list: dialog.querySelector("[role=listbox]"),
    none: text("nothing"),
    find: async (query) => {
      const wanted = fold(query);
      const fitting = actions().filter(({ name }) => fold(name).includes(wanted));
      if (query.length < 2) return fitting;
      const found = await people(query);
      if (found === null) return null;
      return [...found.map((person) => ({ ...person, run: () => location.assign(person.url) })), ...fitting];
    },
    take: (item) => {
      dialog.close();
      // Once the dialog has closed: an action may open one of its own.
      setTimeout(() => item.run());
    },
  });
  return () => {
    if (!open(dialog)) return;
    input.value = "";
    box.refresh();
    input.focus();
  };
}

/** Open the palette. */
export const palette = dialog ? wire() : () => {};

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-palette]")) palette();
});
