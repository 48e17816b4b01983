// The texts this script shows, in the reader's language: base.html renders them as JSON.

const block = document.getElementById("strings");
const texts = block ? JSON.parse(block.textContent) : {};

/** The text of that name, with each {word} replaced by the value of that name. */
export function text(name, values = {}) {
  return (texts[name] ?? name).replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}
