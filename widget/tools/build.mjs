/**
 * Three files: `dist/chat.js`, which never changes its name and only loads the next; `dist/chat/widget-HASH.js`, which never
 * changes; and `dist/chat/call-HASH.js`, which the widget loads when a visitor accepts a call.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "vite";

const root = resolve(import.meta.dirname, "..");
const dist = join(root, "dist");
/** terser makes it a few hundred bytes smaller than the default; every visitor pays for those. */
const minify = "terser";
const terserOptions = {
  ecma: 2022,
  toplevel: true,
  compress: { passes: 3, unsafe_arrows: true },
  module: false,
};
/**
 * Names that stay inside the widget's file: ours, and what Preact calls its components by. Never one that travels, that a page
 * sees, or that the file of the calls uses (`listen`, `told`, `answer`, `token`, `language`).
 */
const inside = [
  "connection conversation unsent answered failure opened changed config problem busy begin decline invite upload poll",
  "fileUrl socketUrl setState forceUpdate componentWillMount componentDidMount componentWillUnmount",
  "componentWillReceiveProps shouldComponentUpdate componentWillUpdate componentDidUpdate componentDidCatch",
  "getSnapshotBeforeUpdate getDerivedStateFromProps getDerivedStateFromError getChildContext debounceRendering diffed",
  "unmount vnode",
]
  .join(" ")
  .split(" ");
const travelling = ["src/protocol.ts", "src/words/en.json"]
  .map((name) => readFileSync(join(root, name), "utf8"))
  .join();
const exposed = inside.filter((name) => new RegExp(`\\b${name}"?\\??:`).test(travelling));
if (exposed.length) throw new Error(`these names travel and can not be shortened: ${exposed.join(", ")}`);
const widgetOptions = {
  ...terserOptions,
  mangle: { properties: { regex: new RegExp(`^(${inside.join("|")})$`) } },
};
/** The style sheet is a template: its line ends and spaces are for us alone. */
const shortStyles = {
  name: "short-styles",
  transform: (code, id) =>
    id.endsWith("styles.ts") ? code.replace(/`[^`]*`/s, (css) => css.replace(/\s*\n\s*/g, "")) : null,
};
/** The name of what was built; it carries the hash of its content. */
function made(what) {
  const name = readdirSync(join(dist, "chat")).find(
    (each) => each.startsWith(`${what}-`) && each.endsWith(".js"),
  );
  if (!name) throw new Error(`the build has made no ${what}`);
  return name;
}
const common = { root, configFile: false, logLevel: "warn", publicDir: false, plugins: [shortStyles] };
const target = "es2022";

/** The file of the calls, loaded only by who accepts one: JsSIP is several times as large as the widget. Its names stay. */
await build({
  ...common,
  build: {
    target,
    minify,
    terserOptions: { ...terserOptions, mangle: {} },
    outDir: join(dist, "chat"),
    emptyOutDir: true,
    modulePreload: false,
    rollupOptions: {
      input: join(root, "src/call/main.ts"),
      output: { format: "iife", entryFileNames: "call-[hash].js" },
    },
  },
});
const call = made("call");

await build({
  ...common,
  define: { __CALL__: JSON.stringify(`chat/${call}`) },
  build: {
    target,
    minify,
    terserOptions: widgetOptions,
    outDir: join(dist, "chat"),
    emptyOutDir: false,
    modulePreload: false,
    // A classic script: a module of another origin would need CORS headers for the file itself.
    rollupOptions: {
      input: join(root, "src/main.tsx"),
      output: { format: "iife", entryFileNames: "widget-[hash].js" },
    },
  },
});
const widget = made("widget");

await build({
  ...common,
  define: { __WIDGET__: JSON.stringify(`chat/${widget}`) },
  build: {
    target,
    minify,
    terserOptions,
    outDir: dist,
    emptyOutDir: false,
    lib: {
      entry: join(root, "src/loader.ts"),
      formats: ["iife"],
      name: "cordboardLoader",
      fileName: () => "chat.js",
    },
  },
});

const words = join(root, "src/words");
const languages = readdirSync(words).filter((name) => name.endsWith(".json"));
const all = languages.map((name) => [name.slice(0, 2), JSON.parse(readFileSync(join(words, name), "utf8"))]);
writeFileSync(join(dist, "words.json"), JSON.stringify(Object.fromEntries(all)));

for (const file of [join(dist, "chat.js"), join(dist, "chat", widget), join(dist, "chat", call)]) {
  const content = readFileSync(file);
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  writeFileSync(`${file}.br`, brotliCompressSync(content));
}
