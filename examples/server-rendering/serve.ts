// Trains for seconds, then serves a page in which the server's prediction is rendered: node serve.ts
import { useBackend as chooseBackend } from "@pellucid/backends";
import { DigitsCnn } from "@pellucid/cnn";
import { adam, batches, crossEntropy, fit, Rng, saveWeights } from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { extname, join } from "node:path";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { build } from "vite";
import { App } from "./app.ts";
import { predict } from "./predict.ts";

const types: Readonly<Record<string, string>> = { ".js": "text/javascript", ".wasm": "application/wasm" };

async function trainedWeights(epochs: number): Promise<Uint8Array> {
  await chooseBackend();
  const rng = new Rng(0);
  const model = new DigitsCnn({ rng });
  const data = batches(toFloatImages((await digits()).train), { size: 64, shuffle: true, rng });
  for await (const _ of fit(model, data, { loss: crossEntropy, optimizer: adam(), epochs }));
  return saveWeights(model);
}

/** Builds the part for the browser into a folder, and gives a server that is not yet listening. */
export async function makeServer(folder: string, epochs = 12): Promise<Server> {
  const input = join(import.meta.dirname, "client.ts");
  await build({
    configFile: false,
    root: import.meta.dirname,
    base: "./",
    logLevel: "error",
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: "es2022",
      rolldownOptions: { input, output: { entryFileNames: "client.js" } },
    },
  });
  const weights = await trainedWeights(epochs);

  const render = async (): Promise<string> => {
    const first = await predict(weights);
    const app = renderToString(createElement(App, { first, predict: () => Promise.resolve(first) }));
    const data = JSON.stringify(first).replaceAll("<", "\\u003c");
    return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Rendered on a server</title></head><body><div id="root">${app}</div><script type="application/json" id="first">${data}</script><script type="module" src="./client.js"></script></body></html>`;
  };
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname === "/model.safetensors") return void response.end(weights);
    if (pathname === "/") {
      render().then(
        (html) => response.setHeader("content-type", "text/html").end(html),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
      return;
    }
    try {
      const content = readFileSync(join(folder, decodeURIComponent(pathname)));
      response.setHeader("content-type", types[extname(pathname)] ?? "application/octet-stream").end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
}

if (import.meta.main) {
  const server = await makeServer(join(import.meta.dirname, "dist"));
  server.listen(8080, () => console.log("http://localhost:8080"));
}
