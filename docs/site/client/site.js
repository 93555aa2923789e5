// What moves on a page: the theme, search, copying code, and demos that start when one asks for them.
const root = document.body.dataset.root ?? "./";

const theme = document.querySelector("#theme");
const nameTheme = () => {
  theme.textContent = document.documentElement.dataset.theme === "dark" ? "Light" : "Dark";
};
theme.addEventListener("click", () => {
  const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem("theme", next);
  } catch {
    // then it holds for this page
  }
  nameTheme();
});
nameTheme();

for (const block of document.querySelectorAll(".code")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.querySelector("code").textContent);
    button.textContent = "Copied";
  });
  block.append(button);
}

for (const button of document.querySelectorAll("button[data-demo]")) {
  button.addEventListener("click", () => {
    const frame = document.createElement("iframe");
    frame.src = button.dataset.demo;
    frame.title = button.dataset.title;
    button.closest("figure").replaceChildren(frame);
  });
}

const input = document.querySelector("#q");
const hits = document.querySelector("#hits");
let find;
let chosen = -1;
let shown = ""; // the query whose results are there

async function load() {
  if (find !== undefined) return;
  const [{ finder }, library, answer] = await Promise.all([
    import("./find.js"),
    import("./minisearch.js"),
    fetch(`${root}search.json`),
  ]);
  find = finder(library.default, await answer.json());
}

function link(entry, i) {
  const item = document.createElement("a");
  item.href = root + entry.path;
  item.id = `hit-${i}`;
  item.role = "option";
  const title = item.appendChild(document.createElement("strong"));
  title.textContent = entry.title;
  const where = item.appendChild(document.createElement("span"));
  where.textContent = [entry.where, entry.aliases[0]].filter(Boolean).join(" · ");
  const sentence = item.appendChild(document.createElement("small"));
  sentence.textContent = entry.sentence.replaceAll(/[`*]/g, "");
  return item;
}

function choose(next) {
  const all = [...hits.children];
  if (all.length === 0) return;
  chosen = (next + all.length) % all.length;
  all.forEach((item, i) => item.setAttribute("aria-selected", String(i === chosen)));
  input.setAttribute("aria-activedescendant", all[chosen].id);
  all[chosen].scrollIntoView({ block: "nearest" });
}

async function show() {
  const query = input.value.trim();
  if (query !== "") await load();
  if (query !== input.value.trim()) return; // typed on while the index was loading
  const found = query === "" ? [] : find(query);
  shown = query;
  hits.replaceChildren(...found.map(link));
  hits.hidden = found.length === 0;
  input.setAttribute("aria-expanded", String(!hits.hidden));
  chosen = -1;
  if (found.length > 0) choose(0);
}

/** Opens the chosen result of what is typed now. */
async function open() {
  if (shown !== input.value.trim()) await show();
  if (chosen >= 0) location.href = hits.children[chosen].href;
}

input.addEventListener("focus", load);
input.addEventListener("input", show);
input.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") choose(chosen + 1);
  else if (event.key === "ArrowUp") choose(chosen - 1);
  else if (event.key === "Escape") hits.hidden = true;
  else if (event.key === "Enter") void open();
  else return;
  event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  const typing = /^(?:INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
  if (event.key !== "/" || typing) return;
  event.preventDefault();
  input.focus();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest(".search")) hits.hidden = true;
});

const asked = new URLSearchParams(location.search).get("q");
if (asked !== null) {
  input.value = asked;
  input.focus();
  void show();
}
