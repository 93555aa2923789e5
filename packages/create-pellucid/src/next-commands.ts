import { relative } from "node:path";

/**
 * What to type after a project was created, in the words of the package manager that started this program.
 *
 * @param path the folder of the project
 * @param agent `npm_config_user_agent`: "pnpm/10.0.0 npm/? node/v24.0.0 linux x64"
 */
export function nextCommands(path: string, agent = ""): readonly string[] {
  const manager = /^(pnpm|yarn|bun)\//u.exec(agent)?.[1] ?? "npm";
  const folder = relative(process.cwd(), path);
  const enter = folder === "" ? [] : [`cd ${folder.includes(" ") ? JSON.stringify(folder) : folder}`];
  return [...enter, `${manager} install`, `${manager} start`];
}
