// Planetoid's and TUDataset's original files: a small graph as PyTorch Geometric reads it, real data where there is some, and damaged files.
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { fixture, mutations } from "@pellucid/testing";
import { describe, expect, it } from "vitest";
import { serve, startHost } from "@pellucid/testing/host";
import { DatasetError } from "../dataset-error.ts";
import { PickledObject, readPickle } from "../formats/read-pickle.ts";
import { readZip } from "../formats/read-zip.ts";
import { planetoid } from "./planetoid.ts";
import { tuDataset } from "./tu-dataset.ts";

const folder = join(import.meta.dirname, "../../fixtures/planetoid");
const parts = ["x", "tx", "allx", "y", "ty", "ally", "graph", "test.index"];
const torch = fixture<{
  x: number[][];
  y: number[];
  edgeIndex: [number[], number[]];
  train: number[];
  test: number[];
}>(import.meta.url, "../../fixtures/planetoid/planetoid.json");
const real = process.env["PELLUCID_DATA"] ?? join(import.meta.dirname, "../../../../../shared/data");

const nodesOf = ({ data }: { readonly data: Uint8Array }) => [...data.keys()].filter((v) => data[v] === 1);

/** A folder that holds some files, while `body` runs. */
async function inFolder<T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  body: (folder: string) => Promise<T>,
): Promise<T> {
  const at = await mkdtemp(join(tmpdir(), "pellucid-"));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(at, name), content);
    return await body(at);
  } finally {
    await rm(at, { recursive: true });
  }
}

/** A zip archive of texts, deflated or stored. */
function zipOf(files: Readonly<Record<string, string>>, method: 0 | 8): Uint8Array {
  const [locals, directory]: [Uint8Array[], Uint8Array[]] = [[], []];
  let at = 0;
  for (const [path, text] of Object.entries(files)) {
    const [name, plain] = [new TextEncoder().encode(path), new TextEncoder().encode(text)];
    const packed = method === 8 ? new Uint8Array(deflateRawSync(plain)) : plain;
    const header = (
      size: number,
      signature: number,
      fields: readonly (readonly [number, number, 2 | 4])[],
    ) => {
      const view = new DataView(new ArrayBuffer(size));
      view.setUint32(0, signature, true);
      for (const [offset, value, width] of fields)
        if (width === 2) view.setUint16(offset, value, true);
        else view.setUint32(offset, value, true);
      return new Uint8Array(view.buffer);
    };
    const sizes = (first: number) =>
      [
        [first, packed.length, 4],
        [first + 4, plain.length, 4],
        [first + 8, name.length, 2],
      ] as const;
    const local = [header(30, 0x04034b50, [[8, method, 2], ...sizes(18)]), name, packed];
    directory.push(header(46, 0x02014b50, [[10, method, 2], ...sizes(20), [42, at, 4]]), name);
    locals.push(...local);
    at += local.reduce((sum, { length }) => sum + length, 0);
  }
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(10, Object.keys(files).length, true);
  end.setUint32(16, at, true);
  return new Uint8Array(Buffer.concat([...locals, ...directory, new Uint8Array(end.buffer)]));
}

const tiny = {
  TINY_A: "2, 1\n1, 2\n2, 2\n1, 2\n4, 5\n5, 4\n",
  TINY_graph_indicator: "1\n1\n2\n3\n3\n",
  TINY_graph_labels: "1\n-1\n1\n",
  TINY_node_labels: "3\n5\n4\n3\n3\n",
  TINY_node_attributes: "0.5\n1.5\n2\n-1\n0\n",
  TINY_edge_labels: "0\n1\n0\n0\n1\n1\n",
};
const texts = (files: Readonly<Record<string, string>> = tiny) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${name}.txt`, text]));

describe("planetoid", () => {
  it("reads the original files as PyG does, of Python 2 and 3", async () => {
    const graph = await planetoid("cora", { folder });
    expect(graph.x.shape).toEqual([12, 5]);
    expect(graph.x.data).toBeAllclose(torch.x.flat());
    expect([...graph.y.data]).toEqual(torch.y);
    expect([...graph.edgeIndex.data]).toEqual(torch.edgeIndex.flat());
    expect(nodesOf(graph.trainMask)).toEqual(torch.train);
    expect(nodesOf(graph.testMask)).toEqual(torch.test);
  });

  it("downloads them, and keeps none", async () => {
    const files = await Promise.all(
      parts.map(
        async (part) =>
          [`ind.cora.${part}`, new Uint8Array(await readFile(join(folder, `ind.cora.${part}`)))] as const,
      ),
    );
    const byName = new Map<string | undefined, Uint8Array>(files);
    await using host = await startHost((response, request, state) =>
      serve(byName.get(request.url?.slice(1)) as Uint8Array)(response, request, state),
    );
    const graph = await planetoid("cora", { url: host.url, cache: null });
    expect([...graph.y.data]).toEqual(torch.y);
  });

  it("refuses damaged files with a typed error, and never reads nonsense for long", async () => {
    const original = Object.fromEntries(
      await Promise.all(
        parts.map(
          async (part) => [part, new Uint8Array(await readFile(join(folder, `ind.cora.${part}`)))] as const,
        ),
      ),
    );
    const pickles = ["allx", "y", "graph"].map((part) => original[part] as Uint8Array);
    let refused = 0;
    for (const bytes of mutations(pickles, 2000))
      try {
        readPickle(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(DatasetError);
        refused++;
      }
    expect(refused).toBeGreaterThan(200);
    const cut = Object.fromEntries(
      Object.entries(original).map(([part, bytes]) => [
        `ind.cora.${part}`,
        part === "tx" ? bytes.subarray(0, 100) : bytes,
      ]),
    );
    await inFolder(cut, async (at) => {
      await expect(planetoid("cora", { folder: at })).rejects.toThrow("ind.cora.tx: ");
    });
    await expect(planetoid("cora", { folder: tmpdir() })).rejects.toMatchObject({ code: "missing" });
    await expect(planetoid("coral" as never)).rejects.toThrow('name is "coral"');
  });

  it("runs nothing that a pickle names", () => {
    const bytes = new TextEncoder().encode("cos\nsystem\n(S'echo'\ntR.");
    expect(readPickle(bytes)).toEqual(Object.assign(new PickledObject("os.system", ["echo"])));
  });
});

describe("tuDataset", () => {
  it("reads labels one-hot, edges sorted, without loops and duplicates", async () => {
    await inFolder(texts(), async (at) => {
      const graphs = await tuDataset("TINY", { folder: at });
      expect([graphs.length, graphs.numClasses, graphs.numFeatures]).toEqual([3, 2, 3]);
      const [first, second, third] = [0, 1, 2].map((i) => graphs.get(i));
      expect([...(first?.x.data ?? [])]).toEqual([1, 0, 0, 0, 0, 1]);
      expect([...(first?.edgeIndex.data ?? [])]).toEqual([0, 1, 1, 0]);
      expect([...(first?.edgeAttr?.data ?? [])]).toEqual([0, 1, 1, 0]);
      expect(second?.edgeIndex.shape).toEqual([2, 0]);
      expect([first?.y, second?.y, third?.y]).toEqual([1, 0, 1]);
      const withAttributes = await tuDataset("TINY", { folder: at, useNodeAttr: true });
      expect([...withAttributes.get(2).x.data]).toEqual([-1, 1, 0, 0, 0, 1, 0, 0]);
      expect(() => graphs.get(3)).toThrow("there is no graph 3, expected 0 to 2");
    });
  });

  it("reads its zip archive", async () => {
    for (const method of [0, 8] as const) {
      const zip = zipOf(
        Object.fromEntries(Object.entries(texts()).map(([name, text]) => [`TINY/${name}`, text])),
        method,
      );
      await using host = await startHost(serve(zip));
      expect((await tuDataset("TINY", { url: host.url, cache: null })).length).toBe(3);
      for (const bytes of mutations([zip], 300))
        await readZip(bytes, { limit: 1e6 }).catch((error: unknown) =>
          expect(error).toBeInstanceOf(DatasetError),
        );
    }
    await expect(readZip(zipOf({ "../x": "" }, 0))).rejects.toThrow("leads out of the archive's folder");
  });

  it.each([
    [
      "a node that does not exist",
      { TINY_A: "1, 9\n" },
      "TINY_A.txt: line 1 is 1, 9, expected two nodes from 1 to 5",
    ],
    ["an edge between graphs", { TINY_A: "1, 4\n" }, "expected two nodes of one graph"],
    [
      "text for a number",
      { TINY_graph_labels: "1\nx\n1\n" },
      "TINY_graph_labels.txt: line 2 is x, expected numbers",
    ],
    ["a line that is missing", { TINY_node_labels: "3\n5\n" }, "found 2 lines, expected 5"],
    ["nodes that are not sorted", { TINY_graph_indicator: "2\n1\n2\n3\n3\n" }, "expected ascending graphs"],
  ])("refuses %s", async (_, change, message) => {
    await inFolder(texts({ ...tiny, TINY_edge_labels: "", ...change }), async (at) => {
      await rm(join(at, "TINY_edge_labels.txt"));
      await expect(tuDataset("TINY", { folder: at })).rejects.toThrow(message);
    });
  });

  it("says which file is missing", async () => {
    const { TINY_graph_labels: _, ...others } = tiny;
    await inFolder(texts(others), async (at) => {
      await expect(tuDataset("TINY", { folder: at })).rejects.toMatchObject({ code: "missing" });
    });
    await expect(tuDataset("../x")).rejects.toThrow("tuDataset: name is");
  });
});

describe.skipIf(!existsSync(join(real, "planetoid")))("real graphs", () => {
  it("Cora has 2,708 papers, 10,556 edges and the public split", async () => {
    const cora = await planetoid("cora", { folder: join(real, "planetoid") });
    expect(cora.x.shape).toEqual([2708, 1433]);
    expect(cora.edgeIndex.shape).toEqual([2, 10_556]);
    expect([cora.trainMask, cora.valMask, cora.testMask].map((mask) => nodesOf(mask).length)).toEqual([
      140, 500, 1000,
    ]);
    expect(Array.from({ length: 7 }, (_, c) => cora.y.data.filter((y) => y === c).length)).toEqual([
      351, 217, 418, 818, 426, 298, 180,
    ]);
  });

  it("MUTAG has 188 molecules of 7 kinds of atoms, PROTEINS 1,113", async () => {
    const mutag = await tuDataset("MUTAG", { folder: join(real, "tudataset/MUTAG") });
    const graphs = Array.from({ length: mutag.length }, (_, i) => mutag.get(i));
    expect([mutag.length, mutag.numFeatures, mutag.numClasses]).toEqual([188, 7, 2]);
    expect(graphs.reduce((sum, { x }) => sum + (x.shape[0] as number), 0)).toBe(3371);
    expect(graphs.reduce((sum, { edgeIndex }) => sum + (edgeIndex.shape[1] as number), 0)).toBe(7442);
    expect(graphs.filter(({ y }) => y === 1)).toHaveLength(125);
    const proteins = await tuDataset("PROTEINS", {
      folder: join(real, "tudataset/PROTEINS"),
      useNodeAttr: true,
    });
    expect([proteins.length, proteins.numFeatures]).toEqual([1113, 4]);
  });
});
