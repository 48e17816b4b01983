// Light or dark: kept in a cookie, so that the server renders the right one from the first byte.

const root = document.documentElement;
const YEAR_S = 31536000;

function use(theme) {
  root.setAttribute("data-bs-theme", theme);
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${theme}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax${secure}`;
}

if (!/(^|; )theme=/.test(document.cookie) && matchMedia("(prefers-color-scheme: dark)").matches) {
  use("dark");
}

/** The other one of the two. */
export function toggleTheme() {
  use(root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark");
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-toggle]")) toggleTheme();
});
