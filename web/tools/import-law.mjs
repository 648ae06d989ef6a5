/**
 * The import law of the front end: app → features → ui → realtime, softphone → client → lib,
 * and features do not import each other. A feature that needs another's state reads it from `realtime`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../src");
const mayImport = {
  lib: [],
  client: ["lib"],
  realtime: ["client", "lib"],
  softphone: ["client", "lib"],
  ui: ["realtime", "softphone", "client", "lib"],
  features: ["ui", "realtime", "softphone", "client", "lib"],
  app: ["features", "ui", "realtime", "softphone", "client", "lib"],
};
/** Folders that must run without React. */
const frameworkFree = ["lib", "client", "realtime", "softphone"];
const uiPackages = /^(react|react-dom|react-i18next|@mantine|@tanstack\/react|@tabler)/;

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.tsx?$/.test(entry.name)) yield path;
  }
}

const part = (path) => relative(root, path).split("/");
const complaints = [];
for (const file of sources(root)) {
  const [layer, feature] = part(file);
  const text = readFileSync(file, "utf8");
  for (const [, target] of text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)) {
    if (!target.startsWith(".")) {
      if (frameworkFree.includes(layer) && uiPackages.test(target) && !file.includes(".test."))
        complaints.push(`${relative(root, file)}: ${layer}/ must not need ${target}`);
      continue;
    }
    const [toLayer, toFeature] = part(resolve(dirname(file), target));
    if (toLayer === layer) {
      if (layer === "features" && toFeature !== feature)
        complaints.push(`${relative(root, file)}: features do not import each other (${target})`);
    } else if (toLayer in mayImport && !mayImport[layer]?.includes(toLayer)) {
      complaints.push(`${relative(root, file)}: ${layer}/ must not import ${toLayer}/ (${target})`);
    }
  }
}
for (const complaint of complaints) console.error(complaint);
console.log(complaints.length ? `import law: ${complaints.length} broken` : "import law: kept");
process.exit(complaints.length ? 1 : 0);
