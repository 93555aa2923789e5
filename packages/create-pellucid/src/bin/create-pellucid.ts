#!/usr/bin/env node
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { createProject } from "../create-project.ts";
import { nextCommands } from "../next-commands.ts";
import { ProjectError } from "../project-error.ts";
import { isTemplateName, type TemplateName, templates } from "../templates.ts";

const names = Object.keys(templates);
const list = Object.entries(templates)
  .map(([name, purpose], i) => `  ${i + 1}  ${name.padEnd(10)} ${purpose}`)
  .join("\n");
const usage = `npm create pellucid@latest [FOLDER] -- [--template ${names.join("|")}]

${list}

It asks for what is not given.`;

try {
  const { positionals, values } = readArguments();
  if (values.help === true) {
    console.log(usage);
  } else {
    if (values.template !== undefined) asTemplate(values.template); // before any question
    if (positionals.length > 1)
      throw new ProjectError(`One folder is expected, not ${positionals.join(" and ")}.`);
    const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
    const ask = async (question: string, standard: string): Promise<string> => {
      process.stdout.write(`${question} (${standard}) `);
      const { value, done } = await answers.next();
      if (done === true) throw new ProjectError("the input ended before an answer");
      return value.trim() === "" ? standard : value.trim();
    };
    const folder = positionals[0] ?? (await ask("Folder?", "my-net"));
    const template = values.template ?? (await ask(`${list}\nTemplate?`, "browser"));
    const path = createProject(folder, { template: asTemplate(names[Number(template) - 1] ?? template) });
    const commands = nextCommands(path, process.env["npm_config_user_agent"]);
    console.log(`\n${path} is there. Next:\n\n${commands.map((line) => `  ${line}`).join("\n")}\n`);
    process.stdin.destroy();
  }
} catch (error) {
  if (!(error instanceof ProjectError)) throw error;
  console.error(`create-pellucid: ${error.message}`);
  process.exit(1);
}

function asTemplate(name: string): TemplateName {
  if (isTemplateName(name)) return name;
  throw new ProjectError(`There is no template ${JSON.stringify(name)}: there are ${names.join(", ")}.`);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { template: { type: "string", short: "t" }, help: { type: "boolean", short: "h" } },
    });
  } catch (error) {
    throw new ProjectError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}
