/** The generated client is the one that the API's description leads to: `npm run client` writes it again. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const web = resolve(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "client-"));
const fresh = join(folder, "schema.d.ts");
execFileSync(join(web, "node_modules/.bin/openapi-typescript"), ["openapi.json", "-o", fresh], {
  cwd: web,
  stdio: "ignore",
});
const same = readFileSync(fresh, "utf8") === readFileSync(join(web, "src/client/schema.d.ts"), "utf8");
rmSync(folder, { recursive: true });
console.log(same ? "client: fresh" : "client: stale, run `npm run client`");
process.exit(same ? 0 : 1);
