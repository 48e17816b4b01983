// Light or dark: kept in a cookie, so that the server renders the right one from the first byte.

const root = document.documentElement;
const YEAR_S = 31536000;
const isSecure = location.protocol === "https:";
// With the prefix no other host can set it; over http browsers would not take it.
const NAME = isSecure ? "__Host-theme" : "theme";

function use(theme) {
  root.setAttribute("data-bs-theme", theme);
  const secure = isSecure ? "; Secure" : "";
  document.cookie = `${NAME}=${theme}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax${secure}`;
}

const isKept = document.cookie.split("; ").some((one) => one.startsWith(`${NAME}=`));
if (!isKept && matchMedia("(prefers-color-scheme: dark)").matches) {
  use("dark");
}

/** The other one of the two. */
export function toggleTheme() {
  use(root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark");
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-toggle]")) toggleTheme();
});
