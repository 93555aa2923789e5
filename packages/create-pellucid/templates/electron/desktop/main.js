// The main process: serves the built page under an address of its own, and keeps weights in a file.
import { app, BrowserWindow, ipcMain, net, protocol } from "electron";
import { readFile, writeFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { pathToFileURL } from "node:url";

const built = join(import.meta.dirname, "../dist");
const weights = () => join(app.getPath("userData"), "model.safetensors");

// A page of a file has no origin: workers, modules and WebAssembly need one.
protocol.registerSchemesAsPrivileged([
  { scheme: "app", privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

ipcMain.handle("weights:save", (_, /** @type {Uint8Array} */ bytes) => writeFile(weights(), bytes));
ipcMain.handle("weights:load", () => readFile(weights()).catch(() => undefined));

async function openWindow() {
  protocol.handle("app", ({ url }) => {
    const file = join(built, decodeURIComponent(new URL(url).pathname));
    if (!file.startsWith(built + sep)) return new Response("Not found", { status: 404 });
    return net.fetch(pathToFileURL(file).href);
  });
  const window = new BrowserWindow({
    width: 560,
    height: 480,
    webPreferences: { preload: join(import.meta.dirname, "preload.cjs") },
  });
  await window.loadURL("app://net/index.html");
}

app.on("window-all-closed", () => app.quit());
app
  .whenReady()
  .then(openWindow)
  .catch((error) => {
    console.error(error);
    app.exit(1);
  });
