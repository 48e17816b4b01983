// A search field with a list of answers below it (the combobox pattern of WAI-ARIA): arrows
// choose, Enter takes, Esc leaves. Used by the quick log and by the palette.

let count = 0;

/** Look people up on the server; an older answer never overtakes a newer one. */
export function lookup(url) {
  let latest = 0;
  return async (query) => {
    const turn = ++latest;
    const response = await fetch(`${url}?q=${encodeURIComponent(query)}`, {
      headers: { Accept: "application/json", "HX-Request": "true" },
      credentials: "same-origin",
    });
    if (response.status === 401) location.reload();
    const found = response.ok ? await response.json() : { people: [] };
    return turn === latest ? found.people : null;
  };
}

function option(item, id) {
  const row = document.createElement("li");
  row.id = id;
  row.setAttribute("role", "option");
  row.setAttribute("aria-selected", "false");
  const name = document.createElement("span");
  name.className = "option-name";
  name.textContent = item.name;
  const note = document.createElement("span");
  note.className = "option-note";
  note.textContent = item.note ?? "";
  row.append(name, note);
  return row;
}

/**
 * Wire a field to a list.
 * @param {{input: HTMLInputElement, list: HTMLElement,
 *          find: (query: string) => Promise<object[]|null>, take: (item: object) => void,
 *          none: string}} parts
 *   `find` gives items {name, note, …}, or null where a newer search is under way.
 */
export function combobox({ input, list, find, take, none }) {
  const prefix = `option-${++count}-`;
  let items = [];
  let chosen = -1;
  let timer;
  // Whether something was typed that the list does not answer yet.
  let isBehind = false;

  function choose(index) {
    chosen = index;
    [...list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === index)));
    if (index >= 0 && items.length) {
      input.setAttribute("aria-activedescendant", prefix + index);
      list.children[index].scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    choose(-1);
  }

  async function refresh() {
    const query = input.value.trim();
    const found = await find(query);
    if (found === null) return;
    isBehind = query !== input.value.trim();
    items = found;
    list.replaceChildren(...items.map((item, at) => option(item, prefix + at)));
    if (!items.length && query) {
      const row = option({ name: none }, `${prefix}none`);
      row.setAttribute("aria-disabled", "true");
      list.append(row);
    }
    list.hidden = !list.children.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    choose(items.length ? 0 : -1);
  }

  async function takeChosen() {
    // Whoever types faster than the server answers means what they typed, not what is shown.
    if (isBehind) {
      clearTimeout(timer);
      await refresh();
    }
    if (chosen < 0) return;
    const item = items[chosen];
    close();
    take(item);
  }

  input.addEventListener("input", () => {
    isBehind = true;
    clearTimeout(timer);
    timer = setTimeout(refresh, 120);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) refresh();
      else if (items.length) {
        const step = event.key === "ArrowDown" ? 1 : -1;
        choose((chosen + step + items.length) % items.length);
      }
    } else if (event.key === "Enter" && (isBehind || !list.hidden)) {
      event.preventDefault();
      takeChosen();
    } else if (event.key === "Escape" && !list.hidden && !list.hasAttribute("data-stays")) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
  // mousedown, not click: the field would lose its focus, and the list close, before the click.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const at = [...list.children].indexOf(event.target.closest("li"));
    if (at >= 0 && items[at]) {
      const item = items[at];
      close();
      take(item);
    }
  });
  if (!list.hasAttribute("data-stays")) {
    input.addEventListener("blur", () => {
      clearTimeout(timer);
      close();
    });
  }
  return { refresh, close };
}
