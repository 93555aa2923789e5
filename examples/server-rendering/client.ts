import { createElement } from "react";
import { hydrateRoot } from "react-dom/client";
import { App, type Prediction } from "./app.ts";
import { predict } from "./predict.ts";

const root = document.querySelector("#root");
const given = document.querySelector("#first")?.textContent;
if (root === null || given == null) throw new Error("The server did not render the page.");
const first = JSON.parse(given) as Prediction;
const ask = async () => predict(await (await fetch("./model.safetensors")).arrayBuffer());
hydrateRoot(root, createElement(App, { first, predict: ask }));
