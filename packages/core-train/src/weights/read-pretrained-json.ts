import { openPretrained, type PretrainedFolderOptions, type PretrainedSource } from "./pretrained-folder.ts";
import { parseObject } from "./read-pretrained.ts";
import { checkArguments } from "../check-arguments.ts";

/** Options for {@link readPretrainedJson}. */
export interface ReadPretrainedOptions extends PretrainedFolderOptions {}

/**
 * Reads a JSON file of a pretrained model's folder, such as `config.json`, `generation_config.json` or `tokenizer.json`, or nothing where there is
 * none.
 *
 * @param name the file
 * @throws {PretrainedError} If it is not a JSON object.
 * @throws {DownloadError} If the host cannot be reached, answers with an error or breaks off.
 */
export async function readPretrainedJson(
  source: PretrainedSource,
  name: string,
  options: ReadPretrainedOptions = {},
): Promise<Readonly<Record<string, unknown>> | undefined> {
  checkArguments("readPretrainedJson", { text: { name } });
  const { folder, file = name } = openPretrained("readPretrainedJson", source, options);
  const bytes = await folder.read(file, (read) => void parseObject(file, read));
  return bytes === undefined ? undefined : parseObject(file, bytes);
}
