// Calls of the ops on regions, as the cases of `fixtures/torch/roi-ops.json` name them.
import { deformConv2d, psRoiAlign, psRoiPool, roiAlign, roiPool, type PooledSize } from "@pellucid/detection";
import { type HostTensor } from "@pellucid/core-train";
import { mul, type Tensor, type Tensor1D, type Tensor4D } from "@tensorflow/tfjs-core";

/** The arguments of a case. */
export interface RoiArgs {
  readonly rois: number[][];
  readonly size: PooledSize;
  readonly spatialScale: number;
  readonly samplingRatio: number;
  readonly aligned: boolean;
  readonly bias: boolean;
  readonly mask: boolean;
  readonly stride?: number;
  readonly padding?: number;
  readonly dilation?: number;
}

const hosted = (rows: number[][]): HostTensor => ({
  data: Float32Array.from(rows.flat()),
  shape: [rows.length, rows[0]?.length ?? 5],
});

/** An op by its name. */
export const roiOps: Readonly<Record<string, (args: RoiArgs, inputs: readonly Tensor[]) => Tensor>> = {
  roiAlign: ({ rois, size, spatialScale, samplingRatio, aligned }, [x]) =>
    roiAlign(x as Tensor4D, hosted(rois), size, { spatialScale, samplingRatio, aligned }),
  roiPool: ({ rois, size, spatialScale }, [x]) =>
    roiPool(x as Tensor4D, hosted(rois), size, { spatialScale }),
  psRoiPool: ({ rois, size, spatialScale }, [x]) =>
    psRoiPool(x as Tensor4D, hosted(rois), size, { spatialScale }),
  psRoiAlign: ({ rois, size, spatialScale, samplingRatio }, [x]) =>
    psRoiAlign(x as Tensor4D, hosted(rois), size, { spatialScale, samplingRatio }),
  deformConv2d: ({ bias, mask, stride = 1, padding = 0, dilation = 1 }, [x, offset, weight, ...rest]) => {
    const given = [...rest];
    return deformConv2d(x as Tensor4D, scaled(offset as Tensor4D), weight as Tensor4D, {
      bias: bias ? (given.shift() as Tensor1D) : null,
      mask: mask ? (given.shift() as Tensor4D) : null,
      stride,
      padding,
      dilation,
    });
  },
};

/** The fixture's offsets are larger than its sines. */
const scaled = (offset: Tensor4D): Tensor4D => mul(offset, 1.7);
