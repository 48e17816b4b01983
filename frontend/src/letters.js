// A letter beforehand stands in a frame that is as tall as the letter. The frame is of our origin, so
// that it can be measured from here, and sandboxed: nothing in it runs (irm/web/letters.py).
// Without this script it has a height of the style sheet's, and scrolls.

const frame = document.querySelector(".letter-frame");

function fit() {
  const letter = frame.contentDocument;
  // On its way from one letter to the next it may hold nothing yet.
  if (!letter?.documentElement || letter.URL === "about:blank") return;
  const edges = frame.offsetHeight - frame.clientHeight;
  // Twice: a page that grew may have got a scroll bar, and the letter is narrower by it.
  for (let turn = 0; turn < 2; turn += 1) {
    frame.style.blockSize = `${letter.documentElement.offsetHeight + edges}px`;
  }
}

if (frame) {
  frame.addEventListener("load", fit);
  window.addEventListener("resize", fit);
  fit();
}
