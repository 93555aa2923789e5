import {
  ablationCam,
  eigenCam,
  gradCam,
  gradCamPlusPlus,
  hiResCam,
  layerCam,
  scoreCam,
  xGradCam,
} from "@pellucid/interpret";
import { explaining } from "./work.ts";

const cams = [gradCam, gradCamPlusPlus, hiResCam, layerCam, xGradCam, scoreCam, ablationCam, eigenCam];

export const prepare = (backend: string) =>
  explaining(backend, ({ net, score, image }) => cams.map((cam) => cam(score, net.conv2)(image)));
