/** What the address says of a story: `#story=ID&…`; nothing if it is of another one. */
export function addressOf(id: string): URLSearchParams {
  const said = new URLSearchParams(location.hash.slice(1));
  return said.get("story") === id ? said : new URLSearchParams();
}

let timer: ReturnType<typeof setTimeout> | undefined;
let waiting: { readonly id: string; readonly said: URLSearchParams } | null = null;

/** Keeps what a visitor chose in the address of a page with one story, half a second after a change; undefined takes it away. */
export function keepInAddress(id: string, change: Readonly<Record<string, string | undefined>>): void {
  if (new URLSearchParams(location.search).get("viewMode") === "docs") return;
  const said = waiting?.id === id ? waiting.said : addressOf(id);
  said.set("story", id);
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) said.delete(name);
    else said.set(name, value);
  }
  waiting = { id, said };
  clearTimeout(timer);
  timer = setTimeout(writeAddress, 500);
}

/** Writes at once what waits to be written. */
export function writeAddress(): void {
  if (waiting === null) return;
  clearTimeout(timer);
  history.replaceState(history.state, "", `#${waiting.said.toString()}`);
  waiting = null;
}
