import { attentionForms } from "./attention.ts";
import { convolutionForms } from "./convolution.ts";
import { detectionForms } from "./detection.ts";
import { elementwiseForms } from "./elementwise.ts";
import { fillingForms } from "./filling.ts";
import type { Form } from "./form.ts";
import { indexingForms } from "./indexing.ts";
import { joiningForms } from "./joining.ts";
import { linearForms } from "./linear.ts";
import { normForms } from "./norm.ts";
import { recurrentForms } from "./recurrent.ts";
import { reductionForms } from "./reduction.ts";
import { shapeForms } from "./shape.ts";
import { slicingForms } from "./slicing.ts";

/** The ops that have a form in ONNX, by the names in a trace. */
export const forms: ReadonlyMap<string, Form> = new Map(
  Object.entries({
    ...attentionForms,
    ...convolutionForms,
    ...detectionForms,
    ...elementwiseForms,
    ...fillingForms,
    ...indexingForms,
    ...joiningForms,
    ...linearForms,
    ...normForms,
    ...recurrentForms,
    ...reductionForms,
    ...shapeForms,
    ...slicingForms,
  }),
);
