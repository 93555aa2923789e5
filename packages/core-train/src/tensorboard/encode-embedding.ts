import { type HostTensor, sizeOf } from "../host-tensor.ts";
import { OptionError } from "../option-error.ts";
import { ShapeError } from "../shape-error.ts";
import { encodeImage } from "./encode-image.ts";

/** What belongs to the points of an embedding. */
export interface EmbeddingOptions {
  /** What each point is: a word, or one for each column of {@link EmbeddingOptions.metadataHeader}. */
  readonly metadata?: readonly (string | number | readonly (string | number)[])[];
  /** Names of the columns of metadata. TensorBoard reads a single column without a name, so that one is not written. */
  readonly metadataHeader?: readonly string[];
  /** A picture of each point, `[example, height, width, channel]` with one or three channels from 0 to 1. */
  readonly labelImages?: HostTensor;
  /** Default: 0. */
  readonly step?: number;
  /** Default: `"default"`. */
  readonly tag?: string;
}

/** An embedding as TensorBoard's projector reads it. */
export interface EmbeddingFiles {
  /** By their paths in the log's folder. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** What to add to `projector_config.pbtxt`. */
  readonly config: string;
}

/**
 * Points for TensorBoard's projector, byte for byte as PyTorch's `SummaryWriter.add_embedding` writes them; only its sprite may be
 * compressed otherwise.
 *
 * @param matrix `[example, feature]`
 */
export function encodeEmbedding(matrix: HostTensor, options: EmbeddingOptions = {}): EmbeddingFiles {
  const [count, features] = matrix.shape as [number, number];
  if (matrix.shape.length !== 2 || count === 0) {
    throw new ShapeError(
      `encodeEmbedding: the matrix is [${matrix.shape.join(", ")}], expected [example, feature], one example at least.`,
    );
  }
  const { metadata, metadataHeader, labelImages, step = 0, tag = "default" } = options;
  const rightCount = (option: string, given: number) => {
    if (given !== count)
      throw new OptionError("encodeEmbedding", option, given, `${count}, one for each example`);
  };
  if (metadata !== undefined) rightCount("metadata", metadata.length);
  if (labelImages !== undefined) rightCount("labelImages", labelImages.shape[0] ?? 0);
  const padded = String(step).padStart(5, "0");
  const folder = `${padded}/${pathOf(tag)}`;
  const rows = Array.from({ length: count }, (_, i) =>
    Array.from(matrix.data.subarray(i * features, (i + 1) * features), plain).join("\t"),
  );
  const files: Record<string, string | Uint8Array> = { [`${folder}/tensors.tsv`]: lines(rows) };
  const fields = [`tensor_name: ${quoted(`${tag}:${padded}`)}`];
  if (metadata !== undefined) {
    const table = metadata.map(lineOf);
    const hasNames = metadataHeader !== undefined && metadataHeader.length > 1;
    files[`${folder}/metadata.tsv`] = lines(hasNames ? [lineOf(metadataHeader), ...table] : table);
    fields.push(`metadata_path: ${quoted(`${folder}/metadata.tsv`)}`);
  }
  if (labelImages !== undefined) {
    const [, height, width] = labelImages.shape as [number, number, number];
    files[`${folder}/sprite.png`] = encodeImage(sprite(labelImages)).png;
    const image = [
      `image_path: ${quoted(`${folder}/sprite.png`)}`,
      ...[width, height].map((n) => `single_image_dim: ${n}`),
    ];
    fields.push(`sprite {\n${image.map((field) => `    ${field}\n`).join("")}  }`);
  }
  fields.push(`tensor_path: ${quoted(`${folder}/tensors.tsv`)}`);
  return { files, config: `embeddings {\n${fields.map((field) => `  ${field}\n`).join("")}}\n` };
}

const lines = (all: readonly string[]) => `${all.join("\n")}\n`;

/** A line of a table; a tab or line end within a cell would begin another. */
function lineOf(row: string | number | readonly (string | number)[]): string {
  const cells = Array.isArray(row) ? row : [row];
  return cells.map((cell) => String(cell).replaceAll(/[\t\r\n]+/g, " ")).join("\t");
}

/** As Python writes a float: with an exponent of two digits below 1e-4 and from 1e16 on. */
function plain(value: number): string {
  if (!Number.isFinite(value)) return String(value).toLowerCase().replace("inity", "");
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16))
    return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  if (Object.is(value, -0)) return "-0.0";
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** A string of the text format of protocol buffers. */
function quoted(text: string): string {
  const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  return `"${text.replaceAll(/["'\\\n\r\t]/g, (sign) => escapes[sign] ?? `\\${sign}`)}"`;
}

/** A tag as a folder's name, as PyTorch writes it. */
const pathOf = (tag: string) => tag.replaceAll(/[%/\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);

/** Pictures in as many columns as rows would make a square, the rest black, in color. */
function sprite({ data, shape }: HostTensor): HostTensor {
  const [count, height, width, channels] = shape as [number, number, number, number];
  if (shape.length !== 4 || ![1, 3].includes(channels)) {
    throw new ShapeError(
      `encodeEmbedding: labelImages is [${shape.join(", ")}], expected [example, height, width, 1 or 3 channels].`,
    );
  }
  const side = Math.ceil(Math.sqrt(count));
  const wide = side * width;
  const high = Math.max(wide, Math.ceil(count / side) * height);
  const square = new Float32Array(sizeOf([high, wide, 3]));
  for (let i = 0; i < count; i++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const to = 3 * ((Math.floor(i / side) * height + y) * wide + (i % side) * width + x);
        for (let color = 0; color < 3; color++)
          square[to + color] = data[((i * height + y) * width + x) * channels + (color % channels)] ?? NaN;
      }
  return { data: square, shape: [high, wide, 3] };
}
