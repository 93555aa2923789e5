// Makes the modules and serves the page: node serve.ts, then open the address that it prints.
import { preview } from "vite";
import { join } from "node:path";
import { cpSync } from "node:fs";
import { makeModules } from "./make-modules.ts";

const folder = join(import.meta.dirname, "dist");
await makeModules(join(folder, "modules"));
cpSync(join(import.meta.dirname, "index.html"), join(folder, "index.html"));
const server = await preview({ configFile: false, root: import.meta.dirname });
server.printUrls();
