/** Gate on what a browser must load, in gzipped kB: see STACK "Budgets". Run after `npm run build`. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

const dist = resolve(import.meta.dirname, "../dist");
const manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));
const gzipped = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length / 1000;

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
/** A chunk and all that it imports at once. */
function closure(key, seen = new Set()) {
  if (!seen.has(key)) {
    seen.add(key);
    for (const next of manifest[key].imports ?? []) closure(next, seen);
  }
  return seen;
}

/** The first load of the desktop: the entry and the chunks of the desktop page itself. */
const firstLoad = closure(entry);
for (const key of Object.keys(manifest)) if (/src\/app\/DesktopPage\.tsx$/.test(key)) closure(key, firstLoad);

const first = { js: 0, css: 0 };
const styles = new Set();
for (const key of firstLoad) {
  first.js += gzipped(manifest[key].file);
  for (const style of manifest[key].css ?? []) styles.add(style);
}
for (const style of styles) first.css += gzipped(style);

const lines = [
  ["desktop first load, js", first.js, 260],
  ["desktop first load, css", first.css, 45],
];
for (const [key, chunk] of Object.entries(manifest))
  if (!firstLoad.has(key) && chunk.file.endsWith(".js"))
    lines.push([`lazy ${chunk.name ?? key}`, gzipped(chunk.file), 220]);

let over = 0;
for (const [name, size, limit] of lines) {
  if (size > limit) over += 1;
  console.log(`${size > limit ? "OVER" : "ok  "} ${size.toFixed(1).padStart(7)} kB of ${limit}  ${name}`);
}
process.exit(over ? 1 : 0);
