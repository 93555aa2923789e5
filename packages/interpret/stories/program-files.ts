import { strToU8, zipSync } from "fflate";
import { html } from "../src/draw/element-of.ts";

const weights = import.meta.glob<string>("./nets/*.safetensors", {
  query: "?url",
  import: "default",
  eager: true,
});
const sources = import.meta.glob<string>(["./*.ts", "./nets/*.ts", "./programs/*.ts"], {
  query: "?raw",
  import: "default",
});

/** What a program needs: its packages, and a folder with the files of these stories that it reads. */
export async function programFiles(name: string, program: string): Promise<(Node | string)[]> {
  const texts = await textsOf(`./programs/${name}.ts`, program);
  const imports = Array.from(texts.values()).flatMap((text) =>
    Array.from(text.matchAll(/^import [^;]*from "(@[^/"]+\/[^/"]+)/gm), ([, imported = ""]) => imported),
  );
  const button = html("button", { type: "button" }, "Save it with its files");
  button.addEventListener("click", () => {
    void zipOf(texts).then((zip) => {
      const href = URL.createObjectURL(new Blob([zip], { type: "application/zip" }));
      html("a", { href, download: `${name}.zip` }).click();
      URL.revokeObjectURL(href);
    });
  });
  const install = `npm install ${Array.from(new Set(imports)).sort().join(" ")}`;
  return ["It needs ", html("code", {}, install), ". ", button];
}

/** A program and the files that it imports, one from the other, by their paths. */
async function textsOf(path: string, program: string): Promise<Map<string, string>> {
  const texts = new Map([[path, program]]);
  for (const [from, text] of texts)
    for (const [, to = ""] of text.matchAll(/^import [^;]*from "(\.[^"]+)";/gm)) {
      const found = pathFrom(from, to);
      const load = sources[found];
      if (load === undefined) throw new RangeError(`${from} imports ${to}, which no visitor can save.`);
      if (!texts.has(found)) texts.set(found, await load());
    }
  return texts;
}

/** A folder of files, and of the weights that they name. */
async function zipOf(texts: ReadonlyMap<string, string>): Promise<Uint8Array<ArrayBuffer>> {
  const files: Record<string, Uint8Array> = {};
  for (const [path, text] of texts) {
    files[path.slice(2)] = strToU8(text);
    for (const [, name = ""] of text.matchAll(/"(\.[^"]+\.safetensors)"/g)) {
      const found = pathFrom(path, name);
      const address = weights[found];
      if (address !== undefined)
        files[found.slice(2)] = new Uint8Array(await (await fetch(address)).arrayBuffer());
    }
  }
  return zipSync(files);
}

const pathFrom = (file: string, relative: string) => {
  const { pathname } = new URL(relative, new URL(file, "file:///"));
  return `.${pathname}`;
};
