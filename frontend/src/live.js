// What sighted users see happen, said to those who listen.

const region = document.getElementById("live");

/** Say it once; the same sentence twice running is said twice. */
export function announce(sentence) {
  if (!region) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = sentence; }, 30);
}
