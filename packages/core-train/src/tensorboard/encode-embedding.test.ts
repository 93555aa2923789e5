import { type EmbeddingOptions, encodeEmbedding } from "@pellucid/core-train/tensorboard";
import { fixture } from "@pellucid/testing";
import { decode } from "fast-png";
import { expect, test } from "vitest";

const theirs = fixture<Record<string, string | number[][][]>>(
  import.meta.url,
  "../../fixtures/torch/embedding.json",
);

const matrix = { data: Float32Array.from({ length: 15 }, (_, i) => i / 8 - 1), shape: [5, 3] };
const images = { data: Float32Array.from({ length: 30 }, (_, i) => (i % 7) / 8), shape: [5, 2, 3, 1] };
/** The fixture's pictures have their channels first. */
const color = {
  data: Float32Array.from({ length: 60 }, (_, i) => {
    const [example, position, channel] = [Math.floor(i / 12), Math.floor((i % 12) / 3), i % 3];
    return ((example * 12 + channel * 4 + position) % 9) / 8;
  }),
  shape: [5, 2, 2, 3],
};

test("the files are those that PyTorch writes, the sprites pixel by pixel", () => {
  const all = [
    encodeEmbedding(matrix, { metadata: ["a", "b", "c", "d", "e"], labelImages: images }),
    encodeEmbedding(
      { ...matrix, data: matrix.data.map((v) => Math.fround(Math.abs(v) * Math.fround(0.1))) },
      {
        metadata: [0, 1, 2, 3, 4].map((i) => [i, `${2 * i}`]),
        metadataHeader: ["one", "two"],
        labelImages: color,
        step: 12,
        tag: "layer/2%",
      },
    ),
    encodeEmbedding(matrix, { step: 3, tag: "bare" }),
  ];
  const ours: Record<string, string | number[][][]> = {
    "projector_config.pbtxt": all.map(({ config }) => config).join(""),
  };
  for (const { files } of all)
    for (const [path, content] of Object.entries(files))
      ours[path] = typeof content === "string" ? content : pixelsOf(content);
  expect(ours).toEqual(theirs);
});

function pixelsOf(png: Uint8Array): number[][][] {
  const { data, width, height, channels } = decode(png);
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (__, x) =>
      Array.from(data.subarray((y * width + x) * channels, (y * width + x + 1) * channels)),
    ),
  );
}

// As protobuf's text_format and Python's str write them.
test("a quote in a tag is escaped, and large and small numbers are as Python writes them", () => {
  const values = Float64Array.of(1e21, 1e16, 1e15, 1e-5, 2.5e-10, 1e-4, -0, NaN, -Infinity);
  const data = Float32Array.from(values);
  const { files, config } = encodeEmbedding({ data, shape: [1, 9] }, { tag: `a"b'c\n` });
  expect(config.split("\n")[1]).toBe(String.raw`  tensor_name: "a\"b\'c\n:00000"`);
  const numbers = String(Object.values(files)[0]).trim().split("\t");
  expect([0, 1, 2, 6].map((i) => numbers[i])).toEqual([
    "1.0000000200408773e+21",
    "1.0000000272564224e+16",
    "999999986991104.0",
    "-0.0",
  ]);
  expect(numbers.slice(3, 6)).toEqual([
    "9.999999747378752e-06",
    "2.4999999292951713e-10",
    "9.999999747378752e-05",
  ]);
  expect(numbers.slice(7)).toEqual(["nan", "-inf"]);
});

test("a table is one that TensorBoard reads: a line for each example, a name for each of several columns", () => {
  const tableOf = (options: EmbeddingOptions) =>
    encodeEmbedding({ data: new Float32Array(2), shape: [2, 1] }, options).files[
      "00000/default/metadata.tsv"
    ];
  expect(tableOf({ metadata: ["two\nlines", "a\ttab"] })).toBe("two lines\na tab\n");
  expect(tableOf({ metadata: ["a", "b"], metadataHeader: ["name"] })).toBe("a\nb\n");
  expect(
    tableOf({
      metadata: [
        ["a", 1],
        ["b", 2],
      ],
      metadataHeader: ["name", "rank"],
    }),
  ).toBe("name\trank\na\t1\nb\t2\n");
});

test("metadata, pictures and matrix must belong together", () => {
  expect(() => encodeEmbedding(matrix, { metadata: ["a"] })).toThrow(
    "encodeEmbedding: metadata is 1, expected 5, one for each example",
  );
  const one = { data: new Float32Array(4), shape: [1, 2, 2, 1] };
  expect(() => encodeEmbedding(matrix, { labelImages: one })).toThrow("labelImages is 1, expected 5");
  const gray = { data: new Float32Array(20), shape: [5, 2, 2] };
  expect(() => encodeEmbedding(matrix, { labelImages: gray })).toThrow(
    "labelImages is [5, 2, 2], expected [example, height, width, 1 or 3 channels]",
  );
  expect(() => encodeEmbedding({ data: new Float32Array(3), shape: [3] })).toThrow(
    "the matrix is [3], expected [example, feature], one example at least",
  );
});
