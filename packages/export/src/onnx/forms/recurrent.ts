import type { Form } from "./form.ts";
export const recurrentForms: Readonly<Record<string, Form>> = {};
