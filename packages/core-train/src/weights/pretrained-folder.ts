import { platform } from "#platform";
import { checkOptions } from "../check-options.ts";
import { cacheOf } from "../download/cache-of.ts";
import { download } from "../download/download.ts";
import { DownloadError } from "../download/download-error.ts";
import type { CacheOption, DownloadOptions } from "../download/download-options.ts";
import { checkRecord } from "../check-record.ts";

/** The files of a pretrained model, wherever they are. */
export interface PretrainedFolder {
  /** What errors call it. */
  readonly name: string;
  /**
   * A file, or nothing where there is none of this name.
   *
   * @param check throws where the bytes cannot be the file's, which are then not kept
   */
  read(file: string, check?: (bytes: Uint8Array) => void): Promise<Uint8Array | undefined>;
  /** The names of all files, where they are known. */
  list?(): Promise<readonly string[]>;
}

/** A path in Node, an address, or an object that reads files: `"models/gpt2"`, `"https://huggingface.co/gpt2/resolve/main/"`. */
export type PretrainedSource = string | URL | PretrainedFolder;

/** How the files of a pretrained model are downloaded. */
export interface PretrainedFolderOptions extends Omit<DownloadOptions, "verify"> {
  /** The SHA-256 of files by name, in hexadecimal: others are refused. Default: files are checked by their format alone. */
  readonly sha256?: Readonly<Record<string, string>>;
  /**
   * Where to keep downloads: in Node a folder, in a page a name for Cache Storage; or null, to keep nothing.
   * Default: the user's cache folder, or `$PELLUCID_CACHE`; in a page, `pellucid`.
   */
  readonly cache?: CacheOption;
}

/** The names of {@link PretrainedFolderOptions}. */
export const folderOptions = ["onProgress", "signal", "timeout", "headers", "sha256", "cache"] as const;

/** Opens a folder, and says which file of it was asked for, if one was. */
export function openPretrained(
  caller: string,
  source: PretrainedSource,
  options: PretrainedFolderOptions,
): { readonly folder: PretrainedFolder; readonly file: string | undefined } {
  checkOptions(caller, options, folderOptions);
  if (typeof source !== "string" && !(source instanceof URL))
    checkRecord(caller, "the source", source, ["read"]);
  if (typeof source === "object" && "read" in source) return { folder: source, file: undefined };
  const found = platform.locate(source);
  if ("path" in found) {
    const { folder, file } = apart(found.path, /[/\\]/);
    return { folder: localFolder(folder), file };
  }
  const url = new URL(found.url);
  const { folder, file } = apart(url.pathname, /\//);
  url.pathname = folder.endsWith("/") ? folder : `${folder}/`;
  url.hash = "";
  return { folder: webFolder(url, options), file: file === undefined ? file : decodeURIComponent(file) };
}

/** A path whose last part looks like a file of weights is one. */
function apart(path: string, separator: RegExp): { readonly folder: string; readonly file?: string } {
  const last = path.split(separator).at(-1) ?? "";
  if (!/\.(safetensors|json|bin|pth?|ckpt|pkl|gguf|h5|msgpack|onnx)$/i.test(last)) return { folder: path };
  return { folder: path.slice(0, path.length - last.length) || ".", file: last };
}

function localFolder(path: string): PretrainedFolder {
  return {
    name: path,
    read: (file) => platform.readFile(path, file),
    list: () => platform.list(path),
  };
}

function webFolder(base: URL, options: PretrainedFolderOptions): PretrainedFolder {
  const { sha256 = {}, cache, ...how } = options;
  const kept = cacheOf(cache);
  const parts = [base.host, ...base.pathname.split("/")].filter((part) => part !== "");
  const folder = ["pretrained", ...parts.map((part) => part.replaceAll(/[^\w.-]/g, "_"))].join("/");
  return {
    name: base.href,
    async read(file, check) {
      const url = new URL(base);
      url.pathname += encodeURIComponent(file);
      const sum = sha256[file];
      const asked = {
        name: file,
        folder,
        ...(sum === undefined ? {} : { sha256: sum }),
        ...(check === undefined ? {} : { check }),
      };
      try {
        return await download(asked, [url.href], kept, how);
      } catch (error) {
        if (error instanceof DownloadError && (error.status === 404 || error.status === 410))
          return undefined;
        throw error;
      }
    },
  };
}
