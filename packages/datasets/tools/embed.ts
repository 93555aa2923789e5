// Writes src/embedded/*-data.ts from the UCI files: node tools/embed.ts FOLDER, where FOLDER holds digits.csv.gz
// (scikit-learn's load_digits: 64 pixels and the label in each row) and diabetes.csv (load_diabetes(scaled=False)).
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("usage: node tools/embed.ts FOLDER");

const digits = gunzipSync(readFileSync(join(folder, "digits.csv.gz")))
  .toString()
  .trim()
  .split("\n")
  .map((row) => row.split(",").map(Number));
const pixels = digits.flatMap((row) => row.slice(0, 64));
const labels = digits.map((row) => row[64] as number);
write(
  "digits",
  "1,797 × 64 pixels, then 1,797 labels, a byte each",
  "E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, 1998, CC BY 4.0",
  Uint8Array.from([...pixels, ...labels]),
);

const diabetes = readFileSync(join(folder, "diabetes.csv"), "utf8").replaceAll("\r\n", "\n").trim();
write(
  "diabetes",
  "the file as CSV",
  "B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, Least Angle Regression, 2004, public",
  new TextEncoder().encode(diabetes),
);

function write(name: string, what: string, source: string, bytes: Uint8Array): void {
  const text = gzipSync(bytes, { level: 9 }).toString("base64");
  const path = join(import.meta.dirname, `../src/embedded/${name}-data.ts`);
  writeFileSync(
    path,
    `// ${source}.\n// Written by tools/embed.ts: ${what}, gzip, base64.\nexport const ${name}Data =\n  "${text}";\n`,
  );
}
