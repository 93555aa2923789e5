// What the page may ask of the main process, and nothing else.
const { contextBridge, ipcRenderer } = require("electron");

contextBridge.exposeInMainWorld("weights", {
  save: (/** @type {Uint8Array} */ bytes) => ipcRenderer.invoke("weights:save", bytes),
  load: () => ipcRenderer.invoke("weights:load"),
});
