// Parts of a page that turn into forms and back: the focus goes along, Escape takes it back.

// Where the focus goes once the view is back: the link that opened the form.
let opened = "";

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-edits]");
  if (link) opened = link.getAttribute("href");
});

function focusInto(form) {
  const control = form.querySelector(".is-invalid") ?? form.querySelector("form :is(input:not([type=hidden]), select, textarea)");
  (control ?? form).focus();
}

document.addEventListener("htmx:after:swap", () => {
  const form = document.querySelector("[data-edit]:not([data-met])");
  if (form) {
    form.dataset.met = "";
    focusInto(form);
    return;
  }
  const link = opened && document.querySelector(`[data-edits][href="${opened}"]`);
  if (link && document.activeElement === document.body) link.focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  event.target.closest?.("[data-edit]")?.querySelector("[data-cancel]")?.click();
});

// A page that came back with faults, or with a choice to make, begins there.
const unfinished = document.querySelector("[data-edit]");
if (unfinished) {
  unfinished.dataset.met = "";
  focusInto(unfinished);
  // At the edge it would lie behind the bar at the foot of a phone.
  document.activeElement.scrollIntoView({ block: "center" });
}
