// Those who were at one event: found by name, each a box that can be unticked again.

import { combobox, lookup } from "./combobox.js";
import { announce } from "./live.js";
import { text } from "./strings.js";

const form = document.querySelector("[data-together]");

function wire() {
  const people = form.querySelector("[data-people]");
  const adds = form.querySelector("[data-adds]");
  const input = adds.querySelector("input");
  adds.hidden = false;

  function add({ relationship_id: id, name }) {
    const boxes = [...people.querySelectorAll("input")];
    const known = boxes.find((box) => box.value === String(id));
    if (known) known.checked = true;
    else if (boxes.length < Number(form.dataset.most)) {
      const label = document.createElement("label");
      label.className = "form-check";
      const box = Object.assign(document.createElement("input"), {
        type: "checkbox", name: "who", value: id, checked: true, className: "form-check-input",
      });
      const words = Object.assign(document.createElement("span"), {
        className: "form-check-label", textContent: name,
      });
      label.append(box, words);
      people.append(label);
      people.querySelector("[data-none]")?.remove();
    }
    announce(name);
    input.value = "";
    input.focus();
  }

  combobox({
    input,
    list: adds.querySelector("[role=listbox]"),
    none: text("nobody"),
    find: lookup("/people"),
    take: add,
  });
}

if (form) wire();
