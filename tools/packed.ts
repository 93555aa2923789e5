// Tests the packages as npm would serve them: packed, installed in an empty project, imported by every Node that is
// supported, type-checked by two TypeScripts, and bundled for pages that a browser opens. What runs there are the
// programs of the READMEs. `node tools/packed.ts templates` runs one part alone, `node tools/packed.ts templates next` one template.
import { rmSync } from "node:fs";
import { check, summarize } from "./packed/check.ts";
import { checkNodes } from "./packed/nodes.ts";
import { checkPages } from "./packed/pages.ts";
import { install, pack, project } from "./packed/project.ts";
import { checkReadmes } from "./packed/readmes.ts";
import { checkTemplates } from "./packed/templates.ts";
import { checkVite7 } from "./packed/vite7.ts";

const [only] = process.argv.slice(2);
const parts = {
  readmes: checkReadmes,
  nodes: checkNodes,
  pages: checkPages,
  vite7: checkVite7,
  templates: checkTemplates,
};

delete process.env["npm_config_user_agent"]; // npm's own commands set it, whatever runs this
process.env["NEXT_TELEMETRY_DISABLED"] = "1";

try {
  pack();
  await check("the tarballs install with npm in an empty project", install);
  for (const [name, part] of Object.entries(parts)) if (only === undefined || only === name) await part();
} finally {
  rmSync(project, { recursive: true, force: true });
}
summarize();
