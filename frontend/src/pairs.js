// The queue of duplicates by keyboard: the first pair has the focus from the start, as the first
// letter of an inbox has it; once a pair is decided the next one has it, and an opened comparison
// has it on its button, so that M and Enter merge.

const list = document.getElementById("pairs");

function next(row) {
  let one = row;
  while (one && !one.matches("[data-row]")) one = one.nextElementSibling;
  return one ?? list.querySelector("[data-row]");
}

function arrive(row) {
  const wanted = row.matches("[data-decided]")
    ? (next(row)?.querySelector("a") ?? row.querySelector("button"))
    : row.querySelector("[data-first]") ?? row.querySelector("a");
  wanted?.focus();
}

if (list) {
  new MutationObserver((changes) => {
    const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
    // Only what was swapped in by a decision: rows that follow are read in peace.
    const row = added.filter((node) => node.nodeType === Node.ELEMENT_NODE && node.matches("li.pair"));
    if (row.length === 1) arrive(row[0]);
  }).observe(list, { childList: true });
  // Whoever reads a pair first, and reads it by ear, hears the one that the keys are about.
  const isIdle = document.activeElement === document.body;
  const hasKeys = document.body.dataset.keys !== "off" && matchMedia("(min-width: 768px)").matches;
  if (isIdle && hasKeys) {
    list.querySelector("[data-row] a")?.focus({ preventScroll: true });
  }
}
