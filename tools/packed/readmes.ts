import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { check } from "./check.ts";
import { compilerOf, project, run, typescripts } from "./project.ts";
import { type ReadmeRun, readmeExpectations } from "./readme-expectations.ts";
import { readmePrograms } from "./readme-programs.ts";

const options = ["--strict", "--skipLibCheck", "--target", "es2022", "--types", "node"];
const library = ["--lib", "es2023,dom,dom.iterable,dom.asynciterable"];
const resolutions = [
  ["nodenext", "nodenext"],
  ["esnext", "bundler"],
] as const;

/** Every program of every README is accepted by both TypeScripts and runs, and does what its README says. */
export async function checkReadmes(): Promise<void> {
  const programs = readmePrograms();
  const byName = new Map(programs.map(({ name, source }) => [name, source]));
  const cases = readmeExpectations.map((expectation, i) => {
    const { program, replace } = expectation;
    if (replace === undefined) return { ...expectation, file: program, source: undefined };
    return { ...expectation, file: `${program}-case-${i}`, source: replaced(byName.get(program), replace) };
  });
  mkdirSync(join(project, "readmes"));
  const write = (name: string, source: string) =>
    writeFileSync(join(project, `readmes/${name}.ts`), `${source}\nexport {};\n`);
  for (const [name, source] of byName) write(name, source);
  for (const { file, source } of cases) if (source !== undefined) write(file, source);
  writeFileSync(join(project, "readmes/run.mjs"), runner);

  const files = [...new Set([...byName.keys(), ...cases.map(({ file }) => file)])].map(
    (name) => `readmes/${name}.ts`,
  );
  for (const version of typescripts) {
    for (const [module, resolution] of resolutions) {
      await check(
        `TypeScript ${version} accepts the READMEs' ${programs.length} programs (${resolution})`,
        () => {
          const modules = ["--module", module, "--moduleResolution", resolution];
          const emitted = version === typescripts[0] && module === "nodenext" ? [] : ["--noEmit"];
          run("node", [compilerOf(version), ...options, ...library, ...modules, ...emitted, ...files]);
        },
      );
    }
  }

  const runs = new Map<string, ReadmeRun>();
  for (const { name, needs } of programs) {
    if (needs === undefined) await check(`${name} runs`, () => void runs.set(name, runProgram(name)));
    else console.log(`        ${name} needs ${needs}: it is only type-checked here`);
  }
  for (const { title, program, file, holds } of cases) {
    await check(`${program}: ${title}`, () => {
      const found = runs.get(file) ?? runProgram(file);
      if (!holds(found)) throw new Error(`it gave ${JSON.stringify(found)}`);
    });
  }
}

function replaced(source: string | undefined, [shown, by]: readonly [string, string]): string {
  if (source?.includes(shown) !== true) throw new Error(`no README's program has the line ${shown}`);
  return source.replace(shown, by);
}

const runProgram = (name: string): ReadmeRun =>
  JSON.parse(run("node", ["readmes/run.mjs", `./${name}.js`])) as ReadmeRun;

/** Runs a program, and prints what it logged and how many tensors it left. */
const runner = `import { memory } from "@tensorflow/tfjs-core";
const logged = [];
console.log = (...words) => logged.push(words);
await import(process.argv[2]);
const plain = (_, value) => (ArrayBuffer.isView(value) ? [...value] : value);
const tensorsLeft = () => {
  try {
    return memory().numTensors;
  } catch {
    return 0; // without a backend there are none
  }
};
process.stdout.write(JSON.stringify({ logged, tensors: tensorsLeft() }, plain));
`;
