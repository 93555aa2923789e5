// Tests the packages as npm would serve them: packed, installed in an empty project, imported by every Node that is
// supported, type-checked by two TypeScripts, and bundled for pages that a browser opens. What runs there are the
// programs of the READMEs.
import { rmSync } from "node:fs";
import { check, summarize } from "./packed/check.ts";
import { checkNodes } from "./packed/nodes.ts";
import { checkPages } from "./packed/pages.ts";
import { install, pack, project } from "./packed/project.ts";
import { checkReadmes } from "./packed/readmes.ts";
import { checkVite7 } from "./packed/vite7.ts";

try {
  pack();
  await check("the tarballs install with npm in an empty project", install);
  await checkReadmes();
  await checkNodes();
  await checkPages();
  await checkVite7();
} finally {
  rmSync(project, { recursive: true, force: true });
}
summarize();
