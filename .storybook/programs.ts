import { globSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserCommand } from "vitest/node";

const folder = join(import.meta.dirname, "programs");
const stories = join(import.meta.dirname, "../packages/interpret/stories");

/** Makes an empty folder for programs, with the files that visitors can save with theirs. */
export function emptyPrograms(): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "programs"), { recursive: true });
  for (const file of globSync(["nets", "*.ts", "programs/*.ts"], { cwd: stories }))
    symlinkSync(join(stories, file), join(folder, file));
}

/** Writes a program that a story shows, for the page to run and for TypeScript to check; gives its address on the server. */
export const writeProgram: BrowserCommand<[name: string, program: string]> = (_, name, program) => {
  const path = join(folder, "programs", `shown-${name}.ts`);
  writeFileSync(path, program);
  return `/@fs${path}`;
};

declare module "vitest/browser" {
  interface BrowserCommands {
    writeProgram: (name: string, program: string) => Promise<string>;
  }
}
