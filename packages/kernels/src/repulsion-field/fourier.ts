import type { WebGPUProgram } from "@tensorflow/tfjs-backend-webgpu";
import { groupProgram } from "../webgpu/group-program.ts";

/** What is transformed: lines of the sources, lines as they are, products of the first transform with the others; back or not. */
export type FourierLines = "sources" | "lines" | "products" | "lines back";

interface Lines {
  readonly variableNames: string[];
  readonly isBack: boolean;
  readonly uniforms?: string;
  /** The number at `column` of `line`, one of `period` lines of image `image`. */
  readonly read: string;
}

const linesOf: Readonly<Record<FourierLines, Lines>> = {
  sources: {
    variableNames: ["waves", "mass", "frame"],
    isBack: false,
    uniforms: "scale : f32,",
    read: `
      let period = uniforms.wavesShape.x;
      if (image == 0) {
        let nodes = uniforms.massShape.x;
        if (line >= nodes || column >= nodes) { return vec2<f32>(0.0); }
        return vec2<f32>(f32(mass[line * nodes + column]) * uniforms.scale, 0.0);
      }
      let wrapped = vec2<i32>(column, line) - select(vec2<i32>(0), vec2<i32>(period), vec2<i32>(column, line) >= vec2<i32>(period / 2));
      let apart = vec2<f32>(wrapped) * frame[2];
      let q = 1.0 / (1.0 + dot(apart, apart));
      if (image == 1) { return vec2<f32>(q, 0.0); }
      return q * q * apart;`,
  },
  lines: { variableNames: ["waves", "x"], isBack: false, read: "return at(image, line, column);" },
  products: {
    variableNames: ["waves", "x"],
    isBack: true,
    read: "return product(at(0, line, column), at(image + 1, line, column));",
  },
  "lines back": { variableNames: ["waves", "x"], isBack: true, read: "return at(image, line, column);" },
};

/**
 * Fourier transforms of the lines of some images `[image, period, period, 2]`, each by a group in shared memory, and written down as
 * columns: two in a row transform an image. Back, it lacks the division by their length.
 *
 * @param period a power of 2, at most 2,048
 */
export function fourier(lines: FourierLines, images: number, period: number): WebGPUProgram {
  const { variableNames, isBack, uniforms, read } = linesOf[lines];
  const width = Math.min(64, period / 2);
  const isPlain = variableNames.includes("x");
  return groupProgram({
    key: `pellucidFourier ${lines} ${period}`,
    variableNames,
    shape: [images, period, period, 2],
    groups: images * period,
    width,
    ...(uniforms === undefined ? {} : { uniforms }),
    declarations: `
      var<workgroup> cells : array<vec2<f32>, ${period}>;
      fn product(a : vec2<f32>, b : vec2<f32>) -> vec2<f32> {
        return vec2<f32>(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
      }
      ${
        isPlain
          ? `fn at(image : i32, line : i32, column : i32) -> vec2<f32> {
               let origin = 2 * ((image * uniforms.xShape.y + line) * uniforms.xShape.z + column);
               return vec2<f32>(x[origin], x[origin + 1]);
             }`
          : ""
      }
      fn numberAt(image : i32, line : i32, column : i32) -> vec2<f32> { ${read} }`,
    body: `
      let image = i32(workgroupId.x) / ${period};
      let line = i32(workgroupId.x) % ${period};
      for (var k = localIndex; k < ${period}u; k += ${width}u) {
        cells[reverseBits(k) >> ${32 - Math.log2(period)}u] = numberAt(image, line, i32(k));
      }
      workgroupBarrier();
      for (var half = 1u; half < ${period}u; half *= 2u) {
        for (var b = localIndex; b < ${period / 2}u; b += ${width}u) {
          let k = b % half;
          let to = 2u * (b - k) + k;
          let turn = 2u * k * (${period / 2}u / half);
          let wave = vec2<f32>(waves[turn], ${isBack ? "" : "-"}waves[turn + 1u]);
          let odd = product(wave, cells[to + half]);
          let even = cells[to];
          cells[to] = even + odd;
          cells[to + half] = even - odd;
        }
        workgroupBarrier();
      }
      for (var k = localIndex; k < ${period}u; k += ${width}u) {
        let to = 2 * ((image * ${period} + i32(k)) * ${period} + line);
        result[to] = cells[k].x;
        result[to + 1] = cells[k].y;
      }`,
  });
}
