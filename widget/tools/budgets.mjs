/** Gate on what a visitor's browser must load, in gzipped kB (STACK "Budgets"). Run after `npm run build`. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

const dist = resolve(import.meta.dirname, "../dist");
const size = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length / 1000;
const widget = readdirSync(join(dist, "chat")).find((name) => /^widget-.*\.js$/.test(name));
const call = readdirSync(join(dist, "chat")).find((name) => /^call-.*\.js$/.test(name));
const loader = size("chat.js");
const words = Math.max(
  ...Object.values(JSON.parse(readFileSync(join(dist, "words.json"), "utf8"))).map(
    (each) => gzipSync(JSON.stringify(each), { level: 9 }).length / 1000,
  ),
);
const lines = [
  ["loader", loader, 1],
  ["loader and widget", loader + size(join("chat", widget)), 15],
  ["call, loaded by who accepts one", size(join("chat", call)), 75],
  ["words of one language, in the answer with the configuration", words, 1.5],
];
let over = 0;
for (const [name, kilobytes, limit] of lines) {
  if (kilobytes > limit) over += 1;
  console.log(
    `${kilobytes > limit ? "OVER" : "ok  "} ${kilobytes.toFixed(2).padStart(6)} kB of ${limit}  ${name}`,
  );
}
process.exit(over ? 1 : 0);
