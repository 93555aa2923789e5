// Before the page is painted: the chosen theme, or the system's.
const stored = (() => {
  try {
    return localStorage.getItem("theme");
  } catch {
    return null; // storage may be forbidden
  }
})();
const dark = globalThis.matchMedia("(prefers-color-scheme: dark)").matches;
document.documentElement.dataset.theme = stored ?? (dark ? "dark" : "light");
