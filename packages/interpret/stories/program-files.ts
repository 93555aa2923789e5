import { html } from "../src/draw/element-of.ts";

const weights = import.meta.glob<string>("./nets/*.safetensors", {
  query: "?url",
  import: "default",
  eager: true,
});
const sources = import.meta.glob<string>(
  [
    "./drawn-digits.ts",
    "./random-filters.ts",
    "./textures.ts",
    "./nets/{name-net,plays,shapes-net,wandering-net}.ts",
  ],
  { query: "?raw", import: "default" },
);

/** What a program needs beside it: its packages, and links to the files of these stories that it reads. */
export function programFiles(program: string): (Node | string)[] {
  const packages = Array.from(program.matchAll(/from "(@[^/"]+\/[^/"]+)/g), ([, name]) => name as string);
  const links = [
    ...Object.entries(weights).map(([path, address]) => [path, () => Promise.resolve(address)] as const),
    ...Object.entries(sources).map(([path, load]) => [path, async () => addressOf(await load())] as const),
  ]
    .map(([path, address]) => [path.slice(path.lastIndexOf("/") + 1), address] as const)
    .filter(([name]) => program.includes(`/${name}"`))
    .map(([name, address]) => link(name, address));
  const install = `npm install ${Array.from(new Set(packages)).sort().join(" ")}`;
  return [
    "It needs ",
    html("code", {}, install),
    ...(links.length === 0
      ? []
      : [" and, beside it, ", ...links.flatMap((one, i) => (i === 0 ? [one] : [", ", one]))]),
    ".",
  ];
}

function link(name: string, address: () => Promise<string>): HTMLElement {
  const button = html("button", { type: "button" }, name);
  button.addEventListener("click", () => {
    void address().then((href) => html("a", { href, download: name }).click());
  });
  return button;
}

const addressOf = (text: string) => URL.createObjectURL(new Blob([text], { type: "text/plain" }));
